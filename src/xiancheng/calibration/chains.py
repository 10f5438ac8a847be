"""Whether chains of draws agree and how much they are worth: rank-normalised R-hat and bulk ESS (Vehtari et al. 2021).

Draws come as an array with chains first and steps second; each chain is parted in two halves, which have to agree too.
"""

from __future__ import annotations

import numpy as np
from scipy import fft, stats

from xiancheng.arrays import Floats

MOST_R_HAT, LEAST_ESS = 1.01, 400.0
"""Chains that miss one of them are not called a posterior."""
_OFFSET, _WEIGHT = 3 / 8, 1 / 4


def r_hat(draws: Floats) -> float:
    """Return the rank-normalised split R-hat of one quantity, the larger of those of its level and of its spread.

    Args:
        draws: (chains, steps), in any unit.
    """
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_plain_r_hat(_normal_ranks(halves)), _plain_r_hat(_normal_ranks(folded)))


def bulk_ess(draws: Floats) -> float:
    """Return how many independent draws the middle of these is worth.

    Autocovariances of all halves are added in pairs, as long as a pair is positive and none grows (Geyer 1992).

    Args:
        draws: (chains, steps), in any unit.
    """
    ranks = _normal_ranks(_halves(draws))
    chains, steps = ranks.shape
    covariances = _autocovariances(ranks).mean(axis=0)
    within = covariances[0] * steps / (steps - 1)
    total = covariances[0] + ranks.mean(axis=1).var(ddof=1)
    if not total > 0:
        return float(chains * steps)
    correlation = 1 - (within - covariances * steps / (steps - 1)) / total
    correlation[0] = 1.0
    pairs = correlation[: steps // 2 * 2].reshape(-1, 2).sum(axis=1)
    ended = np.flatnonzero(pairs <= 0)
    falling = np.minimum.accumulate(pairs[: ended[0] if len(ended) else len(pairs)])
    time = max(-1 + 2 * float(falling.sum()), 1 / np.log10(chains * steps))
    return float(chains * steps / time)


def _halves(draws: Floats) -> Floats:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _normal_ranks(draws: Floats) -> Floats:
    """Return the normal scores of the ranks of all draws together."""
    ranks = stats.rankdata(draws, method="average").reshape(draws.shape)
    return np.asarray(stats.norm.ppf((ranks - _OFFSET) / (draws.size + _WEIGHT)))


def _plain_r_hat(draws: Floats) -> float:
    """Return the square root of the variance of all draws over that within chains (Gelman & Rubin 1992)."""
    steps = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean()
    between = steps * draws.mean(axis=1).var(ddof=1)
    return float(np.sqrt((steps - 1) / steps + between / (steps * within))) if within > 0 else float("inf")


def _autocovariances(draws: Floats) -> Floats:
    """Return the autocovariance of each chain at every lag, divided by the number of steps."""
    steps = draws.shape[1]
    size = fft.next_fast_len(2 * steps)
    centred = draws - draws.mean(axis=1, keepdims=True)
    power = np.abs(fft.rfft(centred, size, axis=1)) ** 2
    return np.asarray(fft.irfft(power, size, axis=1)[:, :steps] / steps)
