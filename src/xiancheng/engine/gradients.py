"""Exact derivatives of what a run returns, by its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xiancheng.engine.compiling import compiler_options, import_jax, jax_scan
from xiancheng.engine.program import Program
from xiancheng.engine.results import prepare
from xiancheng.engine.source import key
from xiancheng.engine.variants import Variant, complete, variant_of

_FORWARD_MOST = 200


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
    names = [name for name in prepared.given if by is None and name in map(key, parameters)] if by is None else [
        key(name) for name in by]
    variant = variant_of(program, prepared, dtype)
    moving = {name: np.asarray(prepared.given[name], dtype=dtype) for name in names}
    fixed = {name: np.asarray(value, dtype=dtype) for name, value in prepared.given.items() if name not in names}
    paths = {name: tuple(np.asarray(one, dtype=dtype) for one in path) for name, path in prepared.paths.items()}
    found = _derivative(program, variant, of, moving)(moving, fixed, paths)
    spelled = {key(name): name for name in (by if by is not None else parameters)}
    return {spelled[name]: np.asarray(value) for name, value in found.items()}


def _derivative(program: Program, variant: Variant, of: Any, moving: Mapping[str, Any]) -> Callable[..., Any]:
    jax = import_jax()
    label = ("gradient", id(variant), of, tuple(sorted(moving)))
    if label in program.variants:
        return program.variants[label]  # type: ignore[no-any-return]
    take = (lambda outputs: outputs[program.model.variable(of).name]) if isinstance(of, str) else of

    def value(moving: Any, fixed: Any, paths: Any) -> Any:
        found = variant.simulate(jax.numpy, jax_scan, {**moving, **fixed}, paths)
        return take(_by_name(program, variant, found, jax.numpy))

    few = sum(array.size for array in moving.values()) <= _FORWARD_MOST
    derive = jax.jacfwd if few else jax.jacrev
    program.variants[label] = jax.jit(derive(value), compiler_options=compiler_options())
    return program.variants[label]  # type: ignore[no-any-return]


def _by_name(program: Program, variant: Variant, found: Mapping[str, Any], xp: Any) -> dict[str, Any]:
    from xiancheng.engine.arrays import Array, along

    outputs = {}
    count = len(program.grid.saved)
    for name in variant.outputs:
        moves = name in variant.moving()
        lead = ("\ttime",) if moves else ()
        dims = program.model.variables[name].dims
        data = along(xp, Array(found[name], (*lead, *variant.dims[name])), (*lead, *dims))
        shape = (count, *program.compiled.shape(name))
        outputs[program.model.variables[name].name] = xp.broadcast_to(data if moves else data[None], shape)
    return outputs
