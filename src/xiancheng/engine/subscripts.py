"""What the subscripts of a reference pick out of a variable, seen from the equation that refers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.dimensions import Dimensions
from xiancheng.engine.drafts import Component
from xiancheng.engine.layout import all_cells, covered, region
from xiancheng.engine.read import Model, Variable
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Refused
from xiancheng.texts import phrase, phrase_list

Positions = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Piece:
    """An equation, whole or at one element of some of its ranges, as a place to evaluate expressions in.

    Attributes:
        variable: key of the variable it defines.
        number: position among the variable's pieces.
        component: the equation.
        tokens: keys of the left-hand ranges that stay dimensions, in order.
        bound: position of the element at which a left-hand range is held.
        region: positions that it fills along each dimension of the variable.
        mask: which cells of that block it fills, None for all.
    """

    variable: str
    number: int
    component: Component
    tokens: tuple[str, ...]
    region: tuple[Positions, ...]
    mask: NDArray[np.bool_] | None = None
    bound: Mapping[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return a name that no other piece has."""
        return f"{self.variable}#{self.number}"


@dataclass(frozen=True)
class Selector:
    """What one subscript does to one dimension: keep `positions` under the name `token`, or pick the only one."""

    token: str | None
    positions: Positions


def whole_pieces(variable: Variable, ranges: Dimensions) -> tuple[Piece, ...]:
    """Return one piece per equation."""
    pieces = []
    for number, component in enumerate(variable.components):
        block = region(component.subscripts, variable.dims, ranges)
        mask = covered(component, variable.dims, ranges)[np.ix_(*block)] if component.excepts else None
        tokens = tuple(subscript for subscript in component.subscripts if ranges.is_range(subscript))
        pieces.append(Piece(variable.key, number, component, tokens, block, mask))
    return tuple(pieces)


def split(piece: Piece, tokens: tuple[str, ...], ranges: Dimensions, first: int) -> list[Piece]:
    """Return a piece per element of the named left-hand ranges, numbered from `first`."""
    pieces: list[Piece] = []
    shape = tuple(ranges.ranges[token].size for token in tokens)
    for at in np.ndindex(*shape):
        bound = {**piece.bound, **dict(zip(tokens, at, strict=True))}
        block, mask = list(piece.region), piece.mask
        for axis, subscript in enumerate(piece.component.subscripts):
            if subscript in tokens:
                block[axis] = piece.region[axis][[bound[subscript]]]
                mask = mask if mask is None else np.take(mask, [bound[subscript]], axis)
        if mask is not None and not mask.any():
            continue
        rest = tuple(token for token in piece.tokens if token not in tokens)
        pieces.append(Piece(piece.variable, first + len(pieces), piece.component, rest, tuple(block), mask, bound))
    return pieces


def select(name: str, subscripts: tuple[str, ...], piece: Piece, model: Model) -> tuple[Selector, ...]:
    """Return what each subscript of a reference does, by position.

    Raises:
        Refused: a subscript that is unknown, foreign, left over or used twice.
    """
    variable = model.variables[name]
    if len(subscripts) != len(variable.dims):
        shown = f"[{', '.join(model.dimensions.ranges[dim].name for dim in variable.dims)}]" if variable.dims else ""
        raise Refused("engine.subscript.count", name=variable.name, dims=shown, own=len(variable.dims),
                      count=len(subscripts))
    selectors = tuple(
        _selector(variable, dim, subscript, piece, model.dimensions)
        for dim, subscript in zip(variable.dims, subscripts, strict=True)
    )
    _refuse_empty(variable, selectors, piece, model)
    tokens = [selector.token for selector in selectors if selector.token is not None]
    if len(set(tokens)) < len(tokens):
        raise Refused("engine.subscript.diagonal", name=variable.name, subscripts=phrase_list(subscripts))
    return selectors


def _refuse_empty(variable: Variable, selectors: tuple[Selector, ...], piece: Piece, model: Model) -> None:
    """Refuse cells that have no equation, where the variable is defined on part of its ranges."""
    cells = model.holes.get(variable.key)
    if cells is None or not selectors:
        return
    chosen = cells[np.ix_(*(selector.positions for selector in selectors))]
    if not piece_cells(piece, selectors, chosen).all():
        marked = np.zeros_like(cells)
        marked[np.ix_(*(selector.positions for selector in selectors))] = True
        gap = all_cells(marked & ~cells, variable.dims, model.dimensions)
        raise Refused("engine.cell.none", name=variable.name, cell=gap)


def piece_cells(piece: Piece, selectors: tuple[Selector, ...], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of some cells have an equation, those left out that the piece itself leaves out by :EXCEPT:."""
    tokens = [selector.token for selector in selectors]
    if piece.mask is None or any(token is None or token not in piece.tokens for token in tokens):
        return chosen
    order = [piece.tokens.index(token) for token in tokens if token is not None]
    if sorted(order) != list(range(len(piece.tokens))) or len(piece.tokens) != piece.mask.ndim:
        return chosen
    return chosen | ~np.transpose(piece.mask, order)


def _selector(variable: Variable, dim: str, subscript: str, piece: Piece, ranges: Dimensions) -> Selector:
    name = key(subscript.rstrip("!"))
    if not ranges.is_range(name) and not ranges.is_element(name):
        raise Refused("engine.subscript.unknown", name=variable.name, subscript=subscript)
    positions = _positions(variable, dim, name, ranges)
    if subscript.endswith("!"):
        return Selector(f"{name}!", positions)
    if not ranges.is_range(name):
        return Selector(None, positions)
    token, places = token_of(name, piece, ranges)
    if places is not None:
        return Selector(token, positions[list(places)])
    if token is None:
        left = phrase_list(ranges.ranges[token].name for token in piece.tokens) or phrase("engine.no_range")
        raise Refused("engine.subscript.left", name=variable.name, range=ranges.ranges[name].name, left=left)
    return Selector(token, positions)


def token_of(name: str, piece: Piece, ranges: Dimensions) -> tuple[str | None, tuple[int, ...] | None]:
    """Return the left-hand range that a range stands for, and its positions that do so along it.

    Without a left-hand range, one position is the element that the left side is held at; None is all of them.
    """
    range_ = ranges.ranges[name]
    if name in piece.bound:
        return None, (piece.bound[name],)
    if name in piece.tokens:
        return name, None
    for target, places in range_.maps.items():
        if target in piece.bound:
            return None, (places[piece.bound[target]],)
        if target in piece.tokens:
            return target, places
    for target, places in range_.maps.items():
        home = ranges.ranges[target].positions
        for subscript in piece.component.subscripts:
            inside = [home.get(element) for element in ranges.elements(subscript)]
            if all(place is not None for place in inside):
                chosen = tuple(places[place] for place in inside if place is not None)
                if subscript in piece.tokens:
                    return subscript, chosen
                return None, (chosen[piece.bound.get(subscript, 0)],)
    return None, None


def _positions(variable: Variable, dim: str, name: str, ranges: Dimensions) -> Positions:
    if name == dim:
        return np.arange(ranges.ranges[dim].size, dtype=np.intp)
    home = ranges.ranges[dim].positions
    elements = ranges.elements(name)
    foreign = [element for element in elements if element not in home]
    if foreign:
        shown = ranges.ranges[name].name if name in ranges.ranges else foreign[0]
        raise Refused("engine.subscript.foreign", name=variable.name, element=phrase_list(foreign), subscript=shown,
                      range=ranges.ranges[dim].name)
    return np.array([home[element] for element in elements], dtype=np.intp)
