"""The report as one HTML file that needs nothing else: no host, no script, pictures drawn by Vega within it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from html import escape

from xiancheng.charts import draw
from xiancheng.charts.chart import plain
from xiancheng.comparison.report.document import (
    Block,
    Bullets,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Report,
    ReportTable,
    Section,
)

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Segoe UI",
  Arial, sans-serif; color: #222; background: #fff; max-width: 1180px; margin: 0 auto; padding: 16px 20px 60px; }
h1 { font-size: 26px; margin: 8px 0 2px; } h2 { font-size: 20px; border-bottom: 2px solid #0072B2; margin: 36px 0 10px;
  padding-bottom: 4px; } h3 { font-size: 16px; margin: 20px 0 6px; }
.subtitle { color: #555; margin: 0 0 16px; } .note, figcaption small, .notes { color: #555; font-size: 13px; }
nav ol { columns: 2; padding-left: 22px; margin: 6px 0 0; } a { color: #00568a; }
.scroll { overflow-x: auto; margin: 10px 0 4px; } table { border-collapse: collapse; font-size: 13px; min-width: 40%; }
caption { text-align: left; font-weight: 600; padding: 4px 0; } th, td { border: 1px solid #ccc; padding: 4px 7px;
  text-align: left; vertical-align: top; } th { background: #eef2f5; } td.number { text-align: right;
  font-variant-numeric: tabular-nums; } tbody tr:nth-child(even) { background: #fafbfc; }
td { overflow-wrap: break-word; max-width: 640px; }
.figures { display: flex; flex-wrap: wrap; gap: 18px 28px; align-items: flex-start; }
figure { margin: 12px 0; max-width: 100%; overflow-x: auto; flex: 0 1 auto; }
figcaption { font-weight: 600; } figcaption small { display: block; font-weight: 400; max-width: 720px; }
svg { max-width: 100%; height: auto; } details { font-size: 13px; } summary { cursor: pointer; color: #00568a; }
footer { margin-top: 40px; border-top: 1px solid #ccc; color: #555; font-size: 12px; padding-top: 6px; }
@media (max-width: 700px) { nav ol { columns: 1; } body { padding: 10px 12px 40px; } }
@media print { body { max-width: none; font-size: 11px; } details { display: none; } h2 { break-after: avoid; }
  .part + .part { break-before: page; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; }
  thead { display: table-header-group; } @page { size: A4 landscape; margin: 14mm; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def content(report: Report) -> bytes:
    """Return the file.

    Args:
        report: the report.
    """
    manifest = json.dumps(report.manifest, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    toc = "".join(f'<li><a href="#part-{part.number}">{escape(part.title)}</a></li>' for part in report.parts)
    body = "".join(_part(report, part) for part in report.parts)
    language = "zh-CN" if report.language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}</style></head>\n<body>"
        f'<header><h1>{escape(report.title)}</h1><p class="subtitle">{escape(report.subtitle)}</p></header>'
        f'<nav aria-label="{escape(report.words["contents"])}"><strong>{escape(report.words["contents"])}</strong>'
        f"<ol>{toc}</ol></nav>\n<main>{body}</main>"
        f"<footer>{escape(report.footer)}</footer>"
        f'<script type="application/json" id="manifest">{manifest}</script></body></html>\n'
    ).encode()


def _part(report: Report, part: Section) -> str:
    blocks = "".join(_grouped(report, part))
    return (f'<section class="part" id="part-{part.number}"><h2>{part.number} {escape(part.title)}</h2>'
            f"{blocks}</section>\n")


def _grouped(report: Report, part: Section) -> Iterator[str]:
    """Yield blocks; figures that follow each other stand side by side where there is room."""
    figures: list[str] = []
    for position, block in enumerate(part.blocks):
        if isinstance(block, Picture):
            figures.append(_figure(report, block, f"f{part.number}-{position}"))
            continue
        if figures:
            yield f'<div class="figures">{"".join(figures)}</div>'
            figures = []
        yield _block(block)
    if figures:
        yield f'<div class="figures">{"".join(figures)}</div>'


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h3>{escape(block.words)}</h3>"
    if isinstance(block, Paragraph):
        return f'<p class="{block.kind}">{escape(block.words)}</p>'
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
    assert isinstance(block, ReportTable)
    return _table(block)


def _table(table: ReportTable) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads)
    rows = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in table.rows)
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return (f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.title)}">'
            f'<table id="table-{table.id}"><caption>{escape(table.title)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
            f'<div class="notes">{notes}</div>')


def _cell(cell: Cell) -> str:
    if cell.value is None:
        return f"<td>{escape(cell.words)}</td>"
    kind = "number" if cell.is_figure else "words"
    return (f'<td class="{kind}" data-value="{cell.value!r}" data-unit="{escape(cell.unit)}">'
            f"{escape(cell.words)}</td>")


def _figure(report: Report, figure: Picture, mark: str) -> str:
    chart = figure.chart
    notes = "".join(f"<small>{escape(note)}</small>" for note in chart.notes)
    picture = _own_ids(draw.svg(chart), mark).replace(
        "<svg ", f'<svg role="img" aria-label="{escape(chart.alt or chart.title)}" ', 1)
    return (f'<figure id="figure-{chart.id}">{picture}<figcaption>{escape(figure.title)}{notes}</figcaption>'
            f"{_twin(report, figure)}</figure>")


def _own_ids(svg: str, mark: str) -> str:
    """Return a picture whose ids are its own: many stand in one page."""
    named = re.sub(r'\bid="([^"]+)"', rf'id="{mark}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{mark}-\1)", named)


def _digits(value: float) -> str:
    """Return a number in digits that people read: six that count, never a power of ten."""
    digits = 0 if value == 0 else max(5 - math.floor(math.log10(abs(value))), 0)
    words = f"{value:,.{min(digits, 12)}f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def _twin(report: Report, figure: Picture) -> str:
    """Return the figures behind a chart as a table."""
    chart = figure.chart
    heads = "".join(f'<th scope="col">{escape(title)}</th>' for title in chart.columns.values())
    rows = []
    for row in chart.rows:
        cells = []
        for key in chart.columns:
            value = report.names.get(f"{key}:{row.get(key)}", plain(row.get(key)))
            if isinstance(value, float):
                cells.append(f'<td class="number" data-value="{value!r}">{_digits(value)}</td>')
            else:
                cells.append(f"<td>{escape('' if value is None else str(value))}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    return (f"<details><summary>{escape(report.words['data_of_figure'])}</summary>"
            f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
            "</details>")
