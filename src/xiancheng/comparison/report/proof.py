"""Part 8, confidence claim by claim; part 9, assumptions, sources and caveats; part 10, how to reproduce it."""

from __future__ import annotations

import json
from collections import Counter

from xiancheng.calibration import whole_members
from xiancheng.calibration.whole_members import WHOLE
from xiancheng.comparison import confidence, grounds, words
from xiancheng.comparison.changes import SAME
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import doubled, origins, owed, published, ranked, written
from xiancheng.comparison.report.document import Block, Bullets, Cell, Heading, Paragraph, ReportTable, Section, cells
from xiancheng.comparison.report.glance import SURE, claims
from xiancheng.comparison.report.summary import costs_that_turn, turning
from xiancheng.comparison.runs import BASELINE, pulled
from xiancheng.outputs import places, units
from xiancheng.outputs.certainty import likely
from xiancheng.outputs.indicators import SPREAD
from xiancheng.texts import in_language, listing, text


def how_sure(comparison: Comparison, language: str) -> Section:
    """Return evidence, share of members and robustness of every claim, who beats whom, and break-even values."""
    blocks: list[Block] = [Paragraph(text("report.confidence_note", language), "note"), _claims(comparison, language)]
    duels = _matrix(comparison, language) if comparison.request.is_many else _duels(comparison, language)
    blocks += [duels] if duels.rows else []
    if comparison.ranking is not None and comparison.ranking.places:
        blocks += ranked.tables(comparison, comparison.ranking, language)
    owing = owed.table(comparison, language)
    blocks += [*([owing] if owing.rows else []), Bullets(tuple(owed.sentences(comparison, language)))]
    blocks.append(_break_even(comparison, language))
    costs = costs_that_turn(comparison, language)
    blocks += [Bullets(tuple(costs))] if costs else []
    twice = doubled.table(comparison, language)
    blocks += [twice, Bullets(tuple(doubled.sentence(comparison, language)))] if twice.rows else []
    blocks += origins.blocks(comparison, language)
    return Section(8, text("report.part.8", language), tuple(blocks))


def _claims(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for line in comparison.lines(level=[places.LIST]):
        if line.change.median and line.verdict != SAME and line.about["direction"] in ("higher", "lower"):
            sure = comparison.claims.certainty(line)
            robust = "report.is_robust" if comparison.claims.is_robust(line) else "report.not_robust"
            rows.append((
                Cell(f"{line.option} · {line.title(language)}"), written.change(line, language),
                Cell(text(f"certainty.evidence.{sure.evidence}", language)),
                Cell(text(f"certainty.agreement.{sure.agreement}", language)),
                written.share(line.agreement, language), Cell(_sign(comparison, line.holds, language)),
                Cell(text(f"certainty.confidence.{sure.confidence}", language)),
                Cell(likely(sure.probability, language)), Cell(text(robust, language)),
            ))
    heads = tuple(text(f"report.claims.{key}", language) for key in
                  ("what", "change", "evidence", "agrees", "agreement", "stress", "confidence", "likelihood",
                   "robust"))
    return ReportTable("claims", text("report.claims", language, year=comparison.year), heads, tuple(rows))


def _sign(comparison: Comparison, holds: bool, language: str) -> str:
    if len(comparison.stresses) == 1:
        return text("report.not_run", language)
    return text("cli.compare.robust" if holds else "cli.compare.not_robust", language)


def _duels(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for duel in confidence.duels(comparison.areas, comparison.shown, places.LIST):
        if duel.counts:
            rows.append((
                Cell(f"{duel.first} / {duel.second} · {duel.about[f'title_{language}']}"),
                written.moved(duel.apart, str(duel.about["units"]), language), written.share(duel.first_wins, language),
                Cell(_sign(comparison, duel.holds, language)),
            ))
    heads = tuple(text(f"report.duels.{key}", language) for key in ("what", "apart", "wins", "robust"))
    return ReportTable("duels", text("report.duels", language, year=comparison.year), heads, tuple(rows),
                 (text("report.duels_note", language),))


def _matrix(comparison: Comparison, language: str) -> ReportTable:
    """Return for every pair of options in how many indicators the one of the row does better."""
    ahead: Counter[tuple[str, str]] = Counter()
    counted = set()
    for duel in confidence.duels(comparison.areas, comparison.shown, places.LIST):
        counted.add(duel.indicator)
        if duel.counts and duel.first_wins >= SURE:
            ahead[duel.first, duel.second] += 1
        elif duel.counts and duel.first_wins <= 1 - SURE:
            ahead[duel.second, duel.first] += 1
    letters = comparison.request.letters
    rows = tuple(
        (Cell(written.named(comparison, row, language)),
         *(Cell("·") if row == column else Cell(str(ahead[row, column]), float(ahead[row, column]))
           for column in letters))
        for row in letters
    )
    heads = (text("report.matrix.row", language), *letters)
    return ReportTable("duels", text("report.matrix", language, year=comparison.year, count=len(counted)), heads, rows,
                 (text("report.matrix_note", language, share=words.percent(SURE, language)),))


def _break_even(comparison: Comparison, language: str) -> ReportTable:
    rows: list[tuple[Cell, ...]] = []
    for line in claims(comparison):
        for item in comparison.claims.turnings(line):
            rows.append((
                Cell(f"{line.option} · {line.title(language)}"), written.change(line, language),
                Cell(turning(comparison, item, language)),
                Cell(words.change(item.pull, line.unit, language), item.pull, line.unit),
            ))
    if not rows:
        rows = [cells(text("report.no_leading", language), "", "", "")]
    heads = tuple(text(f"report.break_even.{key}", language) for key in ("what", "change", "turn", "pull"))
    return ReportTable("break-even", text("report.break_evens", language), heads, tuple(rows),
                 (text("report.break_even_note", language, fewest=grounds.FEWEST),))


def caveats(comparison: Comparison, language: str) -> Section:
    """Return what differs from the study, what the results rest on, and what they cannot say."""
    blocks: list[Block] = [Heading(text("report.changed", language))]
    if comparison.request.changed:
        rows = tuple(cells(name, value) for name, value in comparison.request.changed)
        heads = (text("report.assumption", language), text("report.value", language))
        blocks.append(ReportTable("changed", text("report.changed", language), heads, rows))
    else:
        blocks.append(Paragraph(text("report.nothing_changed", language)))
    blocks += [Heading(text("report.sources", language)), _sources(comparison, language)]
    blocks += published.tables(comparison, language)
    blocks += [Heading(text("report.caveats", language)), Bullets(tuple(caveat_sentences(comparison, language)))]
    return Section(9, text("report.part.9", language), tuple(blocks))


def _sources(comparison: Comparison, language: str) -> ReportTable:
    names = dict.fromkeys(name for option in comparison.request.options for name in pulled(option)
                          if name in comparison.levers)
    rows = []
    for name in names:
        lever = comparison.levers[name]
        cost = " · ".join(units.cost(cost, language) for cost in lever.costs)
        rows.append(cells(lever.title[language], text(f"evidence.{lever.evidence}", language), cost or "—",
                          text(f"evidence.{lever.cost_evidence}", language),
                          units.source(lever.source, language)))
    if not rows:
        rows = [cells(text("report.no_lever", language), "", "", "", "")]
    heads = tuple(text(f"report.source.{key}", language) for key in
                  ("lever", "evidence", "cost", "cost_evidence", "source"))
    return ReportTable("sources", text("report.sources_of", language), heads, tuple(rows))


def caveat_sentences(comparison: Comparison, language: str, most: int | None = None) -> list[str]:
    """Return what the results cannot say.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        most: indicators of the province that are named, all when None.
    """
    areas = comparison.areas
    sentences = [
        str(areas.attrs[f"nature_{language}"]),
        text("figure.area_is", language, label=str(areas.attrs[f"list_label_{language}"])),
        text(_words_of_marks(comparison), language),
        text("report.caveat_maps", language),
        text("report.caveat_units", language, prices=written.prices(comparison, language)),
    ]
    spread = [str(variable.attrs[f"title_{language}"]) for variable in areas.data_vars.values()
              if variable.attrs.get("resolution") == SPREAD]
    if spread:
        more = text("report.and_more", language, count=len(spread) - most) if most and len(spread) > most else ""
        sentences.append(text("report.caveat_spread", language, names=listing(spread[:most], language) + more))
    for letter, option in zip(comparison.request.letters, comparison.request.options, strict=True):
        sentences += [f"{letter}: {in_language(note, language)}" for note in option.notes]
    if comparison.runs.failed:
        sentences.append(text("compare.failed", language, count=comparison.runs.failed))
    if not comparison.has_bands:
        sentences.append(text("compare.no_bands", language))
    return sentences


def _words_of_marks(comparison: Comparison) -> str:
    """Return the key of the text that says what marks are, and what bands hold."""
    if not _is_whole(comparison):
        return "report.caveat_marks"
    return whole_members.words(comparison.study, "report.caveat_marks.whole")


def reproduce(comparison: Comparison, language: str) -> Section:
    """Return the command, versions and fingerprints."""
    manifest = comparison.manifest()
    command = manifest["command"] or text("report.from_python", language)
    rows = [
        cells(text("report.reproduce.command", language), command),
        cells(text("report.reproduce.version", language), written.version(comparison, language)),
        cells(text("report.reproduce.equations", language), manifest["equations_sha256"]),
        cells(text("report.reproduce.data", language), manifest["data_sha256"]),
        cells(text("report.reproduce.scenarios", language), manifest["scenarios_sha256"]),
        cells(text("report.reproduce.members", language), _members(comparison, language)),
        cells(text("report.reproduce.years", language), f"{comparison.request.start}-{comparison.request.end}"),
        cells(text("report.reproduce.programs", language),
              ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())),
        cells(text("report.reproduce.baseline", language), comparison.title(BASELINE, language)),
    ]
    heads = (text("report.reproduce.what", language), text("report.value", language))
    blocks = (
        Paragraph(text("report.reproduce_note", language)),
        ReportTable("reproduce", text("report.part.10", language), heads, tuple(rows)),
        Heading(text("report.reproduce.told", language)),
        Paragraph(json.dumps(manifest["scenarios"], ensure_ascii=False, sort_keys=True), "note"),
    )
    return Section(10, text("report.part.10", language), blocks)


def _members(comparison: Comparison, language: str) -> str:
    if not comparison.request.members:
        return text("report.reproduce.no_members", language)
    numbers = comparison.request.members
    key = "report.reproduce.some_members" + (".whole" if _is_whole(comparison) else "")
    return text(key, language, count=len(numbers), first=numbers[0], last=numbers[-1])


def _is_whole(comparison: Comparison) -> bool:
    """Tell whether the members differ in all that is not known."""
    return bool(comparison.request.members) and comparison.request.kind == WHOLE
