"""How far draws of an approximation are from what they approximate: importance weights and the Pareto shape of them.

The shape k of the largest weights (Vehtari, Simpson, Gelman, Yao & Gabry 2024) says whether weights may be used: below
0.7 they may; above, a few draws would stand for all. It is estimated as Zhang & Stephens (2009) do.
"""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats

USABLE = 0.7
"""Pareto shape below which weighted draws may be used."""
_FEWEST = 5


def pareto_shape(logarithms: Floats) -> float:
    """Return the Pareto shape k of the largest weights; infinite where fewer than five are left over.

    Args:
        logarithms: of weights, up to a constant; not a number where a draw has none.
    """
    usable = logarithms[np.isfinite(logarithms)]
    tail = int(min(0.2 * len(usable), 3 * np.sqrt(len(usable))))
    if tail < _FEWEST:
        return float("inf")
    ordered = np.sort(np.exp(usable - usable.max()))
    return _shape(ordered[-tail:] - ordered[-tail - 1])


def _shape(excesses: Floats) -> float:
    """Return the shape of a generalised Pareto distribution: mean of its posterior, drawn to 0.5 as ten values would.

    Args:
        excesses: over the threshold, rising and above 0 at the end.
    """
    count = len(excesses)
    if excesses[-1] <= 0:
        return 0.0
    excesses = np.maximum(excesses, excesses[-1] * 1e-12)
    points = 20 + int(np.sqrt(count))
    ranks = np.arange(1, points + 1) - 0.5
    quarter = excesses[int(count / 4 + 0.5) - 1]
    thetas = 1 / excesses[-1] + (1 - np.sqrt(points / ranks)) / (3 * quarter)
    shapes = np.log1p(-thetas[:, None] * excesses).mean(axis=1)
    likelihoods = count * (np.log(-thetas / shapes) - shapes - 1)
    weights = 1 / np.exp(likelihoods[None, :] - likelihoods[:, None]).sum(axis=1)
    theta = float((thetas * weights).sum() / weights.sum())
    shape = float(np.log1p(-theta * excesses).mean())
    return (count * shape + 10 * 0.5) / (count + 10)


def shares(logarithms: Floats) -> Floats:
    """Return weights that add up to 1, 0 for draws without a number."""
    values = np.where(np.isfinite(logarithms), logarithms, -np.inf)
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())


def effective_count(weights: Floats) -> float:
    """Return how many equal draws weighted ones are worth (Kish)."""
    return float(weights.sum() ** 2 / (weights**2).sum())
