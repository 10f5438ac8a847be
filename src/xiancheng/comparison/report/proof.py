"""Part 8, confidence claim by claim; part 9, assumptions, sources and caveats; part 10, how to reproduce it."""

from __future__ import annotations

import json
from collections import Counter

from xiancheng.comparison import confidence, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import ranked, written
from xiancheng.comparison.report.document import Block, Bullets, Cell, Heading, Paragraph, Part, Table, cells
from xiancheng.comparison.report.glance import SURE, claims
from xiancheng.comparison.report.summary import turning
from xiancheng.comparison.runs import BASELINE, pulled
from xiancheng.outputs import places
from xiancheng.outputs.indicators import SPREAD
from xiancheng.texts import in_language, listing, text


def how_sure(found: Comparison, language: str) -> Part:
    """Return evidence, share of members and robustness of every claim, who beats whom, and break-even values."""
    blocks: list[Block] = [Paragraph(text("report.confidence_note", language), "note"), _claims(found, language)]
    duels = _matrix(found, language) if found.asked.is_many else _duels(found, language)
    blocks += [duels] if duels.rows else []
    if found.ranking is not None and found.ranking.places:
        blocks += ranked.tables(found, found.ranking, language)
    blocks.append(_break_even(found, language))
    return Part(8, text("report.part.8", language), tuple(blocks))


def _claims(found: Comparison, language: str) -> Table:
    rows = []
    for line in found.lines(level=[places.LIST]):
        if line.change.median and line.about["direction"] in ("higher", "lower"):
            marks = found.evidence(line)
            kind = confidence.confidence(line, marks)
            rows.append((
                Cell(f"{line.option} · {line.title(language)}"), written.change(line, language),
                Cell(text(f"evidence.{confidence.weakest(marks)}", language)), written.share(line.agreement, language),
                Cell(_sign(found, line.robust, language)), Cell(text(f"report.confidence.{kind}", language)),
            ))
    heads = tuple(text(f"report.claims.{key}", language) for key in
                  ("what", "change", "mark", "agreement", "robust", "confidence"))
    return Table("claims", text("report.claims", language, year=found.year), heads, tuple(rows))


def _sign(found: Comparison, robust: bool, language: str) -> str:
    if len(found.stresses) == 1:
        return text("report.not_run", language)
    return text("cli.compare.robust" if robust else "cli.compare.not_robust", language)


def _duels(found: Comparison, language: str) -> Table:
    rows = []
    for one in confidence.duels(found.areas, found.shown, places.LIST):
        if one.apart.median:
            rows.append((
                Cell(f"{one.first} / {one.second} · {one.about[f'title_{language}']}"),
                written.moved(one.apart, str(one.about["units"]), language), written.share(one.first_wins, language),
                Cell(_sign(found, one.robust, language)),
            ))
    heads = tuple(text(f"report.duels.{key}", language) for key in ("what", "apart", "wins", "robust"))
    return Table("duels", text("report.duels", language, year=found.year), heads, tuple(rows),
                 (text("report.duels_note", language),))


def _matrix(found: Comparison, language: str) -> Table:
    """Return for every pair of options in how many indicators the one of the row does better."""
    ahead: Counter[tuple[str, str]] = Counter()
    counted = set()
    for one in confidence.duels(found.areas, found.shown, places.LIST):
        counted.add(one.indicator)
        if one.apart.median and one.first_wins >= SURE:
            ahead[one.first, one.second] += 1
        elif one.apart.median and one.first_wins <= 1 - SURE:
            ahead[one.second, one.first] += 1
    letters = found.asked.letters
    rows = tuple(
        (Cell(written.named(found, row, language)),
         *(Cell("·") if row == column else Cell(str(ahead[row, column]), float(ahead[row, column]))
           for column in letters))
        for row in letters
    )
    heads = (text("report.matrix.row", language), *letters)
    return Table("duels", text("report.matrix", language, year=found.year, count=len(counted)), heads, rows,
                 (text("report.matrix_note", language, share=words.percent(SURE, language)),))


def _break_even(found: Comparison, language: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in claims(found):
        for one in confidence.turnings(found.areas, line, found.parameters):
            rows.append((
                Cell(f"{line.option} · {line.title(language)}"), written.change(line, language),
                Cell(turning(found, one, language)),
                Cell(words.change(one.pull, line.unit, language), one.pull, line.unit),
            ))
    if not rows:
        rows = [cells(text("report.no_leading", language), "", "", "")]
    heads = tuple(text(f"report.break_even.{key}", language) for key in ("what", "change", "turn", "pull"))
    return Table("break-even", text("report.break_evens", language), heads, tuple(rows),
                 (text("report.break_even_note", language, fewest=confidence.FEWEST),))


def caveats(found: Comparison, language: str) -> Part:
    """Return what differs from the study, what the results rest on, and what they cannot say."""
    blocks: list[Block] = [Heading(text("report.changed", language))]
    if found.asked.changed:
        rows = tuple(cells(name, value) for name, value in found.asked.changed)
        heads = (text("report.assumption", language), text("report.value", language))
        blocks.append(Table("changed", text("report.changed", language), heads, rows))
    else:
        blocks.append(Paragraph(text("report.nothing_changed", language)))
    blocks += [Heading(text("report.sources", language)), _sources(found, language)]
    blocks += [Heading(text("report.caveats", language)), Bullets(tuple(_caveats(found, language)))]
    return Part(9, text("report.part.9", language), tuple(blocks))


def _sources(found: Comparison, language: str) -> Table:
    names = dict.fromkeys(name for told in found.asked.options for name in pulled(told) if name in found.levers)
    rows = []
    for name in names:
        lever = found.levers[name]
        cost = " · ".join(map(str, lever.costs))
        rows.append(cells(lever.title[language], text(f"evidence.{lever.evidence}", language), cost or "—",
                          text(f"evidence.{lever.cost_evidence}", language), lever.source))
    if not rows:
        rows = [cells(text("report.no_lever", language), "", "", "", "")]
    heads = tuple(text(f"report.source.{key}", language) for key in
                  ("lever", "evidence", "cost", "cost_evidence", "source"))
    return Table("sources", text("report.sources_of", language), heads, tuple(rows))


def _caveats(found: Comparison, language: str) -> list[str]:
    areas = found.areas
    said = [
        str(areas.attrs[f"nature_{language}"]),
        text("figure.area_is", language, label=str(areas.attrs[f"list_label_{language}"])),
        text("report.caveat_marks", language),
        text("report.caveat_maps", language),
        text("report.caveat_units", language),
    ]
    spread = [str(one.attrs[f"title_{language}"]) for one in areas.data_vars.values()
              if one.attrs.get("resolution") == SPREAD]
    if spread:
        said.append(text("report.caveat_spread", language, names=listing(spread, language)))
    for letter, told in zip(found.asked.letters, found.asked.options, strict=True):
        said += [f"{letter}: {in_language(note, language)}" for note in told.notes]
    if found.runs.failed:
        said.append(text("compare.failed", language, count=found.runs.failed))
    if not found.has_bands:
        said.append(text("compare.no_bands", language))
    return said


def reproduce(found: Comparison, language: str) -> Part:
    """Return the command, versions and fingerprints."""
    told = found.manifest()
    command = told["command"] or text("report.from_python", language)
    rows = [
        cells(text("report.reproduce.command", language), command),
        cells(text("report.reproduce.version", language), told["version"]),
        cells(text("report.reproduce.equations", language), told["equations_sha256"]),
        cells(text("report.reproduce.data", language), told["data_sha256"]),
        cells(text("report.reproduce.scenarios", language), told["scenarios_sha256"]),
        cells(text("report.reproduce.members", language), _members(found, language)),
        cells(text("report.reproduce.years", language), f"{found.asked.start}-{found.asked.end}"),
        cells(text("report.reproduce.programs", language),
              ", ".join(f"{name} {version}" for name, version in told["versions"].items())),
        cells(text("report.reproduce.baseline", language), found.title(BASELINE, language)),
    ]
    heads = (text("report.reproduce.what", language), text("report.value", language))
    blocks = (
        Paragraph(text("report.reproduce_note", language)),
        Table("reproduce", text("report.part.10", language), heads, tuple(rows)),
        Heading(text("report.reproduce.told", language)),
        Paragraph(json.dumps(told["scenarios"], ensure_ascii=False, sort_keys=True), "note"),
    )
    return Part(10, text("report.part.10", language), blocks)


def _members(found: Comparison, language: str) -> str:
    if not found.asked.members:
        return text("report.reproduce.no_members", language)
    numbers = found.asked.members
    return text("report.reproduce.some_members", language, count=len(numbers), first=numbers[0], last=numbers[-1])
