"""Arrays whose dimensions have names: aligned, cut and summed by name, in NumPy or JAX alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.engine.loops import SHORT, fixed
from xiancheng.engine.shapes import Dims, union
from xiancheng.engine.subscripts import Positions, Selector


@dataclass(frozen=True, eq=False)
class Array:
    """Data of either library with a name per axis; a dimension left out means the same value all along it."""

    data: Any
    dims: Dims = ()

    @property
    def is_bool(self) -> bool:
        """Tell whether the data are true or false."""
        return bool(self.data.dtype == np.bool_)

    def of(self, data: Any) -> Array:
        """Return other data over the same dimensions."""
        return Array(data, self.dims)


def along(xp: Any, array: Array, dims: Dims) -> Any:
    """Return data with the axes of `dims`, which hold the array's own; new axes have length 1."""
    own = [dim for dim in dims if dim in array.dims]
    data = array.data
    if tuple(own) != array.dims:
        data = xp.transpose(data, [array.dims.index(dim) for dim in own])
    if len(own) < len(dims) and own:
        data = xp.reshape(data, [data.shape[own.index(dim)] if dim in own else 1 for dim in dims])
    return data


def together(xp: Any, arrays: Sequence[Array], order: Dims) -> tuple[list[Any], Dims]:
    """Return the data of several arrays, shaped so that they broadcast, and their common dimensions."""
    dims = union([array.dims for array in arrays], order)
    return [along(xp, array, dims) for array in arrays], dims


def full(xp: Any, array: Array, dims: Dims, sizes: Mapping[str, int]) -> Any:
    """Return data over all of `dims`, repeated where the array lacks one."""
    return xp.broadcast_to(along(xp, array, dims), tuple(sizes[dim] for dim in dims))


def cut(xp: Any, array: Array, home: Dims, selectors: Sequence[Selector], sizes: Sequence[int]) -> Array:
    """Return what selectors, one per dimension of `home`, pick out of an array."""
    data, dims = array.data, list(array.dims)
    for dim, selector, size in zip(home, selectors, sizes, strict=True):
        if dim not in dims:
            continue
        axis = dims.index(dim)
        if selector.token is None:
            data = data[(slice(None),) * axis + (int(selector.positions[0]),)]
            dims.pop(axis)
        else:
            data = take(xp, data, selector.positions, axis, size)
            dims[axis] = f"\n{selector.token}"
    return Array(data, tuple(dim.lstrip("\n") for dim in dims))


def take(xp: Any, data: Any, positions: Positions, axis: int, size: int) -> Any:
    """Return the positions along an axis: nothing to do for all of them, a slice for neighbours."""
    first, count = int(positions[0]), len(positions)
    if np.array_equal(positions, np.arange(first, first + count)):
        if count == size:
            return data
        return data[(slice(None),) * axis + (slice(first, first + count),)]
    return xp.take(data, positions, axis=axis, mode="clip")


def product_sum(xp: Any, factors: Sequence[Array], marked: Dims, order: Dims, sizes: Mapping[str, int]) -> Array:
    """Return the product of arrays summed over `marked`, by matrix products where that avoids the full product."""
    repeats = 1.0
    for dim in marked:
        if all(dim not in factor.dims for factor in factors):
            repeats *= sizes[dim]
    factors = [_presum(xp, factor, factors, marked) for factor in factors]
    merged = _merge(xp, factors, order)
    inside = [factor for factor in merged if set(factor.dims) & set(marked)]
    outside = [factor for factor in merged if not set(factor.dims) & set(marked)]
    inside = [_presum(xp, factor, inside, marked) for factor in inside]
    while len(inside) > 1:
        first, second = _pair(inside, sizes)
        rest = [array for array in inside if array is not first and array is not second]
        others = {dim for array in rest for dim in array.dims}
        inside = [_contract(xp, first, second, tuple(dim for dim in marked if dim not in others), order), *rest]
    total = [sum_over(xp, array, marked) for array in inside]
    if repeats != 1.0 or not total:
        outside.append(Array(np.float64(repeats) if not total else repeats))
    result = _merge(xp, [*total, *outside], order, everything=True)
    return result[0]


def sum_over(xp: Any, array: Array, marked: Dims) -> Array:
    """Return the sum over those of `marked` that the array has; compiled, in an order in which adding need not wait.

    One sum over all axes adds a cell at a time, each after the one before; that took a tenth of the study's people. So
    rows are added up before their own cells. Of a sum over two long axes and short ones, short ones come first, then
    the last, so that memory is read in a row.
    """
    axes = tuple(axis for axis, dim in enumerate(array.dims) if dim in marked)
    if not axes:
        return array
    dims = tuple(dim for dim in array.dims if dim not in marked)
    data, last = array.data, len(array.dims) - 1
    if xp is np or isinstance(data, np.ndarray) or len(axes) == 1:
        return Array(xp.sum(data, axis=axes), dims)
    short = tuple(axis for axis in axes if data.shape[axis] < SHORT)
    if short and len(axes) - len(short) > 1:
        rest = tuple(dim for axis, dim in enumerate(array.dims) if axis not in short)
        data = xp.sum(data, axis=short)
        if rest[-1] in marked:
            data, rest = xp.sum(data, axis=-1), rest[:-1]
        return sum_over(xp, Array(data, rest), marked)
    if axes[-1] == last:
        return Array(xp.sum(fixed(xp.sum(data, axis=axes[:-1])), axis=-1), dims)
    return Array(xp.sum(data, axis=axes), dims)


def _merge(xp: Any, factors: Sequence[Array], order: Dims, everything: bool = False) -> list[Array]:
    """Multiply each array into one that has all its dimensions; into any when `everything`."""
    products: list[Array] = []
    for factor in sorted(factors, key=lambda array: -len(array.dims)):
        for position, other in enumerate(products):
            if everything or set(factor.dims) <= set(other.dims):
                (left, right), dims = together(xp, [other, factor], order)
                products[position] = Array(left * right, dims)
                break
        else:
            products.append(factor)
    return products


def _presum(xp: Any, factor: Array, inside: Sequence[Array], marked: Dims) -> Array:
    if len(inside) == 1:
        return factor
    alone = tuple(
        dim for dim in factor.dims if dim in marked and sum(dim in other.dims for other in inside) == 1
    )
    return sum_over(xp, factor, alone)


def _pair(inside: Sequence[Array], sizes: Mapping[str, int]) -> tuple[Array, Array]:
    pairs = [(first, other) for i, first in enumerate(inside) for other in inside[i + 1:]]

    def cost(pair: tuple[Array, Array]) -> float:
        return float(np.prod([sizes[dim] for dim in set(pair[0].dims) | set(pair[1].dims)]))

    return min(pairs, key=cost)


def _contract(xp: Any, first: Array, second: Array, marked: Dims, order: Dims) -> Array:
    """Return the product of two arrays summed over the marked dimensions, as one matrix product."""
    shared = [dim for dim in first.dims if dim in second.dims]
    summed = [dim for dim in shared if dim in marked]
    batch = tuple(dim for dim in shared if dim not in marked)
    free = [tuple(dim for dim in array.dims if dim not in shared) for array in (first, second)]
    if _rank(free[1], order) < _rank(free[0], order):
        first, second, free = second, first, free[::-1]
    dims = (*batch, *free[0], *free[1])
    left = _matrix(xp, first, batch, free[0], tuple(summed))
    right = _matrix(xp, second, batch, tuple(summed), free[1])
    sizes = {dim: array.data.shape[array.dims.index(dim)] for array in (first, second) for dim in array.dims}
    return Array(xp.reshape(xp.matmul(left, right), tuple(sizes[dim] for dim in dims)), dims)


def _matrix(xp: Any, array: Array, batch: Dims, rows: Dims, columns: Dims) -> Any:
    """Return data as matrices; a turned one is laid out anew, which is faster than a product across the layout."""
    dims = (*batch, *rows, *columns)
    data = array.data
    if dims != array.dims:
        data = xp.transpose(data, [array.dims.index(dim) for dim in dims])
        if xp is not np and not isinstance(data, np.ndarray):
            data = fixed(data)
    shape = data.shape
    cut_, end = len(batch), len(batch) + len(rows)
    return xp.reshape(data, (*shape[:cut_], int(np.prod(shape[cut_:end])), int(np.prod(shape[end:]))))


def _rank(dims: Sequence[str], order: Dims) -> int:
    return min((order.index(dim) for dim in dims if dim in order), default=len(order))
