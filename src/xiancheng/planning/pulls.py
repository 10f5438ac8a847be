"""Slopes of weighted figures by the values of moves: one way back through a run of each future, and the chain rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.backward import Slopes
from xiancheng.engine.source import key
from xiancheng.model.settings import Scenario
from xiancheng.outputs import journey
from xiancheng.planning.plan import Plan
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.sweeps import gradient

_STEP = 1e-3
"""Part of a lever's range by which a value is moved to see how its path moves; paths are straight between corners."""


@dataclass(frozen=True)
class Pulls:
    """What gives slopes of the figures of a plan without members.

    Attributes:
        study: the study.
        plan: the plan.
        bases: the scenario of each future.
    """

    study: Study
    plan: Plan
    bases: tuple[Scenario, ...]

    @classmethod
    def of(cls, study: Study, plan: Plan) -> Pulls:
        """Return what gives slopes of the figures of a plan.

        Raises:
            StudyError: every problem of its scenarios.
        """
        return cls(study, plan, tuple(scenario.combined(study, name) for name in plan.futures.scenarios))

    def __call__(self, shares: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """Return figures (future, figure) of a setting, and the slope of their weighted sum by shares (share,).

        Args:
            shares: of the setting.
            weights: (future, figure).
        """
        moves = self.plan.moves
        values = moves.values(shares)
        figures, total = [], np.zeros(moves.size)
        for base, own in zip(self.bases, weights, strict=True):
            tried = scenario.of(self.study, levers=moves.tables(values), base=base)
            run = gradient.run(journey.prepare(self.study, tried, start=self.plan.start, end=self.plan.end))
            figures.append(run.values(self.plan.figures))
            total += self._by_values(values, run.slopes(self.plan.figures, own))
        return np.array(figures), total @ moves.slopes(shares)

    def _by_values(self, values: Floats, slopes: Slopes) -> Floats:
        """Return slopes by values (value,) from those by paths: how the path of each place moves with each value."""
        moves, result = self.plan.moves, []
        for move, part in zip(moves.moves, moves.parts(values), strict=True):
            own = slopes.paths[key(move.lever.variable)]
            by_path = own if move.positions is None else own[:, list(move.positions)].sum(axis=1)
            for point in range(len(part)):
                step = _STEP * (move.high - move.low) * (-1 if part[point] > (move.low + move.high) / 2 else 1)
                later = part + step * (np.arange(len(part)) == point)
                moved = (move.path(later, slopes.times) - move.path(part, slopes.times)) / step
                result.append(float(by_path @ moved))
        return np.array(result)
