"""Anyone's figures beside what the demographic core says: place or prefecture, year, indicator, value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiancheng import cells
from xiancheng.characters import plain
from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model import clock as clocks
from xiancheng.model.clock import Clock
from xiancheng.model.places import read as read_places
from xiancheng.model.reading import Findings, full_rows, read_text, short
from xiancheng.outputs import core_runs, indicators, places, tidy, views
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

COLUMNS = ("place", "year", "indicator", "value")


@dataclass(frozen=True)
class FigureRow:
    """One row of the table: area as places.csv codes it, and a value in the unit of the indicator."""

    area: str
    year: int
    indicator: str
    value: float


@dataclass(frozen=True)
class Compared:
    """A figure beside the model.

    Attributes:
        figure: the row.
        names: of the area by language.
        unit: of the indicator.
        model: what the model says [unit].
    """

    figure: FigureRow
    names: Mapping[str, str]
    unit: str
    model: float

    @property
    def difference(self) -> float:
        """Model less figure [unit]."""
        return self.model - self.figure.value

    @property
    def relative(self) -> float:
        """Model over figure, less 1; nan where the figure is 0."""
        return self.difference / abs(self.figure.value) if self.figure.value else float("nan")


@dataclass(frozen=True)
class Summary:
    """How one indicator compares over all rows.

    Attributes:
        indicator: id.
        rows: how many.
        error: mean absolute relative error, in %; nan for shares.
        square: root mean square error [unit].
        bias: mean difference [unit].
    """

    indicator: str
    rows: int
    error: float
    square: float
    bias: float


def read(study: Study, file: Path) -> list[FigureRow]:
    """Read the table: the columns COLUMNS in any order, others are passed over; a byte order mark is allowed.

    Raises:
        StudyError: everything wrong in the file, at once, with its rows.
    """
    findings = Findings(str(file))
    rows = _rows(file, findings)
    areas, core, clock = _areas(study), views.of(study, "core"), clocks.of(study)
    figures: list[FigureRow] = []
    before: dict[tuple[str, int, str], int] = {}
    for line, row in rows:
        figure = _figure(row, line, areas, core, clock, findings)
        if figure is None:
            continue
        key = (figure.area, figure.year, figure.indicator)
        if key in before:
            findings.add(phrase("against.twice", row=before[key]), phrase("against.once"), row=line)
        before.setdefault(key, line)
        figures.append(figure)
    findings.stop()
    return figures


def _rows(file: Path, findings: Findings) -> list[tuple[int, dict[str, str]]]:
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("against.a_table")))
    rows = full_rows(read_text(file, findings, marked=True), COLUMNS, findings)
    return [(row.number, {name: row[name].strip() for name in COLUMNS}) for row in rows]


def _figure(
    row: Mapping[str, str], line: int, areas: Mapping[str, set[str]], names: Sequence[str], clock: Clock,
    findings: Findings,
) -> FigureRow | None:
    wrong = False
    codes = areas.get(plain(row["place"]), set())
    if len(codes) != 1:
        reason = phrase("place.several" if codes else "place.unknown", word=short(row["place"]))
        hint = phrase("hint.did_you_mean", names=phrase_list(sorted(codes))) if codes else did_you_mean(
            row["place"], list(areas))
        findings.add(reason, phrase("against.place"), hint, line)
        wrong = True
    if row["indicator"] not in names:
        findings.add(phrase("against.indicator", id=short(row["indicator"])), phrase_list(names),
                     did_you_mean(row["indicator"], names), line)
        wrong = True
    year = cells.integer(row["year"]) or 0
    if not clock.first_census <= year < clock.last:
        allowed = f"{clock.first_census} … {clock.last - 1}"
        findings.add(phrase("table.is", column="year", value=repr(short(row["year"]))), allowed, "", line)
        wrong = True
    value = cells.number(row["value"])
    if value is None or not np.isfinite(value):
        findings.add(phrase("table.is", column="value", value=repr(short(row["value"]))), phrase("table.number"),
                     phrase("table.digits"), line)
        wrong = True
    return None if wrong or value is None else FigureRow(next(iter(codes)), year, row["indicator"], value)


def _areas(study: Study) -> dict[str, set[str]]:
    """Return areas by every name they may be given: places, prefectures, the list and the province."""
    areas: dict[str, set[str]] = {places.PROVINCE: {places.PROVINCE}, places.LIST: {places.LIST}}
    where = read_places(study.tables)
    named = [(word, place.code) for place in where for word in place.words]
    prefectures = where.areas(places.PREFECTURE)
    named += [(plain(word), area.id) for area in prefectures for word in (area.id, *area.names.values())]
    for word, area in named:
        areas.setdefault(word, set()).add(area)
    return areas


def compare(study: Study, figures: Sequence[FigureRow], named: str) -> list[Compared]:
    """Run the core as far as the figures go, and put both side by side.

    Args:
        study: the study.
        figures: the rows.
        named: the set of parameters.

    Raises:
        StudyError: a figure that the core has no value for, such as a flow of the year of the start.
    """
    shown = indicators.read(study)
    names = list(dict.fromkeys(figure.indicator for figure in figures))
    starts = sorted(builder.starts(study))
    values: dict[tuple[str, int, str], float] = {}
    titles: dict[str, dict[str, str]] = {}
    for position, begun in enumerate(starts):
        last = starts[position + 1] if position + 1 < len(starts) else clocks.of(study).last
        own = [figure for figure in figures if begun + (position > 0) <= figure.year <= last]
        if not own:
            continue
        run = core_runs.built(study, begun, max([begun + 1, *(figure.year for figure in own)]), named)
        table = tidy.table(core_runs.run(run, names)[0])
        for row in table.to_dict("records"):
            area, year = str(row["place"]), int(row["year"])
            if begun + (position > 0) <= year <= last:
                values[area, year, str(row["indicator"])] = float(row["value"])
            titles.setdefault(area, {"zh": str(row["name_zh"]), "en": str(row["name_en"])})
    without = [figure for figure in figures if (figure.area, figure.year, figure.indicator) not in values]
    if without:
        raise StudyError(
            Problem("", phrase("against.no_value", id=figure.indicator, place=figure.area, year=figure.year),
                    phrase("against.has_value")) for figure in without[:10]
        )
    return [Compared(figure, titles[figure.area], shown[figure.indicator].unit,
                     values[figure.area, figure.year, figure.indicator])
            for figure in figures]


def summaries(comparisons: Sequence[Compared]) -> list[Summary]:
    """Return how each indicator compares over all its rows."""
    lines = []
    for name in dict.fromkeys(row.figure.indicator for row in comparisons):
        own = [row for row in comparisons if row.figure.indicator == name]
        gaps = np.array([row.difference for row in own])
        relative = np.array([row.relative for row in own])
        share = own[0].unit in ("share", "%")
        error = float("nan") if share else float(100 * np.nanmean(np.abs(relative)))
        lines.append(Summary(name, len(own), error, float(np.sqrt((gaps**2).mean())), float(gaps.mean())))
    return lines
