"""The search with one way back per step: limits gathered in an augmented Lagrangian, which L-BFGS-B makes small.

The multiplier method (Hestenes, 1969; Powell, 1969; for inequalities Rockafellar, 1973): every limit adds a penalty
that moves with its multiplier, so that a step needs the slope of one number, however many limits and values there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from xiancheng.arrays import Floats
from xiancheng.planning.landscape import ENOUGH, Landscape, View
from xiancheng.planning.search import Best

_ROUNDS = 12
_FIRST, _MORE, _LARGEST = 10.0, 4.0, 1e6
"""The first penalty, how it grows where a limit is not kept better, and the largest."""

Pull = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""From shares and weights of figures to be made large (future, figure): figures, and the slope by shares (share,)."""


@dataclass
class _Way:
    """What a search has seen: the best setting on it, and the multipliers of the limits."""

    landscape: Landscape
    pull: Pull
    multipliers: Floats
    penalty: float = _FIRST
    best: tuple[Floats, View] | None = None

    def value(self, shares: Floats) -> tuple[float, Floats]:
        """Return the augmented Lagrangian of a setting, to be made small, and its slope."""
        figures = self.landscape.figures(shares)
        view = self.landscape.view(figures)
        self._note(shares, view)
        pushes = np.maximum(self.multipliers + self.penalty * view.over, 0.0)
        total = -view.aim + float((pushes**2 - self.multipliers**2).sum()) / (2 * self.penalty)
        return total, -self.pull(shares, self.landscape.weights(figures, pushes))[1]

    def _note(self, shares: Floats, view: View) -> None:
        if self.best is None or _rank(view) < _rank(self.best[1]):
            self.best = shares.copy(), view


def _rank(view: View) -> tuple[float, float]:
    return max(view.worst, ENOUGH), -view.aim


def search(landscape: Landscape, pull: Pull) -> Best:
    """Return the best setting of a plan from no policy, or the one that oversteps its limits least.

    Args:
        landscape: the plan.
        pull: slopes of weighted figures.
    """
    rows, size = len(landscape.plan.rows), landscape.plan.moves.size
    way = _Way(landscape, pull, np.zeros(rows))
    shares, before = landscape.start, np.inf
    climb: Any = scipy.optimize.minimize
    for _ in range(_ROUNDS):
        answer = climb(way.value, shares, jac=True, method="L-BFGS-B", bounds=[(0, 1)] * size,
                       options={"maxiter": landscape.plan.search.steps, "ftol": 1e-10, "gtol": 1e-7})
        moved, shares = float(np.abs(answer.x - shares).max()), answer.x
        view = landscape.views([shares])[0]
        updated = np.maximum(way.multipliers + way.penalty * view.over, 0.0)
        is_settled = bool(np.abs(updated - way.multipliers).max(initial=0.0) < 1e-3 * (1 + updated.max(initial=0.0)))
        way.multipliers = updated
        if view.worst <= ENOUGH and (is_settled or moved < 1e-5):
            break
        if view.worst > before / 2:
            way.penalty = min(way.penalty * _MORE, _LARGEST)
        before = view.worst
    assert way.best is not None
    best, view = way.best
    return Best(best, view, view.worst <= ENOUGH, way.multipliers)
