"""The ten parts of the report put together."""

from __future__ import annotations

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import money, people, proof, results, summary
from xiancheng.comparison.report.document import Report, Section
from xiancheng.texts import text

_WORDS = ("contents", "data_of_figure", "readme", "generated", "raw_note", "chart_sheet", "unit",
          "money_sum")


def report(comparison: Comparison, language: str) -> Report:
    """Return the report of a comparison.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
    """
    parts = (
        summary.one_page(comparison, language),
        summary.what_they_are(comparison, language),
        results.results(comparison, language),
        results.charts(comparison, language),
        money.costs(comparison, language),
        people.side_effects(comparison, language),
        people.equity(comparison, language),
        proof.how_sure(comparison, language),
        proof.caveats(comparison, language),
        proof.reproduce(comparison, language),
    )
    return of_parts(comparison, language, parts)


def of_parts(comparison: Comparison, language: str, parts: tuple[Section, ...], title: str = "") -> Report:
    """Return a report of some parts.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        parts: in their order.
        title: on the first page; the names of the options when "".
    """
    manifest = comparison.manifest()
    return Report(
        title=title or _title(comparison, language),
        subtitle=text("report.subtitle", language, baseline=comparison.title("baseline", language),
                      start=comparison.request.start,
                      end=comparison.year),
        language=language,
        parts=parts,
        footer=text("report.footer", language, version=manifest["version"]),
        manifest=manifest,
        table=comparison.table(),
        words={name: text(f"report.word.{name}", language) for name in _WORDS},
    )


def _title(comparison: Comparison, language: str) -> str:
    if comparison.request.is_many:
        return text("report.title_many", language, count=len(comparison.request.options))
    titles = text("report.versus",
                  language).join(comparison.title(letter, language) for letter in comparison.request.letters)
    return text("report.title", language, options=titles)
