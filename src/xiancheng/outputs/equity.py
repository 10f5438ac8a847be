"""How unequal places are: Theil index and P90/P10, worked out anew for every area and never averaged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST = 5
"""Places below which a ratio of percentiles says nothing."""
Numbers = NDArray[np.float64]


def theil(values: Numbers, weights: Numbers) -> float:
    """Return the Theil index T of values at places, each counted by its weight.

    Args:
        values: of at least 0 [any unit]; missing ones do not count.
        weights: residents [person].

    Returns:
        Sum of weight share x (value / mean) x ln(value / mean); 0 for equal values, missing without any.

    Source: Theil (1967), Economics and Information Theory.
    """
    there = np.isfinite(values) & np.isfinite(weights) & (weights > 0) & (values >= 0)
    total = weights[there].sum()
    mean = (values[there] * weights[there]).sum() / total if total > 0 else 0.0
    if mean <= 0:
        return float("nan")
    relative = values[there] / mean
    logs = np.log(np.where(relative > 0, relative, 1.0))
    return float((weights[there] / total * relative * logs).sum())


def p90_p10(values: Numbers) -> float:
    """Return the ninth decile of values at places over the first; every place counts once.

    Args:
        values: above 0 [any unit]; missing ones do not count.

    Returns:
        The ratio, linear between places; missing for fewer than FEWEST places or a first decile of 0.
    """
    there = values[np.isfinite(values)]
    if len(there) < FEWEST:
        return float("nan")
    low, high = np.quantile(there, (0.1, 0.9))
    return float(high / low) if low > 0 else float("nan")
