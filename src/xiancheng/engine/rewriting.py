"""Functions that are other expressions in short: written out before anything else looks at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from xiancheng.engine.calls import copy
from xiancheng.engine.dimensions import Dimensions
from xiancheng.engine.source import key
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.syntax import Call, LookupCall, Node, Number, OwnMemory, Reference, Refused, StateCall

_LOOKUPS = {"LOOKUP FORWARD": "forward", "LOOKUP BACKWARD": "backward", "LOOKUP EXTRAPOLATE": "extrapolate",
            "LOOKUP INVERT": "invert"}
_ENDS = {"GET DATA FIRST TIME": "first", "GET DATA LAST TIME": "last"}
RELATIVE, NATIVE = 2.0, 0.0
MARKET = "FIND MARKET PRICE", 4
"""Name and number of arguments of a function that is written over whole ranges."""
WRITTEN = {"DEMANDED": "DEMAND AT PRICE", "MARKET": MARKET[0], "SUPPLIED": "SUPPLY AT PRICE"}
"""What models call functions that stand for a longer form here."""


def rewritten(function: str, arguments: Sequence[Node], ranges: Dimensions) -> Node | None:
    """Return what a call stands for; None where it is no short form, or not of this form."""
    first = arguments[0] if arguments else None
    if isinstance(first, Reference):
        if function in _LOOKUPS and len(arguments) == 2:
            return LookupCall(first, arguments[1], _LOOKUPS[function])
        if function == "LOOKUP AREA" and len(arguments) == 3:
            start, end = (LookupCall(first, argument, "area") for argument in arguments[1:])
            return Call("-", (end, start))
        if function == "GET DATA AT TIME" and len(arguments) == 2:
            return LookupCall(first, arguments[1], recorded=True)
        if function in _ENDS and len(arguments) == 1:
            return LookupCall(first, Number(0.0), _ENDS[function])
        if function == "ELMCOUNT" and len(arguments) == 1 and ranges.is_range(first.name):
            return Number(float(len(ranges.elements(first.name))))
    rule = _RULES.get((function, len(arguments)))
    return None if rule is None else rule(*arguments)


def counts(function: str) -> tuple[int, ...]:
    """Return how many arguments a short form has; none where a function is no short form."""
    return tuple(count for name, count in (*_RULES, MARKET) if name == function)


def own(node: Node, name: str, subscripts: Sequence[str]) -> Node:
    """Return an equation in which SAMPLE IF TRUE reads its own variable: there it stands for what is held so far.

    Args:
        node: the right side.
        name: key of the variable that it defines.
        subscripts: keys of those on its left side; other cells of the variable stay what they are.
    """
    if not isinstance(node, StateCall) or node.function != "SAMPLE IF TRUE":
        return node

    def within(part: Node) -> Node:
        if isinstance(part, Reference):
            mine = key(part.name) == name and tuple(map(key, part.subscripts)) == tuple(subscripts)
            return OwnMemory() if mine else part
        if isinstance(part, LookupCall):
            return replace(part, argument=within(part.argument))
        if isinstance(part, Call) and not isinstance(part, StateCall):
            return replace(part, arguments=tuple(map(within, part.arguments)))
        return part

    *sampled, initial = node.arguments
    return replace(node, arguments=(*map(within, sampled), initial))


def _between_times(data: Node, time: Node, mode: Node) -> Node | None:
    """Return data at a time: where mode is 1 the next value, where it is -1 the last one before, else the line.

    That what looks for points does so from the step that the time lies in, and back from before it, is what Vensim's
    published output shows.
    """
    if not isinstance(data, Reference):
        return None
    line = LookupCall(data, time, recorded=True)
    after, before = (LookupCall(data, Call("QUANTUM", (copy(time), Reference("time_step"))), name)
                     for name in ("forward", "before"))
    rest = Call("IF THEN ELSE", (Call("<=", (copy(mode), Number(-1.0))), before, line))
    return Call("IF THEN ELSE", (Call(">=", (mode, Number(1.0))), after, rest))


def _time_value(relative: Node, offset: Node, measure: Node) -> Node | None:
    """Return time plus an offset, or the beginning plus an offset, in the model's own unit of time."""
    if not isinstance(measure, Number) or measure.value != NATIVE:
        return None
    if not isinstance(relative, Number) or relative.value >= RELATIVE:
        return None
    return Call("+", (Reference("time") if relative.value == 0 else Reference("initial_time"), offset))


def _if_missing(value: Node, other: Node) -> Node:
    """Return a value, or another one where it is :NA:."""
    return Call("IF THEN ELSE", (Call("=", (copy(value), Number(NOT_AVAILABLE))), other, value))


def _allocate(request: Node, profile: Node, supply: Node) -> Node:
    """Return the share of what is available, with the profile's parts from the cells that follow the one written."""
    return Call("ALLOCATE", (request, *_parts(profile), supply))


def _parts(profile: Node) -> list[Node]:
    """Return kind, priority and width of a profile, from its first cell on."""
    return [Call("VECTOR ELM MAP", (copy(profile), Number(float(place)))) for place in range(3)]


def _demanded(quantity: Node, profile: Node, price: Node) -> Node:
    return Call("DEMANDED", (quantity, *_parts(profile), price))


def _supplied(quantity: Node, profile: Node, price: Node) -> Node:
    return Call("SUPPLIED", (quantity, *_parts(profile), price))


def market(arguments: Sequence[Node], dims: Callable[[Node], Sequence[str]], ranges: Dimensions) -> Node:
    """Return FIND MARKET PRICE over all who ask and all who offer, each named by the first of them.

    Args:
        arguments: quantity and profile of those who ask, then of those who offer.
        dims: tells the ranges of what a node names.
        ranges: of the model.

    Raises:
        Refused: a quantity that does not begin at the first of its last range, or a profile of others.
    """
    parts: list[Node] = []
    for quantity, profile in (arguments[:2], arguments[2:]):
        last = next(iter(reversed(dims(quantity))), "")
        own = _over(quantity, last, -1, ranges)
        parts += [own, *_parts(_over(profile, last, -2, ranges))]
    return Call("MARKET", tuple(parts))


def _over(node: Node, name: str, place: int, ranges: Dimensions) -> Node:
    """Return what is written with the first element of a range over all of the range."""
    subscripts = list(node.subscripts) if isinstance(node, Reference) else []
    first = next(iter(ranges.elements(name)), "") if name else ""
    if not isinstance(node, Reference) or len(subscripts) < -place or key(subscripts[place]) != key(first):
        raise Refused("engine.market.first", range=name)
    subscripts[place] = f"{name}!"
    return replace(node, subscripts=tuple(subscripts))


def _by_priority(request: Node, priority: Node, size: Node, width: Node, supply: Node) -> Node:
    """Return the share of what is available, each request spread evenly over one width around its priority."""
    return Call("ALLOCATE", (request, Number(1.0), priority, width, supply))


_RULES: dict[tuple[str, int], Callable[..., Node | None]] = {
    ("ALLOCATE AVAILABLE", 3): _allocate,
    ("ALLOCATE BY PRIORITY", 5): _by_priority,
    ("DEMAND AT PRICE", 3): _demanded,
    ("SUPPLY AT PRICE", 3): _supplied,
    ("X IF MISSING", 2): _if_missing,
    ("GET DATA BETWEEN TIMES", 3): _between_times,
    ("GET TIME VALUE", 3): _time_value,
}
