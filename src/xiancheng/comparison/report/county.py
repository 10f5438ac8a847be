"""One place of a comparison on a page of its own: what each option does there, and which of its levers act there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from xiancheng.comparison import people, standing
from xiancheng.comparison.changes import BETTER, WORSE
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.people import PlaceChange
from xiancheng.comparison.report import beside, proof, written
from xiancheng.comparison.report.document import Block, Bullets, Cell, Paragraph, Report, ReportTable, Section, cells
from xiancheng.comparison.report.whole import of_parts
from xiancheng.model.places import Place
from xiancheng.model.settings import LeverSetting
from xiancheng.outputs import views
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import MISSING, text


def report(comparison: Comparison, place: Place, language: str) -> Report:
    """Return the page of a place as a report.

    Args:
        comparison: the comparison.
        place: the place.
        language: "zh" or "en".
    """
    title = text("county_page.title", language, name=place.names[language])
    blocks: list[Block] = [Bullets(tuple(sentences(comparison, place, language))), *tables(comparison, place, language),
                           *(Paragraph(note, "note") for note in notes(comparison, language))]
    own = Section(1, text("county_page.part", language), tuple(blocks))
    parts = (own, replace(proof.reproduce(comparison, language), number=2))
    return replace(of_parts(comparison, language, parts, title), table=pd.DataFrame(records(comparison, place)))


def changes(comparison: Comparison, place: Place) -> list[PlaceChange]:
    """Return what every option does at a place in the last year: the profile of a place, then what options are about.

    Args:
        comparison: the comparison.
        place: the place.
    """
    chosen = dict.fromkeys([*views.of(comparison.study, "profile"), *comparison.shown])
    names = [name for name in chosen if name in comparison.places and people.has_counties(comparison.places, name)]
    return [item for name in names for option in comparison.request.letters
            for item in comparison.at_places(name, option) if item.place == place.element]


def sentences(comparison: Comparison, place: Place, language: str) -> list[str]:
    """Return for each option how many indicators get better and worse at a place."""
    own = [item for item in changes(comparison, place) if item.about["direction"] in ("higher", "lower")]
    counted = []
    for option in comparison.request.letters:
        verdicts = [item.verdict for item in own if item.option == option]
        counted.append(text("report.counts", language, name=written.named(comparison, option, language),
                            area=place.names[language], count=len(verdicts), better=verdicts.count(BETTER),
                            worse=verdicts.count(WORSE)))
    return counted


def tables(comparison: Comparison, place: Place, language: str) -> list[ReportTable]:
    """Return levels and changes by option, and the levers of each option that act at a place."""
    return [_results(comparison, place, language), _levers(comparison, place, language)]


def notes(comparison: Comparison, language: str) -> list[str]:
    """Return what the figures are, what bands hold and what nothing is said of."""
    return [standing.sentences(comparison, language), text("county_page.note", language),
            str(comparison.areas.attrs[f"nature_{language}"])]


def records(comparison: Comparison, place: Place) -> list[dict[str, Any]]:
    """Return a plain row for every indicator and option at a place."""
    return [
        {"option": item.option, "scenario": comparison.option(item.option).id, "place": item.code,
         "year": comparison.year, "indicator": item.indicator, "unit": str(item.about["units"]),
         "baseline": item.baseline.median, "value": item.baseline.median + item.change.median,
         "change": item.change.median, "change_low": item.change.low, "change_high": item.change.high,
         "members": item.change.members, "agreement": item.agreement, "verdict": item.verdict}
        for item in changes(comparison, place)
    ]


def _results(comparison: Comparison, place: Place, language: str) -> ReportTable:
    by_indicator: dict[str, dict[str, PlaceChange]] = {}
    for item in changes(comparison, place):
        by_indicator.setdefault(item.indicator, {})[item.option] = item
    letters = comparison.request.letters
    rows = tuple(_row([own.get(letter) for letter in letters], next(iter(own.values())), language)
                 for own in by_indicator.values())
    heads = [text("report.indicator", language), text("cli.column.unit", language), text("chart.baseline", language)]
    for letter in letters:
        heads += [text("report.level_of", language, name=letter), text("report.change_of", language, name=letter)]
    caption = text("report.results_of", language, name=place.names[language], year=comparison.year)
    return ReportTable("county", caption, tuple(heads), rows, (text("report.legend", language),))


def _row(by_option: Sequence[PlaceChange | None], first: PlaceChange, language: str) -> tuple[Cell, ...]:
    unit = str(first.about["units"])
    row = [Cell(str(first.about[f"title_{language}"])), Cell(unit_column(unit, language)),
           written.bare(written.plain(first.baseline.median, unit, language), language)]
    for item in by_option:
        if item is None:
            row += cells(MISSING, MISSING)
        else:
            level = written.plain(item.baseline.median + item.change.median, unit, language)
            moved = written.moved(item.change, unit, language, written.ARROWS[item.verdict])
            row += [written.bare(level, language), written.bare(moved, language)]
    return tuple(row)


def _levers(comparison: Comparison, place: Place, language: str) -> ReportTable:
    rows = []
    for letter, option in zip(comparison.request.letters, comparison.request.options, strict=True):
        acting = [(name, setting) for name, settings in option.levers.items() for setting in settings
                  if setting.everywhere or place.element in setting.places]
        rows += [cells(letter, beside.lever(comparison, name, language), _points(setting, language))
                 for name, setting in acting]
        if not acting:
            rows.append(cells(letter, text("county_page.no_lever", language), ""))
    heads = (text("chart.scenario", language), text("report.lever.name", language),
             text("report.lever.values", language))
    awaiting = any(setting.awaits for option in comparison.request.options
                   for settings in option.levers.values() for setting in settings)
    return ReportTable("county-levers", text("county_page.levers", language, name=place.names[language]), heads,
                       tuple(rows), (text("county_page.awaits", language),) if awaiting else ())


def _points(setting: LeverSetting, language: str) -> str:
    return text("report.points_separator", language).join(
        text("report.point", language, year=year, value=f"{value:,g}") for year, value in setting.points.items())
