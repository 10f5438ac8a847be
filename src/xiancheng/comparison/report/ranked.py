"""The rank of options by the weights of the user, as tables and as a sentence."""

from __future__ import annotations

from xiancheng.comparison import words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.comparison.weights import Ranking
from xiancheng.texts import MISSING, listing, number, text


def answer(comparison: Comparison, ranked: Ranking, language: str) -> str:
    """Return who comes first, and how often."""
    first = ranked.places[0]
    first_ranks = sum(rank == 1 for rank in first.under.values())
    return text("compare.weights.answer", language, option=written.named(comparison, first.option, language),
                first=words.percent(first.first, language), count=first_ranks, all=len(first.under))


def tables(comparison: Comparison, ranked: Ranking, language: str) -> list[ReportTable]:
    """Return the rank of every option, and the weights at which the first place turns.

    Args:
        comparison: the comparison.
        ranked: its ranking.
        language: "zh" or "en".
    """
    return [item for item in (_ranks(comparison, ranked, language), _turns(comparison, ranked, language)) if item.rows]


def _ranks(comparison: Comparison, ranked: Ranking, language: str) -> ReportTable:
    rows = []
    for place in ranked.places:
        score = number(place.mean, "", language, digits=2, sign=True)
        if place.score.is_wide:
            ends = (number(end, "", language, digits=2, sign=True) for end in (place.score.low, place.score.high))
            low, high = ends
            score = text("compare.with_range", language, value=score,
                         range=text("compare.range", language, low=low, high=high))
        between = text("compare.weights.between", language, best=place.best, worst=place.worst)
        rows.append((
            Cell(str(place.rank), float(place.rank)), Cell(written.named(comparison, place.option, language)),
            Cell(score, place.mean), written.share(place.first, language), Cell(between),
            *(Cell(str(place.under[stress]), float(place.under[stress])) for stress in comparison.stresses),
        ))
    heads = (
        *(text(key, language) for key in ("compare.weights.rank", "chart.scenario", "compare.weights.score",
                                          "compare.weights.first", "compare.weights.ranks")),
        *(text("compare.weights.under", language, stress=written.stress_name(comparison, stress, language))
          for stress in comparison.stresses),
    )
    notes = [text("compare.weights.note", language)]
    if ranked.left_out:
        notes.append(text("compare.weights.left_out", language, names=listing(
            (_title(comparison, name, language) for name in ranked.left_out), language)))
    return ReportTable("rank", text("compare.weights.title", language), heads, tuple(rows), tuple(notes))


def _turns(comparison: Comparison, ranked: Ranking, language: str) -> ReportTable:
    rows = tuple(
        (Cell(_title(comparison, turn.indicator, language)), written.share(turn.weight, language),
         _at(turn.weight, turn.below, language), _at(turn.weight, turn.above, language))
        for turn in ranked.turns
    ) if len(ranked.places) > 1 else ()
    heads = tuple(text(key, language) for key in ("report.indicator", "compare.weights.weight",
                                                  "compare.weights.below", "compare.weights.above"))
    return ReportTable("rank-turns", text("compare.weights.turns", language), heads, rows,
                 (text("compare.weights.turns_note", language),))


def _at(weight: float, crossing: tuple[float, str] | None, language: str) -> Cell:
    """Return the share that the changed weight would have of all weights, and who is first beyond it."""
    if crossing is None:
        return Cell(MISSING)
    factor, option = crossing
    share = weight * factor / (1 - weight + weight * factor)
    sentence = text("compare.weights.at", language, weight=number(share, "share", language, digits=1),
                factor=number(factor, "", language, digits=2), option=option)
    return Cell(sentence, share)


def _title(comparison: Comparison, name: str, language: str) -> str:
    return str(comparison.areas[name].attrs[f"title_{language}"])
