"""What a factor does to the path of a lever or an assumption, for many runs at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.clock import new_year
from xiancheng.scenarios import ramp


@dataclass(frozen=True, eq=False)
class Overlay:
    """A change of one path.

    Attributes:
        variable: key of the variable.
        factors: positions of the factors whose values it takes.
        columns: the paths to choose from (choice, time); without them the path goes straight to a value.
        times: model times of the path (time,).
        years: calendar year of the value of each factor, rising.
        departure: model time at which the path leaves its baseline at the earliest.
        baseline: value before [unit of the factor].
        fastest: the most the value may change in a year [unit of the factor per year].
        scale: what one unit of the factor is in the unit of the variable.
        places: positions of the places where it holds, None where the variable has no places.
    """

    variable: str
    factors: tuple[int, ...]
    columns: Floats | None = None
    times: Floats | None = None
    years: tuple[int, ...] = ()
    departure: float = 0.0
    baseline: float = 0.0
    fastest: float = math.inf
    scale: float = 1.0
    places: Sequence[int] | None = None

    def lay(self, paths: Floats, values: Floats) -> None:
        """Change paths (run, time, …) in place by the values of each run (run, factor)."""
        moved = self._moved(values) if self.columns is None else self.columns[values[:, 0].astype(int)]
        if self.places is None:
            paths[:] = moved
        else:
            paths[:, :, list(self.places)] = moved[:, :, None]

    def _moved(self, values: Floats) -> Floats:
        assert self.times is not None
        begin = (self.departure, self.baseline)
        ends = [new_year(year) for year in self.years]
        if len(ends) == 1:
            return ramp.straight(begin, values[:, 0], ends[0], self.fastest, self.times) * self.scale
        corners = [np.array(ramp.follow([begin, *zip(ends, row.tolist(), strict=True)], self.fastest))
                   for row in values]
        return np.array([np.interp(self.times, own[:, 0], own[:, 1]) for own in corners]) * self.scale
