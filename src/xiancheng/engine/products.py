"""Reductions over marked dimensions: sums of products as matrix products, and lookups of named tables.

Why a sum of products is not computed as it is written. Who moves where is a product over all pairs of places, summed
over one of them, such as `SUM(leaving[from!, age] * pull[from!, to])`. The product alone, with a cell for each pair and
cohort, would be 84 times the 28,896 cells of the study's people, written to memory in each step and read back once. So
below a SUM the expression is taken apart into factors (`_factors`): products, quotients whose divisor is smaller, a
sign, and variables that are nothing but such a product (`_inline`), unless they have been computed already. The factors
are then contracted pair by pair (`arrays.product_sum`) as matrix products, the pair of the fewest cells first, and the
large product never exists. A sum of terms is taken apart only where a term is such a product (`_expands`): else the
terms are added first and reduced once.

What a factor has as the only one is summed in it before anything is multiplied. Short reductions written out as
additions were tried and dropped; they stay reductions. Matrices that stand across their layout are laid out anew,
behind a barrier, since the compiler otherwise moves the turn into the product, away from the matrix kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.engine import vector_lookup
from xiancheng.engine.arrays import Array, along, cut, full, product_sum, together
from xiancheng.engine.functions import TABLE
from xiancheng.engine.interpolate import MODES
from xiancheng.engine.pending import pending
from xiancheng.engine.shapes import Dims, union
from xiancheng.engine.source import key
from xiancheng.engine.subscripts import Piece, Selector, select
from xiancheng.engine.syntax import Call, LookupCall, Node, Points, Reference

ACTIONS = 11
"""What VECTOR SELECT can do with the values that it chooses, by number from 0."""

if TYPE_CHECKING:
    from xiancheng.engine.evaluation import Evaluation


async def vector(evaluation: Evaluation, node: Call, piece: Piece) -> Array:
    """Return a reduction over every dimension marked by `!` below it."""
    static = union([evaluation.compiled.dims(argument, piece) for argument in node.arguments], piece.tokens)
    marked = tuple(dim for dim in static if dim.endswith("!"))
    if node.function == "SUM":
        return await _sum(evaluation, node.arguments[0], piece, marked)
    arguments = [await evaluation.number(argument, piece) for argument in node.arguments]
    if node.function == "VECTOR SELECT":
        return _select(evaluation, node, arguments, marked, piece)
    if node.function == "VECTOR LOOKUP":
        return _at_points(evaluation, arguments, marked, piece)
    if node.function == "MARKET":
        return _market(evaluation, arguments, piece)
    first = arguments[0]
    dims = union([first.dims, marked], piece.tokens)
    data = evaluation.xp.broadcast_to(
        along(evaluation.xp, first, dims),
        tuple(evaluation.compiled.sizes[dim] if dim in marked or dim in first.dims else 1 for dim in dims),
    )
    axes = tuple(axis for axis, dim in enumerate(dims) if dim in marked)
    result = TABLE[node.function].implement(evaluation.xp, data, axes)
    return Array(result, tuple(dim for dim in dims if dim not in marked))


def _select(evaluation: Evaluation, node: Call, arguments: list[Array], marked: Dims, piece: Piece) -> Array:
    chosen, values, missing, action, _ = arguments
    xp, sizes = evaluation.xp, evaluation.compiled.sizes
    dims = union([chosen.dims, values.dims, marked], piece.tokens)
    axes = tuple(axis for axis, dim in enumerate(dims) if dim in marked)
    rest = tuple(dim for dim in dims if dim not in marked)
    implement = TABLE[node.function].implement
    outside = union([rest, missing.dims], piece.tokens)
    if outside != rest:
        dims = (*outside, *(dim for dim in dims if dim in marked))
        axes = tuple(axis for axis, dim in enumerate(dims) if dim in marked)
        rest = outside
    chosen_data, values_data = full(xp, chosen, dims, sizes), full(xp, values, dims, sizes)
    missing_data = full(xp, missing, rest, sizes)

    def by(number: int) -> Any:
        return implement(xp, chosen_data, values_data, missing_data, number, axes)

    if isinstance(action.data, np.ndarray | np.generic) and np.size(action.data) == 1:
        return Array(by(min(max(int(action.data), 0), ACTIONS - 1)), rest)
    wide = full(xp, action, rest, sizes)
    data = by(0)
    for number in range(1, ACTIONS):
        data = xp.where(xp.floor(wide) >= number, by(number), data)
    return Array(data, rest)


def _at_points(evaluation: Evaluation, arguments: list[Array], marked: Dims, piece: Piece) -> Array:
    """Return VECTOR LOOKUP, the points in front; a mode that is no whole number from 0 to 9 gives no number."""
    xp, sizes = evaluation.xp, evaluation.compiled.sizes
    rest = union([tuple(dim for dim in part.dims if dim not in marked) for part in arguments], piece.tokens)
    y = full(xp, arguments[0], (*marked, *rest), sizes)
    x, low, high, mode = (full(xp, part, rest, sizes) for part in arguments[1:])
    choice, modes = arguments[-1].data, range(vector_lookup.MODES)
    if isinstance(choice, np.ndarray | np.generic) and np.size(choice) == 1 and float(choice) in modes:
        return Array(vector_lookup.value(xp, y, x, low, high, int(choice)), rest)
    data = xp.full_like(x, xp.nan)
    for number in modes:
        data = xp.where(mode == number, vector_lookup.value(xp, y, x, low, high, number), data)
    return Array(data, rest)


def _market(evaluation: Evaluation, arguments: list[Array], piece: Piece) -> Array:
    """Return the price of a market, those who ask and those who offer each along the last axis."""
    def is_mark(dim: str) -> bool:
        return dim.endswith("!")

    rest = union([tuple(dim for dim in part.dims if not is_mark(dim)) for part in arguments], piece.tokens)
    sides = []
    for side in (arguments[:4], arguments[4:]):
        actors = tuple(filter(is_mark, side[0].dims))
        sides.append(tuple(full(evaluation.xp, part, (*rest, *actors), evaluation.compiled.sizes) for part in side))
    return Array(TABLE["MARKET"].implement(evaluation.xp, *sides), rest)


@pending
async def _sum(evaluation: Evaluation, node: Node, piece: Piece, marked: Dims) -> Array:
    compiled = evaluation.compiled
    if isinstance(node, Call) and node.function in ("+", "-") and evaluation.stages.node(node) >= evaluation.level:
        if any(_expands(evaluation, argument, piece) for argument in node.arguments):
            parts = [await _sum(evaluation, argument, piece, marked) for argument in node.arguments]
            (left, right), dims = together(evaluation.xp, parts, piece.tokens)
            return Array(left + right if node.function == "+" else left - right, dims)
    factors = await _factors(evaluation, node, piece)
    return product_sum(evaluation.xp, factors, marked, piece.tokens, compiled.sizes)


def _expands(evaluation: Evaluation, node: Node, piece: Piece) -> bool:
    """Tell whether a product has more dimensions than any of its factors."""
    if not isinstance(node, Call) or node.function not in ("*", "/"):
        return isinstance(node, Reference) and _inline(evaluation, node, piece) is not None
    own = len(evaluation.compiled.dims(node, piece))
    return all(
        len(evaluation.compiled.dims(argument, piece)) < own or _expands(evaluation, argument, piece)
        for argument in node.arguments
    )


@pending
async def _factors(evaluation: Evaluation, node: Node, piece: Piece) -> list[Array]:
    """Return arrays whose product is the node, products inside variables used only here opened up."""
    if evaluation.stages.node(node) < evaluation.level:
        return [await evaluation.number(node, piece)]
    if isinstance(node, Call) and node.function == "*":
        several = [await _factors(evaluation, argument, piece) for argument in node.arguments]
        return [factor for factors in several for factor in factors]
    if isinstance(node, Call) and node.function == "/" and _expands(evaluation, node, piece):
        below = await evaluation.number(node.arguments[1], piece)
        return [*await _factors(evaluation, node.arguments[0], piece), Array(1.0 / below.data, below.dims)]
    if isinstance(node, Call) and node.function == "negative":
        return [Array(np.asarray(-1.0, dtype=evaluation.dtype)), *await _factors(evaluation, node.arguments[0], piece)]
    if isinstance(node, Reference):
        inner = _inline(evaluation, node, piece)
        if inner is not None:
            name = key(node.name)
            selectors = select(name, node.subscripts, piece, evaluation.compiled.model)
            dims, shape = evaluation.compiled.model.variables[name].dims, evaluation.compiled.shape(name)
            parts = await _factors(evaluation, inner.component.node, inner)
            return [cut(evaluation.xp, part, dims, selectors, shape) for part in parts]
    return [await evaluation.number(node, piece)]


def _inline(evaluation: Evaluation, node: Reference, piece: Piece) -> Piece | None:
    """Return the one equation of a referred variable if it is a product that expands and not yet computed."""
    name = key(node.name)
    plan, stages = evaluation.compiled.plan, evaluation.stages
    if name not in plan.pieces or name in stages.inputs or name in plan.partial or name in evaluation.memo:
        return None
    if stages.variables[name] < evaluation.level or len(plan.pieces[name]) != 1:
        return None
    inner = plan.pieces[name][0]
    if inner.mask is not None or inner.tokens != evaluation.compiled.model.variables[name].dims:
        return None
    return inner if _expands(evaluation, inner.component.node, inner) else None


async def lookup(evaluation: Evaluation, node: LookupCall, piece: Piece) -> Array:
    """Return a lookup's value at its argument."""
    xp, dtype = evaluation.xp, evaluation.dtype
    argument, between = await evaluation.number(node.argument, piece), MODES[node.mode]
    if isinstance(node.lookup, Points):
        x, y = (np.asarray(points, dtype=dtype) for points in (node.lookup.x, node.lookup.y))
        return Array(between(xp, x, y, argument.data), argument.dims)
    name = key(node.lookup.name)
    series = evaluation.compiled.lookup(name)
    x = np.asarray(series.x, dtype=dtype)
    dims = ("\tpoint", *evaluation.compiled.model.variables[name].dims)
    values = Array(np.asarray(series.values, dtype=dtype), dims)
    selectors = select(name, node.lookup.subscripts, piece, evaluation.compiled.model)
    every = Selector("\tpoint", np.arange(len(x)))
    picked = cut(np, values, dims, (every, *selectors), (len(x), *evaluation.compiled.shape(name)))
    dims = union([argument.dims, picked.dims[1:]], piece.tokens)
    if picked.dims == ("\tpoint",):
        return Array(between(xp, x, picked.data, argument.data), argument.dims)
    return Array(between(xp, x, along(np, picked, ("\tpoint", *dims)), along(xp, argument, dims)), dims)
