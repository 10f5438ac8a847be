"""The entries of a .mdl: equation, units, comment, with the line each begins at and the group it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xiancheng.errors import Problem

SKETCH = re.compile(r"\\{2,3}---///")
_NAME = re.compile(r'\s*("(?:\\"|[^"])*"|[^=:(\[<~|]+)')
_MARKS = re.compile(r'[{}"~|]')
_LETTER = re.compile(r"[^\n]")
_GOES_ON = re.compile(r"\\\r?\n\t?")


@dataclass(frozen=True)
class Entry:
    """One definition of a model.

    Attributes:
        equation: left side, sign and right side, blanks folded.
        units: as written, limits included.
        comment: the description.
        line: counted from 1.
        group: the group the entry stands under, "" before the first.
        written: the equation as it stands in the text, without notes and the blanks around it.
        start: position of its first letter in the text.
    """

    equation: str
    units: str
    comment: str
    line: int
    group: str = ""
    written: str = ""
    start: int = 0

    @property
    def name(self) -> str:
        """Return the name that the entry defines, blanks folded."""
        match = _NAME.match(self.equation)
        return " ".join(match.group(1).split()) if match else self.equation


def entries(text: str, file: str) -> tuple[tuple[Entry, ...], list[Problem]]:
    """Split a model's text into entries; macros, unclosed entries and stray text come back as problems."""
    parts, problems = _entries(text, file)
    return parts, list(problems)


@lru_cache(maxsize=4)
def _entries(text: str, file: str) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    body = SKETCH.split(text, maxsplit=1)[0]
    parts: list[Entry] = []
    problems: list[Problem] = []
    group = ""
    for fields, begin, line, closed in _split(body):
        equation = _fold(fields[0])
        if not equation:
            continue
        if equation.startswith("*"):
            group = equation.strip("* ").lstrip(".").strip()
            continue
        if not closed:
            problems.append(Problem.of(file, "engine.entry.open", line, equation=equation[:60]))
        elif len(fields) < 3:
            count = len(fields)
            problems.append(Problem.of(file, "engine.entry.fields", line, equation=equation[:60], count=count))
        else:
            blank = len(fields[0]) - len(fields[0].lstrip())
            written = fields[0].strip()
            parts.append(Entry(equation, _fold(fields[1]), _fold(fields[2]), line, group, written, begin + blank))
    if not parts and not problems:
        problems.append(Problem.of(file, "engine.file.empty"))
    return tuple(parts), tuple(problems)


def _fold(text: str) -> str:
    return " ".join((_GOES_ON.sub(" ", text) if "\\" in text else text).split())


def without_notes(text: str) -> str:
    """Return a model's text with notes in braces inside equations blanked, notes in notes too, line breaks kept."""
    pieces: list[str] = []
    sketch = SKETCH.search(text)
    stop = sketch.start() if sketch else len(text)
    end = fields = depth = 0
    quoted, opened = False, -1
    for mark in _MARKS.finditer(text, 0, stop):
        letter, position = mark.group(), mark.start()
        if opened >= 0:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if depth == 0:
                pieces += [text[end:opened], _LETTER.sub(" ", text[opened : position + 1])]
                end, opened = position + 1, -1
        elif letter == "{" and fields == 0 and not quoted:
            opened, depth = position, 1
        elif letter == '"' and fields < 2 and text[position - 1 : position] != "\\":
            quoted = not quoted
        elif letter in "~|" and not quoted:
            fields = 0 if letter == "|" else fields + 1
    if opened >= 0:
        pieces += [text[end:opened], _LETTER.sub(" ", text[opened:stop])]
        end = stop
    return "".join([*pieces, text[end:]])


def _split(body: str) -> Iterator[tuple[list[str], int, int, bool]]:
    """Yield the fields of each entry, the position and the line it begins at, and whether a bar closes it."""
    body = without_notes(body)
    fields: list[str] = []
    begin = start = counted = 0
    line, quoted = 1, False
    for mark in _MARKS.finditer(body):
        letter, position = mark.group(), mark.start()
        if letter == '"' and len(fields) < 2 and (position == 0 or body[position - 1] != "\\"):
            quoted = not quoted
        elif letter in "~|" and not quoted:
            fields.append(body[start:position])
            start = position + 1
            if letter == "|":
                line, counted = _line(body, line, counted, begin, fields[0])
                yield fields, begin, line, True
                fields, begin = [], start
    rest = body[start:]
    if fields or rest.strip():
        fields.append(rest)
        yield fields, begin, _line(body, line, counted, begin, fields[0])[0], False


def _line(body: str, line: int, counted: int, begin: int, first: str) -> tuple[int, int]:
    """Return the line of the first letter of an entry and its position, given another line and its position before."""
    letter = begin + len(first) - len(first.lstrip())
    return line + body.count("\n", counted, letter), letter
