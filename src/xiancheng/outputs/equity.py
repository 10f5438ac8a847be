"""How unequal places are: Theil index and P90/P10, worked out anew for every area and never averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats

FEWEST = 5
"""Places below which a ratio of percentiles says nothing."""


def theil(values: Floats, weights: Floats, xp: Any = np) -> Floats:
    """Return the Theil index T of values at places, each counted by its weight.

    Args:
        values: of at least 0 [any unit], places along the last axis; missing ones do not count.
        weights: residents [person], likewise.
        xp: what computes: numpy, or JAX's functions for slopes.

    Returns:
        Sum of weight share x (value / mean) x ln(value / mean); 0 for equal values, missing without any.

    Source: Theil (1967), Economics and Information Theory.
    """
    present = xp.isfinite(values) & xp.isfinite(weights) & (weights > 0) & (values >= 0)
    counted, stock = xp.where(present, weights, 0.0), xp.where(present, values, 0.0)
    total = counted.sum(axis=-1, keepdims=True)
    mean = (stock * counted).sum(axis=-1, keepdims=True) / xp.where(total > 0, total, 1.0)
    defined = mean > 0
    relative = stock / xp.where(defined, mean, 1.0)
    logs = xp.log(xp.where(relative > 0, relative, 1.0))
    index = (counted / xp.where(defined, total, 1.0) * relative * logs).sum(axis=-1)
    return xp.where(defined[..., 0], index, np.nan)  # type: ignore[no-any-return]


def p90_p10(values: Floats, xp: Any = np) -> Floats:
    """Return the ninth decile of values at places over the first; every place counts once.

    Args:
        values: above 0 [any unit], places along the last axis; missing ones do not count.
        xp: what computes: numpy, or JAX's functions for slopes.

    Returns:
        The ratio, linear between places; missing for fewer than FEWEST places or a first decile of 0.
    """
    present = xp.isfinite(values)
    ordered = xp.sort(xp.where(present, values, np.nan), axis=-1)  # missing ones stand last
    count = present.sum(axis=-1, keepdims=True)
    low, high = (_decile(ordered, count, share, xp) for share in (0.1, 0.9))
    defined = (count >= FEWEST) & (low > 0)
    return xp.where(defined, high / xp.where(defined, low, 1.0), np.nan)[..., 0]  # type: ignore[no-any-return]


def _decile(ordered: Floats, count: NDArray[np.int64], share: float, xp: Any) -> Floats:
    """Return what a share of the first `count` of rising values lies below, linear between two of them."""
    if not ordered.shape[-1]:
        return np.full(count.shape, np.nan)
    position = xp.maximum(count - 1, 0) * share
    below = xp.floor(position).astype(np.int64)
    lower, upper = (xp.take_along_axis(ordered, xp.minimum(at, xp.maximum(count - 1, 0)), axis=-1)
                    for at in (below, below + 1))
    return lower + (upper - lower) * (position - below)  # type: ignore[no-any-return]
