"""Sobol indices and Morris effects of many results at once, in the estimators of SALib.

Sobol (2001), Saltelli et al. (2010) for the first order, Jansen (1999) for the total; Morris (1991), Campolongo et al.
(2007) for the effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from xiancheng.arrays import Floats

_RESAMPLES = 100
_CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class SobolIndices:
    """Shares of the variance of each result (factor, result), with half the width of the interval of 95 %."""

    first: Floats
    first_conf: Floats
    total: Floats
    total_conf: Floats


@dataclass(frozen=True, eq=False)
class MorrisEffects:
    """Elementary effects over the full range of a factor (factor, result) [unit of the result]."""

    mu: Floats
    mu_star: Floats
    sigma: Floats


def sobol(results: Floats, factors: int, seed: int = 1) -> SobolIndices:
    """Return the indices of a saltelli design.

    Args:
        results: (point, result), every one a number, in the order of the design.
        factors: how many factors the design has.
        seed: of the resampling behind the intervals.

    Returns:
        The indices; those of a result that never changes are 0.
    """
    parts = results.reshape(-1, factors + 2, results.shape[1])
    parts = parts - results.mean(axis=0)
    spread = results.std(axis=0)
    parts = parts / np.where(spread > 0, spread, 1.0)
    first, total = _estimates(parts)
    random = np.random.default_rng(seed)
    count = len(parts)
    drawn = [_estimates(parts[random.integers(count, size=count)]) for _ in range(_RESAMPLES)]
    width = float(stats.norm.ppf(0.5 + _CONFIDENCE / 2))
    first_conf, total_conf = (width * np.std(np.array(estimates), axis=0, ddof=1)
                              for estimates in zip(*drawn, strict=True))
    return SobolIndices(first, first_conf, total, total_conf)


def _estimates(parts: Floats) -> tuple[Floats, Floats]:
    """Return first and total order from the results at A, at A with one factor of B each, and at B."""
    at_a, mixed, at_b = parts[:, 0], parts[:, 1:-1], parts[:, -1]
    variance = np.concatenate([at_a, at_b]).var(axis=0)
    over = np.where(variance > 0, variance, 1.0)
    first = (at_b[:, None] * (mixed - at_a[:, None])).mean(axis=0) / over
    total = 0.5 * ((at_a[:, None] - mixed) ** 2).mean(axis=0) / over
    return first, total


def morris(results: Floats, points: Floats) -> MorrisEffects:
    """Return the effects of a Morris design.

    Args:
        results: (point, result), every one a number, in the order of the design.
        points: (point, factor) between 0 and 1.
    """
    factors = points.shape[1]
    steps = np.diff(points.reshape(-1, factors + 1, factors), axis=1)
    changes = np.diff(results.reshape(-1, factors + 1, results.shape[1]), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[:, :, None], axis=2)
    order = np.argsort(moved, axis=1)
    effects = np.take_along_axis(changes / size, order[:, :, None], axis=1)
    return MorrisEffects(
        effects.mean(axis=0), np.abs(effects).mean(axis=0),
        effects.std(axis=0, ddof=1) if len(effects) > 1 else np.zeros(effects.shape[1:]),
    )
