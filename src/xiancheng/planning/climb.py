"""The way up by linear programmes: slopes of the aim and of all limits, trusted as far as they have proved true.

Successive linear programming with a region of trust (Griffith and Stewart, 1961; Fletcher and Sainz de la Maza, 1989).
Where the best setting stands in a corner of its limits, which is the rule where a purse binds, a few steps reach it; a
search that has to learn how slopes bend begins with steps of the size of what it has learnt, which is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy

from xiancheng.arrays import Floats
from xiancheng.planning.landscape import ENOUGH, Landscape, Slopes, View

_TRUST, _LEAST_TRUST = 0.5, 1e-4
"""How far a first step may go, and how far a last one, as a share of what a point can reach."""
_POOR, _GOOD = 0.25, 0.75
"""Parts of what slopes promise: below the first they are trusted less far, above the second farther."""
_PRECISION = 1e-7
_WORTH = 1e-5
"""Part of what is gained so far that a step has to promise to be worth its runs."""
_FIRM = 2.0
"""How much more than the prices of limits one that is overstepped counts against the aim."""


@dataclass(frozen=True)
class Step:
    """What a linear programme says.

    Attributes:
        by: change of the shares (share,).
        gain: what the aim gains [parts].
        over: how far the worst limit is overstepped after it [parts].
        prices: of all limits together [parts of the aim per part of a limit]; 0 where they cannot be kept.
    """

    by: Floats
    gain: float
    over: float
    prices: float


def way(landscape: Landscape, start: Floats) -> Iterator[tuple[Floats, View]]:
    """Yield the start and every setting that is tried on the way up, with what it comes to.

    Args:
        landscape: the plan.
        start: shares (share,).
    """
    here, view, trust, firmness = start, landscape.views([start])[0], _TRUST, 1.0
    yield here, view
    for _ in range(landscape.plan.search.steps):
        slopes = landscape.slopes(here)
        step = best_step(here, view, slopes, trust)
        relief = view.worst - step.over
        firmness = max(firmness, _FIRM * step.prices, -_FIRM * step.gain / relief if relief > _PRECISION else 0.0)
        promise = step.gain + firmness * relief
        if trust < _LEAST_TRUST or promise < _WORTH * max(abs(view.aim), _WORTH):
            return
        settings = []
        for setting in _tries(landscape, here, step, slopes):
            settings.append(setting)
            yield setting
        trial, after = max(settings, key=lambda setting: setting[1].aim - firmness * setting[1].worst)
        part = (after.aim - view.aim + firmness * (view.worst - after.worst)) / promise
        if part > _GOOD:
            trust = min(2 * trust, 1.0)
        elif part < _POOR:
            trust = min(trust, float(np.abs(step.by).max())) / 4
        if part > 0:
            here, view = trial, after


def _tries(landscape: Landscape, here: Floats, step: Step, slopes: Slopes) -> Iterator[tuple[Floats, View]]:
    """Yield where a step comes to, and that mended with the same slopes where it oversteps a limit."""
    trial = np.clip(here + step.by, 0, 1)
    after = landscape.views([trial])[0]
    yield trial, after
    if after.worst > step.over + ENOUGH / 2:
        mend = best_step(trial, after, slopes, float(np.abs(step.by).max()) / 2)
        mended = np.clip(trial + mend.by, 0, 1)
        yield mended, landscape.views([mended])[0]


def best_step(shares: Floats, view: View, slopes: Slopes, trust: float) -> Step:
    """Return the step that gains most and keeps all limits, as far as slopes say, or that oversteps them least.

    Args:
        shares: where (share,).
        view: what it comes to.
        slopes: there.
        trust: the largest change of a share.
    """
    ends = [*zip(np.maximum(-shares, -trust), np.minimum(1 - shares, trust), strict=True)]
    if not len(view.over):
        by = np.where(slopes.aim > 0, [high for _, high in ends], [low for low, _ in ends])
        return Step(by, float(slopes.aim @ by), 0.0, 0.0)
    answer = scipy.optimize.linprog(-slopes.aim, A_ub=slopes.over, b_ub=-view.over, bounds=ends)
    if answer.x is not None:
        return Step(answer.x, float(slopes.aim @ answer.x), 0.0, float(-answer.ineqlin.marginals.sum()))
    by = least_over(shares, view, slopes.over, trust)[0]
    over = max(float((view.over + slopes.over @ by).max()), 0.0)
    answer = scipy.optimize.linprog(-slopes.aim, A_ub=slopes.over, b_ub=over - view.over + _PRECISION, bounds=ends)
    by = by if answer.x is None else answer.x
    return Step(by, float(slopes.aim @ by), over, 0.0)


def least_over(shares: Floats, view: View, slopes: Floats, trust: float) -> tuple[Floats, Floats]:
    """Return the step after which the worst limit is overstepped least, as far as slopes say, and weights of limits.

    Args:
        shares: where (share,).
        view: what it comes to.
        slopes: of the limits (row, share).
        trust: the largest change of a share.
    """
    low, high = np.maximum(-shares, -trust), np.minimum(1 - shares, trust)
    answer = scipy.optimize.linprog([*np.zeros(len(shares)), 1.0], A_ub=np.hstack([slopes, -np.ones((len(slopes), 1))]),
                              b_ub=-view.over, bounds=[*zip(low, high, strict=True), (0, None)])
    if answer.x is None:
        return np.zeros(len(shares)), np.zeros(len(slopes))
    return answer.x[:-1], np.maximum(-answer.ineqlin.marginals, 0.0)
