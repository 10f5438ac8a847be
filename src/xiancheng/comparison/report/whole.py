"""The parts of the report put together: all ten, or the few of the short one."""

from __future__ import annotations

from dataclasses import replace

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.long_table import COLUMNS
from xiancheng.comparison.report import (
    LENGTHS,
    appraisal,
    money,
    named,
    numbered,
    people,
    proof,
    results,
    short,
    summary,
    written,
)
from xiancheng.comparison.report.document import Report, ReportTable, Section
from xiancheng.texts import text

SHORT, FULL = LENGTHS
_MARKS = {"number": "{number}", "count": "{count}", "option": "{option}"}
"""What a form fills in itself."""
_ANNEX, _PRINTED = ("stress", "duels", "quintiles", "inequality", "levers-cost"), 100
"""Tables of every indicator and option, and rows of them that paper holds; longer ones stand in page and workbook."""
_LIVE = ("indicator", "area", "unit", "baseline", "level", "change")
_WORDS = ("contents", "manifest", "data_of_figure", "readme", "generated", "raw_note", "chart_sheet", "unit",
          "money_sum", "page", "live_sheet", "data_sheet", *(f"live_{key}" for key in _LIVE),
          *(f"data_{name}" for name in COLUMNS))
"""Texts that forms take by name."""


def report(comparison: Comparison, language: str, length: str = FULL) -> Report:
    """Return the report of a comparison, put together once for all forms.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        length: of LENGTHS.
    """
    own = short.parts if length == SHORT else _all_parts

    def put_together() -> Report:
        return of_parts(comparison, language, own(comparison, language), is_short=length == SHORT)

    report_: Report = comparison.reports.get((language, length), put_together)
    return report_


def of_parts(
    comparison: Comparison, language: str, parts: tuple[Section, ...], title: str = "", *, is_short: bool = False
) -> Report:
    """Return a report of some parts.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        parts: in their order.
        title: on the first page; the names of the options when "".
        is_short: whether it is for a meeting.
    """
    manifest = comparison.manifest()
    return Report(
        title=title or _title(comparison, language),
        subtitle=text("report.subtitle", language, baseline=comparison.title("baseline", language),
                      start=comparison.request.start,
                      end=comparison.year),
        language=language,
        parts=numbered.parts(parts, language),
        footer=text("report.footer", language, version=written.version(comparison, language)),
        manifest=manifest,
        table=comparison.table(),
        words={name: text(f"report.word.{name}", language, **_MARKS) for name in _WORDS},
        is_short=is_short,
        names=named.ids(comparison, language),
    )


def _all_parts(comparison: Comparison, language: str) -> tuple[Section, ...]:
    parts = (
        *_opening(comparison, language),
        results.results(comparison, language),
        results.charts(comparison, language),
        money.costs(comparison, language),
        people.side_effects(comparison, language),
        people.equity(comparison, language),
        proof.how_sure(comparison, language),
        proof.caveats(comparison, language),
        proof.reproduce(comparison, language),
    )
    return tuple(_annexed(part, language) for part in parts)


def _annexed(part: Section, language: str) -> Section:
    """Return a part whose longest tables are told on paper by a sentence; page and workbook hold them."""
    return replace(part, blocks=tuple(
        replace(block, annex=text("report.annex", language, count=len(block.rows)))
        if isinstance(block, ReportTable) and block.id in _ANNEX and len(block.rows) > _PRINTED else block
        for block in part.blocks))


def _opening(comparison: Comparison, language: str) -> tuple[Section, Section]:
    """Return page one and the options; up to four are appraised in columns, and the answer in words follows.

    The targets of more than four take a page of their own after the first one.
    """
    in_words, options = summary.one_page(comparison, language), summary.what_they_are(comparison, language)
    if comparison.request.is_many:
        return in_words, replace(options, blocks=(*options.blocks, *results.binding(comparison, language)))
    return appraisal.page(comparison, language), replace(options, blocks=(*in_words.blocks, *options.blocks))


def _title(comparison: Comparison, language: str) -> str:
    if comparison.request.is_many:
        return text("report.title_many", language, count=len(comparison.request.options))
    titles = text("report.versus",
                  language).join(comparison.title(letter, language) for letter in comparison.request.letters)
    return text("report.title", language, options=titles)
