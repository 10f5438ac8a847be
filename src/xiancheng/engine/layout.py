"""Which cells of a variable each of its equations fills."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.dimensions import Dimensions
from xiancheng.errors import Problem
from xiancheng.texts import phrase_list

if TYPE_CHECKING:
    from xiancheng.engine.drafts import Component


_SHOWN = 5


def declared_dims(
    name: str, components: Sequence[Component], ranges: Dimensions, file: str
) -> tuple[tuple[str, ...], Dimensions, list[Problem]]:
    """Return the range of each dimension over all equations of a variable, and what is wrong on the left sides.

    A variable that has a range twice gets a copy of it, which the ranges returned hold.
    """
    problems = _unknown(name, components, ranges, file)
    counts = {len(component.subscripts) for component in components}
    if not problems and len(counts) > 1:
        problems.append(Problem.of(file, "engine.left.counts", components[-1].line, name=name,
                                   counts=phrase_list(map(str, sorted(counts)))))
    if problems:
        return (), ranges, problems
    dims: list[str] = []
    for position in range(counts.pop()):
        used = list(dict.fromkeys(component.subscripts[position] for component in components))
        dim, ranges = _one(used, dims, ranges)
        if dim is None:
            row = components[0].line
            problems.append(Problem.of(file, "engine.left.range", row, name=name, subscripts=phrase_list(used)))
            return (), ranges, problems
        dims.append(dim)
    return tuple(dims), ranges, problems


def _unknown(name: str, components: Sequence[Component], ranges: Dimensions, file: str) -> list[Problem]:
    problems: list[Problem] = []
    for component in components:
        for subscript in chain(component.subscripts, *component.excepts):
            if not ranges.is_range(subscript) and not ranges.is_element(subscript):
                problems.append(Problem.of(file, "engine.left.unknown", component.line, name=name, subscript=subscript))
        for subscript, count in sorted(Counter(component.subscripts).items()):
            if count > 1 and ranges.is_range(subscript):
                problems.append(Problem.of(file, "engine.left.twice", component.line, name=name, subscript=subscript))
        if any(len(group) != len(component.subscripts) for group in component.excepts):
            problems.append(Problem.of(file, "engine.left.except", component.line, name=name))
    return problems


def _one(used: Sequence[str], taken: Sequence[str], ranges: Dimensions) -> tuple[str | None, Dimensions]:
    elements = set().union(*(ranges.elements(subscript) for subscript in used))
    equal = [subscript for subscript in used if subscript not in taken
             and ranges.is_range(subscript) and set(ranges.elements(subscript)) == elements]
    if equal:
        return equal[0], ranges
    smallest = ranges.smallest(elements, taken)
    return (smallest, ranges) if smallest else ranges.with_second(elements, taken)


def region(subscripts: Sequence[str], dims: Sequence[str], ranges: Dimensions) -> tuple[NDArray[np.intp], ...]:
    """Return the positions along each dimension that left-hand subscripts cover; unknown elements are left out."""
    return tuple(
        np.array([ranges.ranges[dim].positions[element] for element in ranges.elements(subscript)
                  if element in ranges.ranges[dim].positions], dtype=np.intp)
        for subscript, dim in zip(subscripts, dims, strict=True)
    )


MOST_CELLS = 20_000_000
"""Numbers that one variable may have over its subscripts."""


def cell_count(dims: Sequence[str], ranges: Dimensions) -> int:
    """Return how many numbers a variable has over its dimensions."""
    return math.prod(ranges.ranges[dim].size for dim in dims)


def too_large(name: str, dims: Sequence[str], ranges: Dimensions, file: str, line: int) -> list[Problem]:
    """Return the problem of a variable with more numbers than one may have."""
    count = cell_count(dims, ranges)
    if count <= MOST_CELLS:
        return []
    return [Problem.of(file, "engine.cells", line, name=name, count=f"{count:,}", most=f"{MOST_CELLS:,}")]


def overlaps(
    name: str, components: Sequence[Component], dims: Sequence[str], ranges: Dimensions, file: str
) -> list[Problem]:
    """Return a finding for each equation that fills a cell which an earlier one fills."""
    if large := too_large(name, dims, ranges, file, components[0].line):
        return large
    cells = np.zeros(tuple(ranges.ranges[dim].size for dim in dims), dtype=bool)
    problems: list[Problem] = []
    for component in components:
        mine = covered(component, dims, ranges)
        both = mine & cells
        if both.any():
            fault = "engine.cell.twice" if dims else "engine.twice"
            problems.append(Problem.of(file, fault, component.line, name=name, cell=first_cell(both, dims, ranges)))
        cells |= mine
    return problems


def filled(components: Sequence[Component], dims: Sequence[str], ranges: Dimensions) -> NDArray[np.bool_]:
    """Return which cells of a variable have an equation."""
    cells = np.zeros(tuple(ranges.ranges[dim].size for dim in dims), dtype=bool)
    for component in components:
        cells |= covered(component, dims, ranges)
    return cells


def all_cells(cells: NDArray[np.bool_], dims: Sequence[str], ranges: Dimensions) -> str:
    """Return the elements of some cells, the first few of them."""
    places = np.argwhere(cells)
    shown = [", ".join(ranges.ranges[dim].elements[i] for dim, i in zip(dims, place, strict=True))
             for place in places[:_SHOWN]]
    return "; ".join(shown) + (" …" if len(places) > _SHOWN else "")


def first_cell(cells: NDArray[np.bool_], dims: Sequence[str], ranges: Dimensions) -> str:
    """Return the elements of the first of some cells."""
    return ", ".join(ranges.ranges[dim].elements[i] for dim, i in zip(dims, np.argwhere(cells)[0], strict=True))


def covered(component: Component, dims: Sequence[str], ranges: Dimensions) -> NDArray[np.bool_]:
    """Return, over the whole variable, which cells one equation fills."""
    mask = np.zeros(tuple(ranges.ranges[dim].size for dim in dims), dtype=bool)
    mask[np.ix_(*region(component.subscripts, dims, ranges))] = True
    for group in component.excepts:
        mask[np.ix_(*region(group, dims, ranges))] = False
    return mask
