"""From model time to years people know: stocks on 1 November, figures of the year's end, flows of a calendar year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.model.clock import census_day, year_end

STOCK, FLOW, FIVE_YEARS, MEAN, GROWTH = "stock", "flow", "flow of 5 years", "mean of year", "growth"
KINDS = (STOCK, FLOW, FIVE_YEARS, MEAN, GROWTH)
"""Value on 1 November; what a running total gained in the calendar year, or in five years to its end; mean of both
ends of the calendar year; relative change from one 1 November to the next."""
SPANS = {FLOW: 1, FIVE_YEARS: 5}
"""Calendar years that a flow takes together."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Moments:
    """Model times to read a run at, linear between the steps that are saved.

    Attributes:
        lower: positions of the saved steps before them; upper: after them.
        weight: how far each lies from the one to the other, 0 to 1.
        inside: whether the run holds them.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    weight: Floats
    inside: NDArray[np.bool_]

    @classmethod
    def at(cls, times: Sequence[float], saved: Floats) -> Moments:
        """Return times [year] among those that a run saves, rising [year]."""
        moments = np.asarray(times, dtype=float)
        position = np.interp(moments, saved, np.arange(len(saved)))
        lower = np.floor(position).astype(int)
        inside = (moments >= saved[0] - _ROUNDING) & (moments <= saved[-1] + _ROUNDING)
        return cls(lower, np.minimum(lower + 1, len(saved) - 1), position - lower, inside)

    def of(self, values: NDArray[np.floating]) -> Floats:
        """Return values at these times (time, …) -> (year, …); missing outside the run."""
        series = values[self.lower].astype(np.float64, copy=False)
        if self.weight.any():
            weight = self.weight.reshape(-1, *[1] * (values.ndim - 1))
            series = series * (1 - weight) + values[self.upper] * weight
        if not self.inside.all():
            series = series + np.where(self.inside, 0.0, np.nan).reshape(-1, *[1] * (values.ndim - 1))
        return series


@dataclass(frozen=True)
class Calendar:
    """Calendar years, and where they lie in a run.

    Attributes:
        years: the calendar years.
        census_days: 1 November of each.
        ends: by span, the end of the year so many years before each.
    """

    years: tuple[int, ...]
    census_days: Moments
    ends: dict[int, Moments]

    @classmethod
    def of(cls, years: Sequence[int], saved: Floats) -> Calendar:
        """Return calendar years in a run whose saved times are given [year]."""
        ends = {span: Moments.at([year_end(year - span) for year in years], saved) for span in (0, *SPANS.values())}
        return cls(tuple(years), Moments.at([census_day(year) for year in years], saved), ends)

    def read(self, values: NDArray[np.floating], kind: str) -> Floats:
        """Return a variable by calendar year, as one of KINDS (time, …) -> (year, …); missing outside the run."""
        if kind in SPANS:
            return self.ends[0].of(values) - self.ends[SPANS[kind]].of(values)
        if kind == MEAN:
            return (self.ends[1].of(values) + self.ends[0].of(values)) / 2
        return self.census_days.of(values)

    def at_ends(self, values: NDArray[np.floating]) -> Floats:
        """Return a variable at the end of each year (time, …) -> (year, …); missing outside the run."""
        return self.ends[0].of(values)


def steps_around(saved: Floats, start: int, end: int) -> tuple[int, ...]:
    """Return the positions of the saved times around every 1 November and every end of a year, the first and the last.

    Args:
        saved: model times at which a run is saved, rising (time) [year].
        start: the first calendar year.
        end: the last calendar year.
    """
    times = [moment(year) for year in range(start - 1, end + 1) for moment in (census_day, year_end)]
    position = np.interp(times, saved, np.arange(len(saved)))
    around = np.concatenate([np.floor(position + _ROUNDING), np.ceil(position - _ROUNDING), [0, len(saved) - 1]])
    return tuple(np.unique(around).astype(int).tolist())
