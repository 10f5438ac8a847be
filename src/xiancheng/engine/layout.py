"""Which cells of a variable each of its equations fills."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.dimensions import Dimensions

if TYPE_CHECKING:
    from xiancheng.engine.read import Component

Wrong = tuple[str, str, str, int]


def declared_dims(
    name: str, components: Sequence[Component], ranges: Dimensions
) -> tuple[tuple[str, ...], Dimensions, list[Wrong]]:
    """Return the range of each dimension over all equations of a variable, and what is wrong on the left sides.

    A variable that has a range twice gets a copy of it, which the ranges returned hold.
    """
    wrong = _unknown(name, components, ranges)
    counts = {len(component.subscripts) for component in components}
    if not wrong and len(counts) > 1:
        wrong.append((f"{name!r} has {' and '.join(map(str, sorted(counts)))} subscripts in its equations",
                      "the same number in each equation", "add the missing subscripts", components[-1].line))
    if wrong:
        return (), ranges, wrong
    dims: list[str] = []
    for position in range(counts.pop()):
        used = list(dict.fromkeys(component.subscripts[position] for component in components))
        dim, ranges = _one(used, dims, ranges)
        if dim is None:
            wrong.append((f"{name!r}: subscripts {', '.join(used)} have no range of their own",
                          "one range per dimension", "define a range, or a copy with <->", components[0].line))
            return (), ranges, wrong
        dims.append(dim)
    return tuple(dims), ranges, wrong


def _unknown(name: str, components: Sequence[Component], ranges: Dimensions) -> list[Wrong]:
    wrong: list[Wrong] = []
    for component in components:
        for group in (component.subscripts, *component.excepts):
            for one in group:
                if not ranges.is_range(one) and not ranges.is_element(one):
                    wrong.append((f"{name!r}: subscript {one!r} is not defined", "a range or an element",
                                  f"define the range, such as {one}: first, second ~ ~ |", component.line))
        repeated = {one for one in component.subscripts if component.subscripts.count(one) > 1 and ranges.is_range(one)}
        for one in sorted(repeated):
            wrong.append((f"{name!r} has {one!r} twice on the left", "each range once",
                          f"define a copy, such as other {one} <-> {one}", component.line))
        if any(len(group) != len(component.subscripts) for group in component.excepts):
            wrong.append((f"{name!r}: :EXCEPT: has another number of subscripts", "as many as the left side",
                          "write them all", component.line))
    return wrong


def _one(used: Sequence[str], taken: Sequence[str], ranges: Dimensions) -> tuple[str | None, Dimensions]:
    elements = set().union(*(ranges.elements(one) for one in used))
    equal = [one for one in used if ranges.is_range(one) and set(ranges.elements(one)) == elements]
    equal = [one for one in equal if one not in taken]
    if equal:
        return equal[0], ranges
    smallest = ranges.smallest(elements, taken)
    return (smallest, ranges) if smallest else ranges.with_second(elements, taken)


def region(subscripts: Sequence[str], dims: Sequence[str], ranges: Dimensions) -> tuple[NDArray[np.intp], ...]:
    """Return the positions along each dimension that left-hand subscripts cover; unknown elements are left out."""
    return tuple(
        np.array([ranges.ranges[dim].positions[one] for one in ranges.elements(subscript)
                  if one in ranges.ranges[dim].positions], dtype=np.intp)
        for subscript, dim in zip(subscripts, dims, strict=True)
    )


def overlaps(
    name: str, components: Sequence[Component], dims: Sequence[str], ranges: Dimensions
) -> list[Wrong]:
    """Return a finding for each equation that fills a cell which an earlier one fills, and for a cell left empty."""
    filled = np.zeros(tuple(ranges.ranges[dim].size for dim in dims), dtype=bool)
    wrong: list[Wrong] = []
    for component in components:
        mine = covered(component, dims, ranges)
        both = mine & filled
        if both.any():
            cell = ", ".join(ranges.ranges[dim].elements[i] for dim, i in zip(dims, np.argwhere(both)[0], strict=True))
            shown = f"{name!r} at [{cell}]" if dims else repr(name)
            wrong.append((f"{shown} is defined twice", "one equation per cell",
                          "remove one of the equations, or use :EXCEPT:", component.line))
        filled |= mine
    if not wrong and not filled.all():
        gap = ", ".join(ranges.ranges[dim].elements[i] for dim, i in zip(dims, np.argwhere(~filled)[0], strict=True))
        wrong.append((f"{name!r} has no equation at [{gap}]", "an equation for every element",
                      "add the equation, or define a range of the elements in use", components[0].line))
    return wrong


def covered(component: Component, dims: Sequence[str], ranges: Dimensions) -> NDArray[np.bool_]:
    """Return, over the whole variable, which cells one equation fills."""
    mask = np.zeros(tuple(ranges.ranges[dim].size for dim in dims), dtype=bool)
    mask[np.ix_(*region(component.subscripts, dims, ranges))] = True
    for group in component.excepts:
        mask[np.ix_(*region(group, dims, ranges))] = False
    return mask


def cells(subscripts: Sequence[str], ranges: Dimensions) -> list[tuple[str, ...]]:
    """Return every element combination of left-hand subscripts."""
    return list(product(*(ranges.elements(subscript) for subscript in subscripts)))
