"""Which few members stand best for all: a search by exchanges, on bands that all members have drawn.

Each step puts another member in the place of one and is kept where bands come closer to those of all, at first also now
and then where they do not (annealing), so that it does not end at the first best. All weigh alike: weights of their own
bring the bands that the search sees hardly closer, and those that it does not see no closer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats

SHARES = (0.05, 0.5, 0.95)
"""What is compared of two bands."""
COUNT, STARTS, STEPS = 20, 3, 20_000
_WARM, _COLD = 0.05, 0.0003
"""How much worse a step may be that is still taken, at the start and at the end [part of the loss]."""


def is_open(values: Floats) -> NDArray[np.bool_]:
    """Tell which rows have a band: numbers in every member, and a width (row,).

    Args:
        values: by member (row, member).
    """
    low, high = np.quantile(values, [SHARES[0], SHARES[-1]], axis=1)
    return np.asarray(np.isfinite(values).all(axis=1) & (high > low))


def misses(values: Floats, rows: Sequence[int]) -> Floats:
    """Return how far the band of a few is off that of all: the largest of both ends and the median [part of the width].

    Args:
        values: by member, each row with a width (row, member).
        rows: positions of the few.
    """
    return np.asarray(_gaps(values, _bands(np.sort(values, axis=1)), np.asarray(rows)).max(axis=1))


def choose(values: Floats, count: int = COUNT, starts: int = STARTS, steps: int = STEPS) -> tuple[int, ...]:
    """Return the positions of a few members that stand for all, the best of some searches from chance.

    Args:
        values: of changes by member, each row with a width (row, member) [any unit].
        count: how many are chosen.
        starts: how many searches.
        steps: of each.
    """
    _, rows = min(_search(values, count, steps, seed) for seed in range(starts))
    return rows


def _search(values: Floats, count: int, steps: int, seed: int) -> tuple[float, tuple[int, ...]]:
    chance, size = np.random.default_rng(seed), values.shape[1]
    aims = _bands(np.sort(values, axis=1))
    rows = chance.permutation(size)
    loss = _loss(values, aims, rows[:count])
    best = (loss, tuple(rows[:count]))
    for step in range(steps):
        warmth = _WARM * (_COLD / _WARM) ** (step / steps)
        out, into = chance.integers(count), chance.integers(count, size)
        rows[[out, into]] = rows[[into, out]]
        other = _loss(values, aims, rows[:count])
        if other < loss * (1 + warmth * chance.exponential()):
            loss = other
            best = min(best, (loss, tuple(rows[:count])))
        else:
            rows[[out, into]] = rows[[into, out]]
    return best[0], tuple(sorted(int(row) for row in best[1]))


def _loss(values: Floats, aims: Floats, rows: NDArray[np.int64]) -> float:
    """Return what the search makes small: the mean gap of all ends and medians [part of the width]."""
    return float(_gaps(values, aims, rows).mean())


def _gaps(values: Floats, aims: Floats, rows: NDArray[np.int64]) -> Floats:
    own = _bands(np.sort(values[:, rows], axis=1))
    return np.asarray(np.abs(own - aims) / (aims[:, -1] - aims[:, 0])[:, None])


def _bands(ordered: Floats) -> Floats:
    """Return SHARES of sorted values, linear between them, as quantiles are everywhere here (row, share)."""
    places = np.array(SHARES) * (ordered.shape[1] - 1)
    below = places.astype(int)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    return np.asarray(ordered[:, below] + (ordered[:, above] - ordered[:, below]) * (places - below))
