"""What each option owes to a single lever, as sentences and as a table; whether it does what it is named for."""

from __future__ import annotations

from collections.abc import Sequence

from xiancheng.comparison import reliance, words
from xiancheng.comparison.changes import BETTER, DIFFERENT
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.reliance import Reliance
from xiancheng.comparison.report import beside, written
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
    """Return the same to stand on one page: a line for each option, or one for all of many, which part 8 spells out."""
    weak = reliance.strongest(item for item in comparison.reliances if item.is_weak)
    missed = _missed(comparison)
    if comparison.request.is_many:
        return [line for key, items in (("owed", weak), ("missed", missed))
                for line in _of_all(comparison, f"report.{key}_many", items, language)]
    return [line for option in comparison.request.letters
            for line in _of_option(comparison, option, weak, missed, language)]


def _of_all(comparison: Comparison, key: str, items: Sequence[Reliance], language: str) -> list[str]:
    letters = [letter for letter in comparison.request.letters if any(item.option == letter for item in items)]
    most = words.percent(reliance.MOST, language)
    return [text(key, language, options=listing(letters, language), most=most)] if letters else []


def _of_option(
    comparison: Comparison, option: str, weak: Sequence[Reliance], missed: Sequence[Reliance], language: str
) -> list[str]:
    name, separator = written.named(comparison, option, language), text("report.claims_separator", language)
    owing = [text("report.owed_item", language, title=str(item.about[f"title_{language}"]),
                  lever=_lever(comparison, item, language), share=words.percent(item.share.median, language))
             for item in weak if item.option == option]
    titles = [str(item.about[f"title_{language}"]) for item in missed if item.option == option]
    lines = [text("report.owed_brief", language, option=name, items=separator.join(owing))] if owing else []
    return [*lines, *([text("report.missed_brief", language, option=name, items=listing(titles, language))]
                      if titles else [])]


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
    return beside.lever(comparison, item.lever, language)


def _about(comparison: Comparison, item: Reliance, language: str) -> dict[str, str]:
    return {
        "option": written.named(comparison, item.option, language), "title": str(item.about[f"title_{language}"]),
        "area": written.area_name(comparison, item.area, language),
        "change": written.moved(item.change, str(item.about["units"]), language).words,
    }
