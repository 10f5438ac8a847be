"""Values that replace a model's constants: numbers, arrays and paths in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.interpolate import linear


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
        return np.asarray(linear(np, self.times, self.values, time))
