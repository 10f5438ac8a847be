"""The ten parts of the report put together."""

from __future__ import annotations

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import people, proof, results, summary
from xiancheng.comparison.report.document import Report
from xiancheng.texts import text

_WORDS = ("contents", "data_of_figure", "readme", "generated", "raw_note", "chart_sheet", "unit",
          "money_sum")


def report(found: Comparison, language: str) -> Report:
    """Return the report of a comparison.

    Args:
        found: the comparison.
        language: "zh" or "en".
    """
    parts = (
        summary.one_page(found, language),
        summary.what_they_are(found, language),
        results.results(found, language),
        results.charts(found, language),
        results.costs(found, language),
        people.side_effects(found, language),
        people.equity(found, language),
        proof.how_sure(found, language),
        proof.caveats(found, language),
        proof.reproduce(found, language),
    )
    manifest = found.manifest()
    return Report(
        title=_title(found, language),
        subtitle=text("report.subtitle", language, baseline=found.title("baseline", language), start=found.asked.start,
                      end=found.year),
        language=language,
        parts=parts,
        footer=text("report.footer", language, version=manifest["version"]),
        manifest=manifest,
        table=found.table(),
        words={name: text(f"report.word.{name}", language) for name in _WORDS},
    )


def _title(found: Comparison, language: str) -> str:
    if found.asked.is_many:
        return text("report.title_many", language, count=len(found.asked.options))
    titles = text("report.versus", language).join(found.title(one, language) for one in found.asked.letters)
    return text("report.title", language, options=titles)
