"""`xiancheng.batch`: a table of points in, a Dataset of indicators out; any optimiser or learner drives a study.

The equations are compiled once for all indicators of a study (and once more for each set of constants among the
columns); the code stays on disk. A few points run one after the other by the code of `run`; many run side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.engine import integrate
from xiancheng.engine.batches import pieces
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.results import Prepared, prepare
from xiancheng.engine.source import key
from xiancheng.engine.variants import complete
from xiancheng.errors import Problem, StudyError
from xiancheng.interpolate import linear
from xiancheng.model import build as builder
from xiancheng.model.build import BuiltRun
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, journey, spots
from xiancheng.outputs import result as results
from xiancheng.outputs.moments import steps_around
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot
from xiancheng.scenarios import former
from xiancheng.study import Study, study_of
from xiancheng.sweeps import gradient as slopes_of
from xiancheng.sweeps.columns import ColumnPaths, columns
from xiancheng.sweeps.factors import CONSTANT
from xiancheng.texts import phrase

if TYPE_CHECKING:
    from xiancheng.engine.program import Program

POINT, COLUMN, OUTPUT = "point", "column", "output"
SLOPE = "slope"
_FEW = 4
"""Points up to which runs one after the other are ready sooner than code for many side by side."""
_BLOCK = 16
"""Runs of a call: always as many, so that one code serves every number of points."""


@dataclass(frozen=True, eq=False)
class PointTable:
    """Points, checked.

    Attributes:
        names: of the columns, as written.
        values: (point, column).
    """

    names: tuple[str, ...]
    values: Floats


def table(points: Any) -> PointTable:
    """Return a table of points from a DataFrame, a Dataset or a dictionary of arrays or numbers.

    Raises:
        StudyError: columns of several lengths, none at all, or what is no number, by column and row.
    """
    names = tuple(str(name) for name in points)
    arrays, problems = [], list[Problem]()
    for name, column in zip(names, points, strict=True):
        try:
            arrays.append(np.atleast_1d(np.asarray(points[column], dtype=float)))
        except (TypeError, ValueError):
            problems.append(Problem("", phrase("points.no_numbers", name=name), phrase("points.numbers")))
    lengths = sorted({len(array) for array in arrays if array.ndim != 1 or len(array) != 1} or {1})
    if not names or len(lengths) > 1 or 0 in lengths or any(array.ndim != 1 for array in arrays):
        counts = ", ".join(map(str, lengths))
        problems.append(Problem("", phrase("points.lengths", counts=counts), phrase("points.lengths_allowed")))
    if problems:
        raise StudyError(problems)
    values = np.stack([np.broadcast_to(array, lengths) for array in arrays], axis=1)
    for name, column in zip(names, values.T, strict=True):
        if not np.isfinite(column).all():
            row = int(np.argmin(np.isfinite(column)))
            problems.append(Problem("", phrase("points.not_finite", name=name, row=row), phrase("points.numbers")))
    if problems:
        raise StudyError(problems)
    return PointTable(names, values)


def batch(
    points: Any, outputs: Sequence[str] | str | None = None, *, gradient: bool = False,
    scenario: str | Path | Scenario = "baseline", start: int | None = None, end: int | None = None,
    time_step: float | None = None, study: Study | str | Path | None = None,
) -> xr.Dataset:
    """Run a scenario once for each row of a table of levers, assumptions and constants; for optimisers and learners.

    Args:
        points: a pandas DataFrame or a dictionary of arrays or numbers, one row a run. Columns are a lever
            (`grant`, `grant:place`, `grant@2028`, `grant@2028:68`), an assumption likewise without places, or a
            constant by its id; values in its own unit, reached in the first year of settings where none is written.
            They replace what the scenario sets at these places.
        outputs: figures such as "residents@2035:68", or indicators for every year and area; the headline ones when
            None.
        gradient: return slopes too: of each figure by each column, exact, from one way back through the run.
        scenario: what the points change.
        start: year of the census the runs start from, the usual one when None.
        end: their last whole calendar year, likewise.
        time_step: of a year, as of `run`.
        study: the study or its folder; found as the command line finds it when None.

    Returns:
        A figure has the dim point, an indicator point, year and area; `slope` has point, output and column.

    Raises:
        StudyError: every problem of the columns, the values or the outputs.
    """
    rows = table(points)
    home = study_of(study)
    built = journey.prepare(home, scenario, start=start, end=end, time_step=time_step)
    paths = _paths(built, rows)
    chosen, listed = _outputs(built, outputs)
    if gradient and listed:
        sentence = phrase("points.slope_of", names=", ".join(listed))
        raise StudyError(Problem("", sentence, phrase("points.slope_allowed")))
    if gradient:
        return _with_slopes(paths, rows, chosen)
    reader = Reader.of(built)
    names = list(dict.fromkeys([*listed, *(spot.indicator for spot in chosen.values())]))
    everywhere = [reader.everywhere(run, names) for run in _runs(paths, rows)]
    variables: dict[str, Any] = {name: ((POINT, "year", "area"), np.stack([values[name] for values in everywhere]),
                                    _about(built.study, name)) for name in listed}
    for word, spot in chosen.items():
        at = reader.years.index(spot.year), spots.column(built, spot.area)
        figures = np.array([values[spot.indicator][at] for values in everywhere])
        variables[word] = ((POINT,), figures, _about(built.study, spot.indicator))
    labels = {"year": list(reader.years), "area": spots.areas(built)} if listed else {}
    return xr.Dataset(variables, {POINT: np.arange(len(rows.values)), **labels})


def _about(study: Study, name: str) -> dict[str, str]:
    return {"units": indicators.read(study)[name].unit}


def _paths(built: BuiltRun, rows: PointTable) -> ColumnPaths:
    """Return what the columns tell runs, every value held against the range of what it sets."""
    chosen, problems = columns(built, rows.names), list[Problem]()
    for column, values in zip(chosen, rows.values.T, strict=True):
        outside = (values < column.low) | (values > column.high)
        if outside.any():
            row = int(np.argmax(outside))
            sentence = phrase("points.outside", name=column.name, row=row, value=f"{values[row]:g}")
            span = phrase("points.range", low=f"{column.low:g}", high=f"{column.high:g}")
            problems.append(Problem("", sentence, span))
    if problems:
        raise StudyError(problems)
    constants = {column.variable: float(values[0]) for column, values in zip(chosen, rows.values.T, strict=True)
                 if column.kind == CONSTANT}
    return ColumnPaths(replace(built, parameters={**built.parameters, **constants}), tuple(chosen))


def _outputs(built: BuiltRun, outputs: Sequence[str] | str | None) -> tuple[dict[str, Spot], list[str]]:
    """Return figures by their words, and indicators that are returned everywhere; the headline ones when None."""
    table = indicators.read(built.study)
    if outputs is None:
        return {}, [name for name, indicator in table.items() if indicator.headline]
    words = [outputs] if isinstance(outputs, str) else list(map(str, outputs))
    listed = [key(word) for word in words if not {"@", ":"} & set(word)]
    unknown = [former.unknown(former.read(built.study), name, list(table)) for name in listed if name not in table]
    if unknown:
        raise StudyError(Problem("", sentence, phrase("indicator.allowed"), hint) for sentence, hint in unknown)
    written = [word for word in words if {"@", ":"} & set(word)]
    return dict(zip(written, spots.spots(built, written), strict=True)), listed


def _needed(built: BuiltRun) -> tuple[str, ...]:
    names, others = results.requested(built.study, None)
    return tuple(results.needed(built.study, names, others, ()))


def _program(built: BuiltRun) -> Program:
    return builder.program(built.study, built.text, _needed(built), tuple(built.parameters))


def _runs(paths: ColumnPaths, rows: PointTable) -> Iterator[PlainRun]:
    """Yield the run of each point."""
    built, program = paths.built, _program(paths.built)
    if len(rows.values) <= _FEW:
        for values in rows.values:
            yield integrate.run_plain(program, {**built.parameters, **paths.parameters(values)})
        return
    steps = steps_around(program.grid.saved, built.start, built.end)
    for first in range(0, len(rows.values), _BLOCK):
        chosen = np.minimum(np.arange(first, first + _BLOCK), len(rows.values) - 1)
        left = len(rows.values) - first
        for runs, delays in pieces(program, _prepared(program, paths, rows.values[chosen]), steps):
            for number, run in enumerate(runs[: max(left, 0)]):
                integrate.refuse_short(program, {label: shortest[number] for label, shortest in delays.items()})
                yield run
            left -= len(runs)


def _prepared(program: Program, paths: ColumnPaths, values: Floats) -> Prepared:
    """Return the parameters of several runs, their axis in front; paths at the saved times."""
    saved, built = program.grid.saved, paths.built
    rows = [paths.parameters(row) for row in values]
    shared = complete(program, prepare(program, built.parameters))
    batched: dict[str, Any] = {}
    for name, sample in rows[0].items():
        if isinstance(sample, TimePath):
            along = np.stack([linear(np, row[name].times, row[name].values, saved) for row in rows])
            batched[key(name)] = np.broadcast_to(along, (len(rows), len(saved), *program.compiled.shape(key(name))))
        else:
            batched[key(name)] = np.array([row[name] for row in rows])
    moving = {name: (saved, path) for name, path in batched.items() if name in shared.paths}
    numbers = {name: number for name, number in batched.items() if name not in moving}
    return Prepared({**shared.numbers, **numbers}, {**shared.paths, **moving}, frozenset(batched), len(rows))


def _with_slopes(paths: ColumnPaths, rows: PointTable, outputs: Mapping[str, Spot]) -> xr.Dataset:
    """Return figures and what each changes by for one more in each column (point, output, column)."""
    chosen = list(outputs.values())
    figures, slopes = [], []
    for values in rows.values:
        point = replace(paths.built, parameters={**paths.built.parameters, **paths.parameters(values)})
        run = slopes_of.run(point)
        figures.append(run.values(chosen))
        slopes.append([_slope(paths, values, run, chosen, number) for number in range(len(chosen))])
    columns_ = list(rows.names)
    arrays = np.array(figures).reshape(len(rows.values), len(chosen))
    variables: dict[str, Any] = {word: ((POINT,), arrays[:, number], _about(paths.built.study, spot.indicator))
                                 for number, (word, spot) in enumerate(outputs.items())}
    variables[SLOPE] = ((POINT, OUTPUT, COLUMN), np.array(slopes))
    return xr.Dataset(variables, {POINT: np.arange(len(rows.values)), OUTPUT: list(outputs), COLUMN: columns_})


def _slope(
    paths: ColumnPaths, values: Floats, run: slopes_of.GradientRun, chosen: Sequence[Spot], number: int
) -> list[float]:
    """Return what a figure changes by for one more in each column."""
    weights = np.eye(len(chosen))[number]
    slopes = run.slopes(chosen, weights)
    constants = [column.kind == CONSTANT for column in paths.columns]
    by_number = run.by_numbers(chosen, weights) if any(constants) else {}
    numbers = []
    for position, column in enumerate(paths.columns):
        if constants[position]:
            numbers.append(float(by_number[key(column.variable)]))
        else:
            along = slopes.paths[key(column.variable)]
            numbers.append(float(np.sum(along * paths.slope(position, values, slopes.times))))
    return numbers
