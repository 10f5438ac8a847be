"""Cells of csv files and sheets that a model reads by GET DIRECT or GET XLS, at a position or by a name."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from xiancheng.engine import sheets
from xiancheng.errors import Problem, StudyError

_CELL = re.compile(r"([A-Za-z]{1,3})([1-9]\d*)")
_LINE = re.compile(r"\d+|[A-Za-z]{1,3}")
_OTHERS = {".xlsb", ".ods"}


@dataclass(frozen=True)
class Axis:
    """One dimension of a block of cells: element names in order."""

    name: str
    elements: tuple[str, ...]


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
    return _rows(path, tab if tab and not tab[0].isalnum() else ",", path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _rows(path: Path, separator: str, changed: int) -> tuple[tuple[str, ...], ...]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return tuple(tuple(row) for row in csv.reader(file, delimiter="\t" if separator == "\\t" else separator))
    except UnicodeDecodeError as error:
        raise StudyError(Problem.of(str(path), "engine.table.bytes", reason=error.reason)) from None


def place(cell: str, path: Path, tab: str = "") -> tuple[int, int]:
    """Return row and column, from 0, of a cell such as B12, or of the first cell that has a name."""
    text = cell.strip().rstrip("*")
    named = sheets.block(path, tab, text) if sheets.is_workbook(path) and not _CELL.fullmatch(text) else None
    match = _CELL.fullmatch(named.first if named else text)
    if match is None:
        raise StudyError(Problem.of(str(path), "engine.table.cell", cell=cell))
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
    if text.isdigit():
        return int(text), width
    if text.isalpha():
        return height, column(text) + 1
    row, col = place(text, path)
    return row + 1, col + 1


def number(text: str, row: int, col: int, path: Path, problems: list[Problem]) -> float:
    """Return the number in a cell by its text; anything else, emptiness too, is a problem."""
    try:
        value, key = float(text), "engine.cell.infinite"
    except ValueError:
        value, key = np.nan, "engine.cell.text" if text else "engine.cell.empty"
    if not np.isfinite(value):
        problems.append(Problem.of(str(path), key, row + 1, text=text, cell=name_of(row, col)))
    return value
