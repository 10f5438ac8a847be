"""Cells of csv files and sheets that a model reads by GET DIRECT or GET XLS, at a position or by a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from xiancheng import cells as cell_texts
from xiancheng.engine import sheets
from xiancheng.errors import Problem, StudyError

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_NAMED = re.compile(r"GET[\s_]+(?:DIRECT|XLS)[\s_]+\w+\s*\(\s*'([^']*)'", re.IGNORECASE)
_COLUMN = re.compile(r"[A-Za-z]{1,3}")
_LINE = re.compile(r"[0-9]{1,7}|[A-Za-z]{1,3}")
SEPARATORS = (",", ";", "|", "\t")
"""What may stand between two cells."""
_LONGEST_NAME = 250
"""Bytes that the name of a table may have: more, and systems of files know no such file."""
_OTHERS = {".xlsb", ".ods"}


@dataclass(frozen=True)
class Axis:
    """One dimension of a block of cells: element names in order."""

    name: str
    elements: tuple[str, ...]


_ANYWHERE: ContextVar[bool] = ContextVar("tables_anywhere", default=False)


@contextmanager
def anywhere() -> Iterator[None]:
    """Let models read tables wherever they lie, as long as the context is open."""
    token = _ANYWHERE.set(True)
    try:
        yield
    finally:
        _ANYWHERE.reset(token)


def inside(folder: Path, file: str) -> Path:
    """Return where a table lies that a model names; it is below the folder of the model.

    Args:
        folder: of the model.
        file: as the model names it.

    Raises:
        StudyError: a place outside of the folder, while tables may not lie anywhere; nothing of it was opened.
    """
    path = folder / file
    if not file.isprintable() or len(file.encode()) > _LONGEST_NAME:
        raise StudyError(Problem.of(repr(file[:80]), "engine.table.none"))
    if not _ANYWHERE.get() and not path.resolve().is_relative_to(folder.resolve()):
        raise StudyError(Problem.of(str(path), "engine.table.outside"))
    return path


def refuse_outside(text: str, folder: Path) -> None:
    """Refuse equations that name a table outside of the folder of their model, for engines that open tables themselves.

    Raises:
        StudyError: the first such table.
    """
    for match in _NAMED.finditer(text):
        inside(folder, match[1])


def rows(path: Path, tab: str) -> tuple[tuple[str, ...], ...]:
    """Return every cell of a csv file, or of a sheet, as text.

    Raises:
        StudyError: no such file or sheet, a workbook of a kind that is not read, or bytes that are not UTF-8.
    """
    if not path.is_file():
        raise StudyError(Problem.of(str(path), "engine.table.none"))
    if sheets.is_workbook(path):
        return sheets.sheet(path, tab)
    if path.suffix.lower() in _OTHERS:
        raise StudyError(Problem.of(str(path), "engine.table.spreadsheet"))
    separator = "\t" if tab == "\\t" else tab if tab and not tab[0].isalnum() else ","
    if separator not in SEPARATORS:
        raise StudyError(Problem.of(str(path), "engine.separator", separator=separator[:40]))
    return _rows(path, separator, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _rows(path: Path, separator: str, changed: int) -> tuple[tuple[str, ...], ...]:
    written = cell_texts.text(path, str(path), marked=True)
    return tuple(map(tuple, cell_texts.split(written, str(path), separator, gaps=True)))


def place(cell: str, path: Path, tab: str = "") -> tuple[int, int]:
    """Return row and column, from 0, of a cell such as B12, or of the first cell that has a name."""
    text = cell.strip().rstrip("*")
    named = sheets.block(path, tab, text) if sheets.is_workbook(path) and not _CELL.fullmatch(text) else None
    match = _CELL.fullmatch(named.first if named else text)
    if match is None:
        raise StudyError(Problem.of(str(path), "engine.table.cell", cell=cell[:40]))
    return int(match.group(2)) - 1, column(match.group(1))


def line_of(line: str, path: Path, tab: str) -> str:
    """Return the row or column that a series stands in: itself, or that of the cells which have its name."""
    text = line.strip()
    named = sheets.block(path, tab, text) if sheets.is_workbook(path) and not _LINE.fullmatch(text) else None
    if named is None:
        return text
    (first_row, first_column), (last_row, _) = place(named.first, path), place(named.last, path)
    return str(first_row + 1) if first_row == last_row else _letters(first_column)


def column(letters: str) -> int:
    """Return the position, from 0, of a column such as AB."""
    position = 0
    for letter in letters.upper():
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def name_of(row: int, col: int) -> str:
    """Return the name of a cell, such as B12, from positions counted from 0."""
    return f"{_letters(col)}{row + 1}"


def _letters(col: int) -> str:
    letters, col = "", col + 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_at(cells: Sequence[Sequence[str]], row: int, col: int) -> str:
    """Return one cell, "" outside the file."""
    return cells[row][col].strip() if 0 <= row < len(cells) and 0 <= col < len(cells[row]) else ""


def subscript(path: Path, tab: str, first: str, last: str, prefix: str) -> tuple[str, ...]:
    """Return element names from cells: down a column, along a row or over a block.

    Raises:
        StudyError: no such file, or no element in the cells.
    """
    cells = rows(path, tab)
    row, col = place(first, path, tab)
    end_row, end_col = _last(last, path, len(cells), max(map(len, cells), default=0))
    elements = tuple(
        prefix + text_at(cells, i, j) for i in range(row, end_row) for j in range(col, end_col) if text_at(cells, i, j)
    )
    if not elements:
        raise StudyError(Problem.of(str(path), "engine.table.elements", row + 1, first=first, last=last))
    return elements


def _last(last: str, path: Path, height: int, width: int) -> tuple[int, int]:
    text = last.strip()
    if not text:
        return height, width
    if (number := cell_texts.integer(text)) is not None:
        return number, width
    if _COLUMN.fullmatch(text):
        return height, column(text) + 1
    row, col = place(text, path)
    return row + 1, col + 1


def number(text: str, row: int, col: int, path: Path, problems: list[Problem]) -> float:
    """Return the number in a cell by its text; anything else, emptiness too, is a problem."""
    written = cell_texts.number(text)
    key = "engine.cell.infinite" if written is not None else "engine.cell.text" if text else "engine.cell.empty"
    value = np.nan if written is None else written
    if not np.isfinite(value):
        problems.append(Problem.of(str(path), key, row + 1, text=text, cell=name_of(row, col)))
    return value
