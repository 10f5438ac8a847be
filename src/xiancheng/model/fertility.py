"""Fertility: the schedule by class and the paths of the total fertility rate in model time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.interpolate import monotone
from xiancheng.model.ages import OPEN_AGE

FERTILE_GROUPS: tuple[str, ...] = ("15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49")
PATHS: tuple[str, ...] = ("reference", "low", "high", "stress", "history only")
"""Columns of the block; `history only` holds the fertility of the last census year."""

_STEP_WIDTH = 1 / 64


def schedule(shares: Floats) -> Floats:
    """Return the share of a woman's children born in a year of each class [1] (age), adding up to 1.

    Args:
        shares: share of total fertility of the groups 15-19 to 45-49, in any unit.

    A class is x or x + 1 years old during the year, so it takes the mean of both ages; those of 14 turn 15 in it.
    """
    cumulated = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    by_age = np.zeros(OPEN_AGE + 2)
    by_age[15:50] = np.diff(monotone(np.arange(15.0, 51.0, 5.0), cumulated, np.arange(15.0, 51.0)))
    by_class = (by_age[:-1] + by_age[1:]) / 2
    shares_by_class: Floats = by_class / by_class.sum()
    return shares_by_class


@dataclass(frozen=True)
class Period:
    """One figure of a path: total fertility `value` [children per woman] from one day to another."""

    path: str
    start: datetime.date
    end: datetime.date
    value: float

    @property
    def is_census_block(self) -> bool:
        """A block between census days is held level; a calendar year stands at its middle."""
        return self.start.month == 11


def model_time(day: datetime.date) -> float:
    """Return the model time of the first day of a month: 1 November 2020 is 2020.0."""
    return day.year + (day.month - 11) / 12


def path_points(periods: Sequence[Period], path: str, closing: float) -> dict[float, float]:
    """Return model time -> total fertility rate of one path; linear between, constant from `closing` on.

    `history` precedes every path; `history only` is its census blocks alone.
    """
    chosen = [period for period in periods if period.path == "history"]
    if path == "history only":
        chosen = [period for period in chosen if period.is_census_block]
    else:
        chosen += [period for period in periods if period.path == path]
    points: dict[float, float] = {}
    last_end = last_value = 0.0
    for period in sorted(chosen, key=lambda period: period.start):
        start, end = model_time(period.start), model_time(period.end)
        if period.is_census_block:
            points |= {start: period.value, end - _STEP_WIDTH: period.value}
            last_end, last_value = end, period.value
        else:
            points[(start + end) / 2] = period.value
    last = points[max(points)]
    return points | {last_end: last_value, closing: last}


def path_table(periods: Sequence[Period], closing: float) -> tuple[Floats, Floats]:
    """Return times (n) and total fertility rates (n, path) of all paths on their common times."""
    by_path = [path_points(periods, path, closing) for path in PATHS]
    times = sorted({time for points in by_path for time in points})
    columns = []
    for points in by_path:
        years = sorted(points)
        columns.append(np.interp(times, years, [points[time] for time in years]))
    return np.array(times), np.stack(columns, axis=-1)
