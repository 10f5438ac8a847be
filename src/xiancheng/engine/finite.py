"""Whether numbers are finite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

_SMALL = 10_000
"""Numbers from which on an array is looked at by itself."""


def are_finite(arrays: Iterable[Any]) -> bool:
    """Tell whether all numbers of arrays are finite; small arrays are looked at together."""
    every = list(arrays)
    small = [np.ravel(array) for array in every if array.size < _SMALL]
    large = [array for array in every if array.size >= _SMALL]
    together = [np.concatenate(small)] if small else []
    return all(bool(np.isfinite(array).all()) for array in [*together, *large])
