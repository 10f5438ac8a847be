"""The whole model open to all that is not known, as a function of one vector: what a fit to published series runs.

The vector holds standard normal numbers, one for each stream of chance (joint_prior): nothing but zeros is the run of
the tables, where every number is at its median. A run gives the logarithms of the figures of series.csv.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration import joint_prior, series
from xiancheng.calibration.joint_prior import Draws
from xiancheng.calibration.series import Observation, Published
from xiancheng.engine.batches import pieces
from xiancheng.engine.doubts import NotFiniteWarning
from xiancheng.engine.results import Prepared, prepare
from xiancheng.engine.source import decode, without_views
from xiancheng.engine.variants import complete
from xiancheng.model import build, places
from xiancheng.study import Study

TIME_STEP = 0.25
"""Of the fit [years]; members run at that of the equations."""
STEP = 0.5
"""To either side of a derivative [standard deviations]: ranges have a joint at the median, and what matters is how
figures change within them."""
_AFTER_END = 0.25
_TOGETHER = 32
"""Runs handed to the engine at once, so that one compiled program serves any number of them."""
_MANY = 64
"""Draws in which everything that is not known moves at least once."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class OpenModel:
    """The study's equations with all that is not known open.

    Attributes:
        study: the study.
        labels: streams of chance that the vector holds, see joint_prior.streams.
        published: the figures that a run gives.
        time_step: of the run [years].
    """

    study: Study
    labels: tuple[str, ...]
    published: Published
    time_step: float = TIME_STEP

    def run(self, theta: Floats) -> Floats:
        """Return the logarithms of the figures (figure,) with people as the equations read them."""
        return np.asarray(self.runs(theta[None], ())[0])

    def runs(self, thetas: Floats, people: Sequence[int], progress: Progress | None = None) -> Floats:
        """Return the logarithms of the figures of many vectors (run, figure).

        Args:
            thetas: vectors (run, component).
            people: the member of the posterior of people of each run; none keep people as the equations read them.
            progress: told the share that is done.
        """
        draws = self.draws(thetas, people)
        figures = np.empty((len(thetas), len(self.published.observations)))
        for first in range(0, len(thetas), _TOGETHER):
            rows = np.minimum(np.arange(first, first + _TOGETHER), len(thetas) - 1)
            block = self._block({name: values[rows] for name, values in draws.constants.items()},
                                {name: [own[row] for row in rows] for name, own in draws.paths.items()})
            figures[first : first + _TOGETHER] = block[: len(thetas) - first]
            if progress is not None:
                progress(min(1.0, (first + _TOGETHER) / len(thetas)))
        return figures

    def draws(self, thetas: Floats, people: Sequence[int]) -> Draws:
        """Return what some vectors put in the place of the tables; see `runs`."""
        column = {label: thetas[:, position] for position, label in enumerate(self.labels)}
        still = np.zeros(len(thetas))
        return joint_prior.of_chance(self.study, lambda label: column.get(label, still), people, len(thetas))

    def jacobian(
        self, theta: Floats, columns: Sequence[int], step: float = STEP, progress: Progress | None = None
    ) -> Floats:
        """Return the derivative of the figures by components (component, figure), 0 by those that are not asked for.

        Args:
            theta: where.
            columns: the components that runs to both sides are made for.
            step: how far to either side [standard deviations].
            progress: told the share that is done.
        """
        moves = step * np.eye(len(theta))[list(columns)]
        runs = self.runs(np.concatenate([theta + moves, theta - moves]), (), progress)
        slopes = np.zeros((len(theta), runs.shape[1]))
        slopes[list(columns)] = (runs[: len(moves)] - runs[len(moves) :]) / (2 * step)
        return slopes

    def _block(self, constants: Mapping[str, Floats], paths: Mapping[str, list[Any]]) -> Floats:
        figures = np.full((_TOGETHER, len(self.published.observations)), np.nan)
        for start, program in self._programs.items():
            prepared = _apart(complete(program, prepare(program, {**constants, **paths}, batch=True)))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NotFiniteWarning)  # what has no numbers gets no weight
                steps = tuple(range(len(program.grid.saved)))
                runs = [run for some, _ in pieces(program, prepared, steps) for run in some]
            for column, observation in enumerate(self.published.observations):
                if observation.series.start == start:
                    figures[:, column] = [series.logarithm(observation, run, self._listed) for run in runs[:_TOGETHER]]
        return figures

    @cached_property
    def _listed(self) -> Any:
        return places.read(self.study.tables).listed.astype(float)

    @cached_property
    def _programs(self) -> dict[int, Any]:
        """Return the compiled equations from each census that a series starts from."""
        from xiancheng.engine.program import compile

        programs = {}
        many = joint_prior.draws(self.study, _MANY, 0)
        names = tuple(dict.fromkeys([*many.constants, *many.paths]))
        for start in dict.fromkeys(observation.series.start for observation in self.published.observations):
            own = [observation for observation in self.published.observations if observation.series.start == start]
            controls = {"INITIAL TIME": start, "FINAL TIME": _end(own) + _AFTER_END, "TIME STEP": self.time_step}
            text = build.from_start(without_views(decode(self.study.equations)), self.study, start, controls)
            outputs = tuple(dict.fromkeys(name for observation in own for name in observation.series.variables))
            programs[start] = compile(self.study.equations, outputs=outputs, inputs=names, text=text)
        return programs


def _apart(prepared: Prepared) -> Prepared:
    """Return parameters with an own value of everything for each run, so that all blocks ask for one program."""
    numbers = {name: values if name in prepared.batched else np.broadcast_to(values, (prepared.runs, *values.shape))
               for name, values in prepared.numbers.items()}
    return Prepared(numbers, prepared.paths, frozenset([*numbers, *prepared.paths]), prepared.runs)


def _end(observations: Sequence[Observation]) -> int:
    return max(observation.year for observation in observations)
