"""Parameters on their way into a run: checked, and brought to the shape of their variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.parameters import TimePath
from xiancheng.engine.program import Program, replaceable
from xiancheng.engine.read import Variable, no_variable
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Refused
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase, phrase_list


@dataclass(frozen=True)
class Prepared:
    """Parameters by variable key: values, and (times, values) of paths; which of them have a run axis in front."""

    numbers: Mapping[str, Any]
    paths: Mapping[str, tuple[Any, Any]]
    batched: frozenset[str]
    runs: int = 1

    def first(self, dtype: Any = np.float64) -> Prepared:
        """Return the parameters of the first run alone, in one precision."""

        def own(name: str, values: Any) -> Any:
            return np.asarray(values[0] if name in self.batched else values, dtype=dtype)

        return Prepared(
            {name: own(name, values) for name, values in self.numbers.items()},
            {name: (np.asarray(times, dtype=dtype), own(name, values)) for name, (times, values) in self.paths.items()},
            frozenset(),
        )


def prepare(program: Program, parameters: Mapping[str, Any], batch: bool = False) -> Prepared:
    """Check parameters and bring them to the shape of their variables.

    Raises:
        StudyError: unknown names, variables that cannot be replaced, wrong shapes, values that are no numbers.
    """
    problems: list[Problem] = []
    numbers: dict[str, Any] = {}
    paths: dict[str, tuple[Any, Any]] = {}
    lengths: dict[str, int] = {}
    for name, value in parameters.items():
        variable = program.model.variables.get(key(name))
        if variable is None:
            problems.append(no_variable(name, program.model, ""))
            continue
        problems += replaceable(program.compiled.plan, variable.key)
        try:
            _prepare_one(program, variable, value, batch, numbers, paths, lengths)
        except (ValueError, TypeError):
            problems.append(_refused(phrase("engine.parameter.no_numbers"), program, variable))
        except Refused as refused:
            problems.append(_refused(refused.problem.found, program, variable))
    if len(set(lengths.values())) > 1:
        problems.append(Problem.of("", "engine.parameter.runs",
                                   counts=phrase_list(map(str, sorted(set(lengths.values()))))))
    if problems:
        raise StudyError(problems)
    return Prepared(numbers, paths, frozenset(lengths), next(iter(lengths.values()), 1))


def _refused(reason: str, program: Program, variable: Variable) -> Problem:
    fault = "engine.parameter.array" if variable.dims else "engine.parameter.number"
    shape = str(program.compiled.shape(variable.key))
    return Problem.of("", fault, reason=reason, name=variable.name, dims=", ".join(variable.dims), shape=shape)


def _prepare_one(
    program: Program, variable: Variable, value: Any, batch: bool, numbers: dict[str, Any],
    paths: dict[str, tuple[Any, Any]], lengths: dict[str, int],
) -> None:
    shape, name = program.compiled.shape(variable.key), variable.key
    if isinstance(value, TimePath):
        paths[name] = (value.times, _fit(value.values, (len(value.times), *shape)))
        return
    if batch and isinstance(value, Sequence) and any(isinstance(item, TimePath) for item in value):
        times = np.unique(np.concatenate([item.times for item in value if isinstance(item, TimePath)]))
        rows = [[_at(item, time, shape) for time in times] for item in value]
        paths[name] = (times, np.array(rows, dtype=float))
        lengths[name] = len(value)
        return
    data = _plain(value, program, variable)
    if batch and data.ndim == len(shape) + 1:
        numbers[name] = _fit(data, (data.shape[0], *shape))
        lengths[name] = data.shape[0]
    else:
        numbers[name] = _fit(data, shape)


def _at(value: Any, time: float, shape: tuple[int, ...]) -> Any:
    return np.broadcast_to(value.at(time) if isinstance(value, TimePath) else np.asarray(value, dtype=float), shape)


def _plain(value: Any, program: Program, variable: Variable) -> Any:
    if not isinstance(value, xr.DataArray):
        return np.asarray(value, dtype=float)
    ranges = program.model.dimensions.ranges
    labels = {ranges[dim].name: list(ranges[dim].elements) for dim in variable.dims}
    for dim, names in labels.items():
        if dim in value.coords and list(value.coords[dim].values) != names:
            try:
                value = value.reindex({dim: names}).copy() if set(names) <= set(value.coords[dim].values) else None
            except TypeError:
                value = None
            if value is None:
                raise Refused("engine.parameter.labels", dim=dim)
    order = [dim for dim in labels if dim in value.dims]
    rest = [dim for dim in value.dims if dim not in labels]
    value = value.transpose(*rest, *order)
    shape = [value.sizes[dim] if dim in value.dims else 1 for dim in labels]
    return np.asarray(value.values, dtype=float).reshape([value.sizes[dim] for dim in rest] + shape)


def _fit(values: Any, shape: tuple[int, ...]) -> Any:
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all():
        raise Refused("engine.parameter.infinite")
    if values.shape == shape:
        return values.copy()
    missing = len(shape) - values.ndim
    if missing > 0 and values.ndim > 0 and values.shape[0] == shape[0] and values.ndim == 1:
        values = values.reshape(values.shape + (1,) * missing)
    try:
        return np.array(np.broadcast_to(values, shape))
    except ValueError:
        raise Refused("engine.parameter.shape", shape=str(values.shape), allowed=str(shape)) from None
