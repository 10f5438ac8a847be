"""The accepted baseline: headline results as they were when somebody last said that they are right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from xiancheng import whole_files
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock as clocks
from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows, short
from xiancheng.model.tidy import integer
from xiancheng.outputs import headline, indicators, places
from xiancheng.outputs.indicators import SHARE, Indicator
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FOLDER = "baseline"
COLUMNS = ("year", "level", "indicator", "value", "unit")
LEVELS = (places.LIST, places.PROVINCE)
TOLERANCE = 1e-6
"""What a figure may differ by, as a share of itself."""
_NOTHING = 1e-9
"""Share of an indicator's largest value below which a figure is as good as 0."""

Figures = dict[tuple[int, str, str], tuple[float, str]]
"""(value, unit) by (year, level, indicator)."""


@dataclass(frozen=True)
class Move:
    """A figure that is not the accepted one.

    Attributes:
        year, level, indicator: which figure.
        accepted: the accepted value, or None where there is none.
        now: the present value, or None.
        unit: of both.
    """

    year: int
    level: str
    indicator: str
    accepted: float | None
    now: float | None
    unit: str

    @property
    def relative(self) -> float:
        """Change as a share of the accepted value; infinite where one of the two is missing or 0."""
        if self.accepted is None or self.now is None or self.accepted == 0:
            return math.inf
        return self.now / self.accepted - 1


def file(study: Study, start: int) -> Path:
    """Return where the accepted figures of a start stand."""
    return study.outputs / FOLDER / f"from_{start}.csv"


def figures(result: xr.Dataset, study: Study) -> Figures:
    """Return the headline results of a run: all years, the listed places and the province."""
    names = headline.shown(result, study)
    values: Figures = {}
    for level, table in places.table_of(result, names, LEVELS).items():
        for name in names:
            if name in table:
                unit = str(table[name].attrs.get("units", ""))
                for year in table["year"].values:
                    value = float(table[name].sel(year=year).isel(area=0))
                    if math.isfinite(value):
                        values[int(year), level, name] = (value, unit)
    return values


def write(study: Study, start: int, accepted: Figures) -> Path:
    """Write the accepted figures of a start and return the file."""
    target = file(study, start)
    target.parent.mkdir(parents=True, exist_ok=True)
    rows = ((*where, f"{value:.10g}", unit) for where, (value, unit) in accepted.items())
    whole_files.write_rows(target, [COLUMNS, *rows])
    return target


def read(study: Study, start: int) -> Figures:
    """Read the accepted figures of a start.

    Raises:
        StudyError: no such file, or one that somebody has written in.
    """
    path = file(study, start)
    findings = Findings(str(path))
    rows = read_rows(path, COLUMNS, findings)
    figures = {
        (int(number(row, "year", findings)), row["level"], row["indicator"]):
            (number(row, "value", findings), row["unit"])
        for row in rows
    }
    findings.stop()
    return figures


def check(study: Study) -> None:
    """Check the accepted figures of every start: each once, of an indicator of the study and in its unit.

    Raises:
        StudyError: every problem of every file.
    """
    shown, years = indicators.read(study), clocks.of(study)
    problems: list[Problem] = []
    for start in years.censuses:
        path = file(study, start)
        if not path.is_file():
            continue
        findings = Findings(str(path))
        rows = read_rows(path, COLUMNS, findings)
        no_duplicates(rows, ("year", "level", "indicator"), findings)
        for row in rows:
            _check_row(row, shown, (start, years.last), findings)
        problems += findings.problems
    if problems:
        raise StudyError(problems)


def _check_row(row: Row, shown: Mapping[str, Indicator], span: tuple[int, int], findings: Findings) -> None:
    calendar = integer(row["year"], row, findings)
    if not span[0] <= calendar <= span[1]:
        findings.add(phrase("table.is", column="year", value=short(row["year"])), f"{span[0]} … {span[1]}",
                     row=row.number)
    one_of(row, "level", LEVELS, findings)
    name = row["indicator"]
    if name not in shown:
        findings.add(phrase("indicator.unknown", id=name), phrase("indicator.allowed"), did_you_mean(name, shown),
                     row.number)
        return
    one_of(row, "unit", (shown[name].unit,), findings)
    low, high = (0.0, 1.0) if shown[name].unit == SHARE else (-math.inf, math.inf)
    number(row, "value", findings, low=low, high=high)


def moved(accepted: Figures, now: Figures, tolerance: float = TOLERANCE) -> list[Move]:
    """Return the figures that differ by more than a share of themselves, or stand on one side only."""
    largest: dict[str, float] = {}
    for (_, _, indicator), (value, _) in [*accepted.items(), *now.items()]:
        largest[indicator] = max(largest.get(indicator, 0.0), abs(value))
    moves = []
    for key in dict.fromkeys([*accepted, *now]):
        year, level, indicator = key
        old, new = _value(accepted, key), _value(now, key)
        if not _same(old, new, tolerance, largest[indicator]):
            unit = (now.get(key) or accepted[key])[1]
            moves.append(Move(year, level, indicator, old, new, unit))
    return moves


def _value(figures: Mapping[tuple[int, str, str], tuple[float, str]], key: tuple[int, str, str]) -> float | None:
    return figures[key][0] if key in figures else None


def _same(old: float | None, new: float | None, tolerance: float, largest: float) -> bool:
    if old is None or new is None:
        return False
    return abs(old - new) <= max(tolerance * max(abs(old), abs(new)), _NOTHING * largest)
