"""Results to be doubted: those that are no numbers, and delays that were too short for their steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.engine.depends import everything
from xiancheng.engine.graph import variable_graph
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.read import Model
from xiancheng.engine.source import key
from xiancheng.errors import Problem


class DoubtWarning(UserWarning):
    """Results of a run should not be trusted as they are; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class NotFiniteWarning(DoubtWarning):
    """A run has results that are infinite or no number."""


class ShortDelayWarning(DoubtWarning):
    """A delay fell below what its stages can follow in steps of the clock."""


def short_delays(model: Model, delays: Mapping[str, Any]) -> list[Problem]:
    """Return the variables in which a delay was shorter than its stages can follow.

    Args:
        model: what was run.
        delays: by label, in units of the shortest allowed.
    """
    problems = []
    for label, ratio in delays.items():
        least = float(np.asarray(ratio).min())
        if least < 1 - 1e-6:
            variable = model.variables[label.split("#")[0]]
            problems.append(Problem.of(model.file, "engine.delay.falls", variable.line, name=variable.name,
                                       ratio=f"{least:.3g}"))
    return problems


def not_finite(result: xr.Dataset, model: Model) -> list[Problem]:
    """Return the variables in which infinity or no number comes up first, each with time, element and value.

    Those that only take it over from another one in the result, at the same time, are counted and not named.

    Args:
        result: of `run`, dims time and the ranges of the variables.
        model: what was run.
    """
    firsts = {key(str(name)): first for name in result.data_vars
              if (first := _first(result, str(name), model.holes.get(key(str(name))))) is not None}
    if not firsts:
        return []
    earliest = min(time for time, _, _ in firsts.values())
    graph = variable_graph(model, everything)
    together = [name for name, (time, _, _) in firsts.items() if time == earliest]
    sources = [name for name in together if not (set(graph.get(name, ())) - {name}) & set(together)]
    return [_problem(name, firsts[name], len(firsts) - 1, model) for name in sources or together[:1]]


def not_finite_runs(result: xr.Dataset, model: Model) -> list[Problem]:
    """Return how many runs have such results, and the same of the first of them.

    Args:
        result: of `batch`, dims run, time and the ranges of the variables.
        model: what was run.
    """
    wrong = np.zeros(result.sizes["run"], dtype=bool)
    for name, array in result.data_vars.items():
        cells = model.holes.get(key(str(name)))
        values = array.transpose("run", "time", ...).values
        bad = ~np.isfinite(values) if cells is None else ~np.isfinite(values) & cells
        wrong |= bad.reshape(len(wrong), -1).any(axis=1)
    if not wrong.any():
        return []
    first = int(np.argmax(wrong))
    runs = Problem.of(model.file, "engine.finite.runs", run=first, others=int(wrong.sum()) - 1)
    return [runs, *not_finite(result.isel(run=first), model)]


def not_finite_plain(run: PlainRun, model: Model) -> list[Problem]:
    """Return the same of a run without labels; where all sums are finite, nothing is looked at twice."""
    with np.errstate(all="ignore"):
        doubtful = [name for name, (values, _) in run.arrays.items() if not np.isfinite(np.sum(values))]
    if not doubtful:
        return []
    dims = {dim for name in doubtful for dim in run.arrays[name][1] if dim != "time"}
    coordinates = {"time": run.times, **{dim: list(run.elements[dim]) for dim in dims}}
    arrays = {model.variables[name].name: (run.arrays[name][1], run.arrays[name][0]) for name in doubtful}
    return not_finite(xr.Dataset(arrays, coordinates), model)


def _problem(name: str, first: tuple[float, tuple[str, ...], float], others: int, model: Model) -> Problem:
    time, elements, value = first
    variable = model.variables.get(name)
    cell = f"[{', '.join(elements)}]" if elements else ""
    fault = "engine.finite.infinite" if math.isinf(value) else "engine.finite.none"
    written, row = (variable.name, variable.line) if variable else (name, None)
    return Problem.of(model.file, fault, row, name=f"{written}{cell}", time=f"{time:g}", others=others)


def _first(result: xr.Dataset, name: str, cells: Any) -> tuple[float, tuple[str, ...], float] | None:
    """Return time, elements and value of the first that is not finite, among the cells that have an equation."""
    array = result.variables[name]  # with labels each would look through all others
    wrong = ~np.isfinite(array.values)
    if cells is not None:
        wrong &= np.expand_dims(cells, array.dims.index("time"))
    if not wrong.any():
        return None
    axis = array.dims.index("time")
    place = np.argwhere(np.moveaxis(wrong, axis, 0))[0]
    rest = [str(dim) for dim in array.dims if dim != "time"]
    elements = tuple(str(result[dim].values[at]) for dim, at in zip(rest, place[1:], strict=True))
    value = float(np.moveaxis(array.values, axis, 0)[tuple(place)])
    return float(result["time"].values[place[0]]), elements, value
