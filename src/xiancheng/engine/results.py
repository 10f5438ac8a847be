"""Parameters on their way into a run, and results as labelled Datasets on their way out."""

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
    missing = len(shape) - values.ndim
    if missing > 0 and values.ndim > 0 and values.shape[0] == shape[0] and values.ndim == 1:
        values = values.reshape(values.shape + (1,) * missing)
    try:
        return np.array(np.broadcast_to(values, shape))
    except ValueError:
        raise Refused("engine.parameter.shape", shape=str(values.shape), allowed=str(shape)) from None


@dataclass(frozen=True)
class PlainRun:
    """A finished run without labels.

    Attributes:
        arrays: by key of the variable, its values and the keys of its dims: time first, then those of the variable.
        times: the times saved.
        elements: names of the elements by key of the dim.
    """

    arrays: Mapping[str, tuple[Any, tuple[str, ...]]]
    times: Any
    elements: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, data: xr.Dataset) -> PlainRun:
        """Return a labelled run, dims time, place, …, without its labels."""
        times = np.asarray(data["time"].values, dtype=float)
        arrays: dict[str, tuple[Any, tuple[str, ...]]] = {}
        for name, variable in data.variables.items():
            if name not in data.dims:
                dims = tuple(key(str(dim)) for dim in variable.dims)
                values = np.asarray(variable.values)
                arrays[key(str(name))] = (values, dims) if "time" in dims else (
                    np.broadcast_to(values, (len(times), *values.shape)), ("time", *dims))
        elements = {key(str(dim)): tuple(map(str, data[dim].values)) for dim in data.dims if dim != "time"}
        return cls(arrays, times, elements)


def plain(program: Program, outputs: Mapping[str, tuple[Any, tuple[str, ...], bool]], times: Any) -> PlainRun:
    """Return the results of one run without labels: `outputs` as of `dataset`, `times` those that they hold."""
    ranges = program.model.dimensions.ranges
    arrays, elements = {}, {}
    for name in program.outputs:
        dims = program.model.variables[name].dims
        arrays[name] = _whole(program, name, outputs[name], len(times), None), ("time", *dims)
        elements.update({dim: tuple(ranges[dim].elements) for dim in dims})
    return PlainRun(arrays, times, elements)


def dataset(
    program: Program, outputs: Mapping[str, tuple[Any, tuple[str, ...], bool]], runs: int | None, *, times: Any = None
) -> xr.Dataset:
    """Return results as a Dataset: `outputs` holds data, its dims after run and time, and whether it moves in time.

    `times` are those that `outputs` holds; all that the program saves when None.
    """
    ranges = program.model.dimensions.ranges
    saved = program.grid.saved if times is None else times
    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {"time": saved}
    for name in program.outputs:
        variable = program.model.variables[name]
        data = _whole(program, name, outputs[name], len(saved), runs)
        labels = [ranges[dim].name for dim in variable.dims]
        for dim in variable.dims:
            coordinates[ranges[dim].name] = list(ranges[dim].elements)
        names = ([] if runs is None else ["run"]) + ["time", *labels]
        attributes = {"units": variable.units, "description": variable.description}
        variables[variable.name] = (names, data, attributes)
    return xr.Dataset(variables, coordinates)


def _whole(
    program: Program, name: str, output: tuple[Any, tuple[str, ...], bool], times: int, runs: int | None
) -> Any:
    """Return an output over all its dims, runs and time in front."""
    data, dims, moving = output
    data = np.asarray(data)
    data = data.astype(np.float64) if data.dtype == bool else data
    front = 0 if runs is None else 1
    if not moving:
        data = np.expand_dims(data, front)
    data = _spread(data, dims, program.model.variables[name].dims, front + 1)
    return np.broadcast_to(data, (*(() if runs is None else (runs,)), times, *program.compiled.shape(name)))


def _spread(data: Any, dims: tuple[str, ...], names: tuple[str, ...], leading: int) -> Any:
    order = [dim for dim in names if dim in dims]
    data = data.transpose(*range(leading), *(leading + dims.index(dim) for dim in order))
    place: list[Any] = [slice(None)] * leading
    place += [slice(None) if dim in dims else np.newaxis for dim in names]
    return data[tuple(place)]
