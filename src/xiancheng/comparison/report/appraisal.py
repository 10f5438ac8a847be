"""Page one: options in columns against money, targets, gains, losses and losers; then what to take for which goal."""

from __future__ import annotations

from collections import Counter

import numpy as np

from xiancheng.comparison import bands, changes, confidence, goals, words
from xiancheng.comparison.changes import BETTER, WORSE, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.cuts import cut
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import beside, money, purse, results, written
from xiancheng.comparison.report.document import Block, Bullets, Cell, Heading, Paragraph, ReportTable, Section
from xiancheng.comparison.request import REFERENCE
from xiancheng.outputs import places, targets
from xiancheng.texts import MISSING, listing, text

_CLAIMS = 2
"""Gains and losses that are told of each option."""
_LOSERS = 4
"""Places that are named of each option."""
GOALS = 3
"""Goals that page one answers; the part on what would change the answer holds the rest."""


def page(comparison: Comparison, language: str) -> Section:
    """Return page one.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
    """
    answers = by_goal(comparison, language)
    blocks: list[Block] = [table(comparison, language)]
    if answers:
        blocks += [Heading(text("appraisal.goals", language)), Bullets(tuple(answers[:GOALS]))]
    label = str(comparison.areas.attrs[f"list_label_{language}"])
    blocks += [Paragraph(text("figure.area_is", language, label=label), "note"),
               Paragraph(str(comparison.areas.attrs[f"nature_{language}"]), "note")]
    return Section(1, text("report.part.1", language), tuple(blocks))


def table(comparison: Comparison, language: str) -> ReportTable:
    """Return the appraisal: a line for each thing that counts, a column for each option."""
    letters = comparison.request.letters
    lines = [line for line in comparison.lines(level=[places.LIST]) if line.about["direction"] in ("higher", "lower")]
    own = {letter: [line for line in lines if line.option == letter] for letter in letters}
    spending = purse.brief(comparison, language)
    rows = [
        ("money", [Cell(spending[letter].words if letter in spending else MISSING) for letter in letters]),
        ("gains", [_gains(comparison, own[letter], language) for letter in letters]),
        ("losses", [_losses(comparison, letter, own[letter], language) for letter in letters]),
        ("losers", [_losers(comparison, letter, language) for letter in letters]),
    ]
    named = [(Cell(text(f"appraisal.{key}", language)), *cells) for key, cells in rows]
    body = (named[0], *_targets(comparison, language), *named[1:])
    heads = (text("appraisal.what", language), *(written.named(comparison, letter, language) for letter in letters))
    area = written.area_name(comparison, places.LIST, language)
    caption = text("appraisal.head", language, name=area, year=comparison.year,
                   baseline=comparison.title("baseline", language))
    return ReportTable("appraisal", caption, heads, body, tuple(_notes(comparison, language)))


def _notes(comparison: Comparison, language: str) -> list[str]:
    has_none = [] if comparison.has_bands else [text("compare.no_bands", language)]
    return [text("appraisal.note", language), *has_none, *purse.warnings(comparison, language)]


def _targets(comparison: Comparison, language: str) -> list[tuple[Cell, ...]]:
    """Return a line for each target that the text itself fixes: what each option reaches by the due year."""
    met = [item for item in changes.targets_met(comparison.areas, AREAS[0]) if item.is_binding]
    rows = []
    for name in dict.fromkeys(item.indicator for item in met):
        own = {item.scenario: item for item in met if item.indicator == name}
        first = next(iter(own.values()))
        label = text("appraisal.target", language, title=str(first.about[f"title_{language}"]), year=first.due,
                     goal=targets.written(str(first.about["target"]), str(first.about["units"]), language))
        rows.append((Cell(label), *(Cell(results.reach(own[letter], comparison, language))
                                    for letter in comparison.request.letters)))
    return rows


def _gains(comparison: Comparison, own: list[Line], language: str) -> Cell:
    gains = confidence.leading(own, comparison.sizes, _CLAIMS)
    return Cell(_listed(comparison, gains, language) or text("appraisal.none", language))


def _losses(comparison: Comparison, letter: str, own: list[Line], language: str) -> Cell:
    worse = sorted((line for line in own if line.verdict == WORSE),
                   key=lambda line: -abs(comparison.sizes.get((line.indicator, letter), 0.0) or 0.0))
    return Cell(_listed(comparison, worse[:_CLAIMS], language) or text("appraisal.none", language))


def _listed(comparison: Comparison, lines: list[Line], language: str) -> str:
    """Return claims with their bands, each with its confidence where members tell."""
    sentences = []
    for line in lines:
        claim = beside.claim(comparison, line, written.claim(line, language), language)
        if comparison.has_bands:
            level = text(f"certainty.confidence.{comparison.claims.certainty(line).confidence}", language)
            claim = text("appraisal.sure", language, claim=claim, confidence=level)
        sentences.append(claim)
    return text("report.claims_separator", language).join(sentences)


def _losers(comparison: Comparison, letter: str, language: str) -> Cell:
    """Return the places that surely lose in more indicators than they gain in, the one that loses in most first."""
    tallies = [tally for tally in comparison.tallies if tally.option == letter]
    lost = Counter(place.code for tally in tallies for place in tally.losers)
    won = Counter(place.code for tally in tallies for place in tally.winners)
    names = {place.code: place.name[language] for tally in tallies for place in tally.losers}
    behind = sorted((code for code in lost if lost[code] > won[code]),
                    key=lambda code: (won[code] - lost[code], code))
    if not behind:
        return Cell(text("appraisal.no_losers", language))
    named = [names[code] for code in behind[:_LOSERS]]
    more = len(behind) - len(named)
    sentence = listing(named, language) + (text("report.and_more", language, count=more) if more else "")
    return Cell(text("appraisal.losing", language, count=len(behind), names=sentence))


def by_goal(comparison: Comparison, language: str) -> list[str]:
    """Return for each stated goal which option does most for it, how surely and at what cost."""
    pairs = dict.fromkeys((indicator, area) for _, indicator, area in comparison.headlines)
    return [_goal(comparison, indicator, area, language) for indicator, area in pairs
            if comparison.areas[indicator].attrs["direction"] in ("higher", "lower")]


def _goal(comparison: Comparison, indicator: str, area: str, language: str) -> str:
    lines = changes.lines(comparison.areas, [indicator], level=[area])
    way = 1.0 if comparison.areas[indicator].attrs["direction"] == "higher" else -1.0
    order = sorted((line for line in lines if line.verdict == BETTER), key=lambda line: -way * line.change.median)
    about = {"title": str(comparison.areas[indicator].attrs[f"title_{language}"]),
             "area": written.area_name(comparison, area, language)}
    if not order:
        return text("appraisal.goal.none", language, **about)
    first = order[0]
    sentence = text("appraisal.goal", language, option=written.named(comparison, first.option, language),
                    change=written.moved(first.change, first.unit, language).words, **about)
    ahead = text("appraisal.goal.ahead", language, share=words.percent(_first(comparison, first), language)) if (
        comparison.has_bands and len(lines) > 1) else ""
    return sentence + ahead + _unit_cost(comparison, first, language) + text("appraisal.goal.end", language)


def _first(comparison: Comparison, line: Line) -> float:
    """Return the share of members in which an option does most for an indicator among all options."""
    values = cut(comparison.areas, line.indicator, ("scenario", "member"), scenario=list(comparison.request.letters),
                 stress=REFERENCE, area=line.area, year=line.year)
    values = values[:, np.isfinite(values).all(axis=0)]
    best = values.max(axis=0) if line.about["direction"] == "higher" else values.min(axis=0)
    own = values[comparison.request.letters.index(line.option)]
    return float(np.mean(np.abs(own - best) <= bands.SAME * np.abs(best))) if own.size else float("nan")


def _unit_cost(comparison: Comparison, line: Line, language: str) -> str:
    costs = goals.of(comparison.areas, comparison.runs.without, [(line.option, line.indicator, line.area)],
                     comparison.accounts)
    return "".join(text("appraisal.goal.cost", language, cost=money.unit_cost(cost, language).words)
                   for cost in costs if cost.is_gained)
