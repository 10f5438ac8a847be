"""Stocks with their flows: what flows from one stock into another stands in a row, every other flow has a cloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xiancheng.engine.depends import everything
from xiancheng.engine.read import STOCKS
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Call, Node, Reference
from xiancheng.sketches.branches import Branch, Sector, branches


@dataclass
class Flow:
    """What changes stocks.

    Attributes:
        name: key of its variable, "" where the stock's own equation says what it is.
        causes: keys of what it looks at.
        source, target: keys of the stocks that it leaves and enters, "" for a cloud.
        grown: its causes as trees.
        loop: ids of the loops that its equation switches.
    """

    name: str
    causes: list[str]
    source: str = ""
    target: str = ""
    grown: tuple[Branch, ...] = ()
    loop: str = ""


@dataclass
class Chain:
    """Stocks in the order in which they flow into each other.

    Attributes:
        stocks: their keys.
        starts: by key, what causes the start of a stock.
        flows: all that flow into or out of them.
    """

    stocks: list[str]
    starts: dict[str, tuple[Branch, ...]] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)


def chains(sector: Sector) -> list[Chain]:
    """Return the stocks of a sector in chains; their flows are reserved, their causes not yet grown."""
    stocks = [variable.key for variable in sector.variables if variable.kind == "stock"]
    sector.reserved.update(stocks)
    sector.placed.update(stocks)
    flows: list[Flow] = []
    following: dict[str, str] = {}
    for stock in stocks:
        for sign, node in _terms(sector, stock):
            _join(sector, flows, following, stock, sign, node)
    rows = _rows(stocks, following)
    for row in rows:
        row.flows = [flow for flow in flows if (flow.source or flow.target) in row.stocks]
    return rows


def fill(sector: Sector, chain: Chain) -> None:
    """Grow what causes the flows of a chain and the starts of its stocks."""
    for flow in chain.flows:
        flow.grown = branches(sector, flow.causes)
        flow.loop = sector.loop(flow.causes)
    for stock in chain.stocks:
        starts = (reference for node in _calls(sector, stock) for part in node.arguments[1:]
                  for reference in everything(part))
        chain.starts[stock] = branches(sector, [name for name in sector.keys(starts) if name != stock])


def _calls(sector: Sector, stock: str) -> Iterator[Call]:
    for part in sector.model.variables[stock].components:
        if isinstance(part.node, Call) and part.node.function in STOCKS:
            yield part.node


def _terms(sector: Sector, stock: str) -> Iterator[tuple[int, Node]]:
    """Yield what is added to a stock and taken from it, each with its sign, the same once."""
    met = set()
    for call in _calls(sector, stock):
        for sign, node in _parts(call.arguments[0], 1):
            what = (sign, tuple(sector.keys(everything(node))))
            if what[1] and what not in met:
                met.add(what)
                yield sign, node


def _parts(node: Node, sign: int) -> Iterator[tuple[int, Node]]:
    function = node.function if isinstance(node, Call) else ""
    if isinstance(node, Call) and function in ("+", "-", "negative"):
        for place, part in enumerate(node.arguments):
            turned = function == "negative" or (function == "-" and place == 1)
            yield from _parts(part, -sign if turned else sign)
    else:
        yield sign, node


def _join(
    sector: Sector, flows: list[Flow], following: dict[str, str], stock: str, sign: int, node: Node
) -> None:
    """Add a flow of a stock, or lead one that leaves another stock into this one where both stand free."""
    name = _named(sector, node)
    flow = next((flow for flow in flows if name and flow.name == name), None)
    if flow is None:
        reserved = name if name and name not in sector.reserved else ""
        own = [cause for cause in sector.causes(reserved) if cause != reserved] if reserved else []
        flow = Flow(reserved, own if reserved else sector.keys(everything(node)))
        sector.reserved.update([reserved] if reserved else [])
        sector.placed.update([reserved] if reserved else [])
        flows.append(flow)
    elif not _is_open(flow, following, stock, sign) or not _is_alike(sector, flow.source or flow.target, stock):
        flow = Flow("", [name])
        flows.append(flow)
    if sign > 0:
        flow.target = stock
    else:
        flow.source = stock
    if flow.source and flow.target:
        following[flow.source] = flow.target


def _named(sector: Sector, node: Node) -> str:
    """Return the key of the variable of the sector that a flow is, or ""."""
    while isinstance(node, Call) and node.function == "SUM":
        node = node.arguments[0]
    name = key(node.name) if isinstance(node, Reference) else ""
    return name if name and sector.is_own(name) and sector.model.variables[name].kind == "auxiliary" else ""


def _is_open(flow: Flow, following: dict[str, str], stock: str, sign: int) -> bool:
    """Tell whether a flow has a free end on the right side and both stocks can stand in a row there."""
    source, target = (flow.source, stock) if sign > 0 else (stock, flow.target)
    if not source or not target or (flow.source and flow.target) or source == target:
        return False
    end = target
    while end in following:
        end = following[end]
    return source not in following and target not in following.values() and end != source


def _is_alike(sector: Sector, stock: str, other: str) -> bool:
    """Tell whether two stocks hold the same kind of thing: one unit, the same subscripts."""
    first, second = sector.model.variables[stock], sector.model.variables[other]
    return (first.units, first.dims) == (second.units, second.dims)


def _rows(stocks: Sequence[str], following: dict[str, str]) -> list[Chain]:
    rows = []
    for stock in stocks:
        if stock not in following.values():
            row = [stock]
            while row[-1] in following:
                row.append(following[row[-1]])
            rows.append(Chain(row))
    return rows
