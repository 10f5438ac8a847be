"""Many runs of one program: in chunks that fit the cache, one host device per core."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.alike import Alike, alike
from xiancheng.engine.bundles import Bundles
from xiancheng.engine.compiling import Backend, compiler_options, import_jax, numpy_scan
from xiancheng.engine.doubts import NotFiniteWarning, not_finite_runs
from xiancheng.engine.integrate import described, refuse_short
from xiancheng.engine.labels import Labels, PlainRun, dataset, plain
from xiancheng.engine.program import Program
from xiancheng.engine.results import Prepared, prepare
from xiancheng.engine.stretches import carry_packed, kinds_of, unpacked
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
    blocks = (_on_host(variant, prepared) if Backend(backend) is Backend.NUMPY
              else _blocks(variant, prepared, chunk or _chunk(program)))
    together: StepResult = import_jax().tree.map(lambda *several: np.concatenate(several)[: prepared.runs], *blocks)
    refuse_short(program, together.delays)
    result = dataset(Labels.of(program), described(variant, together), prepared.runs)
    for problem in not_finite_runs(result, program.model):
        warnings.warn(NotFiniteWarning(problem), stacklevel=2)
    return result


def _chunk(program: Program) -> int:
    return int(np.clip(_CELLS_IN_CACHE // max(program.compiled.largest, 1), 1, _MOST))


def _rows(prepared: Prepared, dtype: Any, rows: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the parameters of some runs; what holds for all runs has no run axis."""

    def pick(name: str, values: Any) -> Any:
        return np.asarray(values[rows] if name in prepared.batched else values, dtype=dtype)

    numbers = {name: pick(name, values) for name, values in prepared.numbers.items()}
    paths = {
        name: (np.asarray(times, dtype=dtype), pick(name, values)) for name, (times, values) in prepared.paths.items()
    }
    return numbers, paths


def _arguments(prepared: Prepared, dtype: Any, rows: Any, same: Alike) -> tuple[dict[str, Any], Bundles, Alike]:
    """Return what the code takes for some runs, their axes in front of what differs between them."""
    numbers, paths = _rows(prepared, dtype, rows)
    return numbers, Bundles.of(np, paths, prepared.batched, np.ndim(rows)), same


def _differ(prepared: Prepared, now: tuple[dict[str, Any], Bundles, Alike]) -> list[bool]:
    """Return which of the numbers that the code takes, in a row, differ between runs."""
    tree, (numbers, bundles, same) = import_jax().tree, now
    apart = {group for name, (group, _) in bundles.seats.items() if name in prepared.batched}
    paths = [(False, number in apart) for number in range(len(bundles.groups))]
    leaves: list[bool] = tree.leaves(({name: name in prepared.batched for name in numbers}, paths))
    return leaves + [False] * len(tree.leaves(same))


def _on_host(variant: Variant, prepared: Prepared) -> Iterator[StepResult]:
    for row in range(prepared.runs):
        run = variant.simulate(np, numpy_scan, *_rows(prepared, variant.dtype, row))
        yield import_jax().tree.map(lambda value: np.asarray(value)[None], run)


def _blocks(variant: Variant, prepared: Prepared, chunk: int) -> Iterator[StepResult]:
    """Compute some runs after others; while those of one call are read, the next are computed."""
    size = chunk * len(import_jax().devices())
    turns = _turns(prepared.runs, size)
    same = _everywhere(alike(variant, prepared))
    waiting: deque[StepResult] = deque()
    for first in range(0, prepared.runs, size * turns):
        rows = np.minimum(np.arange(first, first + size * turns), prepared.runs - 1).reshape(turns, size)
        now = _arguments(prepared, variant.dtype, rows, same)
        code = _many(variant, prepared, chunk, turns, now)
        waiting.append(code(*import_jax().tree.leaves(now)))
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


def _room(variant: Variant) -> StepResult:
    """Return room for what a run saves."""
    room: StepResult = variant.code.get("room", lambda: variant.empty(np, variant.sampled[1]))
    return room


def _mesh() -> Any:
    """Return the devices of the host, one per core, between which runs are divided."""
    jax = import_jax()
    return jax.sharding.Mesh(np.array(jax.devices()), ("run",))


def _everywhere(same: Alike) -> Alike:
    """Bring what holds for all runs to every device, once for all calls."""
    jax = import_jax()
    placed: Alike = jax.device_put(same, jax.sharding.NamedSharding(_mesh(), jax.sharding.PartitionSpec()))
    return placed


def _many(variant: Variant, prepared: Prepared, chunk: int, turns: int, now: Any) -> Callable[..., Any]:
    """Compile `turns` chunks one after the other on every device; runs lie along the first two axes."""
    shape = import_jax().tree.structure(now)
    label = "many", prepared.batched, shape, chunk, turns

    def make() -> Callable[..., Any]:
        differ = _differ(prepared, now)
        return _compiled(_run(variant, shape, differ), differ, chunk)

    code: Callable[..., Any] = variant.code.get(label, make)
    return code


def _compiled(run: Callable[..., Any], differ: Sequence[bool], chunk: int) -> Callable[..., Any]:
    """Compile: a run, `chunk` runs side by side, chunks one after the other, and a share of these on each device.

    Runs side by side (`vmap`) share what an operation costs to start, but only as many as keep the largest variable of
    all of them in the cache of a core. More runs follow in a loop inside the compiled code (`lax.map`), so that a call
    from outside brings several chunks; while the results of one call are read, the next is computed. A host device per
    core (`shard_map`) uses the cores. What holds for all runs is handed over without an axis of runs, so that it is
    neither copied nor computed for each of them; what all of them begin with alike is not compiled at all (`alike`).
    The loop over time is that of a single run (`stretches.carry_packed`); what steps ask of what is computed once is
    computed in front of it, since the compiler does not move it there by itself.

    Measured on the study's people alone: 15.9 ms a run of 100 in single precision and 23.3 ms of 1,000 in double; for
    68 counties without cohorts 0.4 ms of 100 against 1.6 ms for a run by itself (docs/benchmarks.md).

    Args:
        run: computes a run from numbers in a row.
        differ: which of these differ between runs.
        chunk: runs side by side.
    """
    jax = import_jax()
    several = jax.vmap(run, in_axes=[0 if own else None for own in differ], axis_size=chunk)
    spec = jax.sharding.PartitionSpec
    divided = jax.shard_map(_in_turn(several, differ), mesh=_mesh(),
                            in_specs=tuple(spec(None, "run") if own else spec() for own in differ),
                            out_specs=spec(None, "run"), check_vma=False)
    code: Callable[..., Any] = jax.jit(divided, compiler_options=compiler_options())
    return code


def _run(variant: Variant, shape: Any, differ: Sequence[bool]) -> Callable[..., StepResult]:
    """Return one run, from the numbers and paths that it is told, in a row, for JAX to compile."""
    jax = import_jax()

    def simulate(*now: Any) -> StepResult:
        with np.errstate(all="ignore"):
            own = next((number for apart, number in zip(differ, now, strict=True) if apart), None)
            numbers, bundles, same = jax.tree.unflatten(shape, now)
            once, start = variant.begin(jax.numpy, numbers, bundles)
            same.into(once, start)
            variant.ask(once)

            def step(memory: Any, number: Any) -> Moment:
                return variant.moment(jax.numpy, once, bundles, memory, number, start)

            outputs, delays = _room(variant)
            kinds = kinds_of(outputs)
            packed = [_empty(jax.numpy, [outputs[name].data for name in names]) for names in kinds]
            begun = _of_each(own, (variant.memory(start), packed, delays))
            _, packed, delays = carry_packed(variant, step, begun, kinds, (0, variant.rows))
            return StepResult(unpacked(outputs, packed) | variant.fixed(once), delays)

    return simulate


def _of_each(own: Any, begun: Any) -> Any:
    """Let what a run begins with differ between runs, as what its steps make of it does.

    Else JAX traces the steps again and again until nothing more turns out to differ.

    Args:
        own: a number, or several, that differ; None where nothing does.
        begun: what a run begins with.
    """
    jax = import_jax()
    if own is None:
        return begun
    always = own.ravel()[0] == own.ravel()[0]
    return jax.tree.map(lambda value: jax.lax.select_n(always, *[jax.numpy.asarray(value)] * 2), begun)


def _in_turn(several: Callable[..., Any], differ: Sequence[bool]) -> Callable[..., Any]:
    """Return what computes chunks of runs one after the other, from numbers in a row, of which some differ."""
    jax = import_jax()

    def in_turn(*now: Any) -> Any:
        if not any(differ):
            return jax.tree.map(lambda value: value[None], several(*now))

        def turn(rows: Any) -> Any:
            own = iter(rows)
            return several(*[next(own) if apart else shared for apart, shared in zip(differ, now, strict=True)])

        return jax.lax.map(turn, [number for apart, number in zip(differ, now, strict=True) if apart])

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
    for runs in _blocks(variant, prepared, _chunk(program)):
        count = min(prepared.runs - done, len(import_jax().tree.leaves(runs)[0]))
        done += count
        outputs = described(variant, runs)
        each = ({name: (data[run], *rest) for name, (data, *rest) in outputs.items()} for run in range(count))
        delays = {label: np.asarray(shortest)[:count] for label, shortest in runs.delays.items()}
        yield [plain(labels, run) for run in each], delays


def _empty(xp: Any, rooms: Sequence[Any]) -> Any:
    """Return room (time, output, *dims) for outputs of one kind."""
    times, *shape = rooms[0].shape
    return xp.zeros((times, len(rooms), *shape), rooms[0].dtype)
