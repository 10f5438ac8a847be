"""What options do of the policy: the board of the evaluation by its aims, and the scorecard of the text."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.comparison import bands, changes
from xiancheng.comparison.changes import Line, Met
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.report import plan, written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model import clock
from xiancheng.outputs import articles, evaluation, places, scorecard, targets
from xiancheng.outputs.headline import unit_column
from xiancheng.outputs.scorecard import Demand
from xiancheng.texts import text

_AREA = places.PROVINCE


def tables(comparison: Comparison, language: str) -> list[ReportTable]:
    """Return the board, the scorecard and the table of a plan; a study without them has none."""
    return [_board(comparison, language), _scorecard(comparison, language), *plan.tables(comparison, language)]


def _board(comparison: Comparison, language: str) -> ReportTable:
    """Return the indicators of every aim before the policy and in the last year, option by option."""
    before = max(clock.of(comparison.study).baseline, comparison.request.start)
    rows = [
        (Cell(aim.title[language]), *_levels(comparison, name, before, language))
        for aim in evaluation.read(comparison.study) for name in aim.indicators if name in comparison.areas
    ]
    heads = (text("board.aim", language), text("report.indicator", language), text("cli.column.unit", language),
             text("score.at", language, name=text("chart.baseline", language), year=before),
             text("score.at", language, name=text("chart.baseline", language), year=comparison.year),
             *comparison.request.letters, text("cli.column.target", language))
    caption = text("board.heading", language, area=written.area_name(comparison, _AREA, language))
    return ReportTable("evaluation", caption, heads, tuple(rows), (text("board.no_total", language),))


def _levels(comparison: Comparison, name: str, before: int, language: str) -> list[Cell]:
    own = about(comparison.areas, name)
    unit, row = str(own["units"]), comparison.catalogue[name].row
    columns = [(BASELINE, before), *((scenario, comparison.year)
                                    for scenario in (BASELINE, *comparison.request.letters))]
    values = (cut(comparison.areas, name, ("member",), stress=REFERENCE, area=_AREA, scenario=scenario, year=year)
              for scenario, year in columns)
    numbers = (float(bands.Ordered.of(item).medians()) for item in values)
    goal = targets.written(row["target_value"], unit, language) if row["target_value"] else ""
    return [Cell(str(own[f"title_{language}"])), Cell(unit_column(unit, language)),
            *(written.bare(written.plain(number, unit, language), language) for number in numbers),
            Cell(f"{goal} ({row['target_year']})" if goal else "")]


def _scorecard(comparison: Comparison, language: str) -> ReportTable:
    """Return for each article what becomes of its own indicators in every option."""
    demands = [item for item in scorecard.demands(comparison.study) if item.indicator in comparison.areas]
    names = list(dict.fromkeys(item.indicator for item in demands))
    lines = {(line.indicator, line.option): line for line in changes.lines(comparison.areas, names, level=[_AREA])}
    met = {(item.indicator, item.scenario): item for item in changes.targets_met(comparison.areas, _AREA)}
    titles = articles.read(comparison.study).articles
    opening = [article.asks[language] for article in titles.values()][:1]
    rows = []
    for item in demands:
        own = [lines.get((item.indicator, letter)) for letter in comparison.request.letters]
        present = next((line for line in own if line is not None), None)
        if present is not None:
            aims = [met.get((item.indicator, letter)) for letter in comparison.request.letters]
            rows.append((Cell(f"{item.article} {titles[item.article].title[language]}"),
                         Cell(present.title(language)), *_cells(comparison, item, own, aims, language)))
    heads = (text("score.article", language), text("score.indicator", language), *comparison.request.letters)
    caption = text("score.heading", language, area=written.area_name(comparison, _AREA, language),
                   year=comparison.year)
    return ReportTable("scorecard", caption, heads, tuple(rows), (text("score.note", language), *opening))


def _cells(
    comparison: Comparison, item: Demand, lines: Sequence[Line | None], aims: Sequence[Met | None], language: str
) -> list[Cell]:
    return [Cell("") if line is None else _cell(comparison, item, line, aim, language)
            for line, aim in zip(lines, aims, strict=True)]


def _cell(comparison: Comparison, item: Demand, line: Line, aim: Met | None, language: str) -> Cell:
    """Return the change of an own indicator, whether it is as asked, its target and the members that meet it."""
    verdict = scorecard.verdict(line.baseline.median, line.baseline.median + line.change.median, item.way,
                                line.least)
    moved = written.moved(line.change, line.unit, language)
    parts = [text(f"score.{verdict}", language), moved.words]
    if aim is not None:
        goal = targets.written(str(aim.about["target"]), line.unit, language)
        sentence = text("score.missed" if aim.met is None else "score.reached", language, target=goal, year=aim.met)
        if comparison.has_bands:
            share = written.share(aim.share, language).words
            sentence = text("report.met_share", language, words=sentence, share=share)
        parts.append(sentence)
    return Cell(text("report.claims_separator", language).join(parts), moved.value)
