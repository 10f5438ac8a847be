"""Programs run: Euler on an integer clock, one run at a time; NumPy for debugging, JAX for speed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.compiling import Backend, numpy_scan
from xiancheng.engine.doubts import (
    DoubtWarning,
    NotFiniteWarning,
    ShortDelayWarning,
    not_finite,
    not_finite_plain,
    short_delays,
)
from xiancheng.engine.finite import are_finite
from xiancheng.engine.labels import Labels, PlainRun, dataset, plain
from xiancheng.engine.methods import Method
from xiancheng.engine.program import Program
from xiancheng.engine.results import prepare
from xiancheng.engine.stretches import Stretches
from xiancheng.engine.variants import StepResult, Variant, complete, variant_of
from xiancheng.errors import StudyError


def run(
    program: Program, parameters: Mapping[str, Any] | None = None, *, dtype: str = "float64",
    backend: Backend | str = Backend.JAX, branch: float | None = None, steps: tuple[int, ...] | None = None,
    strict: bool = False,
) -> xr.Dataset:
    """Run a program once; what is to be doubted is told as a `NotFiniteWarning` or a `ShortDelayWarning`.

    Args:
        program: from `compile`.
        parameters: values by variable name: number, array or DataArray over the variable's dims, or TimePath.
        dtype: float64, or float32 for sweeps.
        backend: JAX, or NumPy for debugging.
        branch: time until which many runs are told the same: what they do before it is computed for the first and kept
            for the others, which changes no result.
        steps: positions, rising, of the saved times to return; all when None.
        strict: refuse results that are infinite or no number, and delays that are too short for their steps.

    Returns:
        Every output by its Vensim name, dims `time` and the ranges' names, attrs `units` and `description`.

    Raises:
        StudyError: parameters that do not fit or, if strict, what would only be told.
    """
    variant, outputs, delays = _outputs(program, parameters or {}, dtype, Backend(backend), branch, steps)
    result = dataset(_labels(program, variant), outputs, None)
    doubts: list[DoubtWarning] = [ShortDelayWarning(problem) for problem in short_delays(program.model, delays)]
    if not are_finite(data for data, _, _ in outputs.values()):
        doubts += [NotFiniteWarning(problem) for problem in not_finite(result, program.model)]
    if doubts and strict:
        raise StudyError([doubt.problem for doubt in doubts])
    for doubt in doubts:
        warnings.warn(doubt, stacklevel=2)
    return result


def run_plain(
    program: Program, parameters: Mapping[str, Any], *, branch: float | None = None,
    steps: tuple[int, ...] | None = None,
) -> PlainRun:
    """Run a program once and return what `run` returns, without labels, which take longer to make than to read.

    Results that are no finite numbers are told as a `NotFiniteWarning`.

    Args:
        program: from `compile`.
        parameters: as of `run`.
        branch: as of `run`.
        steps: as of `run`.

    Raises:
        StudyError: parameters that do not fit, or delays that they make too short.
    """
    variant, outputs, delays = _outputs(program, parameters, "float64", Backend.JAX, branch, steps)
    refuse_short(program, delays)
    result = plain(_labels(program, variant), outputs)
    for problem in not_finite_plain(result, program.model):
        warnings.warn(NotFiniteWarning(problem), stacklevel=2)
    return result


def _outputs(
    program: Program, parameters: Mapping[str, Any], dtype: str, backend: Backend, branch: float | None,
    steps: tuple[int, ...] | None,
) -> tuple[Variant, dict[str, tuple[Any, tuple[str, ...], bool]], Mapping[str, Any]]:
    variant, numbers, paths = inputs(program, parameters, dtype, steps)
    if backend is Backend.NUMPY:
        result = variant.simulate(np, numpy_scan, numbers, paths)
    else:
        result = stretches(variant).run(numbers, paths, _row(program, branch))
    return variant, described(variant, result), result.delays


def _labels(program: Program, variant: Variant) -> Labels:
    """Return the labels of what a variant returns; made once."""
    made: Labels = variant.code.get("labels", lambda: Labels.of(program, variant.times))
    return made


def inputs(
    program: Program, parameters: Mapping[str, Any], dtype: str, steps: tuple[int, ...] | None
) -> tuple[Variant, dict[str, Any], dict[str, tuple[Any, ...]]]:
    """Return the way to run a program that parameters ask for, and what it is told: numbers and paths by key."""
    prepared = complete(program, prepare(program, parameters))
    variant = variant_of(program, prepared, dtype, steps)
    numbers = {name: np.asarray(value, dtype=dtype) for name, value in prepared.numbers.items()}
    paths = {name: tuple(np.asarray(part, dtype=dtype) for part in path) for name, path in prepared.paths.items()}
    return variant, numbers, paths


def stretches(variant: Variant) -> Stretches:
    """Return what runs a variant in stretches; made once."""
    made: Stretches = variant.code.get("stretches", lambda: Stretches(variant))
    return made


def _row(program: Program, branch: float | None) -> int:
    """Return the number of the last saved time before which no step asks for anything after `branch`."""
    if branch is None:
        return 0
    grid = program.grid
    steps = int(np.floor((branch + 1e-9 - float(grid.start)) / float(grid.step))) + 1
    told = steps if grid.method is Method.EULER else steps - 1  # other methods look ahead, to the end of a step
    return min(max(told // grid.every, 0), len(grid.saved) - 1)


def described(variant: Variant, run: StepResult) -> dict[str, tuple[Any, tuple[str, ...], bool]]:
    """Return outputs with their dims and whether they move in time."""
    moving, arrays = variant.moving(), run.outputs
    return {name: (np.asarray(arrays[name].data), arrays[name].dims, name in moving) for name in variant.outputs}


def refuse_short(program: Program, delays: Mapping[str, Any]) -> None:
    """Refuse results in which a delay was shorter than its stages can follow.

    Args:
        program: the program.
        delays: by label, in units of the shortest allowed.
    """
    problems = short_delays(program.model, delays)
    if problems:
        raise StudyError(problems)
