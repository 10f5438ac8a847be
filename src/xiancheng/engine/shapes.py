"""The dimensions of every part of an expression, found before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from xiancheng.engine.functions import TABLE
from xiancheng.engine.read import Model
from xiancheng.engine.source import key
from xiancheng.engine.subscripts import Piece, select, token_of
from xiancheng.engine.syntax import (
    Call,
    External,
    LookupCall,
    Missing,
    Node,
    Number,
    Points,
    Reference,
    Refused,
    StateCall,
    Values,
)

Dims = tuple[str, ...]
SPREADSHEETS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods")


def union(dims: Iterable[Dims], order: Dims = ()) -> Dims:
    """Return all dimensions of several: those of the longest first, others where `order` puts them."""
    several = sorted(dims, key=len, reverse=True)
    found = list(several[0]) if several else []
    for one in several[1:]:
        for dim in one:
            if dim not in found:
                found.insert(_place(dim, found, order), dim)
    return tuple(found)


def _place(dim: str, found: list[str], order: Dims) -> int:
    if dim in order:
        for position, other in enumerate(found):
            if other in order and order.index(other) > order.index(dim):
                return position
    return len(found)


def dims_of(node: Node, piece: Piece, model: Model) -> Dims:
    """Return the dimensions of an expression: left-hand ranges, and ranges marked by `!` not yet summed.

    Raises:
        Refused: a use of subscripts whose meaning would be guessed.
    """
    handler = _HANDLERS[type(node)]
    return handler(node, piece, model)


def _points(node: Points, piece: Piece, model: Model) -> Dims:
    twice = np.flatnonzero(np.diff(node.x) <= 0)
    if len(twice):
        raise Refused(f"two points of a lookup at {node.x[twice[0]]:g}", "each x once", "remove one of the points")
    return ()


def _none(node: Node, piece: Piece, model: Model) -> Dims:
    return ()


def _reference(node: Reference, piece: Piece, model: Model) -> Dims:
    name = key(node.name)
    if name == "time":
        return ()
    if name in model.variables:
        if model.variables[name].kind == "lookup":
            raise Refused(f"lookup {model.variables[name].name!r} is used without an argument",
                          f"{model.variables[name].name}(x)", "give the argument in parentheses")
        selectors = select(name, node.subscripts, piece, model)
        return tuple(selector.token for selector in selectors if selector.token is not None)
    if model.dimensions.is_range(name) and not node.subscripts:
        token, at = token_of(name, piece, model.dimensions)
        if token is None and at is None:
            raise Refused(f"range {node.name!r} is used as a number, but is not on the left side",
                          "a left-hand range, or an element", "use an element")
        return () if token is None else (token,)
    if model.dimensions.is_element(name) and not node.subscripts:
        return ()
    from xiancheng.engine.read import nearest

    raise Refused(f"{node.name.replace('_', ' ')!r} is not defined", "a variable of the model",
                  nearest(node.name, list(model.variables)))


def _call(node: Call, piece: Piece, model: Model) -> Dims:
    row = TABLE.get(node.function)
    if row is None:
        return ()
    parts = [dims_of(argument, piece, model) for argument in node.arguments]
    if row.kind == "vector":
        return _vector(node, parts, piece)
    if row.kind == "along":
        least = 2 if node.function == "INVERT MATRIX" else 1
        if parts and len(parts[0]) < least:
            raise Refused(f"{node.function} needs {least} subscripts in its first argument", "x[range]",
                          "give the ranges")
        sizes = [model.dimensions.ranges[dim.rstrip("!")].size for dim in parts[0][-2:]]
        if node.function == "INVERT MATRIX" and sizes[0] != sizes[1]:
            raise Refused(f"INVERT MATRIX of {sizes[0]} by {sizes[1]} elements", "as many rows as columns",
                          "use two ranges of one size")
        return parts[0]
    return union(parts, piece.tokens)


def _vector(node: Call, parts: list[Dims], piece: Piece) -> Dims:
    marked = [dim for part in parts for dim in part if dim.endswith("!")]
    if not marked:
        raise Refused(f"{node.function} without a subscript marked by !", f"{node.function}(x[range!])",
                      "mark the dimension to reduce")
    return tuple(dim for dim in union(parts, piece.tokens) if not dim.endswith("!"))


def _lookup(node: LookupCall, piece: Piece, model: Model) -> Dims:
    argument = dims_of(node.argument, piece, model)
    if isinstance(node.lookup, Points):
        _points(node.lookup, piece, model)
        return argument
    name = key(node.lookup.name)
    if name not in model.variables or model.variables[name].kind != "lookup":
        raise Refused(f"{node.lookup.name.replace('_', ' ')!r} is called, but is no lookup", "a lookup or a function",
                      "define it as name((x1,y1),(x2,y2))")
    selectors = select(name, node.lookup.subscripts, piece, model)
    return union([argument, tuple(one.token for one in selectors if one.token is not None)], piece.tokens)


def _values(node: Values, piece: Piece, model: Model) -> Dims:
    sizes = [len(model.dimensions.elements(one)) for one in piece.component.subscripts]
    if node is not piece.component.node:
        raise Refused("a list of numbers inside an expression", "a list alone on the right side", "name the list")
    if int(np.prod(sizes)) != node.values.size:
        raise Refused(f"{node.values.size} numbers for {int(np.prod(sizes))} cells", "a number per cell",
                      "write as many numbers as elements")
    return piece.tokens


def _external(node: External, piece: Piece, model: Model) -> Dims:
    if node.file.lower().endswith(SPREADSHEETS):
        raise Refused(f"spreadsheets are not read ({node.file})", "csv", "save the sheet as csv and use GET DIRECT")
    if node is not piece.component.node:
        raise Refused(f"GET DIRECT {node.kind.upper()} inside an expression", "GET DIRECT alone on the right side",
                      "give the cells a variable of their own")
    return piece.tokens


def _missing(node: Missing, piece: Piece, model: Model) -> Dims:
    raise Refused("a data variable without values", "x := GET DIRECT DATA(...)", "give a csv file")


_HANDLERS: dict[type[Node], Callable[..., Dims]] = {
    Number: _none,
    Points: _points,
    Reference: _reference,
    Call: _call,
    StateCall: _call,
    LookupCall: _lookup,
    Values: _values,
    External: _external,
    Missing: _missing,
}


def check_piece(piece: Piece, model: Model) -> str | None:
    """Return what is wrong with the dimensions that an equation's right side keeps, beyond what `dims_of` refuses."""
    marked = [dim for dim in dims_of(piece.component.node, piece, model) if dim.endswith("!")]
    if marked:
        return f"{', '.join(marked)} outside SUM, PROD, VMIN, VMAX and VECTOR SELECT"
    return None
