"""The views of a model, one a sector: chains of stocks first, then trees, packed in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xiancheng.engine.read import Model
from xiancheng.sketches import placing, rows
from xiancheng.sketches.branches import Sector, grow
from xiancheng.sketches.chains import chains, fill
from xiancheng.sketches.shapes import Arrow, Block, Shape, united

_APART = 44
_WIDTH = 1500
"""Least width of a view [px]."""
_EDGE = 40


@dataclass(frozen=True)
class View:
    """One sheet of a sketch.

    Attributes:
        name: the sector.
        shapes: what stands on it.
        arrows: what leads from one to another.
    """

    name: str
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]


def views(model: Model, loops: Mapping[str, str]) -> list[View]:
    """Return a view of each sector, in the order of the equations.

    Args:
        model: the equations.
        loops: id of a loop by key of the variable that switches it.
    """
    groups = dict.fromkeys(variable.group for variable in model.variables.values())
    return [_view(Sector(model, group, loops)) for group in groups]


def _view(sector: Sector) -> View:
    block = _packed(_blocks(sector))
    return View(sector.group, block.shapes, block.arrows)


def _blocks(sector: Sector) -> list[Block]:
    """Return everything of a sector: chains in their order, then trees, the large first."""
    parts = chains(sector)
    sector.reserved.update(sector.shared())
    for chain in parts:
        fill(sector, chain)
    trees = []
    ahead = [name for name in sector.shared() if name not in sector.placed]
    while waiting := _next(sector, ahead):
        trees.append(placing.tree(grow(sector, waiting)))
    large = sorted(trees, key=lambda block: block.top - block.bottom)
    return [*(rows.row(sector.model, chain) for chain in parts), *large]


def _next(sector: Sector, ahead: Sequence[str]) -> str:
    """Return the key of the next variable that needs a tree of its own, "" when all are placed."""
    everyone = (variable.key for variable in sector.variables)
    return next((name for names in (ahead, sector.waiting, everyone) for name in names
                 if name not in sector.placed), "")


def _packed(blocks: Sequence[Block]) -> Block:
    """Return blocks side by side in rows, each row as high as its highest block."""
    area = sum((block.right - block.left + _APART) * (block.bottom - block.top + _APART) for block in blocks)
    width = max([_WIDTH, round((area * 1.8) ** 0.5), *(block.right - block.left for block in blocks)])
    placed, x, y, high = [], 0, 0, 0
    for block in blocks:
        wide = block.right - block.left
        if x and x + wide > width:
            x, y, high = 0, y + high + _APART, 0
        placed.append(block.shifted(_EDGE + x - block.left, _EDGE + y - block.top))
        x, high = x + wide + _APART, max(high, block.bottom - block.top)
    return united(placed)
