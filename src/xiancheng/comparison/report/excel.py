"""The report as a workbook: a README, a sheet for each part, the long table of all figures, two charts of Excel's."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from xiancheng.charts.bars import KINDS
from xiancheng.charts.chart import COLOURS, Chart, are_many
from xiancheng.comparison.report import excel_tables
from xiancheng.comparison.report.document import (
    Bullets,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Report,
    ReportTable,
    Section,
)
from xiancheng.comparison.report.excel_tables import number_format as _format
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import PERCENT_UNITS

_WIDTH = 18.0
_FIRST = 44.0
_LINES = "lines-"
_MONEY = "money"
_LONGEST = 32_000
"""Characters that a cell may hold."""


def content(report: Report) -> bytes:
    """Return the file.

    Args:
        report: the report.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True})
    book.set_properties({"title": report.title, "subject": report.subtitle, "author": "xiancheng",
                         "comments": json.dumps({"version": report.manifest["version"]})})
    formats = _formats(book)
    names = [report.words["readme"], *(f"{part.number} {part.title}"[:31] for part in report.parts),
             report.words["chart_sheet"], report.words["live_sheet"], report.words["data_sheet"]]
    _readme(book.add_worksheet(names[0]), report, names, formats)
    for name, part in zip(names[1:], report.parts, strict=False):
        _part(book.add_worksheet(name), part, report, formats)
    _charts(book, book.add_worksheet(names[-3]), report, formats)
    excel_tables.live(book.add_worksheet(names[-2]), report, formats)
    excel_tables.data(book.add_worksheet(names[-1]), report)
    for sheet in book.worksheets():
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)  # as wide as a page, as long as it takes
    book.close()
    return out.getvalue()


_A4 = 9
"""Number of the paper in the format of Excel."""


def _formats(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 15}),
        "part": book.add_format({"bold": True, "font_size": 12, "font_color": "#00568A"}),
        "head": book.add_format({"bold": True, "bg_color": "#EEF2F5", "text_wrap": True, "valign": "top", "border": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#555555", "font_size": 9}),
        "share": book.add_format({"num_format": "0.00%"}),
        "whole": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
        "fine": book.add_format({"num_format": "0.000000"}),
        "year": book.add_format({"num_format": "0"}),
    }


def _readme(sheet: Any, report: Report, names: Sequence[str], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 110)
    sheet.write(0, 0, report.title, formats["title"])
    lines = [("", report.subtitle), ("", report.words["generated"]), ("", report.words["raw_note"]),
             ("", report.footer)]
    row = 2
    for head, words in lines:
        sheet.write_string(row, 0, head)
        sheet.write_string(row, 1, words, formats["text"])
        row += 1
    row += 1
    for name in names:
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        row += 1
    sheet.write_string(row + 1, 0, report.words["manifest"])
    for key, value in report.manifest.items():
        row += 1
        sheet.write_string(row + 1, 0, key)
        words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        sheet.write_string(row + 1, 1, words[:_LONGEST], formats["text"])


def _part(sheet: Any, part: Section, report: Report, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, _FIRST)
    sheet.set_column(1, 40, _WIDTH)
    sheet.write(0, 0, f"{part.number} {part.title}", formats["title"])
    row = 2
    for block in part.blocks:
        if isinstance(block, Heading):
            sheet.write_string(row, 0, block.words, formats["part"])
            row += 1
        elif isinstance(block, Paragraph):
            sheet.write_string(row, 0, block.words[:_LONGEST], formats["note"])
            row += 1
        elif isinstance(block, Bullets):
            for item in block.items:
                sheet.write_string(row, 0, f"· {item}")
                row += 1
        elif isinstance(block, ReportTable):
            row = _table(sheet, block, report, formats, row)
        elif isinstance(block, Picture):
            row = _twin(sheet, block.chart, block.title, formats, row)
        row += 1


def _table(sheet: Any, table: ReportTable, report: Report, formats: dict[str, Any], row: int) -> int:
    """Write a table and return the row below it; numbers go in as they are, their units stand in the last column."""
    sheet.write_string(row, 0, table.title, formats["part"])
    has_column = report.words["unit"] in table.heads
    has_units = not has_column and any(cell.unit for line in table.rows for cell in line)
    heads = [*table.heads, *([report.words["unit"]] if has_units else [])]
    excel_tables.head(sheet, row + 1, heads, len(table.rows), formats["head"])
    row += 2
    for line in table.rows:
        for column, cell in enumerate(line):
            _write(sheet, row, column, cell, formats)
        if has_units:
            sheet.write_string(row, len(table.heads), _units(line, report.language), formats["text"])
        row += 1
    for note in table.notes:
        sheet.write_string(row, 0, note, formats["note"])
        row += 1
    return row


def _units(line: Sequence[Cell], language: str) -> str:
    units = dict.fromkeys(cell.unit for cell in line if cell.value is not None and cell.unit)
    return " · ".join(unit_column(unit, language) for unit in units)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell.value is None:
        sheet.write_string(row, column, cell.words, formats["text"])
    else:
        sheet.write_number(row, column, cell.value, _format(formats, cell.value, cell.unit))


def _twin(sheet: Any, chart: Chart, title: str, formats: dict[str, Any], row: int) -> int:
    """Write the figures behind a chart."""
    sheet.write_string(row, 0, title, formats["part"])
    excel_tables.head(sheet, row + 1, list(chart.columns.values()), len(chart.rows), formats["head"])
    row += 2
    for entry in chart.rows:
        for column, key in enumerate(chart.columns):
            value = entry.get(key)
            if isinstance(value, (int, float, np.number)) and np.isfinite(value):
                unit = chart.units.get(key, "")
                sheet.write_number(row, column, float(value), _format(formats, float(value), unit))
            else:
                sheet.write_string(row, column, "" if value is None else str(value))
        row += 1
    for note in chart.notes:
        sheet.write_string(row, 0, note, formats["note"])
        row += 1
    return row


def _charts(book: Any, sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    """Put two charts of Excel's own beside the figures they draw."""
    charts = [figure.chart for figure in report.figures()]
    lines = next((chart for chart in charts if chart.id.startswith(_LINES)), None)
    money = next((chart for chart in charts if chart.id == _MONEY), None)
    sheet.set_column(0, 8, 14)
    row = 0
    if lines is not None:
        row = _line_chart(book, sheet, lines, report, formats)
    if money is not None and are_many(list(dict.fromkeys(str(row["scenario"]) for row in money.rows))):
        _sum_chart(book, sheet, money, report, formats, row)
    elif money is not None:
        _bar_chart(book, sheet, money, report, formats, row)


def _grid(sheet: Any, chart: Chart, series: Sequence[tuple[str, Any]], formats: dict[str, Any], row: int) -> list[int]:
    """Write years downwards and series across; return the years."""
    years = sorted({int(row["year"]) for row in chart.rows})
    sheet.write_string(row, 0, chart.title, formats["part"])
    for column, (name, values) in enumerate(series, start=1):
        sheet.write_string(row + 1, column, name, formats["head"])
        for position, year in enumerate(years):
            sheet.write_number(row + 2 + position, 0, year, formats["year"])
            if values.get(year) is not None:
                value = float(values[year])
                sheet.write_number(row + 2 + position, column, value, _format(formats, value, chart.units["value"]))
    return years


def _line_chart(book: Any, sheet: Any, chart: Chart, report: Report, formats: dict[str, Any]) -> int:
    scenarios = list(dict.fromkeys(row["scenario"] for row in chart.rows))
    labels = {row["scenario"]: row["label"] for row in chart.rows}
    series = [(str(labels[name]), {int(row["year"]): row["value"] for row in chart.rows if row["scenario"] == name})
              for name in scenarios]
    years = _grid(sheet, chart, series, formats, 0)
    shown = book.add_chart({"type": "line"})
    for column, name in enumerate(scenarios, start=1):
        shown.add_series({
            "name": [sheet.name, 1, column], "categories": [sheet.name, 2, 0, 1 + len(years), 0],
            "values": [sheet.name, 2, column, 1 + len(years), column],
            "line": {"color": COLOURS[name], "width": 2, "dash_type": "dash" if column == 1 else "solid"},
        })
    unit = unit_column(chart.units["value"], report.language)
    shown.set_title({"name": chart.title, "name_font": {"size": 11}})
    shown.set_y_axis({"name": unit, "num_format": "0.0%" if chart.units["value"] in PERCENT_UNITS else "#,##0.##"})
    shown.set_size({"width": 640, "height": 340})
    sheet.insert_chart(0, 10, shown)
    return max(len(years) + 5, 20)


def _bar_chart(book: Any, sheet: Any, chart: Chart, report: Report, formats: dict[str, Any], row: int) -> None:
    pairs = list(dict.fromkeys((row["scenario"], row["kind"]) for row in chart.rows))
    series = [(f"{scenario} · {kind}", {int(row["year"]): row["value"] for row in chart.rows
                                        if (row["scenario"], row["kind"]) == (scenario, kind)})
              for scenario, kind in pairs]
    years = _grid(sheet, chart, series, formats, row)
    shown = book.add_chart({"type": "column"})
    for column, (scenario, _) in enumerate(pairs, start=1):
        shown.add_series({
            "name": [sheet.name, row + 1, column], "categories": [sheet.name, row + 2, 0, row + 1 + len(years), 0],
            "values": [sheet.name, row + 2, column, row + 1 + len(years), column],
            "fill": {"color": COLOURS[scenario], "transparency": 0 if column % 2 else 50},
        })
    shown.set_title({"name": chart.title, "name_font": {"size": 11}})
    shown.set_y_axis({"name": unit_column(chart.units["value"], report.language), "num_format": "#,##0"})
    shown.set_size({"width": 640, "height": 340})
    sheet.insert_chart(row, 10, shown)


def _sum_chart(book: Any, sheet: Any, chart: Chart, report: Report, formats: dict[str, Any], row: int) -> None:
    """Draw the sum over the years, parted by kind, a column for each option: many options by year cover each other."""
    scenarios = list(dict.fromkeys(str(row["scenario"]) for row in chart.rows))
    kinds = list(dict.fromkeys(str(row["kind"]) for row in chart.rows))
    sheet.write_string(row, 0, report.words["money_sum"], formats["part"])
    shown = book.add_chart({"type": "column", "subtype": "stacked"})
    for column, kind in enumerate(kinds, start=1):
        sheet.write_string(row + 1, column, kind, formats["head"])
        for position, scenario in enumerate(scenarios):
            total = sum(float(row["value"]) for row in chart.rows
                        if (row["scenario"], row["kind"]) == (scenario, kind) and row["value"] is not None)
            sheet.write_string(row + 2 + position, 0, scenario)
            sheet.write_number(row + 2 + position, column, total, formats["whole"])
        last = row + 1 + len(scenarios)
        shown.add_series({"name": [sheet.name, row + 1, column], "categories": [sheet.name, row + 2, 0, last, 0],
                          "values": [sheet.name, row + 2, column, last, column],
                          "fill": {"color": KINDS[(column - 1) % len(KINDS)]}})
    shown.set_title({"name": report.words["money_sum"], "name_font": {"size": 11}})
    shown.set_y_axis({"name": unit_column("yuan", report.language), "num_format": "#,##0"})
    shown.set_size({"width": 640, "height": 340})
    sheet.insert_chart(row, 10, shown)
