"""A chain of stocks as a block: stocks in a row, between them the flows, each with its causes above its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xiancheng.engine.read import Model
from xiancheng.sketches import placing, shapes
from xiancheng.sketches.chains import Chain, Flow
from xiancheng.sketches.shapes import INTO, LINK, OUT_OF, Arrow, Block, Shape, between, united, word

_VALVE = (6, 8)
_CLOUD = (10, 8)
_REACH = 70
"""From a valve to its cloud [px]."""
_ROOM = 92
"""Least room on each side of a valve [px]."""
_APART = 34
"""Free height between flows one below the other [px]."""
_MARGIN = 20
_LOW = 30
"""Half the height of a stock from which it is as wide as what stands above it [px]."""


@dataclass(frozen=True)
class Band:
    """A flow with its causes.

    Attributes:
        flow: the flow.
        block: its valve at 0, 0, its name if it has one, its causes.
        y: height of the valve in the chain [px, down].
        level: whether it stands beside the middle of its stocks, so that an arrow from them crosses nothing.
    """

    flow: Flow
    block: Block
    y: int
    level: bool


def row(model: Model, chain: Chain) -> Block:
    """Return a chain as a block."""
    gaps = [_bands(model, chain, place) for place in range(len(chain.stocks) + 1)]
    stocks = [_stock(model, chain, place, gaps) for place in range(len(chain.stocks))]
    blocks: list[Block] = []
    at: dict[str, int] = {}
    lanes: list[tuple[Band, int]] = []
    x = 0
    for place, bands in enumerate(gaps):
        left = max([-band.block.left for band in bands] + [_ROOM if bands else 0])
        right = max([band.block.right for band in bands] + [_ROOM if bands else 0])
        for band in bands:
            lanes.append((band, len(blocks)))
            blocks.append(band.block.shifted(x + left + _MARGIN, band.y))
        x += left + right + 2 * _MARGIN if bands else _MARGIN
        if place < len(stocks):
            block = stocks[place]
            at[chain.stocks[place]] = len(blocks)
            blocks.append(block.shifted(x - block.left, 0))
            x += block.right - block.left
    return _piped(blocks, at, lanes)


def _bands(model: Model, chain: Chain, gap: int) -> list[Band]:
    """Return the flows between two stocks, or beside the outer ones: what joins both, what leaves, what enters."""
    before = chain.stocks[gap - 1] if gap else ""
    after = chain.stocks[gap] if gap < len(chain.stocks) else ""
    flows = [flow for flow in chain.flows if (before and flow.source == before) or (after and flow.target == after)]
    bands: list[Band] = []
    y = 0
    for flow in sorted(flows, key=lambda flow: (not (flow.source and flow.target), flow.target == after)):
        level = not bands and not _is_crowded(chain, flow)
        block = _band(model, flow, level)
        y = y + _APART - block.top if bands else 0
        bands.append(Band(flow, block, y, level))
        y += max(block.bottom, 0)
    return bands


def _is_crowded(chain: Chain, flow: Flow) -> bool:
    """Tell whether a stock at an end of a flow has another flow on the same side."""
    for stock in filter(None, (flow.source, flow.target)):
        entering = [other for other in chain.flows if other.target == stock]
        leaving = [other for other in chain.flows if other.source == stock]
        if max(len(entering), len(leaving)) > 1:
            return True
    return False


def _band(model: Model, flow: Flow, level: bool) -> Block:
    """Return a flow with its valve at 0, 0; level with its stock it needs no ghost of it."""
    ends = {model.variables[stock].name for stock in (flow.source, flow.target) if stock}
    valve = Shape(shapes.VALVE, "", 0, 0, *_VALVE)
    if not flow.name:
        return placing.over(valve, flow.grown, flow.loop)
    name = word(shapes.FLOW, model.variables[flow.name].name)
    causes = tuple(branch for branch in flow.grown if not (level and branch.ghost and branch.name in ends))
    block = placing.over(name, causes, flow.loop).shifted(0, -(name.h + valve.h + 4))
    return Block((valve, *block.shapes), tuple(
        replace(arrow, start=arrow.start + 1, end=arrow.end + 1) for arrow in block.arrows))


def _stock(model: Model, chain: Chain, place: int, gaps: Sequence[Sequence[Band]]) -> Block:
    """Return a stock as high as its flows, with what causes its start above, its first flows at height 0."""
    stock = chain.stocks[place]
    sides = [*gaps[place], *gaps[place + 1]]
    lowest = max((band.y for band in sides if stock in (band.flow.source, band.flow.target)), default=0)
    shape = word(shapes.STOCK, model.variables[stock].name)
    shape = replace(shape, h=max(shape.h, lowest // 2 + shape.h))
    if shape.h > _LOW:
        above = placing.over(replace(shape, w=10_000), chain.starts[stock], "")
        shape = replace(shape, w=max([shape.w, *(abs(above.shapes[arrow.start].x) for arrow in above.arrows
                                                if arrow.end == 0)]))
    return placing.start(shape, chain.starts[stock]).shifted(0, lowest // 2)


def _piped(blocks: Sequence[Block], at: dict[str, int], lanes: Sequence[tuple[Band, int]]) -> Block:
    """Return the blocks as one, with pipes, clouds and the arrows from stocks to their own flows."""
    firsts = [sum(len(block.shapes) for block in blocks[:place]) for place in range(len(blocks))]
    joined = united(blocks)
    inner = list(joined.shapes)
    arrows: list[Arrow] = list(joined.arrows)
    for band, place in lanes:
        valve = firsts[place]
        for kind, stock, side in ((INTO, band.flow.target, 1), (OUT_OF, band.flow.source, -1)):
            if not stock:
                inner.append(Shape(shapes.CLOUD, "", inner[valve].x + side * _REACH, inner[valve].y, *_CLOUD))
            end = firsts[at[stock]] if stock else len(inner) - 1
            arrows.append(between(inner, valve, end, kind))
            if stock and band.level and band.flow.name and stock in band.flow.causes:
                arrows.append(between(inner, end, valve + 1, LINK))
    return Block(tuple(inner), tuple(arrows))
