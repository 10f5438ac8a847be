"""What a factor does to the path of a lever or an assumption, for many runs at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.model.clock import BASELINE_YEAR, new_year

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Overlay:
    """A change of one path.

    Attributes:
        variable: key of the variable.
        columns: the paths to choose from (choice, time); without them the path goes straight to a value.
        since: years since levers left their baseline, at each time (time,).
        years: from the baseline to the year of the value.
        baseline: value before [unit of the factor].
        fastest: the most the value may change in a year [unit of the factor per year].
        scale: what one unit of the factor is in the unit of the variable.
        places: positions of the places where it holds, None where the variable has no places.
    """

    variable: str
    columns: Floats | None = None
    since: Floats | None = None
    years: float = 1.0
    baseline: float = 0.0
    fastest: float = math.inf
    scale: float = 1.0
    places: NDArray[np.int64] | None = None

    def lay(self, paths: Floats, values: Floats) -> None:
        """Change paths (run, time, …) in place by the value of each run (run,)."""
        if self.columns is not None:
            paths[:] = self.columns[values.astype(int)]
            return
        assert self.since is not None
        change = values - self.baseline
        speed = np.minimum(np.abs(change) / self.years, self.fastest)
        moved = np.minimum(np.abs(change)[:, None], speed[:, None] * self.since)
        found = (self.baseline + np.sign(change)[:, None] * moved) * self.scale
        if self.places is None:
            paths[:] = found
        else:
            paths[:, :, self.places] = found[:, :, None]


def overlay_of(
    variable: str, times: Floats, baseline: float, year: int, fastest: float = math.inf, scale: float = 1.0,
    places: Sequence[int] | None = None,
) -> Overlay:
    """Return the change that starts from a baseline and reaches a value on 1 January of a year, no faster than allowed.

    Args:
        variable: key of the variable.
        times: model times of the path [year].
        baseline: value of the last year before the policy.
        year: calendar year of the value.
        fastest: the most the value may change in a year.
        scale: factor to the unit of the variable.
        places: positions of the places where it holds, None where the variable has no places.
    """
    begin = new_year(BASELINE_YEAR)
    since = np.maximum(np.asarray(times) - begin, 0.0)
    columns = None if places is None else np.array(places, dtype=np.int64)
    return Overlay(variable, None, since, new_year(year) - begin, baseline, fastest, scale, columns)
