"""The dimensions of every part of an expression, found before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from xiancheng.engine.functions import TABLE
from xiancheng.engine.read import Model
from xiancheng.engine.source import key, nearest
from xiancheng.engine.subscripts import Piece, select, token_of
from xiancheng.engine.syntax import (
    Call,
    External,
    LookupCall,
    Missing,
    Node,
    Number,
    OwnMemory,
    Points,
    Reference,
    Refused,
    StateCall,
    Text,
    Values,
)
from xiancheng.texts import phrase_list

Dims = tuple[str, ...]


def union(dims: Iterable[Dims], order: Dims = ()) -> Dims:
    """Return all dimensions of several: those of the longest first, others where `order` puts them."""
    several = sorted(dims, key=len, reverse=True)
    merged = list(several[0]) if several else []
    for other in several[1:]:
        for dim in other:
            if dim not in merged:
                merged.insert(_place(dim, merged, order), dim)
    return tuple(merged)


def _place(dim: str, merged: list[str], order: Dims) -> int:
    if dim in order:
        for position, other in enumerate(merged):
            if other in order and order.index(other) > order.index(dim):
                return position
    return len(merged)


def dims_of(node: Node, piece: Piece, model: Model) -> Dims:
    """Return the dimensions of an expression: left-hand ranges, and ranges marked by `!` not yet summed.

    Raises:
        Refused: a use of subscripts whose meaning would be guessed.
    """
    handler = _HANDLERS[type(node)]
    return handler(node, piece, model)


def _points(node: Points, piece: Piece, model: Model) -> Dims:
    return ()


def _text(node: Text, piece: Piece, model: Model) -> Dims:
    raise Refused("engine.text", text=node.value)


def _none(node: Node, piece: Piece, model: Model) -> Dims:
    return ()


def _reference(node: Reference, piece: Piece, model: Model) -> Dims:
    name = key(node.name)
    if name == "time":
        return ()
    if name in model.variables:
        if model.variables[name].kind == "lookup":
            raise Refused("engine.lookup.bare", name=model.variables[name].name)
        selectors = select(name, node.subscripts, piece, model)
        return tuple(selector.token for selector in selectors if selector.token is not None)
    if model.dimensions.is_range(name) and not node.subscripts:
        token, at = token_of(name, piece, model.dimensions)
        if token is None and at is None:
            raise Refused("engine.range.number", name=node.name)
        return () if token is None else (token,)
    if model.dimensions.is_element(name) and not node.subscripts:
        return ()
    raise Refused("engine.undefined", name=node.name.replace("_", " "), near=nearest(node.name, list(model.variables)))


def _call(node: Call, piece: Piece, model: Model) -> Dims:
    row = TABLE.get(node.function)
    if row is None:
        return ()
    parts = [dims_of(argument, piece, model) for argument in node.arguments]
    if row.kind == "vector":
        return _vector(node, parts, piece)
    if row.kind == "random":
        return union([*parts, piece.tokens], piece.tokens)
    if node.function in ("ALLOCATE", "VECTOR REORDER") and parts[0]:
        outer = dict.fromkeys(dim for part in parts for dim in part if dim not in parts[0])
        return (*outer, *parts[0])
    if row.kind == "along":
        least = 2 if node.function == "INVERT MATRIX" else 1
        if parts and len(parts[0]) < least:
            raise Refused("engine.along", function=node.function, count=least)
        sizes = [model.dimensions.ranges[dim.rstrip("!")].size for dim in parts[0][-2:]]
        if node.function == "INVERT MATRIX" and sizes[0] != sizes[1]:
            raise Refused("engine.matrix", rows=sizes[0], columns=sizes[1])
        return parts[0]
    return union(parts, piece.tokens)


def _vector(node: Call, parts: list[Dims], piece: Piece) -> Dims:
    marked = [dim for part in parts for dim in part if dim.endswith("!")]
    if not marked:
        raise Refused("engine.unmarked", function=node.function)
    return tuple(dim for dim in union(parts, piece.tokens) if not dim.endswith("!"))


def _lookup(node: LookupCall, piece: Piece, model: Model) -> Dims:
    argument = dims_of(node.argument, piece, model)
    if isinstance(node.lookup, Points):
        _points(node.lookup, piece, model)
        return argument
    name = key(node.lookup.name)
    kinds = ("lookup", "data") if node.mode != "between" or node.recorded else ("lookup",)
    if name not in model.variables or model.variables[name].kind not in kinds:
        raise Refused("engine.lookup.none", name=node.lookup.name.replace("_", " "))
    selectors = select(name, node.lookup.subscripts, piece, model)
    tokens = tuple(selector.token for selector in selectors if selector.token is not None)
    return union([argument, tokens], piece.tokens)


def _values(node: Values, piece: Piece, model: Model) -> Dims:
    sizes = [len(model.dimensions.elements(subscript)) for subscript in piece.component.subscripts]
    if node is not piece.component.node:
        raise Refused("engine.list.inside")
    if int(np.prod(sizes)) != node.values.size:
        raise Refused("engine.list.count", count=node.values.size, cells=int(np.prod(sizes)))
    return piece.tokens


def _external(node: External, piece: Piece, model: Model) -> Dims:
    if node is not piece.component.node:
        raise Refused("engine.table.inside", kind=node.kind.upper())
    return piece.tokens


def _own_memory(node: OwnMemory, piece: Piece, model: Model) -> Dims:
    return piece.tokens


def _missing(node: Missing, piece: Piece, model: Model) -> Dims:
    if piece.variable not in model.data.series:
        raise Refused("engine.data.none")
    return piece.tokens


_HANDLERS: dict[type[Node], Callable[..., Dims]] = {
    Number: _none,
    Points: _points,
    Text: _text,
    Reference: _reference,
    Call: _call,
    StateCall: _call,
    LookupCall: _lookup,
    Values: _values,
    External: _external,
    Missing: _missing,
    OwnMemory: _own_memory,
}


def check_piece(piece: Piece, model: Model) -> None:
    """Refuse dimensions that an equation's right side keeps, beyond what `dims_of` refuses.

    Raises:
        Refused: dimensions marked to be reduced that nothing reduces.
    """
    marked = [dim for dim in dims_of(piece.component.node, piece, model) if dim.endswith("!")]
    if marked:
        raise Refused("engine.marked", dims=phrase_list(marked))
