"""What is available shared out by priority: each request is met as far as its priority lies above a common price.

A request is spread around its priority by a profile; the price is that at which all parts above it add up to what is
available (Vensim Reference Manual, ALLOCATE AVAILABLE). It is sought by halving.

On a market both sides have such profiles, and the price is the lowest one at which what is offered reaches what is
asked for (Vensim Help, Allocation Functions, FIND MARKET PRICE). It is sought where curves rise: half a width on each
side of the middle of a rectangle or triangle, 5 of the normal curve and 10 of the exponential, as the price shows that
Vensim publishes where nothing is asked for.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from xiancheng.engine import implicit
from xiancheng.engine.chance import repeated, special
from xiancheng.engine.states import NOT_AVAILABLE

Curves = tuple[Any, Any, Any, Any]
"""Quantity, kind, priority and width along the last axis."""
_HALVINGS = 100
_REACH = (0.0, 0.5, 0.5, 5.0, 10.0)
"""Widths on each side of its middle within which a profile of each kind is looked at for a price."""
_FAR = 40.0
"""Widths beyond which nothing of a profile lies that a number of double precision would show."""


def allocate(xp: Any, request: Any, kind: Any, priority: Any, width: Any, supply: Any) -> Any:
    """Return what each request along the last axis gets.

    Args:
        xp: numpy or jax.numpy.
        request: what is asked for.
        kind: profile: 0 none, so that all get the same part; 1 a rectangle, 2 a triangle, 3 the normal curve, 4 the
            exponential; others give no number.
        priority: where the middle of the profile lies.
        width: its width, of 3 the standard deviation.
        supply: what is available, the same along the last axis.
    """
    arrays = request, kind, priority, width, supply
    return implicit.with_slopes(xp, partial(_allocated, xp), partial(_allocated_smoothly, xp), arrays)


def _allocated(xp: Any, request: Any, kind: Any, priority: Any, width: Any, supply: Any) -> Any:
    available, wide = xp.maximum(supply[..., :1], 0.0), xp.maximum(width, 1e-12)
    low, high = _bounds(xp, request, kind, priority, wide, available)
    shared = request * _above(xp, kind, priority, wide, high)
    rest = xp.maximum(available - xp.sum(shared, axis=-1, keepdims=True), 0.0)
    edge = request * _above(xp, kind, priority, wide, low) - shared
    at_edge = xp.sum(edge, axis=-1, keepdims=True)
    shared = shared + xp.where(at_edge > 0, edge * rest / xp.where(at_edge > 0, at_edge, 1.0), 0.0)
    return _whole(xp, request, kind, available, shared)


def _allocated_smoothly(xp: Any, request: Any, kind: Any, priority: Any, width: Any, supply: Any) -> Any:
    """Return the same where no two profiles have an edge at the price, by the price alone."""
    available, wide = xp.maximum(supply[..., :1], 0.0), xp.maximum(width, 1e-12)

    def excess(price: Any, request: Any, kind: Any, priority: Any, wide: Any, available: Any) -> Any:
        return xp.sum(request * _above(xp, kind, priority, wide, price), axis=-1, keepdims=True) - available

    arrays = request, kind, priority, wide, available
    price = implicit.root(xp, lambda *at: _bounds(xp, *at)[1], excess, arrays)
    return _whole(xp, request, kind, available, request * _above(xp, kind, priority, wide, price))


def _whole(xp: Any, request: Any, kind: Any, available: Any, shared: Any) -> Any:
    """Return all requests where they can be met, parts that are alike where a profile is none, else the parts."""
    total = xp.sum(request, axis=-1, keepdims=True)
    even = request * available / xp.where(total > 0, total, 1.0)
    shared = xp.where(xp.any(kind == 0, axis=-1, keepdims=True), even, shared)
    return xp.where(total <= available, request, shared)


def _bounds(xp: Any, request: Any, kind: Any, priority: Any, wide: Any, available: Any) -> tuple[Any, Any]:
    """Return the price just below which too much would be shared out, and the price itself."""
    low = xp.min(priority - _FAR * wide, axis=-1, keepdims=True)
    high = xp.max(priority + _FAR * wide, axis=-1, keepdims=True)

    def halved(_: Any, bounds: tuple[Any, Any]) -> tuple[Any, Any]:
        price = (bounds[0] + bounds[1]) / 2
        short = xp.sum(request * _above(xp, kind, priority, wide, price), axis=-1, keepdims=True) > available
        return xp.where(short, price, bounds[0]), xp.where(short, bounds[1], price)

    bounds: tuple[Any, Any] = repeated(xp, _HALVINGS, halved, (low, high))
    return bounds


def demanded(xp: Any, quantity: Any, kind: Any, priority: Any, width: Any, price: Any) -> Any:
    """Return what of a quantity is asked for at a price; kinds as for `allocate`, of 0 all of it."""
    return quantity * _above(xp, kind, priority, xp.maximum(width, 1e-12), price)


def supplied(xp: Any, quantity: Any, kind: Any, priority: Any, width: Any, price: Any) -> Any:
    """Return what of a quantity is offered at a price; kinds as for `allocate`, of 0 all of it."""
    return quantity * _above(xp, kind, priority, xp.maximum(width, 1e-12), 2 * priority - price)  # as in a mirror


def market_price(xp: Any, demand: Curves, supply: Curves) -> Any:
    """Return the lowest price at which what is offered reaches what is asked for.

    Args:
        xp: numpy or jax.numpy.
        demand: what is asked for.
        supply: what is offered, of another length.

    Returns:
        A price for all axes but the last: within the reach of the curves, :NA: where every quantity is fixed.
    """
    arrays = *demand, *supply
    low, _ = _range(xp, *arrays)
    clearing = implicit.root(xp, partial(_cleared, xp), partial(_short, xp), arrays)
    price = xp.where(_short(xp, low, *arrays) > 0, clearing, low)[..., 0]
    moves = xp.any(demand[1] != 0, axis=-1) | xp.any(supply[1] != 0, axis=-1)
    return xp.where(moves, price, NOT_AVAILABLE)


def _short(xp: Any, price: Any, *curves: Any) -> Any:
    """Return how much of what is asked for at a price is not offered."""
    wishes, bends, middles, spread, offers, turns, costs, width = curves
    offered = xp.sum(supplied(xp, offers, turns, costs, width, price), axis=-1, keepdims=True)
    return xp.sum(demanded(xp, wishes, bends, middles, spread, price), axis=-1, keepdims=True) - offered


def _cleared(xp: Any, *curves: Any) -> Any:
    def halved(_: Any, bounds: tuple[Any, Any]) -> tuple[Any, Any]:
        price = (bounds[0] + bounds[1]) / 2
        is_short = _short(xp, price, *curves) > 0
        return xp.where(is_short, price, bounds[0]), xp.where(is_short, bounds[1], price)

    return repeated(xp, _HALVINGS, halved, _range(xp, *curves))[1]


def _range(xp: Any, *curves: Any) -> tuple[Any, Any]:
    """Return between which prices one is looked for."""
    ends = [_ends(xp, *part) for part in (curves[1:4], curves[5:])]
    return (xp.minimum(*(xp.min(first, axis=-1, keepdims=True) for first, _ in ends)),
            xp.maximum(*(xp.max(last, axis=-1, keepdims=True) for _, last in ends)))


def _ends(xp: Any, kind: Any, priority: Any, width: Any) -> tuple[Any, Any]:
    """Return between which prices each curve is looked at; none of those whose quantity is fixed counts."""
    reach = xp.nan + 0.0 * priority
    for number, widths in enumerate(_REACH):
        reach = xp.where(kind == number, widths * xp.maximum(width, 1e-12), reach)
    is_fixed = kind == 0
    return xp.where(is_fixed, xp.inf, priority - reach), xp.where(is_fixed, -xp.inf, priority + reach)


def _above(xp: Any, kind: Any, priority: Any, width: Any, price: Any) -> Any:
    """Return the share of a profile that lies above a price."""
    at = (price - priority) / width
    half = xp.clip(0.5 - xp.abs(at), 0.0, 0.5) ** 2 * 2
    tail = 0.5 * xp.exp(-xp.abs(at))
    shares = (
        xp.clip(0.5 - at, 0.0, 1.0), xp.where(at > 0, half, 1 - half), special(xp).ndtr(-at),
        xp.where(at > 0, tail, 1 - tail),
    )
    result = xp.where(kind == 0, 1.0, xp.nan) + 0.0 * at
    for number, share in enumerate(shares, 1):
        result = xp.where(kind == number, share, result)
    return result
