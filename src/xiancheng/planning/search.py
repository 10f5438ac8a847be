"""The search for the best setting with slopes: several starts, each by linear programmes, and what limits exclude.

Where no setting keeps all limits, linear programmes on the same slopes find the one that oversteps least; the
limits that carry a price there are those that exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy

from xiancheng.arrays import Floats
from xiancheng.planning import climb
from xiancheng.planning.landscape import ENOUGH, Landscape, View

_PRECISION = 1e-7
_BINDS = 1e-3
_TRUST, _LEAST_TRUST = 0.5, 0.01
_ROUNDS = 12


@dataclass(frozen=True)
class Best:
    """What a search came to.

    Attributes:
        shares: the best setting that keeps the limits, else the one that oversteps least.
        view: what it comes to.
        is_kept: whether all limits are.
        prices: what the aim gains from one part more of room (row,) [parts of the aim per part of a limit]; where
            limits exclude each other, the weight that each has in that.
    """

    shares: Floats
    view: View
    is_kept: bool
    prices: Floats


def search(landscape: Landscape, first: Floats | None = None) -> Best:
    """Return the best setting of a plan, or the one that oversteps its limits least.

    Args:
        landscape: the plan.
        first: shares to begin from besides the starts of the plan (share,).
    """
    starts = [*([] if first is None else [first]), *_starts(landscape)]
    tries = [_climb(landscape, start) for start in starts]
    shares, view = min(tries, key=_rank)
    if view.worst > ENOUGH:
        shares, view, weights = _nearest(landscape, shares)
        if view.worst > ENOUGH:
            return Best(shares, view, False, weights)
        shares, view = _climb(landscape, shares)
    return Best(shares, view, view.worst <= ENOUGH, prices(landscape, shares, view))


def _starts(landscape: Landscape) -> Iterator[Floats]:
    """Yield where searches begin: no policy, half of everything, then drawn."""
    search, size = landscape.plan.search, landscape.plan.moves.size
    random = np.random.default_rng(search.seed)
    fixed = [landscape.start, np.full(size, 0.5)]
    for number in range(search.starts):
        yield fixed[number] if number < len(fixed) else random.uniform(size=size)


def _climb(landscape: Landscape, start: Floats) -> tuple[Floats, View]:
    """Go up from a start; the best of all settings on the way that keep the limits."""
    return min(climb.way(landscape, start), key=_rank)


def _rank(setting: tuple[Floats, View]) -> tuple[float, float]:
    """Return what is smaller for a better setting."""
    return max(setting[1].worst, ENOUGH), -setting[1].aim


def _nearest(landscape: Landscape, shares: Floats) -> tuple[Floats, View, Floats]:
    """Return the setting that oversteps least, and the weight of each limit in that (row,)."""
    view, trust = landscape.views([shares])[0], _TRUST
    weights = np.zeros(len(view.over))
    for _ in range(_ROUNDS):
        slopes = landscape.slopes(shares).over
        step, weights = climb.least_over(shares, view, slopes, trust)
        after = landscape.views([np.clip(shares + step, 0, 1)])[0]
        if after.worst < view.worst - _PRECISION:
            shares, view = np.clip(shares + step, 0, 1), after
        else:
            trust /= 2
        if trust < _LEAST_TRUST or view.worst <= 0:
            break
    return shares, view, weights


def prices(landscape: Landscape, shares: Floats, view: View) -> Floats:
    """Return what the aim gains from one part more of room in each limit (row,): multipliers that fit the slopes best.

    Args:
        landscape: the plan.
        shares: a setting that is the best.
        view: what it comes to.
    """
    slopes = landscape.slopes(shares)
    active = np.flatnonzero(view.over > -_BINDS)
    ends = np.eye(len(shares))[shares >= 1 - _BINDS], -np.eye(len(shares))[shares <= _BINDS]
    columns = np.vstack([slopes.over[active], *ends]).T
    result = np.zeros(len(view.over))
    if columns.size:
        result[active] = scipy.optimize.nnls(columns, slopes.aim)[0][: len(active)]
    return result
