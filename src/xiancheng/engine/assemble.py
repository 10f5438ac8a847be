"""The values of a variable's pieces put together, and single cells fetched from them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from xiancheng.engine.arrays import Array, full
from xiancheng.engine.loops import short_first
from xiancheng.engine.subscripts import Piece, Selector

Value = Callable[[Piece], Awaitable[Array]]
MOST_RUNS = 8
"""Up to how many runs of cells are put together one after the other; more are looked up cell by cell."""


class Run(NamedTuple):
    """Neighbouring cells along an axis that come from neighbouring cells of one piece.

    Attributes:
        number: of the piece.
        first: position of the first cell in the piece.
        cells: how many.
    """

    number: int
    first: int
    cells: int

    def of(self, data: Any, axis: int) -> Any:
        """Return the cells of the run from those of its piece."""
        if self.cells == data.shape[axis]:
            return data
        return data[(slice(None),) * axis + (slice(self.first, self.first + self.cells),)]


def block(xp: Any, piece: Piece, value: Array, sizes: Mapping[str, int]) -> Any:
    """Return a piece's value over the block of cells that it fills, axes as on the left side."""
    data = full(xp, value, piece.tokens, sizes)
    return xp.reshape(data, tuple(len(positions) for positions in piece.region))


async def variable(
    xp: Any, pieces: Sequence[Piece], value: Value, dims: Sequence[str], sizes: Mapping[str, int]
) -> Array:
    """Return a variable from all its pieces; cells that no piece fills are nan."""
    shape = tuple(sizes[dim] for dim in dims)
    if len(pieces) == 1 and _fills(pieces[0], shape):
        names = dict(zip(pieces[0].component.subscripts, dims, strict=True))
        only = await value(pieces[0])
        return Array(only.data, tuple(names[dim] for dim in only.dims))
    axis, runs = _row(pieces, shape)
    if runs:
        order = short_first(tuple(dims), sizes)
        places = [list(dims).index(dim) for dim in order]
        parts = {number: xp.transpose(block(xp, pieces[number], await value(pieces[number]), sizes), places)
                 for number in sorted({run.number for run in runs})}
        blocks = [run.of(parts[run.number], places.index(axis)) for run in runs]
        return Array(xp.concatenate(blocks, places.index(axis)), order)
    positions = tuple(np.arange(size) for size in shape)
    return Array(await _gather(xp, pieces, value, positions, shape, sizes), tuple(dims))


async def fetch(
    xp: Any, pieces: Sequence[Piece], value: Value, selectors: Sequence[Selector], shape: tuple[int, ...],
    sizes: Mapping[str, int],
) -> Array:
    """Return what selectors pick, from only those pieces that hold it."""
    positions = tuple(selector.positions for selector in selectors)
    data = await _gather(xp, pieces, value, positions, shape, sizes)
    ranges = [selector for selector in selectors if selector.token is not None]
    return Array(xp.reshape(data, tuple(len(selector.positions) for selector in ranges)),
                 tuple(selector.token for selector in ranges if selector.token is not None))


def _fills(piece: Piece, shape: tuple[int, ...]) -> bool:
    return piece.mask is None and len(piece.tokens) == len(shape) and all(
        np.array_equal(positions, np.arange(size)) for positions, size in zip(piece.region, shape, strict=True)
    )


def _row(pieces: Sequence[Piece], shape: tuple[int, ...]) -> tuple[int, list[Run]]:
    """Return an axis along which pieces follow each other, all else being full, and their runs; else no runs.

    Of two pieces that fill a cell the later one counts. Pieces that alternate often are looked up cell by cell.
    """
    for axis in range(len(shape)):
        if not all(_is_full(piece, shape, axis) for piece in pieces):
            continue
        owner, place = np.full(shape[axis], -1), np.zeros(shape[axis], dtype=int)
        for number, piece in enumerate(pieces):
            owner[piece.region[axis]], place[piece.region[axis]] = number, np.arange(len(piece.region[axis]))
        starts = np.flatnonzero(np.r_[True, (np.diff(owner) != 0) | (np.diff(place) != 1)])
        if (owner >= 0).all() and len(starts) <= max(len(pieces), MOST_RUNS):
            ends = np.r_[starts[1:], shape[axis]]
            return axis, [Run(int(owner[start]), int(place[start]), int(end - start))
                          for start, end in zip(starts, ends, strict=True)]
    return 0, []


def _is_full(piece: Piece, shape: Sequence[int], axis: int) -> bool:
    """Tell whether a piece fills all cells along every axis but one."""
    return piece.mask is None and all(
        np.array_equal(positions, np.arange(size))
        for other, (positions, size) in enumerate(zip(piece.region, shape, strict=True)) if other != axis)


async def _gather(
    xp: Any, pieces: Sequence[Piece], value: Value, positions: Sequence[Any], shape: tuple[int, ...],
    sizes: Mapping[str, int],
) -> Any:
    owner, offset = _owners(pieces, shape)
    owner, offset = owner[np.ix_(*positions)], offset[np.ix_(*positions)]
    needed = [int(number) for number in np.unique(owner) if number >= 0]
    parts = [xp.reshape(block(xp, pieces[number], await value(pieces[number]), sizes), (-1,)) for number in needed]
    if (owner < 0).any():
        parts.append(np.array([np.nan]))
    starts = np.cumsum([0, *(part.shape[0] for part in parts)])
    base = np.full(len(pieces) + 1, starts[len(needed)])
    base[needed] = starts[: len(needed)]
    index = base[owner] + np.where(owner < 0, 0, offset)
    line = parts[0] if len(parts) == 1 else xp.concatenate([part.astype(_common(parts)) for part in parts])
    if np.array_equal(index.ravel(), np.arange(line.shape[0])):
        return xp.reshape(line, index.shape)
    if index.size == 1:
        return xp.reshape(line[int(index.ravel()[0])], index.shape)
    return xp.take(line, index, axis=0, mode="clip")


def _common(parts: Sequence[Any]) -> Any:
    kinds = [part.dtype for part in parts if part.dtype != bool and part.shape != (1,)]
    return kinds[0] if kinds else next((part.dtype for part in parts if part.dtype != bool), float)


def _owners(pieces: Sequence[Piece], shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Return, for each cell, the number of its piece (-1 for none) and the cell's place in that piece's block."""
    owner = np.full(shape, -1)
    offset = np.zeros(shape, dtype=int)
    for number, piece in enumerate(pieces):
        place = np.ix_(*piece.region)
        sizes = [len(positions) for positions in piece.region]
        counts = np.arange(int(np.prod(sizes))).reshape(sizes)
        mask = np.ones(counts.shape, dtype=bool) if piece.mask is None else piece.mask
        owner[place] = np.where(mask, number, owner[place])
        offset[place] = np.where(mask, counts, offset[place])
    return owner, offset
