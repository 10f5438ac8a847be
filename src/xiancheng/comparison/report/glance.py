"""Many options on one page: a line for each, and the claims that the one page rests on."""

from __future__ import annotations

from xiancheng.comparison import confidence, words
from xiancheng.comparison.changes import BETTER, WORSE, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import beside, purse, written
from xiancheng.comparison.report.document import Block, Cell, Heading, ReportTable
from xiancheng.outputs import places
from xiancheng.texts import listing, text

SURE = 0.9
"""Share of the members from which one option is said to do better than another."""
TOLD = 3
"""Claims of each option that the one page rests on."""
_BRIEF = 2
"""Claims of each option that fit a line."""
_KEYS = ("option", "balance", "gains", "losses", "money", "confidence", "sides")


def claims(comparison: Comparison) -> list[Line]:
    """Return the claims that the one page rests on: the largest improvements of each option for the listed places."""
    lines = _judged(comparison)
    return [line for option in comparison.request.letters
            for line in confidence.leading([line for line in lines if line.option == option], comparison.sizes, TOLD)]


def _judged(comparison: Comparison) -> list[Line]:
    return [line for line in comparison.lines(level=[places.LIST]) if line.about["direction"] in ("higher", "lower")]


def blocks(comparison: Comparison, language: str) -> list[Block]:
    """Return options, answer and confidence as one table, a line for each option.

    Args:
        comparison: a comparison of many options.
        language: "zh" or "en".
    """
    lines = _judged(comparison)
    money = purse.brief(comparison, language)
    rows = []
    for option in comparison.request.letters:
        own = [line for line in lines if line.option == option]
        better, worse = ([line for line in own if line.verdict == kind] for kind in (BETTER, WORSE))
        gains = confidence.leading(own, comparison.sizes, _BRIEF)
        losses = sorted(worse, key=lambda line: -abs(comparison.sizes.get((line.indicator, line.option), 0.0) or 0.0))
        sides = sum(line.option == option for line in comparison.sides)
        rows.append((
            Cell(written.named(comparison, option, language)),
            Cell(text("report.glance.counts", language, better=len(better), worse=len(worse))),
            Cell(_brief(comparison, gains, language)), Cell(_brief(comparison, losses[:_BRIEF], language)),
            money.get(option, Cell("")),
            Cell(listing([_sure(comparison, line, language) for line in gains], language)),
            Cell(str(sides), float(sides)),
        ))
    heads = tuple(text(f"report.glance.{key}", language) for key in _KEYS)
    area = written.area_name(comparison, places.LIST, language)
    caption = text("report.glance", language, name=area, year=comparison.year,
                   baseline=comparison.title("baseline", language))
    notes = [text("report.glance_note", language), *purse.warnings(comparison, language)]
    if not comparison.has_bands:
        notes.append(text("compare.no_bands", language))
    return [Heading(text("report.answer", language)), ReportTable("glance", caption, heads, tuple(rows), tuple(notes))]


def _brief(comparison: Comparison, lines: list[Line], language: str) -> str:
    sentences = (f"{beside.title(comparison, line, language)} {words.change(line.change.median, line.unit, language)}"
                 for line in lines)
    return text("report.claims_separator", language).join(sentences)


def _sure(comparison: Comparison, line: Line, language: str) -> str:
    return text(f"certainty.confidence.{comparison.claims.certainty(line).confidence}", language)
