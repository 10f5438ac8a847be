"""The short report: page one and what a meeting asks next; the full report and its workbook hold everything else."""

from __future__ import annotations

from collections import Counter

from xiancheng.comparison import changes, figures
from xiancheng.comparison.changes import Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import (
    appraisal,
    beside,
    doubled,
    money,
    owed,
    people,
    prefectures,
    proof,
    purse,
    results,
    summary,
    written,
)
from xiancheng.comparison.report.document import (
    Block,
    Bullets,
    Cell,
    Heading,
    Paragraph,
    Picture,
    ReportTable,
    Section,
    cells,
)
from xiancheng.outputs import places, views
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import MISSING, listing, number, text

_SPREAD = 6
"""Indicators without values by place that are named."""
_ALONE = 20
"""Levers that one option alone moves up to which each has its line; of more the names are told."""
_LINES = 2
"""Charts of lines that it shows."""


def parts(comparison: Comparison, language: str) -> tuple[Section, ...]:
    """Return the parts of the short report.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
    """
    blocks: tuple[list[Block], ...] = (
        _options(comparison, language), _results(comparison, language), _money(comparison, language),
        _targets(comparison, language), _people(comparison, language), _turns(comparison, language),
        _caveats(comparison, language),
    )
    names = ("options", "results", "money", "targets", "people", "turns", "caveats")
    sections = [
        Section(position, text(f"short.part.{name}", language), tuple(block for block in own if results.holds(block)))
        for position, (name, own) in enumerate(zip(names, blocks, strict=True), start=2)
    ]
    return appraisal.page(comparison, language), *(section for section in sections if section.blocks)


def _options(comparison: Comparison, language: str) -> list[Block]:
    """Return what the options are: a sentence each, and a line for each lever with a column for each option."""
    sentences = tuple(
        text("report.option", language, name=written.named(comparison, letter, language),
             sentence=option.sentence.get(language, ""))
        for letter, option in zip(comparison.request.letters, comparison.request.options, strict=True)
    )
    stresses = [written.stress_name(comparison, stress, language) for stress in comparison.stresses[1:]]
    run_under = [Paragraph(text("short.stresses", language, names=listing(stresses, language)))] if stresses else []
    return [Bullets(sentences), *run_under, _levers(comparison, language)]


def _levers(comparison: Comparison, language: str) -> ReportTable:
    alone = _alone(comparison)
    left = {name for own in alone.values() if len(own) > _ALONE for name in own}
    rows = []
    for name in dict.fromkeys(name for option in comparison.request.options for name in option.levers
                              if name in comparison.levers and name not in left):
        lever = comparison.levers[name]
        own = (_settings(comparison, letter, name, language) for letter in comparison.request.letters)
        rows.append((Cell(beside.lever(comparison, name, language)), Cell(number(lever.baseline, lever.unit, language)),
                     *map(Cell, own)))
    heads = (text("report.lever.name", language), text("report.lever.baseline", language),
             *comparison.request.letters)
    notes = [text("short.levers_left", language, letter=letter, count=len(own),
                  names=listing([beside.lever(comparison, name, language) for name in own], language))
             for letter, own in alone.items() if len(own) > _ALONE]
    return ReportTable("levers", text("short.levers", language), heads, tuple(rows),
                       (text("short.levers_note", language), *notes))


def _alone(comparison: Comparison) -> dict[str, list[str]]:
    """Return by option the levers that no other one moves."""
    moved = [[name for name in option.levers if name in comparison.levers] for option in comparison.request.options]
    count = Counter(name for own in moved for name in own)
    return {letter: [name for name in own if count[name] == 1]
            for letter, own in zip(comparison.request.letters, moved, strict=True)}


def _settings(comparison: Comparison, letter: str, name: str, language: str) -> str:
    """Return where an option takes a lever in the end, and at which places."""
    sentences = []
    for setting in comparison.option(letter).levers.get(name, ()):
        if setting.points:
            year = max(setting.points)
            sentences.append(text("short.setting", language, value=f"{setting.points[year]:,g}",
                                  year=year, where=summary.where(comparison, setting, language)))
    return text("report.points_separator", language).join(sentences) or MISSING


def _results(comparison: Comparison, language: str) -> list[Block]:
    """Return the indicators of one screen for list and province, a column for each option, and charts of the first."""
    blocks: list[Block] = [_headlines(comparison, area, language) for area in AREAS]
    return [*blocks, *(Picture(figures.line_chart(comparison, name, places.LIST, language))
                       for name in figures.drawn(comparison)[:_LINES])]


def _headlines(comparison: Comparison, area: str, language: str) -> ReportTable:
    rows = []
    chosen = [name for name in views.of(comparison.study, "short") if name in comparison.areas]
    lines = changes.lines(comparison.areas, chosen, level=[area])
    for name in chosen:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            base = written.bare(written.level(first.baseline, first.unit, language), language)
            rows.append((Cell(first.title(language)), Cell(unit_column(first.unit, language)), base,
                         *(_change(own.get(letter), language) for letter in comparison.request.letters)))
    heads = (text("report.indicator", language), text("cli.column.unit", language), text("chart.baseline", language),
             *comparison.request.letters)
    caption = text("report.changes_of", language, name=written.area_name(comparison, area, language),
                   year=comparison.year)
    return ReportTable(f"headline-{area}", caption, heads, tuple(rows), (text("report.legend", language),))


def _change(line: Line | None, language: str) -> Cell:
    return written.bare(written.change(line, language), language) if line else Cell(MISSING)


def _money(comparison: Comparison, language: str) -> list[Block]:
    sentences = [*purse.warnings(comparison, language), *purse.sentences(comparison, language).values()]
    tables = [table for area in AREAS for table in purse.means(comparison, area, language)]
    return [*([Bullets(tuple(sentences))] if sentences else []), *tables, purse.needs(comparison, language),
            money.goals_table(comparison, language, has_levers=False)]


def _targets(comparison: Comparison, language: str) -> list[Block]:
    return [results.targets_table(comparison, area, language, is_brief=True) for area in AREAS]


def _people(comparison: Comparison, language: str) -> list[Block]:
    """Return who gains and loses: by prefecture, by county with names, and on a map."""
    tables = prefectures.tables(comparison, language, has_bands=False)
    return [*_map(comparison, language), *tables, people.most_losers(comparison, language)]


def _map(comparison: Comparison, language: str) -> list[Picture]:
    """Return the map on which most options move a listed place; the first of equals."""
    charts = [figures.map_chart(comparison, name, language) for name in figures.mapped(comparison)]
    moved = [len({row["scenario"] for row in chart.rows if row["is_listed"] and row["value"]}) for chart in charts]
    return [Picture(charts[moved.index(max(moved))])] if charts else []


def _turns(comparison: Comparison, language: str) -> list[Block]:
    """Return what would change the answer, the goals that page one had no room for, and what hangs on one lever."""
    rest = appraisal.by_goal(comparison, language)[appraisal.GOALS:]
    owing = owed.brief(comparison, language)
    blocks: list[Block] = [Bullets((*summary.turns(comparison, language), *doubled.sentence(comparison, language),
                                    text("report.no_score", language)))]
    blocks += [Heading(text("report.owed_heading", language)), Bullets(tuple(owing))] if owing else []
    blocks += [Heading(text("appraisal.goals_more", language)), Bullets(tuple(rest))] if rest else []
    return blocks


def _caveats(comparison: Comparison, language: str) -> list[Block]:
    changed = [text("short.changed", language, name=name, value=value) for name, value in comparison.request.changed]
    manifest = comparison.manifest()
    rows = tuple(cells(text(f"report.reproduce.{key}", language), words_) for key, words_ in (
        ("command", manifest["command"] or text("report.from_python", language)),
        ("version", written.version(comparison, language)),
        ("data", manifest["data_sha256"]), ("scenarios", manifest["scenarios_sha256"])))
    heads = (text("report.reproduce.what", language), text("report.value", language))
    return [Bullets((*proof.caveat_sentences(comparison, language, _SPREAD), *changed)),
            Paragraph(text("short.rest", language)),
            ReportTable("reproduce", text("report.part.10", language), heads, rows)]
