"""A plan as a search sees it: shares in, the aim and how far each limit is overstepped out, with slopes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.planning.figure import positions
from xiancheng.planning.plan import Plan, Row, Weight
from xiancheng.planning.plan_document import MEAN, WORST
from xiancheng.planning.trials import Runner

_STEP = 1e-3
"""Step of differences, as a share of what a point can reach."""
_SMALL = 1e-9
ENOUGH = 1e-4
"""How far a limit may be overstepped, in parts of its scale, and still be kept: what rounding leaves."""


@dataclass(frozen=True)
class View:
    """What a setting comes to.

    Attributes:
        aims: of each aim, larger is better [parts of its level without a policy].
        over: how far each limit is overstepped, below 0 where there is room (row,) [parts of its scale].
    """

    aims: Floats
    over: Floats

    @property
    def aim(self) -> float:
        """The sum of the aims."""
        return float(self.aims.sum())

    @property
    def worst(self) -> float:
        """How far the limit that is overstepped most is, 0 where none is."""
        return float(max(self.over.max(initial=0.0), 0.0))


@dataclass(frozen=True)
class Slopes:
    """Derivatives by shares.

    Attributes:
        aim: of the sum of the aims (share,).
        over: of each limit (row, share).
    """

    aim: Floats
    over: Floats


@dataclass(frozen=True, eq=False)
class Landscape:
    """A plan with what tries its settings.

    Attributes:
        plan: the plan.
        runner: what tries settings and reads the figures of the plan.
        before: figures without a policy (future, figure).
        unit: one part of the aim, as a part of its level without a policy; near what a search can gain, since one that
            begins with a slope next to nothing begins with steps next to nothing.
    """

    plan: Plan
    runner: Runner
    before: Floats
    unit: float = 1.0

    @classmethod
    def of(cls, plan: Plan, runner: Runner) -> Landscape:
        """Return the landscape of a plan; runs its base without a move."""
        return cls(plan, runner, runner.values(plan.moves.baseline[None])[0])

    def scaled(self, slopes: Floats) -> Landscape:
        """Return the landscape with the largest slope of the aim by shares (share,) for its unit."""
        steepest = float(np.abs(slopes).max(initial=0.0))
        return replace(self, unit=self.unit * steepest) if steepest > 0 else self

    @property
    def start(self) -> Floats:
        """The shares of no policy."""
        return self.plan.moves.shares(self.plan.moves.baseline)

    @property
    def aim_scale(self) -> float:
        """What one part of the aim is [its unit, by the weights]: the unit, of the level without a policy."""
        columns = positions(self.plan.figures, [aim.figure for aim in self.plan.aims])
        level = float(np.abs(_weights(self.plan.aims) * self.before[:, columns].mean(axis=0)).sum())
        return self.unit * (level or 1.0)

    def scales(self) -> Floats:
        """Return what one part of each limit is (row,) [unit of its indicator]."""
        return np.array([_scale(row, float(level)) for row, level in
                         zip(self.plan.rows, self._levels(self.before).mean(axis=0), strict=True)])

    def views(self, shares: Sequence[Floats] | Floats) -> list[View]:
        """Return what settings come to, all of them run together."""
        rows = [self.plan.moves.values(np.clip(row, 0, 1)) for row in shares]
        return [self.view(figures) for figures in self.runner.values(np.array(rows))]

    def figures(self, shares: Floats) -> Floats:
        """Return the figures of a setting (future, figure)."""
        return np.asarray(self.runner.values(self.plan.moves.values(np.clip(shares, 0, 1))[None])[0])

    def weights(self, figures: Floats, pushes: Floats) -> Floats:
        """Return what the aim, less pushes times how far limits are overstepped, gains by figures (future, figure).

        Args:
            figures: where (future, figure).
            pushes: of each limit (row,), 0 or more.
        """
        plan, weights = self.plan, np.zeros_like(figures)
        over, aims = self.oversteps(figures), self._aims(figures)
        for column, aim, own in zip(positions(plan.figures, [aim.figure for aim in plan.aims]), plan.aims, aims.T,
                                    strict=True):
            weights[:, column] += self._parts(-own) * aim.weight / self.aim_scale
        signs = np.array([row.sign for row in plan.rows])
        for column, row, own in zip(positions(plan.figures, [row.figure for row in plan.rows]),
                                    pushes * signs / self.scales(), over.T, strict=True):
            weights[:, column] += self._parts(own) * row
        return weights

    def _parts(self, worse: Floats) -> Floats:
        """Return the part of each future in what stands for all of them (future,)."""
        if self.plan.hold_for == MEAN:
            return np.full(len(worse), 1 / len(worse))
        return np.asarray(np.arange(len(worse)) == int(np.argmin(np.abs(worse - self._together(worse)))), dtype=float)

    def view(self, figures: Floats) -> View:
        """Return what figures (future, figure) come to."""
        aims = self._aims(figures)
        over = self.oversteps(figures)
        return View(np.array([-self._together(-own) for own in aims.T]),
                    np.array([self._together(own) for own in over.T]))

    def around(self, shares: Floats) -> list[View]:
        """Return what a setting and its neighbours, a step away by each share, come to; all of them run together."""
        return self.views([shares, *(shares + np.diag(np.where(shares > 0.5, -_STEP, _STEP)))])

    def slopes(self, shares: Floats) -> Slopes:
        """Return derivatives at a setting by differences toward the inside."""
        steps, every = np.where(shares > 0.5, -_STEP, _STEP), self.around(shares)
        here, others = every[0], every[1:]
        return Slopes(np.array([(own.aim - here.aim) / step for own, step in zip(others, steps, strict=True)]),
                      np.array([(own.over - here.over) / step for own, step in zip(others, steps, strict=True)]).T)

    def _together(self, worse: Floats) -> float:
        """Return what stands for all futures of numbers of which more is worse."""
        if self.plan.hold_for == MEAN:
            return float(worse.mean())
        if self.plan.hold_for == WORST:
            return float(worse.max())
        return float(np.sort(worse)[math.ceil(float(self.plan.hold_for) * len(worse) - _SMALL) - 1])

    def _levels(self, figures: Floats) -> Floats:
        return figures[:, positions(self.plan.figures, [row.figure for row in self.plan.rows])]

    def _aims(self, figures: Floats) -> Floats:
        """Return each aim in each future (future, aim) [parts]."""
        columns = positions(self.plan.figures, [aim.figure for aim in self.plan.aims])
        gain = np.asarray((figures - self.before)[:, columns] * _weights(self.plan.aims))
        return gain / self.aim_scale

    def oversteps(self, figures: Floats) -> Floats:
        """Return how far each limit is overstepped in each future (future, row) [parts of its scale]."""
        rows, before = self.plan.rows, self._levels(self.before)
        signs = np.array([row.sign for row in rows])
        bounds = np.array([row.bound for row in rows])
        is_change = np.array([row.is_change for row in rows], dtype=bool)
        part, amount = np.array([row.least for row in rows]).reshape(-1, 2).T
        give = np.maximum(part * np.abs(before), amount)
        value = self._levels(figures) - np.where(is_change, before, 0.0)
        margins = np.array([row.margin for row in rows])
        return np.asarray((signs * (bounds - value) - give + margins) / self.scales())


def _weights(aims: Sequence[Weight]) -> Floats:
    return np.array([aim.weight for aim in aims])


def _scale(row: Row, level: float) -> float:
    """Return what one part of a limit is: its bound, or for a change at least a thousandth of the level."""
    return max(abs(row.bound), row.least[0] * abs(level), row.least[1], 1e-3 * abs(level) if row.is_change else 0.0,
               _SMALL)
