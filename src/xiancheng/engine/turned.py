"""One step of a run turned around, in a loop from the last step to the first: what JAX compiles for slopes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.compiling import compiler_options, import_jax, off_rest, smooth
from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.functions import Clock
from xiancheng.engine.graph import STEP
from xiancheng.engine.integrate import inputs, stretches
from xiancheng.engine.methods import Method
from xiancheng.engine.once import Once
from xiancheng.engine.pending import value_of
from xiancheng.engine.program import Program
from xiancheng.engine.variants import Moment, Variant
from xiancheng.errors import Problem, StudyError
from xiancheng.interpolate import linear


def lowered(program: Program, parameters: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Return what the compiler takes for slopes by paths, and numbers to try the code with.

    The code goes from what is computed once, what is remembered at every saved time, the paths at every step, the
    weights of what moves at every saved time and of what is remembered in the end, all in a row, to the slopes by the
    paths at every step. Slopes by what is computed once are left to `lowered_whole`: they are a third of the work.

    Raises:
        StudyError: the equations are not integrated by Euler's rule.
    """
    return _lowered(program, parameters, _back)


def lowered_whole(program: Program, parameters: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Return the same for slopes by what is remembered at the start and by what is computed once.

    Raises:
        StudyError: the equations are not integrated by Euler's rule.
    """
    return _lowered(program, parameters, _back_whole)


def _lowered(program: Program, parameters: Mapping[str, Any], back: Callable[..., list[Any]]) -> tuple[Any, list[Any]]:
    if program.grid.method is not Method.EULER:
        raise StudyError(Problem.of(program.model.file, "engine.slopes.method", method=str(program.grid.method)))
    jax = import_jax()
    variant, numbers, paths = inputs(program, parameters, "float64", None)
    begun = stretches(variant).begun(numbers, paths)
    rows, every = variant.rows, variant.grid.every
    moments = variant.grid.start + np.arange(rows * every) * variant.grid.step
    values = {name: np.reshape(linear(np, path[0], path[1], moments), (rows, every, *path[1].shape[1:]))
              for name, path in paths.items()}
    memories = jax.tree.map(lambda value: np.repeat(number(value)[None], rows, axis=0), begun.memory)
    outputs = {name: np.zeros((rows, *np.shape(array.data)[1:])) for name, array in begun.saved.outputs.items()}
    later = jax.tree.map(lambda value: np.zeros_like(number(value)), begun.memory)
    sample, shape = jax.tree.flatten((jax.tree.map(number, begun.once), memories, values, outputs, later))
    kinds = jax.tree.map(lambda value: np.asarray(value).dtype, (begun.memory, begun.once))
    function = functools.partial(back, variant, shape, kinds)
    return jax.jit(function, compiler_options=compiler_options()).lower(*sample), sample


def _back(variant: Variant, shape: Any, kinds: Any, *numbers: Any) -> list[Any]:
    jax = import_jax()
    once, memories, values, outputs, later = jax.tree.unflatten(shape, numbers)

    def body(after: Any, row: Any) -> tuple[Any, Any]:
        position, memory, own, weights = row

        def step(memory: Any, own: Any) -> Any:
            return _step(variant, kinds, position, memory, once, own)

        _, turn = jax.vjp(step, memory, own)
        return turn((weights, after))  # type: ignore[no-any-return]

    rows = jax.numpy.arange(variant.rows), memories, values, outputs
    leaves: list[Any] = jax.tree.leaves(jax.lax.scan(body, later, rows, reverse=True)[1])
    return leaves


def _back_whole(variant: Variant, shape: Any, kinds: Any, *numbers: Any) -> list[Any]:
    jax = import_jax()
    once, memories, values, outputs, later = jax.tree.unflatten(shape, numbers)
    nothing = jax.tree.map(lambda value: jax.numpy.zeros(np.shape(value), value.dtype), once)

    def body(carried: Any, row: Any) -> tuple[Any, Any]:
        after, total = carried
        position, memory, own, weights = row

        def step(memory: Any, once: Any) -> Any:
            return _step(variant, kinds, position, memory, once, own)

        _, turn = jax.vjp(step, memory, once)
        before, fixed = turn((weights, after))
        return (before, jax.tree.map(jax.numpy.add, total, fixed)), None

    rows = jax.numpy.arange(variant.rows), memories, values, outputs
    leaves: list[Any] = jax.tree.leaves(jax.lax.scan(body, (later, nothing), rows, reverse=True)[0])
    return leaves


def lowered_beginning(program: Program, parameters: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Return what the compiler takes to turn the beginning of a run around, and numbers to try the code with.

    The code goes from the numbers and paths that a run is told, and the slopes by what is computed once, by what is
    remembered at the start and by the outputs that do not move, to the slopes by the numbers, in the order of their
    keys.
    """
    jax = import_jax()
    variant, numbers, paths = inputs(program, parameters, "float64", None)
    begun = stretches(variant).begun(numbers, paths)
    labels = tuple(begun.once.values)
    points = jax.tree.map(number, (begun.once, begun.memory, begun.fixed))
    sample, shape = jax.tree.flatten((numbers, paths, points))

    def back(*arguments: Any) -> list[Any]:
        numbers, paths, slopes = jax.tree.unflatten(shape, arguments)

        def start(numbers: Any) -> list[Any]:
            with np.errstate(all="ignore"):
                once, first = variant.begin(smooth(), numbers, paths)
                values = Once(variant.host, {label: value_of(variant.sampled[0][label](once)) for label in labels})
                leaves = jax.tree.leaves((values, variant.memory(first), variant.fixed(once)))
            return [jax.numpy.asarray(leaf).astype(variant.dtype) for leaf in leaves]

        made, turn = jax.vjp(start, numbers)
        flat = [jax.numpy.reshape(slope, array.shape)
                for slope, array in zip(jax.tree.leaves(slopes), made, strict=True)]
        leaves: list[Any] = jax.tree.leaves(turn(flat))
        return leaves

    return jax.jit(back, compiler_options=compiler_options()).lower(*sample), sample


def number(value: Any) -> Floats:
    """Return a value as numbers, 1 for true: slopes are by numbers."""
    return np.asarray(value, dtype=float)


def _step(
    variant: Variant, kinds: Any, row: Any, memory: Any, once: Once, values: Mapping[str, Any]
) -> tuple[Any, Any]:
    """Return what a saved time saves that moves, and what is remembered at the next one, as numbers."""
    jax, every = import_jax(), variant.grid.every
    memory, once = jax.tree.map(lambda value, kind: value != 0 if kind.kind == "b" else value, (memory, once), kinds)
    now = _moment(variant, row * every, memory, once, {name: path[0] for name, path in values.items()})
    saved = {name: array.data for name, array in now.saved().outputs.items()}
    memory = now.advanced()
    if every > 1:
        def body(memory: Any, step: Any) -> tuple[Any, Any]:
            return _moment(variant, row * every + step[0], memory, once, step[1]).advanced(), 0

        rest = {name: path[1:] for name, path in values.items()}
        memory, _ = jax.lax.scan(body, memory, (jax.numpy.arange(1, every), rest))
    return jax.tree.map(lambda value: value.astype(variant.dtype), (saved, memory))  # type: ignore[no-any-return]


def _moment(variant: Variant, step: Any, memory: Any, once: Once, values: Mapping[str, Any]) -> Moment:
    grid = variant.grid
    clock = Clock(variant.dtype(grid.start) + step * variant.dtype(grid.step), float(grid.step))
    evaluation = Evaluation(variant.compiled, variant.stages, off_rest(), variant.dtype, STEP, once, values, {}, clock,
                            memory)
    return Moment(variant, evaluation, memory)


def summed(weights: Floats | None, shape: Sequence[int], dims: Sequence[str], home: Sequence[str]) -> Floats:
    """Return the weights of an output over the dims that its code has: summed over those it lacks, turned as they lie.

    Args:
        weights: (time, *home), none for an output without.
        shape: of what is returned (time, *dims).
        dims: in the order of the code.
        home: of the variable.
    """
    if weights is None:
        return np.zeros(shape)
    gone = tuple(axis for axis, dim in enumerate(home, start=1) if dim not in dims)
    left = [dim for dim in home if dim in dims]
    total = np.sum(weights, axis=gone) if gone else np.asarray(weights)
    return np.ascontiguousarray(total.transpose(0, *(1 + left.index(dim) for dim in dims)))
