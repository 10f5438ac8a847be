"""Programs run: Euler on an integer clock, one run, many at once, or a gradient; NumPy for debugging, JAX for speed."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine import keeping
from xiancheng.engine.arrays import full
from xiancheng.engine.compiled import Compiled
from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.functions import TABLE, Clock
from xiancheng.engine.graph import CONSTANT, ONCE, STEP, Stages, reached, stages
from xiancheng.engine.program import Grid, Program, constants, deep
from xiancheng.engine.results import Prepared, dataset, prepare
from xiancheng.errors import Problem, StudyError


def import_jax() -> Any:
    """Import JAX with double precision and, unless its devices are in use already, one host device per core."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "host_platform_device_count" not in flags:
        count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        os.environ["XLA_FLAGS"] = f"{flags} --xla_force_host_platform_device_count={count}".strip()
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    _keep_code(jax)
    return jax


@functools.cache
def _keep_code(jax: Any) -> None:
    """Let JAX keep what it compiles, without the places in our code: they take longer to write than they help."""
    jax.config.update("jax_traceback_in_locations_limit", 0)
    kept = keeping.folder()
    if kept is not None and jax.config.jax_compilation_cache_dir is None:
        jax.config.update("jax_compilation_cache_dir", str(kept))
        jax.config.update("jax_compilation_cache_max_size", keeping.MOST_BYTES)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", keeping.LEAST_SECONDS)


_OPTIONS = {"xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"}
"""Matrix products alone go to the kernel library: its sums over short axes take several times as long as XLA's."""


@functools.cache
def compiler_options() -> dict[str, str]:
    """Return the options for compiling, none where this XLA does not know them."""
    try:
        import_jax().jit(lambda number: number, compiler_options=_OPTIONS)(0.0)
    except RuntimeError:
        return {}
    return dict(_OPTIONS)


@dataclass(eq=False)
class Variant:
    """One way to run a program: which parameters it takes and how precise it is.

    Attributes:
        compiled: plan and host data.
        grid: the clock.
        outputs: keys of the variables to return.
        stages: how often each part is computed.
        dtype: of all numbers.
        dims: of each output, known after the first trace.
    """

    compiled: Compiled
    grid: Grid
    outputs: tuple[str, ...]
    stages: Stages
    dtype: Any
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the precision."""
        return str(np.dtype(self.dtype).name)

    def simulate(self, xp: Any, scan: Callable[..., Any], given: Any, paths: Any) -> dict[str, Any]:
        """Return every output (those that move with time in front) and the shortest delay ratio met."""
        with deep(), np.errstate(all="ignore"):
            return self._simulate(xp, scan, given, paths)

    def _simulate(self, xp: Any, scan: Callable[..., Any], given: Any, paths: Any) -> dict[str, Any]:
        host = constants(self.compiled, self.stages)
        shared = {"given": given, "paths": paths}
        once = Evaluation(self.compiled, self.stages, xp, self.dtype, ONCE, host, **shared)
        start = Evaluation(self.compiled, self.stages, xp, self.dtype, STEP, once, clock=self._clock(0), **shared)
        once.start = start
        remembering = list(self.compiled.remembering())
        kept = {self.compiled.label(*one): start.begun(*one) for one in remembering}

        def moment(kept: Any, step: Any) -> Evaluation:
            clock = self._clock(step)
            return Evaluation(self.compiled, self.stages, xp, self.dtype, STEP, once, given, paths, clock, kept, start)

        def advance(now: Evaluation) -> dict[str, Any]:
            return {self.compiled.label(*one): now.advanced(*one) for one in remembering}

        def save(now: Evaluation) -> dict[str, Any]:
            return {name: self._data(now, name) for name in self.moving()} | self._delays(now, remembering)

        first = moment(kept, 0)
        save(first), advance(first)
        every = self.grid.every

        def body(kept: Any, number: Any) -> tuple[Any, Any]:
            now = moment(kept, number * every)
            saved, kept = save(now), advance(now)
            if every > 1:
                kept, _ = scan(lambda kept, i: (advance(moment(kept, number * every + i)), 0), kept, 1, every)
            return kept, saved

        _, found = scan(body, kept, 0, self.grid.steps // every + 1)
        outputs: dict[str, Any] = dict(found)
        return outputs | {name: self._data(once, name) for name in self.outputs if name not in self.moving()}

    def _clock(self, step: Any) -> Clock:
        return Clock(self.dtype(self.grid.start) + step * self.dtype(self.grid.step), float(self.grid.step))

    def moving(self) -> tuple[str, ...]:
        """Return the outputs that move in time."""
        return tuple(name for name in self.outputs if self.stages.variables[name] == STEP)

    def _data(self, now: Evaluation, name: str) -> Any:
        array = now.variable(name)
        self.dims[name] = array.dims
        return now.xp.asarray(array.data)

    def _delays(self, now: Evaluation, remembering: Sequence[Any]) -> dict[str, Any]:
        """Return, for each delay that is no constant, its length in units of the shortest allowed."""
        found = {}
        for node, piece in remembering:
            rule = TABLE[node.function].state
            if rule is not None and rule.delay is not None:
                argument = node.arguments[rule.delay]
                if self.stages.node(argument) != CONSTANT:
                    least = self.compiled.order(node, piece) * self.grid.step
                    label = f"delay {self.compiled.label(node, piece)}"
                    found[label] = now.xp.min(now.node(argument, piece).data) / least
        return found


def numpy_scan(body: Callable[..., Any], kept: Any, first: int, last: int) -> tuple[Any, Any]:
    """Call `body` from first to last - 1, and stack what it saves."""
    rows = []
    for number in range(first, last):
        kept, saved = body(kept, number)
        rows.append(saved)
    if not rows or not isinstance(rows[0], dict):
        return kept, None
    return kept, {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def jax_scan(body: Callable[..., Any], kept: Any, first: int, last: int) -> tuple[Any, Any]:
    """Do the same as `numpy_scan`, compiled."""
    jax = import_jax()
    return jax.lax.scan(body, kept, np.arange(first, last))  # type: ignore[no-any-return]


def variant_of(program: Program, prepared: Prepared, dtype: Any) -> Variant:
    """Return the way to run a program that the parameters ask for."""
    given = frozenset(prepared.given) | frozenset(prepared.paths)
    label = ("variant", given, frozenset(prepared.paths), np.dtype(dtype).name)
    if label not in program.variants:
        found = stages(program.compiled.plan, given, prepared.paths)
        program.variants[label] = Variant(program.compiled, program.grid, program.outputs, found, np.dtype(dtype).type)
    return program.variants[label]  # type: ignore[no-any-return]


def complete(program: Program, prepared: Prepared) -> Prepared:
    """Add the model's own values of open inputs that the parameters leave out, so that one variant serves all."""
    taken = prepared.given.keys() | prepared.paths.keys()
    missing = sorted(name for name in program.inputs - taken if _stands_alone(program, name, program.inputs | taken))
    if not missing:
        return prepared
    host = constants(program.compiled, stages(program.compiled.plan, (), ()))
    own = {}
    with deep():
        for name in missing:
            shape = program.compiled.shape(name)
            array = host.variable(name)
            dims = program.model.variables[name].dims
            own[name] = np.array(full(np, array, dims, program.compiled.sizes)).reshape(shape)
    return Prepared({**prepared.given, **own}, prepared.paths, prepared.batched, prepared.runs)


def _stands_alone(program: Program, name: str, others: Set[str]) -> bool:
    """Tell whether an open input keeps its own value whatever the other inputs are."""
    if program.model.variables[name].kind == "data":
        return False
    return not (reached(program.model, [name]) - {name}) & others


def run(
    program: Program, parameters: Mapping[str, Any] | None = None, *, dtype: str = "float64", backend: str = "jax"
) -> xr.Dataset:
    """Run a program once.

    Args:
        program: from `compile`.
        parameters: values by variable name: number, array or DataArray over the variable's dims, or TimePath.
        dtype: float64, or float32 for sweeps.
        backend: jax, or numpy for debugging.

    Returns:
        Every output by its Vensim name, dims `time` and the ranges' names, attrs `units` and `description`.

    Raises:
        StudyError: parameters that do not fit, or delays that they make too short.
    """
    prepared = complete(program, prepare(program, parameters or {}))
    variant = variant_of(program, prepared, dtype)
    given = {name: np.asarray(value, dtype=dtype) for name, value in prepared.given.items()}
    paths = {name: tuple(np.asarray(one, dtype=dtype) for one in path) for name, path in prepared.paths.items()}
    if backend == "numpy":
        found = variant.simulate(np, numpy_scan, given, paths)
    else:
        found = _single(program, variant)(given, paths)
    found = {name: np.asarray(value) for name, value in found.items()}
    refuse_short(program, found)
    return dataset(program, described(variant, found), None)


def _single(program: Program, variant: Variant) -> Callable[..., Any]:
    label = ("single", id(variant))
    if label not in program.variants:
        jax = import_jax()

        def simulate(given: Any, paths: Any) -> Any:
            return variant.simulate(jax.numpy, jax_scan, given, paths)

        program.variants[label] = jax.jit(simulate, compiler_options=compiler_options())
    return program.variants[label]  # type: ignore[no-any-return]


def described(variant: Variant, found: Mapping[str, Any]) -> dict[str, tuple[Any, tuple[str, ...], bool]]:
    """Return outputs with their dims and whether they move in time."""
    moving = variant.moving()
    return {name: (found[name], variant.dims[name], name in moving) for name in variant.outputs}


def refuse_short(program: Program, found: Mapping[str, Any]) -> None:
    """Refuse results in which a delay was shorter than its stages can follow."""
    problems = []
    for label, ratio in found.items():
        if label.startswith("delay ") and np.min(ratio) < 1 - 1e-6:
            name = label.removeprefix("delay ").split("#")[0]
            variable = program.model.variables[name]
            problems.append(Problem(program.model.file, f"{variable.name!r}: a delay falls to {np.min(ratio):.3g} of "
                                    "order × TIME STEP", "at least 1", "lengthen the delay or shorten TIME STEP",
                                    variable.line))
    if problems:
        raise StudyError(problems)
