"""Numbers of tables and figures, counted through the whole report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from xiancheng.comparison.report.document import Block, Picture, ReportTable, Section
from xiancheng.texts import text


def parts(sections: Iterable[Section], language: str) -> tuple[Section, ...]:
    """Return parts whose tables and figures bear their numbers.

    Args:
        sections: the parts in their order.
        language: "zh" or "en".
    """
    tables, figures = count(1), count(1)

    def label(block: Block) -> Block:
        if isinstance(block, ReportTable):
            return replace(block, label=text("report.label.table", language, number=next(tables)))
        if isinstance(block, Picture):
            return replace(block, label=text("report.label.figure", language, number=next(figures)))
        return block

    return tuple(replace(part, blocks=tuple(map(label, part.blocks))) for part in sections)
