"""Values that replace a model's constants: numbers, arrays and paths in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TimePath:
    """A value that moves in time: linear between points, constant before the first and after the last.

    Attributes:
        times: (n,) in the model's time unit, strictly rising.
        values: (n, ...) in the variable's unit, with the variable's dims after the first axis.
    """

    times: Floats
    values: Floats

    def __post_init__(self) -> None:
        times = np.asarray(self.times, dtype=float)
        values = np.asarray(self.values, dtype=float)
        if times.ndim != 1 or len(times) == 0 or values.shape[:1] != times.shape:
            raise ValueError("a TimePath needs times (n,) and values (n, ...)")
        if np.any(np.diff(times) <= 0):
            raise ValueError("the times of a TimePath must rise")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "values", values)

    def at(self, time: float) -> Floats:
        """Return the value at `time` (model time unit), with the variable's dims."""
        position = int(np.clip(np.searchsorted(self.times, time, side="right") - 1, 0, max(len(self.times) - 2, 0)))
        if len(self.times) == 1:
            return np.asarray(self.values[0])
        first, second = self.times[position], self.times[position + 1]
        weight = np.clip((time - first) / (second - first), 0.0, 1.0)
        lower, upper = self.values[position], self.values[position + 1]
        if weight == 1.0:
            return np.asarray(upper)
        return np.asarray(lower + (upper - lower) * weight)


Parameters = Mapping[str, Any]
