"""What a diagram is made of, in the terms of a Vensim sketch, and blocks of it that are moved as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

WORD, STOCK, FLOW, VALVE, CLOUD, FRAME, LOOP = "word", "stock", "flow", "valve", "cloud", "frame", "loop"
LINK, INITIAL, INTO, OUT_OF = "link", "initial", "into", "out of"
"""Kinds of arrows: a cause, a cause of the start, the pipe from a valve to where it flows, to where it comes from."""
_LINE = 22
"""Letters of a line of a name."""
_LETTER, _HEIGHT, _EDGE = 3.4, 7, 4
"""Half the width of a letter and half the height of a line, and the edge around them [px]."""


@dataclass(frozen=True)
class Shape:
    """A thing that is drawn.

    Attributes:
        kind: one of the kinds above.
        name: of the variable, or what stands in a loop sign; "" for what has no words.
        x, y: its centre [px, down].
        w, h: half its width and height [px].
        ghost: whether it stands for a variable that is shown as itself elsewhere.
    """

    kind: str
    name: str
    x: int
    y: int
    w: int
    h: int
    ghost: bool = False


@dataclass(frozen=True)
class Arrow:
    """A line from one shape to another, by their positions in the sequence of shapes.

    Attributes:
        start, end: positions.
        kind: LINK, INITIAL, INTO or OUT_OF.
        hidden: kept and not drawn.
        x, y: the point that it passes [px].
    """

    start: int
    end: int
    kind: str = LINK
    hidden: bool = False
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Block:
    """Shapes with their arrows; the first shape is the one that the others lead to."""

    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...] = ()

    @property
    def left(self) -> int:
        """The leftmost edge [px]."""
        return min(shape.x - shape.w for shape in self.shapes)

    @property
    def right(self) -> int:
        """The rightmost edge [px]."""
        return max(shape.x + shape.w for shape in self.shapes)

    @property
    def top(self) -> int:
        """The upper edge [px]."""
        return min(shape.y - shape.h for shape in self.shapes)

    @property
    def bottom(self) -> int:
        """The lower edge [px]."""
        return max(shape.y + shape.h for shape in self.shapes)

    def shifted(self, x: int, y: int) -> Block:
        """Return the block moved to the right and down [px]."""
        return Block(tuple(replace(shape, x=shape.x + x, y=shape.y + y) for shape in self.shapes),
                     tuple(replace(arrow, x=arrow.x + x, y=arrow.y + y) for arrow in self.arrows))


def lines(name: str) -> list[str]:
    """Return a name in lines, parted between words."""
    parts = [""]
    for word in name.split():
        longer = f"{parts[-1]} {word}".strip()
        parts = [*parts[:-1], longer] if len(longer) <= _LINE or not parts[-1] else [*parts, word]
    return parts


def word(kind: str, name: str, *, ghost: bool = False) -> Shape:
    """Return the shape of a variable, large enough for its name, at 0, 0."""
    parts = lines(f"<{name}>" if ghost else name)
    w, h = round(max(map(len, parts)) * _LETTER) + _EDGE, len(parts) * _HEIGHT + _EDGE // 2
    if kind == STOCK:
        w, h = max(w, 40), max(h + 4, 18)
    return Shape(kind, name, 0, 0, w, h, ghost)


def united(blocks: Iterable[Block], arrows: Sequence[tuple[int, int, str]] = ()) -> Block:
    """Return blocks as one, with arrows between the first shapes of blocks.

    Args:
        blocks: in the order of their shapes.
        arrows: positions of two blocks, and the kind of the arrow between them.
    """
    shapes: list[Shape] = []
    inner: list[Arrow] = []
    firsts = []
    for block in blocks:
        firsts.append(len(shapes))
        inner += [replace(arrow, start=arrow.start + len(shapes), end=arrow.end + len(shapes))
                  for arrow in block.arrows]
        shapes += block.shapes
    inner += [between(shapes, firsts[start], firsts[end], kind) for start, end, kind in arrows]
    return Block(tuple(shapes), tuple(inner))


def between(shapes: Sequence[Shape], start: int, end: int, kind: str = LINK, *, hidden: bool = False) -> Arrow:
    """Return a straight arrow between two shapes; a pipe is level with its valve."""
    first, last = shapes[start], shapes[end]
    level = first.y if kind in (INTO, OUT_OF) else (first.y + last.y) // 2
    return Arrow(start, end, kind, hidden, (first.x + last.x) // 2, level)
