"""What a model reads from tables: constants, series in time and lookups, as arrays on the host."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine import blocks
from xiancheng.engine.blocks import Owner, Series
from xiancheng.engine.drafts import Component
from xiancheng.engine.layout import covered, region
from xiancheng.engine.read import Model, Variable
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import External, Missing, Points, Values
from xiancheng.engine.tables import Axis, inside
from xiancheng.errors import Problem, StudyError
from xiancheng.interpolate import linear


def _axes(subscripts: Sequence[str], model: Model) -> list[Axis]:
    ranges = model.dimensions.ranges
    return [Axis(ranges[name].name, ranges[name].elements) if name in ranges else Axis(name, (name,))
            for name in subscripts]


def constant(node: External | Values, piece: Piece, model: Model) -> Floats:
    """Return the numbers of a constant equation over the piece's tokens.

    Raises:
        StudyError: the cells are missing, no numbers, or labelled otherwise.
    """
    subscripts = piece.component.subscripts
    axes = _axes(subscripts, model)
    if isinstance(node, External):
        owner = Owner(model.variables[piece.variable].name, model.variables.keys())
        block = blocks.constants(inside(model.path.parent, node.file), node.tab, node.cell, axes, owner)
    else:
        block = node.values.reshape(tuple(len(axis.elements) for axis in axes))
    return _held(block, subscripts, piece, 0)


def _held(block: Floats, subscripts: Sequence[str], piece: Piece, leading: int) -> Floats:
    """Drop element axes, and take the held position of split ranges; `leading` axes stay."""
    place: list[Any] = [slice(None)] * leading
    for subscript in subscripts:
        place.append(slice(None) if subscript in piece.tokens else piece.bound.get(subscript, 0))
    return np.asarray(block[tuple(place)])


def series(node: External | Missing, piece: Piece, model: Model) -> Series:
    """Return a data equation's times and values (n, *tokens), gaps filled in the way the variable moves.

    Raises:
        StudyError: the cells are missing or no numbers.
    """
    component = piece.component
    points = blocks.filled(_read(node, component, model.variables[piece.variable], model), component.keyword)
    return Series(points.x, _held(points.values, component.subscripts, piece, 1), points.notes)


def _read(node: External | Missing, component: Component, variable: Variable, model: Model) -> Series:
    axes = _axes(component.subscripts, model)
    if isinstance(node, Missing):
        return _recorded(component, variable, model)
    owner = Owner(variable.name, model.variables.keys())
    return blocks.series(inside(model.path.parent, node.file), node.tab, node.series, node.cell, axes, owner)


def _recorded(component: Component, variable: Variable, model: Model) -> Series:
    """Return what files of data have for an equation's cells, over all their times."""
    series = model.data.series.get(variable.key, {})
    cells = list(product(*(model.dimensions.elements(subscript) for subscript in component.subscripts)))
    absent = [cell for cell in cells if cell not in series]
    notes = [Problem.of(model.file, "engine.data.cell", component.line,
                        name=f"{variable.name}[{', '.join(cell)}]" if cell else variable.name) for cell in absent]
    present = [cell for cell in cells if cell in series]
    if not present:
        raise StudyError(notes[:1])
    times = np.unique(np.concatenate([series[cell][0] for cell in present]))
    values = np.full((len(times), len(cells)), np.nan)
    for at, cell in enumerate(cells):
        if cell in series:
            values[np.searchsorted(times, series[cell][0]), at] = series[cell][1]
        else:
            values[:, at] = NOT_AVAILABLE
    sizes = [len(model.dimensions.elements(subscript)) for subscript in component.subscripts]
    notes += model.data.notes.get(variable.key, ())
    return Series(times, values.reshape((len(times), *sizes)), tuple(notes))


def lookup(variable: Variable, model: Model) -> Series:
    """Return a lookup's points over all its equations: x (n,), y (n, *dims); cells without an equation are nan.

    Raises:
        StudyError: the cells are missing or no numbers.
    """
    parts = [_points(component, variable, model) for component in variable.components]
    x = np.unique(np.concatenate([part.x for part in parts]))
    values = np.full((len(x), *(model.dimensions.ranges[dim].size for dim in variable.dims)), np.nan)
    for component, part in zip(variable.components, parts, strict=True):
        place = np.ix_(*region(component.subscripts, variable.dims, model.dimensions))
        block = tuple(positions.shape[axis] for axis, positions in enumerate(place))
        columns = part.values.reshape(len(part.x), -1)
        spread = linear(np, part.x, columns, x)
        full = np.broadcast_to(spread.reshape((len(x), *(block if columns.shape[1] > 1 else (1,) * len(block)))),
                               (len(x), *block))
        mask = covered(component, variable.dims, model.dimensions)[place]
        cells: Any = (slice(None), *place)
        values[cells] = np.where(mask, full, values[cells])
    return Series(x, values, tuple(note for part in parts for note in part.notes))


def _points(component: Component, variable: Variable, model: Model) -> Series:
    node = component.node
    if isinstance(node, External | Missing):
        return blocks.filled(_read(node, component, variable, model), None)
    if isinstance(node, Points):
        return Series(node.x, node.y)
    raise TypeError(f"no lookup: {component.equation}")
