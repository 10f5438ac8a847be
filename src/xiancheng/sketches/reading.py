"""The views behind the equations, read back: words, valves, clouds, comments and arrows; all else is passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from xiancheng.errors import Problem, StudyError
from xiancheng.sketches import shapes
from xiancheng.sketches.shapes import INITIAL, INTO, LINK, OUT_OF, Arrow, Shape
from xiancheng.sketches.vensim import ATTACHED, BOX, CLOUD, PIPES, TEXT_BELOW, THIN, split
from xiancheng.sketches.views import View

_NAME = r'("(?:\\"|[^"])*"|[^,]*)'
_OBJECT = re.compile(rf"(1[012]),(\d+),{_NAME},(-?\d+),(-?\d+),(\d+),(\d+),(\d+),(\d+)(?:,.*)?")
_ARROW = re.compile(r"1,\d+,(\d+),(\d+),(\d+),(\d+),\d+,(\d+),\d+,\d+,(\d+),.*?\d+\|\((-?\d+),(-?\d+)\)\|.*")
_KINDS = ("1", "10", "11", "12")
_STOCK, _COMMENT = 3, "0"


@dataclass
class _Sheet:
    """A view while it is read: its shapes, their positions by number, its arrows between numbers."""

    name: str
    shapes: list[Shape] = field(default_factory=list)
    at: dict[int, int] = field(default_factory=dict)
    arrows: list[tuple[int, int, Arrow, int]] = field(default_factory=list)


def read(text: str, file: str) -> list[View]:
    """Return the views behind the equations of a model, none for a model without a sketch.

    Args:
        text: of a .mdl.
        file: its path, for problems.

    Raises:
        StudyError: lines that are not as Vensim writes them, arrows from or to nothing.
    """
    equations, body, _ = split(text)
    sheets: list[_Sheet] = []
    problems: list[Problem] = []
    below = False
    for row, line in enumerate(body.splitlines(), equations.count("\n") + 1):
        if below:
            sheets[-1].shapes[-1] = replace(sheets[-1].shapes[-1], name=line)
            below = False
        elif line.startswith("*"):
            sheets.append(_Sheet(line[1:]))
        elif line.partition(",")[0] in _KINDS:
            try:
                below = _put(sheets[-1], line, row)
            except (ValueError, IndexError):
                problems.append(Problem.of(file, "sketch.line", row, line=line[:60]))
    views = [_view(sheet, file, problems) for sheet in sheets]
    if problems:
        raise StudyError(problems)
    return views


def _put(sheet: _Sheet, line: str, row: int) -> bool:
    """Add what a line says to a view and tell whether the next line holds its words."""
    if line.startswith("1,"):
        match = _ARROW.fullmatch(line)
        if match is None:
            raise ValueError
        start, end, form, hidden, thick, reserve, x, y = map(int, match.groups())
        kind = INITIAL if reserve else LINK
        if thick >= THIN:
            kind = OUT_OF if form == PIPES[OUT_OF] else INTO
        sheet.arrows.append((start, end, Arrow(0, 0, kind, bool(hidden), x, y), row))
        return False
    parts = _OBJECT.fullmatch(line)
    if parts is None:
        raise ValueError
    code, number, name, *rest = parts.groups()
    x, y, w, h, form, bits = map(int, rest)
    kind = _kind(code, name, form)
    sheet.at[int(number)] = len(sheet.shapes)
    word = code == "10"
    sheet.shapes.append(Shape(kind, name if word else "", x, y, w, h, word and bits % 2 == 0))
    return code == "12" and name == _COMMENT and bool(bits & TEXT_BELOW)


def _kind(code: str, name: str, form: int) -> str:
    if code == "11":
        return shapes.VALVE
    if code == "12":
        return shapes.CLOUD if name == str(CLOUD) else shapes.FRAME if form == BOX else shapes.LOOP
    return shapes.STOCK if form % 8 == _STOCK else shapes.FLOW if form & ATTACHED else shapes.WORD


def _view(sheet: _Sheet, file: str, problems: list[Problem]) -> View:
    arrows = []
    for start, end, arrow, row in sheet.arrows:
        if start in sheet.at and end in sheet.at:
            arrows.append(replace(arrow, start=sheet.at[start], end=sheet.at[end]))
        else:
            problems.append(Problem.of(file, "sketch.arrow", row, view=sheet.name))
    return View(sheet.name, tuple(sheet.shapes), tuple(arrows))
