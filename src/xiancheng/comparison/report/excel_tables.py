"""Tables of the workbook as Excel knows them: heads that filter, numbers with their formats, changes as formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from xiancheng.comparison.report.document import Report
from xiancheng.comparison.request import REFERENCE
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import PERCENT_UNITS

_STYLE = "Table Style Light 9"
_LIVE = ("area", "indicator", "unit", "baseline", "option", "value", "change")
"""Columns of the long table that the sheet of changes takes."""
_MOST = 255
"""Letters that the head of a table may have."""


def number_format(formats: dict[str, Any], value: float, unit: str) -> Any:
    """Return the format of a number: a share in per cent, a year without commas, else digits by its size.

    Args:
        formats: of the workbook, by name.
        value: the number [unit].
        unit: of the number.
    """
    if unit in PERCENT_UNITS:
        return formats["share"]
    if not unit and value == round(value) and abs(value) < 10_000:
        return formats["year"]
    if abs(value) >= 1000:
        return formats["whole"]
    return formats["number"] if abs(value) >= 0.1 or value == 0 else formats["fine"]


def head(sheet: Any, row: int, heads: Sequence[str], rows: int, style: Any) -> None:
    """Write the heads of a table, which Excel then knows as one where its heads differ.

    Args:
        sheet: of the workbook.
        row: of the heads.
        heads: titles of the columns.
        rows: how many stand below.
        style: format of the heads.
    """
    for column, title in enumerate(heads):
        sheet.write_string(row, column, title, style)
    plain = [title.strip().casefold() for title in heads]
    if rows and all(plain) and len(set(plain)) == len(plain) and max(map(len, heads)) <= _MOST:
        columns = [{"header": title, "header_format": style} for title in heads]
        sheet.add_table(row, 0, row + rows, len(heads) - 1,
                        {"columns": columns, "style": _STYLE, "autofilter": False, "banded_rows": True})


def live(sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    """Write levels of the reference by area and indicator, and the change of each option as a formula.

    Args:
        sheet: of the workbook.
        report: the report.
        formats: of the workbook, by name.
    """
    if not {"stress", "area"} <= set(report.table.columns):
        return  # the page of a place tells places and no areas
    table = report.table[report.table["stress"] == REFERENCE]
    units: dict[tuple[str, str], tuple[str, float]] = {}
    pairs: dict[tuple[str, str, str], tuple[float, float]] = {}
    for area, indicator, unit, base, option, value, change in zip(*(table[name] for name in _LIVE), strict=True):
        units.setdefault((area, indicator), (str(unit), base))
        pairs.setdefault((area, indicator, option), (value, change))
    options = list(dict.fromkeys(table["option"]))
    heads = [*(report.words[f"live_{key}"] for key in ("indicator", "area", "unit", "baseline"))]
    for option in options:
        heads += [report.words["live_level"].format(option=option), report.words["live_change"].format(option=option)]
    head(sheet, 0, heads, len(units), formats["head"])
    for row, ((area, indicator), (unit, base)) in enumerate(units.items(), start=1):
        style = number_format(formats, base, unit)
        for column, words in enumerate((report.names[indicator], report.names[area],
                                        unit_column(unit, report.language))):
            sheet.write_string(row, column, words, formats["text"])
        _number(sheet, row, 3, base, style)
        for position, option in enumerate(options):
            if pair := pairs.get((area, indicator, option)):
                _pair(sheet, (row, 4 + 2 * position), *pair, style)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(heads) - 1, 16)


def _pair(sheet: Any, at: tuple[int, int], value: float, change: float, style: Any) -> None:
    """Write the level of an option, and its change against the baseline in column D as a formula."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

    row, column = at
    if math.isfinite(value):
        sheet.write_number(row, column, value, style)
        level, base = xl_rowcol_to_cell(row, column), xl_rowcol_to_cell(row, 3)
        sheet.write_formula(row, column + 1, f"={level}-{base}", style, change)


def _number(sheet: Any, row: int, column: int, value: float, style: Any) -> None:
    if math.isfinite(value):
        sheet.write_number(row, column, value, style)


def data(sheet: Any, report: Report) -> None:
    """Write the long table: every indicator, area, stress and option with level, change and band.

    Args:
        sheet: of the workbook.
        report: the report.
    """
    table = report.table
    for column, name in enumerate(table.columns):
        for row, value in enumerate(table[name], start=1):
            if isinstance(value, (bool, np.bool_)):
                sheet.write_boolean(row, column, bool(value))
            elif isinstance(value, (int, float, np.number)):
                _number(sheet, row, column, float(value), None)
            else:
                sheet.write_string(row, column, report.names.get(f"{name}:{value}", report.names.get(value, value))
                                   if report.language == "zh" else str(value))
    columns = [{"header": report.words.get(f"data_{name}", str(name))} for name in table.columns]
    sheet.add_table(0, 0, len(table), len(table.columns) - 1, {"columns": columns, "style": _STYLE})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.columns) - 1, 14)
