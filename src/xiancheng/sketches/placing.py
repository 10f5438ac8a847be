"""Where the shapes of a tree and of a chain stand: causes above what they act on, flows level, nothing across."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.sketches import shapes
from xiancheng.sketches.branches import MANY, Branch
from xiancheng.sketches.shapes import INITIAL, LINK, Arrow, Block, Shape, between, united, word

_GAP = 16
"""Free space between shapes side by side [px]."""
_DROP = 30
"""Least free height between a row and what it leads to [px]."""
_STEP = 6
_AWAY = 3
"""Least distance of a line from what it passes [px]."""
_COLUMNS = 5
_SIGN = 13
"""Half the width of a loop sign [px]."""


def tree(branch: Branch) -> Block:
    """Return a variable with what causes it above."""
    return over(word(shapes.WORD, branch.name, ghost=branch.ghost), branch.causes, branch.loop)


def over(root: Shape, causes: Sequence[Branch], loop: str = "", kind: str = LINK) -> Block:
    """Return a shape with its causes in a row above it.

    Args:
        root: the shape, at 0, 0.
        causes: what acts on it.
        loop: what stands in a loop sign beside the causes, "" for none.
        kind: of the arrows.
    """
    if len(causes) >= MANY:
        beside = [sign.shifted(-(root.w + 2 * _SIGN * (place + 1)), 0) for place, sign in enumerate(_signs(loop))]
        return united([_framed(root, causes, kind), *beside])
    row = [tree(branch) for branch in causes]
    signs = _signs(loop)
    above = _above(root, row, signs)
    return united([Block((root,)), *above], [(place, 0, kind) for place in range(1, len(row) + 1)])


def _signs(loop: str) -> list[Block]:
    return [Block((Shape(shapes.LOOP, name, 0, 0, _SIGN, _SIGN),)) for name in loop.split()]


def _above(root: Shape, row: Sequence[Block], signs: Sequence[Block]) -> list[Block]:
    """Return blocks side by side above a shape, as near as no line passes another name."""
    half = (len(row) + 1) // 2
    order = [*row[:half], *signs, *row[half:]]
    if not order:
        return []
    places, edge = [], 0
    for block in order:
        places.append(edge - block.left)
        edge += block.right - block.left + _GAP
    middle = (places[0] + places[-1]) // 2
    places = [place - middle for place in places]
    drop = root.h + max(block.shapes[0].h for block in order) + _DROP
    while not _is_clear(root, order, places, drop):
        drop += _STEP
    placed = [block.shifted(x, -drop) for block, x in zip(order, places, strict=True)]
    return [*placed[:half], *placed[half + len(signs):], *placed[half:half + len(signs)]]


def _is_clear(root: Shape, row: Sequence[Block], places: Sequence[int], drop: int) -> bool:
    """Tell whether the lines from a row to the middle of a shape pass no other name of the row and enter from above."""
    for block, x in zip(row, places, strict=True):
        if root.kind == shapes.STOCK and abs(x) * root.h > drop * root.w:
            return False
        for other, at in zip(row, places, strict=True):
            inner = other.shapes[0]
            near = min(abs(at - x - inner.w), abs(at - x + inner.w))
            if other is not block and (at - x) * x < 0 and near < abs(x) and near * drop < abs(x) * (inner.h + _AWAY):
                return False
    return True


def _framed(root: Shape, causes: Sequence[Branch], kind: str) -> Block:
    """Return a shape with its many causes in a frame above it; the arrow of each is kept and not drawn."""
    cells = [word(shapes.WORD, branch.name, ghost=branch.ghost) for branch in causes]
    wide, high = max(cell.w for cell in cells) + _GAP // 2, max(cell.h for cell in cells) + _GAP // 4
    columns = max(_COLUMNS, round(len(cells) ** 0.5 * 0.7))
    rows = -(-len(cells) // columns)
    middle = -(root.h + _DROP + rows * high + _GAP)
    frame = Shape(shapes.FRAME, "", 0, middle, columns * wide + _GAP // 2, rows * high + _GAP // 2)
    inside = [Block((cell,)).shifted((2 * (place % columns) + 1 - columns) * wide,
                                     middle + (2 * (place // columns) + 1 - rows) * high).shapes[0]
              for place, cell in enumerate(cells)]
    all_shapes = (root, frame, *inside)
    hidden = [between(all_shapes, place, 0, kind, hidden=True) for place in range(2, len(all_shapes))]
    arrows: list[Arrow] = [between(all_shapes, 1, 0), *hidden]
    return Block(all_shapes, tuple(arrows))


def start(stock: Shape, causes: Sequence[Branch]) -> Block:
    """Return a stock with what causes its start above it."""
    return over(stock, causes, "", INITIAL)
