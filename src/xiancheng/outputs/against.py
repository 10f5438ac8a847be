"""Anyone's figures beside what the demographic core says: place or prefecture, year, indicator, value."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiancheng.errors import Problem, StudyError
from xiancheng.model import build as builder
from xiancheng.model import clock as clocks
from xiancheng.model.clock import Clock
from xiancheng.model.places import plain
from xiancheng.model.places import read as read_places
from xiancheng.model.reading import Findings
from xiancheng.outputs import core_runs, indicators, places, tidy, views
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

COLUMNS = ("place", "year", "indicator", "value")
_MARK = b"\xef\xbb\xbf"


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
    raw = file.read_bytes().removeprefix(_MARK)
    try:
        lines = list(csv.reader(io.StringIO(raw.decode("utf-8"))))
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        findings.add(phrase("file.not_utf8"), phrase("against.a_table"), phrase("file.save_utf8"), line)
        findings.stop()
        raise
    header = [cell.strip() for cell in lines[0]] if lines else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        findings.add(phrase("table.column_missing", names=", ".join(missing)), ", ".join(COLUMNS), row=1)
        findings.stop()
    if len(lines) < 2:
        findings.add(phrase("table.only_header"), phrase("table.some_rows"))
        findings.stop()
    rows = []
    for line, cells in enumerate(lines[1:], start=2):
        if len(cells) == len(header):
            rows.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
        elif cells:
            count, allowed = (phrase("table.fields", count=len(part)) for part in (cells, header))
            findings.add(count, allowed, phrase("table.comma"), line)
    return rows


def _figure(
    row: Mapping[str, str], line: int, areas: Mapping[str, set[str]], names: Sequence[str], clock: Clock,
    findings: Findings,
) -> FigureRow | None:
    wrong = False
    codes = areas.get(plain(row["place"]), set())
    if len(codes) != 1:
        reason = phrase("place.several" if codes else "place.unknown", word=row["place"])
        hint = phrase("hint.did_you_mean", names=phrase_list(sorted(codes))) if codes else did_you_mean(
            row["place"], list(areas))
        findings.add(reason, phrase("against.place"), hint, line)
        wrong = True
    if row["indicator"] not in names:
        findings.add(phrase("against.indicator", id=row["indicator"]), phrase_list(names),
                     did_you_mean(row["indicator"], names), line)
        wrong = True
    year = int(row["year"]) if row["year"].isdecimal() else 0
    if not clock.first_census <= year < clock.last:
        allowed = f"{clock.first_census} … {clock.last - 1}"
        findings.add(phrase("table.is", column="year", value=repr(row["year"])), allowed, "", line)
        wrong = True
    try:
        value = float(row["value"])
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        findings.add(phrase("table.is", column="value", value=repr(row["value"])), phrase("table.number"),
                     phrase("table.digits"), line)
        wrong = True
    return None if wrong else FigureRow(next(iter(codes)), year, row["indicator"], value)


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
