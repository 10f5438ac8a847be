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
        for path in paths:
            if (mark := _mark(path)) not in positions:
                positions[mark] = len(rows)
                rows.append(lay(path))
        return cls(np.array(rows), np.array([positions[_mark(path)] for path in paths]))

    def __getitem__(self, scenarios: Any) -> Floats:
        """Return an array of one's own of the paths of some scenarios (…, time, …)."""
        own: Floats = np.take(self.values, self.numbers[scenarios], axis=0)
        return own


def _mark(path: TimePath) -> Any:
    return path.values.shape, path.times.tobytes(), path.values.tobytes()
