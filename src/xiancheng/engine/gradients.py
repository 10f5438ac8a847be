"""Exact derivatives of what a run returns, by its parameters."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xiancheng.engine.arrays import Array, along
from xiancheng.engine.compiling import compiler_options, import_jax, jax_scan, jax_scan_again, smooth
from xiancheng.engine.program import Program
from xiancheng.engine.results import prepare
from xiancheng.engine.source import key
from xiancheng.engine.variants import Variant, complete, variant_of

_BACKWARD = 4
"""Derivatives of one number by all parameters at once take about as long as those of everything by four of them."""


def gradient(
    program: Program, of: Callable[[Mapping[str, Any]], Any] | str, parameters: Mapping[str, Any], *,
    by: Sequence[str] | None = None, dtype: str = "float64",
) -> dict[str, Any]:
    """Return the derivative of something computed from the outputs by parameters.

    Args:
        program: from `compile`, with `by` among its inputs.
        of: from the outputs, arrays (time, *dims) by Vensim name, to a number or array; or one output's name.
            Use one function again and again: each new one is compiled anew.
        parameters: the point, as for `run`.
        by: names of the parameters to derive by, numbers or arrays; all but paths when None.
        dtype: float64 or float32.

    Returns:
        An array for each name of `by`: the shape of `of`'s value, then the shape of the variable.
        Times given to STEP, PULSE and the like, INTEGER and comparisons have a derivative of 0.

    Raises:
        StudyError: parameters that do not fit.
    """
    prepared = complete(program, prepare(program, parameters))
    names = [name for name in prepared.numbers if by is None and name in map(key, parameters)] if by is None else [
        key(name) for name in by]
    variant = variant_of(program, prepared, dtype)
    moving = {name: np.asarray(prepared.numbers[name], dtype=dtype) for name in names}
    fixed = {name: np.asarray(value, dtype=dtype) for name, value in prepared.numbers.items() if name not in names}
    paths = {name: tuple(np.asarray(part, dtype=dtype) for part in path) for name, path in prepared.paths.items()}
    derivatives = _derivative(program, variant, of, moving, (fixed, paths))(moving, fixed, paths)
    spelled = {key(name): name for name in (by if by is not None else parameters)}
    return {spelled[name]: np.asarray(value) for name, value in derivatives.items()}


def _derivative(
    program: Program, variant: Variant, of: Any, moving: Mapping[str, Any], rest: tuple[Any, ...]
) -> Callable[..., Any]:
    """Return the compiled derivative, forward or backward, whichever takes less; made once."""
    code: Callable[..., Any] = variant.code.get(
        ("gradient", of, tuple(sorted(moving))), lambda: _compiled(program, variant, of, moving, rest))
    return code


def _compiled(
    program: Program, variant: Variant, of: Any, moving: Mapping[str, Any], rest: tuple[Any, ...]
) -> Callable[..., Any]:
    jax = import_jax()
    take = (lambda outputs: outputs[program.model.variable(of).name]) if isinstance(of, str) else of

    def value(scan: Callable[..., Any], moving: Any, fixed: Any, paths: Any) -> Any:
        xp = jax.numpy if scan is jax_scan else smooth()
        run = variant.simulate(xp, scan, {**moving, **fixed}, paths)
        return take(_by_name(program, variant, run.outputs, jax.numpy))

    point = dict(moving), *rest
    made = jax.tree.leaves(jax.eval_shape(functools.partial(value, jax_scan), *point))
    forward = sum(array.size for array in moving.values()) <= _BACKWARD * sum(array.size for array in made)
    derive, scan = (jax.jacfwd, jax_scan) if forward else (jax.jacrev, jax_scan_again)
    compiled: Callable[..., Any] = jax.jit(derive(functools.partial(value, scan)), compiler_options=compiler_options())
    return compiled


def _by_name(program: Program, variant: Variant, arrays: Mapping[str, Array], xp: Any) -> dict[str, Any]:
    outputs = {}
    count = len(program.grid.saved)
    for name in variant.outputs:
        moves = name in variant.moving()
        lead = ("\ttime",) if moves else ()
        dims = program.model.variables[name].dims
        data = along(xp, Array(arrays[name].data, (*lead, *arrays[name].dims)), (*lead, *dims))
        shape = (count, *program.compiled.shape(name))
        outputs[program.model.variables[name].name] = xp.broadcast_to(data if moves else data[None], shape)
    return outputs
