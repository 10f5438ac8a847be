"""The study's own equations from one census to the next as one function with an exact Jacobian.

Only the clock and the start blocks differ from the file: TIME STEP 1/4, from the first census to the last one. A
run is one table, see likelihood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.likelihood import COLUMNS
from xiancheng.calibration.priors import RESIDUALS, Space
from xiancheng.calibration.priors import space as space_of
from xiancheng.calibration.targets import GROUPS
from xiancheng.engine.source import decode, key, without_views
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock, roles
from xiancheng.model.build import from_start, starts
from xiancheng.model.core import core_only
from xiancheng.study import Study
from xiancheng.texts import phrase

Progress = Callable[[float], None]
TIME_STEP = 0.25
SCORED = 0.125
"""TIME STEP of the model, at which a fit is scored."""
_TOWNSPEOPLE = "town"
"""The element of the subscript settlement whose residents a census calls urban."""
_FLOWS = ("departed", "arrived_from_outside", "departed_to_outside")
_TOGETHER = 12
"""Directions of the Jacobian computed at once on each device: more take more memory and are no faster."""
_RUNS_TOGETHER = 8
"""Runs computed at once on each device, likewise."""


class Forward(Protocol):
    """What the fit needs of a model."""

    @property
    def space(self) -> Space:
        """What is fitted."""
        ...

    def run(self, theta: Floats) -> Floats:
        """Return the table of a run, (places, COLUMNS) [persons]."""
        ...

    def runs(self, thetas: Floats) -> Floats:
        """Return the tables of many runs, (runs, places, COLUMNS) [persons], from vectors, (runs, components)."""
        ...

    def jacobian(self, theta: Floats, progress: Progress | None = None, count: int | None = None) -> Floats:
        """Return its derivative by each component of the vector, or the first ones, (components, places, COLUMNS)."""
        ...


@dataclass(frozen=True)
class Decade:
    """The equations of a study between the two censuses.

    Attributes:
        study: the study.
        time_step: of the run [years].
    """

    study: Study
    time_step: float = TIME_STEP

    @cached_property
    def _program(self) -> Any:
        from xiancheng.calibration import priors
        from xiancheng.engine.program import compile

        names = [prior.parameter for prior in priors.read(self.study) if prior.use == priors.FIT]
        inputs = list(dict.fromkeys([*names, *RESIDUALS, self._role("moves")]))
        return compile(self.study.equations, outputs=[self._people, *self._flows], inputs=inputs,
                       text=text(self.study, self.time_step))

    def _role(self, role: str) -> str:
        return roles.of(self.study, role)

    @cached_property
    def _people(self) -> str:
        return key(self._role("residents_by_age"))

    @cached_property
    def _flows(self) -> tuple[str, ...]:
        return tuple(key(self._role(role)) for role in _FLOWS)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Elements of the subscript place."""
        return self._elements[0]

    @cached_property
    def _elements(self) -> list[tuple[str, ...]]:
        """Return the elements of the subscripts of residents: place, settlement, sex, age."""
        model = self._program.model
        return [tuple(model.dimensions.ranges[dim].elements) for dim in model.variables[self._people].dims]

    @cached_property
    def space(self) -> Space:
        """What is fitted."""
        return space_of(self.study, self.places)

    @cached_property
    def _own(self) -> dict[str, Floats]:
        """Return every input at the value of the equations."""
        from xiancheng.engine.results import prepare
        from xiancheng.engine.variants import complete

        prepared = complete(self._program, prepare(self._program, {}))
        return {name: np.asarray(value, dtype=float) for name, value in prepared.numbers.items()}

    @cached_property
    def _simulate(self) -> Callable[[Mapping[str, Any]], Any]:
        """Return the function from inputs to table and residents by sex, for JAX: only the last step is kept."""
        from xiancheng.engine.compiling import import_jax
        from xiancheng.engine.results import prepare
        from xiancheng.engine.variants import complete, variant_of

        jax = import_jax()
        variant = variant_of(self._program, complete(self._program, prepare(self._program, {})), "float64")
        _, settlements, _, classes = self._elements
        ages, town = np.arange(len(classes)), settlements.index(_TOWNSPEOPLE)
        groups = np.zeros((len(ages), len(GROUPS)))
        groups[ages, np.minimum(ages // 5, len(GROUPS) - 1)] = 1

        def last_step(body: Any, outputs: Any, first: int, last: int) -> tuple[Any, Any]:
            outputs = jax.lax.fori_loop(first, last - 1, lambda number, before: body(before, number)[0], outputs)
            return outputs, body(outputs, np.int64(last - 1))[1]

        def simulate(inputs: Mapping[str, Any]) -> tuple[Any, Any]:
            outputs = variant.simulate(jax.numpy, last_step, inputs, {}).outputs
            people = outputs[self._people].data
            columns = [people.sum(axis=(1, 2)) @ groups, people[:, town].sum(axis=(1, 2))[:, None]]
            table = jax.numpy.concatenate([*columns, *(outputs[name].data[:, None] for name in self._flows)], axis=1)
            return table, people.sum(axis=1) @ groups

        return simulate

    @cached_property
    def _single(self) -> Any:
        from xiancheng.engine.compiling import import_jax

        return import_jax().jit(self._simulate)

    @cached_property
    def _along(self) -> Any:
        """Return the compiled derivatives along many directions, spread over the devices."""
        from xiancheng.engine.compiling import import_jax

        jax = import_jax()
        mesh = jax.sharding.Mesh(np.array(jax.devices()), ("direction",))
        spec = jax.sharding.PartitionSpec

        def derivatives(inputs: Any, directions: Any) -> Any:
            return jax.vmap(lambda item: jax.jvp(self._simulate, (inputs,), (item,))[1][0])(directions)

        spread = jax.shard_map(derivatives, mesh=mesh, in_specs=(spec(), spec("direction")),
                               out_specs=spec("direction"), check_vma=False)
        return jax.jit(spread)

    @cached_property
    def _several(self) -> Any:
        """Return the compiled runs of many vectors, spread over the devices."""
        from xiancheng.engine.compiling import import_jax

        jax = import_jax()
        mesh = jax.sharding.Mesh(np.array(jax.devices()), ("run",))
        spec = jax.sharding.PartitionSpec("run")

        def tables(fitted: Any) -> Any:
            return jax.vmap(lambda item: self._simulate({**self._own, **item})[0])(fitted)

        return jax.jit(jax.shard_map(tables, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False))

    def _given(self, values: Mapping[str, Floats]) -> dict[str, Floats]:
        return {**self._own, **{key(name): np.asarray(value, dtype=float) for name, value in values.items()}}

    def run(self, theta: Floats) -> Floats:
        """Return the table of a run, (places, COLUMNS) [persons]."""
        return self.detailed(theta)[0]

    def runs(self, thetas: Floats) -> Floats:
        """Return the tables of many runs, as `run` gives them one by one.

        Args:
            thetas: the vectors, (runs, components), in prior standard deviations.

        Returns:
            (runs, places, COLUMNS) [persons].
        """
        from xiancheng.engine.compiling import import_jax

        devices, runs = len(import_jax().devices()), []
        together = devices * min(_RUNS_TOGETHER, -(-len(thetas) // devices))
        for first in range(0, len(thetas), together):
            rows = np.minimum(np.arange(first, first + together), len(thetas) - 1)
            values = [self.space.values(thetas[row]) for row in rows]
            fitted = {key(name): np.stack([value[name] for value in values]) for name in values[0]}
            runs.append(np.asarray(self._several(fitted))[: len(thetas) - first])
        return np.concatenate(runs)

    def detailed(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return the table of a run, and residents by sex and age group, (places, 2, groups) [persons]."""
        table, sexes = self._single(self._given(self.space.values(theta)))
        return np.asarray(table), np.asarray(sexes)

    def without_moves(self) -> tuple[Floats, Floats]:
        """Return what `detailed` does of a run at the prior means in which nobody leaves a place."""
        values = self.space.values(np.zeros(self.space.size))
        table, sexes = self._single(self._given({**values, self._role("moves"): np.array(0.0)}))
        return np.asarray(table), np.asarray(sexes)

    def jacobian(self, theta: Floats, progress: Progress | None = None, count: int | None = None) -> Floats:
        """Return the derivative of the table by each component of the vector, or the first ones.

        Args:
            theta: the vector, in prior standard deviations.
            progress: told the share that is done.
            count: of components, all when None.

        Returns:
            (components, places, COLUMNS) [persons].
        """
        from xiancheng.engine.compiling import import_jax

        space, inputs = self.space, self._given(self.space.values(theta))
        slopes, size = space.slopes(theta), count or space.size
        together = _TOGETHER * len(import_jax().devices())
        jacobian = np.empty((size, len(self.places), COLUMNS))
        for first in range(0, size, together):
            chosen = np.arange(first, min(first + together, size))
            moved = self._along(inputs, self._directions(inputs, chosen, slopes, together))
            jacobian[chosen] = np.asarray(moved)[: len(chosen)]
            if progress is not None:
                progress((chosen[-1] + 1) / size)
        return jacobian

    def _directions(
        self, values: Mapping[str, Floats], chosen: NDArray[np.int64], slopes: Floats, together: int
    ) -> dict[str, Floats]:
        moved = {name: np.zeros((together, *value.shape)) for name, value in values.items()}
        for prior, part in self.space.parts():
            for line, component in enumerate(chosen):
                if part.start <= component < part.stop:
                    where = (line, component - part.start) if prior.parameter in RESIDUALS else (line,)
                    moved[key(prior.parameter)][where] = slopes[component]
        return moved


def text(study: Study, time_step: float = TIME_STEP) -> str:
    """Return the demographic core of the study's equations with the clock of the fit.

    Args:
        study: the study.
        time_step: of the run [years].

    Raises:
        StudyError: a control is missing, or the study has no start of its first census.
    """
    first, last = clock.of(study).censuses
    if first not in starts(study):
        result = phrase("calibration.no_start", year=first)
        raise StudyError(Problem(str(study.blocks), result, f"start_{first}"))
    controls = {"INITIAL TIME": first, "FINAL TIME": last, "TIME STEP": time_step}
    return core_only(from_start(without_views(decode(study.equations)), study, first, controls), study)
