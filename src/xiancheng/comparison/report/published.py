"""The table of the model's first years beside published figures."""

from __future__ import annotations

from xiancheng.comparison import published
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.outputs import places
from xiancheng.texts import text


def tables(comparison: Comparison, language: str) -> list[ReportTable]:
    """Return the table; none where nothing was published of the years that ran."""
    rows = []
    for figure in published.figures(comparison.study, comparison.areas):
        unit = str(figure.about["units"])
        rows.append((Cell(str(figure.about[f"title_{language}"])), Cell(str(figure.year), float(figure.year)),
                     written.plain(figure.published, unit, language), written.level(figure.model, unit, language),
                     written.moved(figure.gap, unit, language)))
    if not rows:
        return []
    heads = (text("report.indicator", language), text("cli.column.year", language),
             *(text(f"published.{key}", language) for key in ("figure", "model", "gap")))
    caption = text("published.head", language, name=written.area_name(comparison, places.PROVINCE, language))
    return [ReportTable("published", caption, heads, tuple(rows), (text("published.note", language),))]
