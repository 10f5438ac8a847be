"""Many runs of one program: in chunks that fit the cache, one host device per core."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.compiling import compiler_options, import_jax, numpy_scan
from xiancheng.engine.integrate import described, refuse_short
from xiancheng.engine.program import Program, deep
from xiancheng.engine.results import Prepared, dataset, prepare
from xiancheng.engine.stretches import carry
from xiancheng.engine.variants import DELAY, Moment, Variant, complete, variant_of

_CELLS_IN_CACHE = 30_000
_MOST = 32
_TURNS = 8


def batch(
    program: Program, parameters: Mapping[str, Any], *, dtype: str = "float64", backend: str = "jax",
    chunk: int | None = None,
) -> xr.Dataset:
    """Run a program many times.

    Args:
        program: from `compile`.
        parameters: values by variable name. A leading axis before the variable's dims, or a list with a number,
            array or TimePath per run, is the axis of runs; anything else holds for all runs.
        dtype: float64, or float32 for sweeps.
        backend: jax, or numpy for debugging.
        chunk: runs computed together on a core; chosen by the size of the model when None.

    Returns:
        As `run`, with the leading dim `run`. A run's result does not depend on its neighbours.

    Raises:
        StudyError: parameters that do not fit, or delays that they make too short.
    """
    prepared = complete(program, prepare(program, parameters, batch=True))
    variant = variant_of(program, prepared, dtype)
    blocks = _numpy_blocks if backend == "numpy" else _jax_blocks
    parts = list(blocks(program, variant, prepared, chunk or _chunk(program)))
    found = {name: np.concatenate([part[name] for part in parts])[: prepared.runs] for name in parts[0]}
    refuse_short(program, found)
    return dataset(program, described(variant, found), prepared.runs)


def _chunk(program: Program) -> int:
    compiled = program.compiled
    largest = max((int(np.prod(compiled.shape(name))) for name in compiled.names), default=1)
    return int(np.clip(_CELLS_IN_CACHE // max(largest, 1), 1, _MOST))


def _rows(prepared: Prepared, dtype: str, rows: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parameters of some runs; what holds for all runs has no run axis."""

    def pick(name: str, values: Any) -> Any:
        return np.asarray(values[rows] if name in prepared.batched else values, dtype=dtype)

    given = {name: pick(name, values) for name, values in prepared.given.items()}
    paths = {
        name: (np.asarray(times, dtype=dtype), pick(name, values)) for name, (times, values) in prepared.paths.items()
    }
    return given, paths


def _numpy_blocks(program: Program, variant: Variant, prepared: Prepared, chunk: int) -> Iterator[dict[str, Any]]:
    for row in range(prepared.runs):
        found = variant.simulate(np, numpy_scan, *_rows(prepared, variant.name, row))
        yield {name: np.asarray(value)[None] for name, value in found.items()}


def _jax_blocks(program: Program, variant: Variant, prepared: Prepared, chunk: int) -> Iterator[dict[str, Any]]:
    """Compute some runs after others; while those of one call are read, the next are computed."""
    size = chunk * len(import_jax().devices())
    turns = _turns(prepared.runs, size)
    compiled = _many(program, variant, prepared, chunk, turns)
    waiting: deque[Mapping[str, Any]] = deque()
    for first in range(0, prepared.runs, size * turns):
        rows = np.minimum(np.arange(first, first + size * turns), prepared.runs - 1).reshape(turns, size)
        waiting.append(compiled(*_rows(prepared, variant.name, rows)))
        if len(waiting) > 1:
            yield _read(waiting.popleft())
    yield _read(waiting.popleft())


def _turns(runs: int, size: int) -> int:
    """Return how many chunks a call computes: as many as may be, so that the last call has few runs too many."""
    chunks = -(-runs // size)
    return -(-chunks // -(-chunks // _TURNS))


def _read(found: Mapping[str, Any]) -> dict[str, Any]:
    """Wait for computed runs and bring them to the host; their first two axes become one."""
    return {name: np.asarray(value).reshape(-1, *value.shape[2:]) for name, value in found.items()}


def _many(
    program: Program, variant: Variant, prepared: Prepared, chunk: int, turns: int
) -> Callable[..., Any]:
    """Compile `turns` chunks one after the other on every device; runs lie along the first two axes."""
    label = ("many", id(variant), prepared.batched, chunk, turns)
    if label in program.variants:
        return program.variants[label]  # type: ignore[no-any-return]
    jax = import_jax()
    given_axes = {name: 0 if name in prepared.batched else None for name in prepared.given}
    path_axes = {name: (None, 0 if name in prepared.batched else None) for name in prepared.paths}

    def simulate(given: Any, paths: Any) -> Any:
        with deep(), np.errstate(all="ignore"):
            once, start = variant.begin(jax.numpy, given, paths)
            for ask in variant.asked.values():  # here, so that the loop computes none of it
                ask(once)
            room = variant.empty(jax.numpy, variant.sampled.saved())

            def step(kept: Any, number: Any) -> Moment:
                return variant.moment(jax.numpy, once, paths, kept, number, start)

            _, room = carry(variant, step, (variant.kept(start), room), 0, variant.rows)
            return room | variant.fixed(once)

    several = jax.vmap(simulate, in_axes=(given_axes, path_axes), axis_size=chunk)

    def in_turn(given: Any, paths: Any) -> Any:
        moving = {name: given[name] for name in given if name in prepared.batched}
        moving_paths = {name: paths[name][1] for name in paths if name in prepared.batched}

        def turn(rows: Any) -> Any:
            own = {name: (paths[name][0], values) for name, values in rows[1].items()}
            return several({**given, **rows[0]}, {**paths, **own})

        return jax.lax.map(turn, (moving, moving_paths)) if prepared.batched else jax.tree.map(
            lambda value: value[None], several(given, paths))

    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("run",))
    spec = jax.sharding.PartitionSpec

    def place(axes: Any) -> Any:
        return jax.tree.map(lambda axis: spec(None, "run") if axis == 0 else spec(), axes,
                            is_leaf=lambda one: one is None)

    shared = jax.shard_map(in_turn, mesh=mesh, in_specs=(place(given_axes), place(path_axes)),
                           out_specs=spec(None, "run"), check_vma=False)
    program.variants[label] = jax.jit(shared, compiler_options=compiler_options())
    return program.variants[label]  # type: ignore[no-any-return]


def pieces(
    program: Program, prepared: Prepared, steps: tuple[int, ...], *, dtype: str = "float64"
) -> Iterator[tuple[xr.Dataset, dict[str, Any]]]:
    """Run a program many times and yield the results a few runs at a time, so that memory does not grow with runs.

    Args:
        program: from `compile`.
        prepared: complete parameters; a fixed number of runs a call keeps one compiled program in use.
        steps: positions, rising, of the saved times to return.
        dtype: float64 or float32.

    Yields:
        Results as of `batch`, and by label the shortest delay of each run in units of the shortest allowed.
    """
    variant = variant_of(program, prepared, dtype, steps)
    done = 0
    for found in _jax_blocks(program, variant, prepared, _chunk(program)):
        count = min(prepared.runs - done, len(next(iter(found.values()))))
        done += count
        part = {name: value[:count] for name, value in found.items()}
        ratios = {name: value for name, value in part.items() if name.startswith(DELAY)}
        yield dataset(program, described(variant, part), count, times=variant.times), ratios
