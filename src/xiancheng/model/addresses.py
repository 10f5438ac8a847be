"""The cell that each constant of the equations reads, written by the names that its block bears.

Vensim and PySD know a figure of a table by its cell alone. A cell written by hand is right until a row is put in above
it, and then every constant below reads its neighbour without a word. So a cell is never written by hand: the names in
a block say where a figure stands, and `xiancheng tables build` writes the cell of each constant after the blocks.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiancheng import cells
from xiancheng.engine.dimensions import dimensions, is_definition
from xiancheng.engine.entries import entries
from xiancheng.engine.source import key
from xiancheng.engine.tables import name_of
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase, phrase_list

_CALL = re.compile(
    r"GET[\s_]+DIRECT[\s_]+CONSTANTS\(\s*'(?P<file>[^']+)'\s*,\s*','\s*,\s*'(?P<cell>[^']*)'", re.IGNORECASE
)
_LEFT = re.compile(r"(?:\{[^}]*\}|\s)*(?P<name>[^\[\]=~|{}]+?)\s*(?:\[(?P<subscripts>[^\]]*)\])?\s*=\s*")
_FROM_TABLE = re.compile(r"GET[\s_]+DIRECT", re.IGNORECASE)

Lines = Sequence[Sequence[str]]


def members(text: str, file: str) -> dict[str, tuple[str, ...]]:
    """Return the elements of every subscript range of equations by the key of the range.

    A range that is itself read from a table, such as the list of places, has no elements here.

    Raises:
        StudyError: the ranges cannot be read.
    """
    split, problems = entries(text, file)
    definitions = [entry for entry in split if is_definition(entry)]
    written = [entry for entry in definitions if not _FROM_TABLE.search(entry.equation)]
    ranges, wrong = dimensions(written, Path(), file)
    if problems or wrong:
        raise StudyError([*problems, *wrong])
    external = {key(entry.name): () for entry in definitions if _FROM_TABLE.search(entry.equation)}
    return external | {name: ranges.elements(name) for name in ranges.ranges}


@dataclass(frozen=True)
class _Read:
    """A constant as the equations read it: name, subscripts, block, cell as it stands, and its line."""

    name: str
    subscripts: tuple[str, ...]
    file: str
    cell: str
    line: int


def addressed(text: str, file: str, ranges: Mapping[str, tuple[str, ...]], blocks: Mapping[str, str]) -> str:
    """Return equations whose constants read the cells that bear their names.

    A constant without subscripts stands in the row of its name. One with subscripts is a column down, headed by its
    name, or by its name and the element that it fills; it begins where the first element of its range stands. A block
    read as a whole (a cell without `*`) is left: the engine holds its rows and columns against the elements.

    Args:
        text: the equations.
        file: their name, for problems.
        ranges: elements of their subscript ranges, of `members`.
        blocks: text of every block by its path as the equations write it.

    Raises:
        StudyError: every constant whose block has no such name, or that reads no block.
    """
    tables = {name: tuple(cells.split(block, name)) for name, block in blocks.items()}
    problems: list[Problem] = []

    def write(call: re.Match[str]) -> str:
        left = _LEFT.fullmatch(text, text.rfind("|", 0, call.start()) + 1, call.start())
        if left is None:
            return call[0]
        read = _read(left, call, text.count("\n", 0, left.start("name")) + 1)
        lines = tables.get(read.file, ())
        cell = _cell(read, lines, ranges)
        if cell is None:
            problems.append(_nameless(read, lines, file))
            return call[0]
        return f"{call[0][: call.start('cell') - call.start()]}{cell}'"

    written = _CALL.sub(write, text)
    if problems:
        raise StudyError(problems)
    return written


def _read(left: re.Match[str], call: re.Match[str], line: int) -> _Read:
    subscripts = tuple(part.strip() for part in (left["subscripts"] or "").split(",") if part.strip())
    return _Read(" ".join(left["name"].split()), subscripts, call["file"], call["cell"], line)


def _cell(read: _Read, lines: Lines, ranges: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the cell of a constant; None where its block has none of its name."""
    name = key(read.name)
    if not read.subscripts:
        row = _row(name, lines)
        return None if row is None else name_of(row, 1)
    if read.cell and not read.cell.endswith("*"):
        return read.cell if lines else None
    columns = {key(title): number for number, title in enumerate(lines[0] if lines else ()) if number}
    column = columns.get(name, columns.get(f"{name}_{key(read.subscripts[-1])}"))
    down = next((ranges[key(part)] for part in read.subscripts if key(part) in ranges), ())
    top = _row(down[0], lines) if down else 1
    return None if column is None or top is None else f"{name_of(top, column)}*"


def _row(name: str, lines: Lines) -> int | None:
    """Return the row, from 0, that bears a name; the header is none."""
    return next((number for number, line in enumerate(lines) if number and key(line[0]) == name), None)


def _nameless(read: _Read, lines: Lines, file: str) -> Problem:
    says = phrase("block.nameless", name=read.name, file=read.file)
    titles = [*lines[0][1:], *(line[0] for line in lines[1:])] if lines else []
    near = difflib.get_close_matches(read.name, titles, 3)
    hint = phrase("hint.did_you_mean", names=phrase_list(near)) if near else phrase("block.nameless_hint")
    return Problem(file, says, phrase("block.nameless_allowed"), hint, read.line)
