"""What each option owes to a single lever, as sentences and as a table; whether it does what it is named for."""

from __future__ import annotations

from xiancheng.comparison import reliance, words
from xiancheng.comparison.changes import BETTER, DIFFERENT
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.reliance import Reliance
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.texts import listing, text


def sentences(comparison: Comparison, language: str) -> list[str]:
    """Return what hangs on a single lever whose effect is only assumed, and what an option is named for and misses."""
    return [
        *(text("report.owed", language, share=words.percent(item.share.median, language),
               lever=_lever(comparison, item, language), **_about(comparison, item, language))
          for item in comparison.reliances if item.is_weak),
        *(text("report.missed", language, **_about(comparison, item, language)) for item in _missed(comparison)),
        *([] if comparison.reliances else [text("report.owed_unknown", language)]),
    ]


def brief(comparison: Comparison, language: str) -> list[str]:
    """Return the same in a line for each option, to stand on one page: the strongest such lever of each figure."""
    weak = reliance.strongest(item for item in comparison.reliances if item.is_weak)
    lines = []
    for option in comparison.request.letters:
        name = written.named(comparison, option, language)
        owing = [text("report.owed_item", language, title=str(item.about[f"title_{language}"]),
                      lever=_lever(comparison, item, language), share=words.percent(item.share.median, language))
                 for item in weak if item.option == option]
        missed = [str(item.about[f"title_{language}"]) for item in _missed(comparison) if item.option == option]
        separator = text("report.claims_separator", language)
        if owing:
            lines.append(text("report.owed_brief", language, option=name, items=separator.join(owing)))
        if missed:
            lines.append(text("report.missed_brief", language, option=name, items=listing(missed, language)))
    return lines


def _missed(comparison: Comparison) -> list[Reliance]:
    return [item for item in reliance.strongest(comparison.reliances) if item.verdict not in (BETTER, DIFFERENT)]


def table(comparison: Comparison, language: str) -> ReportTable:
    """Return for every figure that an option is named for the lever that most of it hangs on."""
    rows = []
    for item in reliance.strongest(comparison.reliances):
        unit = str(item.about["units"])
        rows.append((
            Cell(f"{item.option} · {item.about[f'title_{language}']}"),
            Cell(written.area_name(comparison, item.area, language)),
            written.moved(item.change, unit, language, written.ARROWS[item.verdict]),
            Cell(_lever(comparison, item, language)), written.share(item.share.median, language),
            Cell(text(f"evidence.{item.evidence}", language)),
        ))
    heads = tuple(text(f"report.owed.{key}", language) for key in ("what", "area", "change", "lever", "share", "mark"))
    return ReportTable("owed", text("report.owed_of", language, year=comparison.year), heads, tuple(rows),
                       (text("report.owed_note", language, most=words.percent(reliance.MOST, language)),))


def _lever(comparison: Comparison, item: Reliance, language: str) -> str:
    lever = comparison.levers.get(item.lever)
    return lever.title[language] if lever else item.lever


def _about(comparison: Comparison, item: Reliance, language: str) -> dict[str, str]:
    return {
        "option": written.named(comparison, item.option, language), "title": str(item.about[f"title_{language}"]),
        "area": written.area_name(comparison, item.area, language),
        "change": written.moved(item.change, str(item.about["units"]), language).words,
    }
