"""Slopes of a study: what figures of a result change by, for one more of a lever or an assumption at any time.

One way back through the run gives the slope of one number by every path in every place at every step; any way to set a
lever is a path, so that its effect follows by the chain rule (`Slopes.paths`). Slopes are taken a trace off where
levers rest (`directions.off_kinks`): at a kink they are those of the side to which a step goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.cache import Cache
from xiancheng.engine import backward
from xiancheng.engine.backward import Passage, Slopes
from xiancheng.engine.compiling import import_jax, off_rest
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.ready import Call
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot, column
from xiancheng.study import Study
from xiancheng.sweeps.directions import off_kinks

_PULLS = Cache(16)


@dataclass(frozen=True, eq=False)
class GradientRun:
    """A run that figures are read off and that gives their slopes.

    Attributes:
        built: what was asked for.
        passage: the run from which slopes come, there and back.
        reader: reads figures.
    """

    built: BuiltRun
    passage: Passage
    reader: Reader

    @cached_property
    def result(self) -> PlainRun:
        """What the run saves, levers as they stand."""
        return PlainRun.of(builder.simulate(self.built, variables=list(_needed(self.built.study))))

    def values(self, spots: Sequence[Spot]) -> Floats:
        """Return figures (spot,) [their units]."""
        return np.asarray(_figures(self.reader, self.result, self._positions(spots)))

    def slopes(self, spots: Sequence[Spot], weights: Floats) -> Slopes:
        """Return the slopes of a weighted sum of figures by every path at every step, in one way back.

        Args:
            spots: the figures.
            weights: of each figure (spot,).
        """
        return self.passage.slopes(self._weights(spots, weights))

    def by_numbers(self, spots: Sequence[Spot], weights: Floats) -> dict[str, Floats]:
        """Return the slopes of the same by every number that the run is told, by key of its variable.

        Args:
            spots: the figures.
            weights: of each figure (spot,).
        """
        return self.passage.by_numbers(self._weights(spots, weights))

    def _weights(self, spots: Sequence[Spot], weights: Floats) -> dict[str, Floats]:
        """Return what a weighted sum of figures changes by for one more of what the run saves, by key."""
        names = self.reader.needed([spot.indicator for spot in spots])
        arrays = {name: self.passage.result.arrays[name][0] for name in names}
        pull = _PULLS.get((self.reader.years, tuple(spots), str(self.built.study.root)),
                          lambda: self._pull(self._positions(spots)))
        pulled = pull(arrays, np.asarray(weights, dtype=float))
        return {name: np.asarray(weight) for name, weight in pulled.items()}

    def _positions(self, spots: Sequence[Spot]) -> list[tuple[str, int, int]]:
        return [(spot.indicator, self.reader.years.index(spot.year), column(self.built, spot.area)) for spot in spots]

    def _pull(self, positions: Sequence[tuple[str, int, int]]) -> Any:
        """Return what gives the slopes of a weighted sum by the variables of the equations; compiled."""
        jax = import_jax()
        reader, run = replace(self.reader, xp=off_rest()), self.passage.result

        def total(arrays: Mapping[str, Any], weights: Any) -> Any:
            read = PlainRun({name: (array, run.arrays[name][1]) for name, array in arrays.items()},
                            run.times, run.elements)
            return jax.numpy.dot(jax.numpy.stack(_figures(reader, read, positions)), weights)

        return jax.jit(jax.grad(total))


def _figures(reader: Reader, run: PlainRun, positions: Sequence[tuple[str, int, int]]) -> list[Any]:
    names = list(dict.fromkeys(name for name, _, _ in positions))
    everywhere = reader.everywhere(run, names)
    return [everywhere[name][year, area] for name, year, area in positions]


def run(built: BuiltRun, *, resting: bool = False) -> GradientRun:
    """Run a scenario so that slopes of any figures can be had; the first run of some equations compiles.

    Args:
        built: from `journey.prepare`; whatever it sets in numbers may differ between runs of one code.
        resting: take slopes with levers as they stand, where none by levers are wanted.

    Raises:
        StudyError: parameters that do not fit, or results that are no numbers.
    """
    study = built.study
    needed, parameters = _needed(study), (built if resting else off_kinks(built)).parameters
    call = Call(study.equations, built.text, study.data_hash, needed, parameters, float(built.start))
    passage = backward.passage(call, lambda: builder.program(study, built.text, needed, tuple(built.parameters)))
    return GradientRun(built, passage, Reader.of(built))


def _needed(study: Study) -> tuple[str, ...]:
    names, others = results.requested(study, None)
    return tuple(results.needed(study, names, others, ()))
