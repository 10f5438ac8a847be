"""Results on their way out of a run: with the names, units and elements of the model, or without."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from xiancheng.engine.source import key

if TYPE_CHECKING:
    from xiancheng.engine.program import Program

Outputs = Mapping[str, tuple[Any, tuple[str, ...], bool]]
"""By key of the variable: data, its dims after run and time, and whether it moves in time."""


@dataclass(frozen=True)
class Label:
    """A variable of a result: its key, its name, its words in the model and the keys of its ranges."""

    key: str
    name: str
    units: str
    description: str
    dims: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """What the results of a program are labelled with, without the program.

    Attributes:
        variables: the outputs, in order.
        ranges: by key of a range that they have, its name and its elements.
        times: the times of the results.
    """

    variables: tuple[Label, ...]
    ranges: Mapping[str, tuple[str, tuple[str, ...]]]
    times: Any

    @classmethod
    def of(cls, program: Program, times: Any = None) -> Labels:
        """Return the labels of a program; all times that it saves when None are given."""
        variables = [program.model.variables[name] for name in program.outputs]
        own = {dim: program.model.dimensions.ranges[dim] for variable in variables for dim in variable.dims}
        return cls(
            tuple(Label(item.key, item.name, item.units, item.description, item.dims) for item in variables),
            {dim: (range_.name, tuple(range_.elements)) for dim, range_ in own.items()},
            program.grid.saved if times is None else times,
        )

    def shape(self, variable: Label) -> tuple[int, ...]:
        """Return the size of a variable along its dims."""
        return tuple(len(self.ranges[dim][1]) for dim in variable.dims)

    @cached_property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The size of each variable along time and its dims, by key."""
        return {variable.key: (len(self.times), *self.shape(variable)) for variable in self.variables}

    @cached_property
    def blank(self) -> xr.Dataset:
        """The coordinates of one run: to look at them anew in every run takes more than a small run itself."""
        coordinates = {name: list(elements) for name, elements in self.ranges.values()}
        return xr.Dataset(coords={"time": self.times, **coordinates})

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept in a file: the fields, without what follows from them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


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


def plain(labels: Labels, outputs: Outputs, names: Collection[str] | None = None) -> PlainRun:
    """Return the results of one run without labels; those of some variables by key, of all when None."""
    arrays = {
        variable.key: (_whole(labels, variable, outputs[variable.key], None), ("time", *variable.dims))
        for variable in labels.variables if names is None or variable.key in names
    }
    return PlainRun(arrays, labels.times, {dim: elements for dim, (_, elements) in labels.ranges.items()})


def dataset(labels: Labels, outputs: Outputs, runs: int | None) -> xr.Dataset:
    """Return results as a Dataset, of so many runs; without a dim of runs when None."""
    front = ("time",) if runs is None else ("run", "time")
    variables: dict[Hashable, xr.Variable] = {variable.name: xr.Variable(
        (*front, *(labels.ranges[dim][0] for dim in variable.dims)),
        _whole(labels, variable, outputs[variable.key], runs),
        {"units": variable.units, "description": variable.description}, fastpath=True) for variable in labels.variables}
    coordinates = {name: variable.copy(deep=False) for name, variable in labels.blank.variables.items()}
    if runs is not None:
        return xr.Dataset(variables, coordinates)
    return labels.blank._replace(variables={**variables, **coordinates})


def _whole(labels: Labels, variable: Label, output: tuple[Any, tuple[str, ...], bool], runs: int | None) -> Any:
    """Return an output over all its dims, runs and time in front, for reading alone."""
    data, dims, moving = output
    data = np.asarray(data)
    data = data.astype(np.float64) if data.dtype == bool else data
    shape = labels.shapes[variable.key]
    if runs is None and dims == variable.dims:
        return data if data.shape == shape and not data.flags.writeable else np.broadcast_to(data, shape)
    front = 0 if runs is None else 1
    if not moving:
        data = np.expand_dims(data, front)
    data = _spread(data, dims, variable.dims, front + 1)
    return np.broadcast_to(data, shape if runs is None else (runs, *shape))


def _spread(data: Any, dims: tuple[str, ...], names: tuple[str, ...], leading: int) -> Any:
    order = [dim for dim in names if dim in dims]
    data = data.transpose(*range(leading), *(leading + dims.index(dim) for dim in order))
    place: list[Any] = [slice(None)] * leading
    place += [slice(None) if dim in dims else np.newaxis for dim in names]
    return data[tuple(place)]
