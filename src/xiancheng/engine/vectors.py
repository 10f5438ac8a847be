"""Functions that look at where cells stand: counted from one of them, along a dimension, or drawn for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiancheng.engine import chance
from xiancheng.engine.arrays import Array, along, full, together
from xiancheng.engine.functions import TABLE
from xiancheng.engine.shapes import Dims, union
from xiancheng.engine.source import key
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.subscripts import Piece, Positions, select
from xiancheng.engine.syntax import Call, OwnMemory, Reference, StateCall

if TYPE_CHECKING:
    from xiancheng.engine.compiled import Compiled
    from xiancheng.engine.evaluation import Evaluation


def places(piece: Piece, dims: Dims, compiled: Compiled) -> Positions:
    """Return, over some dims of an equation, the number of each cell in its whole variable."""
    shape = compiled.shape(piece.variable)
    numbers = np.ravel_multi_index(np.ix_(*piece.region), shape) if shape else np.array(0)
    numbers = numbers.reshape([len(block) for block, subscript in
                               zip(piece.region, piece.component.subscripts, strict=True) if subscript in piece.tokens])
    own = along(np, Array(numbers, piece.tokens), dims)
    others = [dim for dim in dims if dim not in piece.tokens]
    if not others:
        return np.asarray(own)
    sizes = [compiled.sizes[dim] if dim in others else 1 for dim in dims]
    return np.asarray(own * int(np.prod(sizes)) + np.arange(int(np.prod(sizes))).reshape(sizes))


async def element(evaluation: Evaluation, node: Call, piece: Piece) -> Array:
    """Return VECTOR ELM MAP: the cell so many places after another; the last subscript runs first, outside is :NA:."""
    reference, xp, compiled = node.arguments[0], evaluation.xp, evaluation.compiled
    offset = await evaluation.number(node.arguments[1], piece)
    if not isinstance(reference, Reference):
        raise TypeError(f"no variable: {piece.component.equation}")
    name = key(reference.name)
    home, shape = compiled.model.variables[name].dims, compiled.shape(name)
    cells = xp.reshape(full(xp, evaluation.as_number(await evaluation.variable(name)), home, compiled.sizes), (-1,))
    selectors = select(name, reference.subscripts, piece, compiled.model)
    places_of = np.ix_(*(selector.positions for selector in selectors))
    start = np.ravel_multi_index(places_of, shape) if shape else np.array(0)
    free = [selector for selector in selectors if selector.token is not None]
    tokens = tuple(selector.token for selector in free if selector.token is not None)
    first = Array(start.reshape([len(selector.positions) for selector in free]), tokens)
    (begin, steps), dims = together(xp, [first, offset], piece.tokens)
    place = begin + xp.rint(steps).astype(int)
    inside = (place >= 0) & (place < cells.shape[0])
    return Array(xp.where(inside, xp.take(cells, xp.clip(place, 0, cells.shape[0] - 1)), NOT_AVAILABLE), dims)


async def own_memory(evaluation: Evaluation, node: OwnMemory, piece: Piece) -> Array:
    """Return what the function that an equation is keeps so far; at the start, what it begins with."""
    root, compiled = piece.component.node, evaluation.compiled
    if not isinstance(root, StateCall):
        raise TypeError(f"nothing is kept: {piece.component.equation}")
    if evaluation.memory is None:
        return Array(await evaluation.begun(root, piece), compiled.memory_dims(root, piece))
    return Array(evaluation.memory[compiled.label(root, piece)], compiled.memory_dims(root, piece))


def last_dimension(evaluation: Evaluation, node: Call, piece: Piece, arguments: list[Array]) -> Array:
    """Return a function that works along the last dimension of its first argument, as the equation writes them."""
    first, second, *_ = arguments
    written = tuple(dim for dim in evaluation.compiled.dims(node.arguments[0], piece) if dim in first.dims)
    first = Array(along(evaluation.xp, first, written), written)
    xp, implement = evaluation.xp, TABLE[node.function].implement
    if node.function not in ("VECTOR REORDER", "ALLOCATE"):
        return Array(implement(xp, first.data, second.data), first.dims)
    outer = tuple(dim for argument in arguments for dim in argument.dims if dim not in first.dims)
    dims = (*dict.fromkeys(outer), *first.dims)
    data = [full(xp, evaluation.as_number(argument), dims, evaluation.compiled.sizes) for argument in arguments]
    return Array(implement(xp, *data), dims)


def drawn(evaluation: Evaluation, node: Call, piece: Piece, arguments: list[Array]) -> Array:
    """Return a draw for each cell of an equation, by its place in the whole variable."""
    xp, clock, compiled = evaluation.xp, evaluation.clock, evaluation.compiled
    dims = union([argument.dims for argument in arguments] + [piece.tokens], piece.tokens)
    data = [along(xp, argument, dims) for argument in arguments]
    step = xp.floor(clock.time / clock.step + 1e-6)
    label = f"{piece.variable}/{compiled.label(node, piece).rsplit('/', 1)[1]}"
    draw = chance.uniform(xp, label, data[-1] if data else 0, step, places(piece, dims, compiled))
    return Array(TABLE[node.function].implement(xp, draw.astype(evaluation.dtype), *data[:-1]), dims)
