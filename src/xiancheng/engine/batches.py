"""Many runs of one program: in chunks that fit the cache, one host device per core."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.bundles import Bundles
from xiancheng.engine.compiling import Backend, compiler_options, import_jax, numpy_scan
from xiancheng.engine.doubts import NotFiniteWarning, not_finite_runs
from xiancheng.engine.integrate import described, refuse_short
from xiancheng.engine.labels import Labels, PlainRun, dataset, plain
from xiancheng.engine.program import Program
from xiancheng.engine.results import Prepared, prepare
from xiancheng.engine.stretches import carry
from xiancheng.engine.variants import Moment, StepResult, Variant, complete, variant_of

_CELLS_IN_CACHE = 60_000
_MOST = 32
_FEWEST_TURNS, _MOST_TURNS = 3, 6


def batch(
    program: Program, parameters: Mapping[str, Any], *, dtype: str = "float64", backend: Backend | str = Backend.JAX,
    chunk: int | None = None,
) -> xr.Dataset:
    """Run a program many times; results that are no finite numbers are told as a `NotFiniteWarning`.

    Args:
        program: from `compile`.
        parameters: values by variable name. A leading axis before the variable's dims, or a list with a number,
            array or TimePath per run, is the axis of runs; anything else holds for all runs.
        dtype: float64, or float32 for sweeps.
        backend: JAX, or NumPy for debugging.
        chunk: runs computed together on a core; chosen by the size of the model when None.

    Returns:
        As `run`, with the leading dim `run`. A run's result does not depend on its neighbours.

    Raises:
        StudyError: parameters that do not fit, or delays that they make too short.
    """
    prepared = complete(program, prepare(program, parameters, batch=True))
    variant = variant_of(program, prepared, dtype)
    blocks = _numpy_blocks if Backend(backend) is Backend.NUMPY else _jax_blocks
    parts = list(blocks(program, variant, prepared, chunk or _chunk(program)))
    together = import_jax().tree.map(lambda *several: np.concatenate(several)[: prepared.runs], *parts)
    refuse_short(program, together.delays)
    result = dataset(Labels.of(program), described(variant, together), prepared.runs)
    for problem in not_finite_runs(result, program.model):
        warnings.warn(NotFiniteWarning(problem), stacklevel=2)
    return result


def _chunk(program: Program) -> int:
    return int(np.clip(_CELLS_IN_CACHE // max(program.compiled.largest, 1), 1, _MOST))


def _rows(prepared: Prepared, dtype: str, rows: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parameters of some runs; what holds for all runs has no run axis."""

    def pick(name: str, values: Any) -> Any:
        return np.asarray(values[rows] if name in prepared.batched else values, dtype=dtype)

    numbers = {name: pick(name, values) for name, values in prepared.numbers.items()}
    paths = {
        name: (np.asarray(times, dtype=dtype), pick(name, values)) for name, (times, values) in prepared.paths.items()
    }
    return numbers, paths


def _numpy_blocks(program: Program, variant: Variant, prepared: Prepared, chunk: int) -> Iterator[StepResult]:
    for row in range(prepared.runs):
        run = variant.simulate(np, numpy_scan, *_rows(prepared, variant.dtype, row))
        yield import_jax().tree.map(lambda value: np.asarray(value)[None], run)


def _jax_blocks(program: Program, variant: Variant, prepared: Prepared, chunk: int) -> Iterator[StepResult]:
    """Compute some runs after others; while those of one call are read, the next are computed."""
    size = chunk * len(import_jax().devices())
    turns = _turns(prepared.runs, size)
    compiled = _many(variant, prepared, chunk, turns)
    waiting: deque[StepResult] = deque()
    for first in range(0, prepared.runs, size * turns):
        rows = np.minimum(np.arange(first, first + size * turns), prepared.runs - 1).reshape(turns, size)
        waiting.append(compiled(*_rows(prepared, variant.dtype, rows)))
        if len(waiting) > 1:
            yield _read(waiting.popleft())
    yield _read(waiting.popleft())


def _turns(runs: int, size: int) -> int:
    """Return how many chunks a call computes: as many as leave the last call the fewest runs too many."""
    chunks = -(-runs // size)
    if chunks <= _MOST_TURNS:
        return chunks
    return min(range(_FEWEST_TURNS, _MOST_TURNS + 1), key=lambda turns: (-(-chunks // turns) * turns, -turns))


def _read(runs: StepResult) -> StepResult:
    """Wait for computed runs and bring them to the host; their first two axes become one."""
    result: StepResult = import_jax().tree.map(lambda value: np.asarray(value).reshape(-1, *value.shape[2:]), runs)
    return result


def _many(variant: Variant, prepared: Prepared, chunk: int, turns: int) -> Callable[..., Any]:
    """Compile `turns` chunks one after the other on every device; runs lie along the first two axes."""
    label = "many", prepared.batched, tuple(prepared.numbers), tuple(prepared.paths), chunk, turns
    code: Callable[..., Any] = variant.code.get(label, lambda: _compiled(variant, prepared, chunk))
    return code


def _compiled(variant: Variant, prepared: Prepared, chunk: int) -> Callable[..., Any]:
    """Compile: a run, `chunk` runs side by side, chunks one after the other, and a share of these on each device.

    Runs side by side (`vmap`) share what an operation costs to start, but only as many as keep the largest variable of
    all of them in the cache of a core. More runs follow in a loop inside the compiled code (`lax.map`), so that a call
    from outside brings several chunks; while the results of one call are read, the next is computed. A host device per
    core (`shard_map`) uses the cores. What holds for all runs is handed over without an axis of runs, so that it is
    neither copied nor computed for each of them. The loop over time is that of a single run (`stretches.carry`); what
    steps ask of what is computed once is computed in front of it, since the compiler does not move it there by itself.

    Measured on the study's people alone: 15.9 ms a run of 100 in single precision and 23.3 ms of 1,000 in double; for
    68 counties without cohorts 0.4 ms of 100 against 1.6 ms for a run by itself (docs/benchmarks.md).
    """
    jax = import_jax()
    number_axes = {name: 0 if name in prepared.batched else None for name in prepared.numbers}
    path_axes = {name: (None, 0 if name in prepared.batched else None) for name in prepared.paths}
    several = jax.vmap(_run(variant, prepared.batched), in_axes=(number_axes, path_axes), axis_size=chunk)
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("run",))
    spec = jax.sharding.PartitionSpec

    def place(axes: Any) -> Any:
        return jax.tree.map(lambda axis: spec(None, "run") if axis == 0 else spec(), axes,
                            is_leaf=lambda axis: axis is None)

    shared = jax.shard_map(_in_turn(several, prepared.batched), mesh=mesh,
                           in_specs=(place(number_axes), place(path_axes)),
                           out_specs=spec(None, "run"), check_vma=False)
    code: Callable[..., Any] = jax.jit(shared, compiler_options=compiler_options())
    return code


def _run(variant: Variant, batched: frozenset[str]) -> Callable[[Any, Any], StepResult]:
    """Return one run, from its parameters, for JAX to compile; what is not `batched` holds for all runs."""
    xp = import_jax().numpy

    def simulate(numbers: Any, paths: Any) -> StepResult:
        with np.errstate(all="ignore"):
            bundles = Bundles.of(paths, batched)
            once, start = variant.begin(xp, numbers, bundles)
            variant.ask(once)
            room = variant.empty(xp, variant.sampled[1])

            def step(memory: Any, number: Any) -> Moment:
                return variant.moment(xp, once, bundles, memory, number, start)

            _, saved = carry(variant, step, (variant.memory(start), room), 0, variant.rows)
            return StepResult(saved.outputs | variant.fixed(once), saved.delays)

    return simulate


def _in_turn(several: Callable[[Any, Any], Any], batched: frozenset[str]) -> Callable[[Any, Any], Any]:
    """Return what computes chunks of runs one after the other; what is not `batched` holds for all of them."""
    jax = import_jax()

    def in_turn(numbers: Any, paths: Any) -> Any:
        if not batched:
            return jax.tree.map(lambda value: value[None], several(numbers, paths))
        moving = {name: numbers[name] for name in numbers if name in batched}
        moving_paths = {name: paths[name][1] for name in paths if name in batched}

        def turn(rows: Any) -> Any:
            own = {name: (paths[name][0], values) for name, values in rows[1].items()}
            return several({**numbers, **rows[0]}, {**paths, **own})

        return jax.lax.map(turn, (moving, moving_paths))

    return in_turn


def pieces(
    program: Program, prepared: Prepared, steps: tuple[int, ...], *, dtype: str = "float64"
) -> Iterator[tuple[list[PlainRun], dict[str, Any]]]:
    """Run a program many times and yield the results a few runs at a time, so that memory does not grow with runs.

    Args:
        program: from `compile`.
        prepared: complete parameters; a fixed number of runs a call keeps one compiled program in use.
        steps: positions, rising, of the saved times to return.
        dtype: float64 or float32.

    Yields:
        Runs without labels, and by label the shortest delay of each in units of the shortest allowed.
    """
    variant = variant_of(program, prepared, dtype, steps)
    labels, done = Labels.of(program, variant.times), 0
    for runs in _jax_blocks(program, variant, prepared, _chunk(program)):
        count = min(prepared.runs - done, len(import_jax().tree.leaves(runs)[0]))
        done += count
        outputs = described(variant, runs)
        each = ({name: (data[run], *rest) for name, (data, *rest) in outputs.items()} for run in range(count))
        delays = {label: np.asarray(shortest)[:count] for label, shortest in runs.delays.items()}
        yield [plain(labels, run) for run in each], delays
