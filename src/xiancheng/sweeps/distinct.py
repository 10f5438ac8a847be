"""Paths of many scenarios, those that are the same kept once: packages under stresses share most of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.parameters import TimePath


@dataclass(frozen=True)
class Distinct:
    """Paths by scenario.

    Attributes:
        values: those that differ, (path, time, …).
        numbers: of each scenario, (scenario,), the position of its own among them.
    """

    values: Floats
    numbers: NDArray[np.intp]

    @classmethod
    def of(cls, paths: Sequence[TimePath], lay: Callable[[TimePath], Floats]) -> Distinct:
        """Lay out the path of each scenario, each that is new once.

        Args:
            paths: by scenario.
            lay: returns a path at the times of runs (time, …).
        """
        positions: dict[Any, int] = {}
        rows: list[Floats] = []
        numbers: list[int] = []
        for path in paths:
            mark = path.values.shape, path.times.tobytes(), path.values.tobytes()
            numbers.append(positions.setdefault(mark, len(rows)))
            if numbers[-1] == len(rows):
                rows.append(lay(path))
        return cls(np.array(rows), np.array(numbers))

    def __getitem__(self, scenarios: Any) -> Floats:
        """Return an array of one's own of the paths of some scenarios (…, time, …)."""
        own: Floats = np.take(self.values, self.numbers[scenarios], axis=0)
        return own
