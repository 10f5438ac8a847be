"""Cells of workbooks: .xlsx by openpyxl, .xls by xlrd; names of cells as Excel keeps them, for a sheet or for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError

NEW, OLD = (".xlsx", ".xlsm"), (".xls",)
Cells = tuple[tuple[str, ...], ...]
_REFERENCE = re.compile(r"(?:'?(?P<sheet>[^'!]+)'?!)?\$?(?P<column>[A-Z]{1,3})\$?(?P<row>\d+)"
                        r"(?::\$?(?P<last>[A-Z]{1,3})\$?(?P<end>\d+))?", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """Cells that have a name: the first and last of them, such as B2 and B9."""

    first: str
    last: str


@dataclass(frozen=True)
class Workbook:
    """The cells of each sheet by its name in small letters, and the blocks by (sheet or "", name)."""

    sheets: dict[str, Cells]
    names: dict[tuple[str, str], Block] = field(default_factory=dict)


def is_workbook(path: Path) -> bool:
    """Tell whether a file holds sheets."""
    return path.suffix.lower() in (*NEW, *OLD)


def sheet(path: Path, tab: str) -> Cells:
    """Return the cells of a sheet as text.

    Raises:
        StudyError: the workbook cannot be read or has no such sheet.
    """
    cells = _workbook(path).sheets.get(tab.strip().lower())
    if cells is None:
        raise StudyError(Problem.of(str(path), "engine.sheet.none", tab=tab,
                                    sheets=", ".join(_workbook(path).sheets)))
    return cells


def block(path: Path, tab: str, name: str) -> Block | None:
    """Return the cells that a name stands for on a sheet, or in the whole workbook."""
    names = _workbook(path).names
    return names.get((tab.strip().lower(), name.lower())) or names.get(("", name.lower()))


def _workbook(path: Path) -> Workbook:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Workbook:
    try:
        return _old(path) if path.suffix.lower() in OLD else _new(path)
    except Exception as error:  # whatever the reader of a broken file raises
        raise StudyError(Problem.of(str(path), "engine.sheet.unreadable", reason=type(error).__name__)) from None


def _new(path: Path) -> Workbook:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.load_workbook(path, data_only=True)
    sheets: dict[str, Cells] = {}
    names: dict[tuple[str, str], Block] = {}
    for page in book.worksheets:
        sheets[page.title.lower()] = tuple(tuple(map(_text, row)) for row in page.iter_rows(values_only=True))
        names.update(_blocks(page.title.lower(), ((name, item.attr_text) for name, item in page.defined_names.items())))
    names.update(_blocks("", ((name, item.attr_text) for name, item in book.defined_names.items())))
    return Workbook(sheets, names)


def _old(path: Path) -> Workbook:
    import xlrd  # type: ignore[import-untyped]

    book = xlrd.open_workbook(path)
    sheets = {
        page.name.lower(): tuple(
            tuple(_text(cell.value if cell.ctype != xlrd.XL_CELL_ERROR else "#") for cell in page.row(number))
            for number in range(page.nrows))
        for page in book.sheets()
    }
    names: dict[tuple[str, str], Block] = {}
    for item in book.name_obj_list:
        scope = book.sheet_names()[item.scope].lower() if item.scope >= 0 else ""
        names.update(_blocks(scope, [(item.name, item.result.text if item.result else "")]))
    return Workbook(sheets, names)


def _blocks(scope: str, written: Any) -> Iterator[tuple[tuple[str, str], Block]]:
    for name, text in written:
        match = _REFERENCE.fullmatch(text or "")
        if match is not None:
            first = f"{match['column']}{match['row']}"
            last = f"{match['last'] or match['column']}{match['end'] or match['row']}"
            yield (scope, name.lower()), Block(first, last)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return repr(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
