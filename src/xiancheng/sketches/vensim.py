"""Views as the lines of a Vensim sketch (Ventana Systems, Vensim reference manual, sketch information)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xiancheng.sketches import shapes
from xiancheng.sketches.shapes import INITIAL, INTO, OUT_OF, Arrow, Shape
from xiancheng.sketches.views import View

MARK, END = "\\\\\\---///", "///---\\\\\\"
"""What a view begins with, and what ends the last one."""
_HEAD = (f"{MARK} Sketch information - do not modify anything except names\n"
         "V300  Do not put anything below this section - it will be ignored\n")
_STYLE = "$192-192-192,0,Arial|10||0-0-0|0-0-0|0-0-255|-1--1--1|-1--1--1|96,96,75,0"
_GREY = ",128-128-128,0-0-0,|10||128-128-128"
ATTACHED = 32
"""Part of the form of a valve with a name, and of a name with a valve."""
FORMS = {shapes.WORD: 8, shapes.STOCK: 3, shapes.FLOW: 8 + ATTACHED}
_REST = {shapes.WORD: "3,0,0,0,0,0,0", shapes.STOCK: "3,0,0,0,0,0,0", shapes.FLOW: "3,0,0,-1,0,0,0"}
CLOUD = 48
BOX, CURL = 3, {"R": 4, "B": 5}
"""Forms of comments: a box, and loop signs that turn clockwise or against the clock."""
TEXT_BELOW = 4
"""Part of the bits of a comment whose words stand on the next line."""
PIPES = {INTO: 4, OUT_OF: 100}
"""Forms of pipes towards where they flow and towards where they come from."""
_THICK, THIN = 22, 20
"""Thickness of a pipe, and that which no other arrow reaches."""


def written(views: Sequence[View]) -> str:
    """Return views as the text that stands behind the equations."""
    return "".join(f"{_HEAD}*{view.name}\n{_STYLE}\n" + "".join(f"{line}\n" for line in _lines(view))
                   for view in views) + END + "\n"


def _lines(view: View) -> Iterator[str]:
    """Yield the lines of a view: shapes by their position counted from 1, then arrows."""
    for place, shape in enumerate(view.shapes):
        yield from _shape(view, place, shape)
    for number, arrow in enumerate(view.arrows, len(view.shapes) + 1):
        yield _arrow(number, arrow)


def _shape(view: View, place: int, shape: Shape) -> Iterator[str]:
    """Yield the line of a shape, and the line of its words where they stand apart."""
    start, at = f"{place + 1},", f"{shape.x},{shape.y},{shape.w},{shape.h}"
    if shape.kind in FORMS:
        rest = "2,0,3,-1,0,0,0" + _GREY if shape.ghost else _REST[shape.kind]
        yield f"10,{start}{shape.name},{at},{FORMS[shape.kind]},{rest}"
    elif shape.kind == shapes.VALVE:
        named = view.shapes[place + 1 : place + 2] and view.shapes[place + 1].kind == shapes.FLOW
        yield f"11,{start}0,{at},{2 + ATTACHED * bool(named)},3,0,0,1,0,0,0"
    elif shape.kind == shapes.CLOUD:
        yield f"12,{start}{CLOUD},{at},0,3,0,0,-1,0,0,0"
    else:
        form = BOX if shape.kind == shapes.FRAME else CURL.get(shape.name[:1], CURL["R"])
        yield f"12,{start}0,{at},{form},{TEXT_BELOW},0,0,-1,0,0,0"
        yield shape.name


def _arrow(number: int, arrow: Arrow) -> str:
    ends = f"1,{number},{arrow.start + 1},{arrow.end + 1}"
    form, thick, delay = PIPES.get(arrow.kind, 0), _THICK * (arrow.kind in PIPES), 64 * (arrow.kind not in PIPES)
    reserve = int(arrow.kind == INITIAL)
    return (f"{ends},{form},{int(arrow.hidden)},0,{thick},0,{delay},{reserve},-1--1--1,,"
            f"1|({arrow.x},{arrow.y})|")


def split(text: str) -> tuple[str, str, str]:
    """Return the equations of a model, the text of its sketch, and the settings that follow; "" for what is not there.

    Args:
        text: of a .mdl.
    """
    equations, mark, rest = text.partition(MARK)
    views, end, settings = rest.partition(END)
    return equations, mark + views, (end + settings) if mark else ""
