"""The rank of options by the weights of the user, as tables and as a sentence."""

from __future__ import annotations

from xiancheng.comparison import words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, Table
from xiancheng.comparison.weights import Ranking
from xiancheng.texts import MISSING, listing, number, text


def answer(found: Comparison, ranked: Ranking, language: str) -> str:
    """Return who comes first, and how often."""
    first = ranked.places[0]
    held = sum(rank == 1 for rank in first.under.values())
    return text("compare.weights.answer", language, option=written.named(found, first.option, language),
                first=words.percent(first.first, language), count=held, all=len(first.under))


def tables(found: Comparison, ranked: Ranking, language: str) -> list[Table]:
    """Return the rank of every option, and the weights at which the first place turns.

    Args:
        found: the comparison.
        ranked: its ranking.
        language: "zh" or "en".
    """
    return [one for one in (_ranks(found, ranked, language), _turns(found, ranked, language)) if one.rows]


def _ranks(found: Comparison, ranked: Ranking, language: str) -> Table:
    rows = []
    for one in ranked.places:
        score = number(one.mean, "", language, digits=2, sign=True)
        if one.score.is_wide:
            ends = (number(end, "", language, digits=2, sign=True) for end in (one.score.low, one.score.high))
            low, high = ends
            score = text("compare.with_range", language, value=score,
                         range=text("compare.range", language, low=low, high=high))
        between = text("compare.weights.between", language, best=one.best, worst=one.worst)
        rows.append((
            Cell(str(one.rank), float(one.rank)), Cell(written.named(found, one.option, language)),
            Cell(score, one.mean), written.share(one.first, language), Cell(between),
            *(Cell(str(one.under[stress]), float(one.under[stress])) for stress in found.stresses),
        ))
    heads = (
        *(text(key, language) for key in ("compare.weights.rank", "chart.scenario", "compare.weights.score",
                                          "compare.weights.first", "compare.weights.ranks")),
        *(text("compare.weights.under", language, stress=written.stress_name(found, one, language))
          for one in found.stresses),
    )
    notes = [text("compare.weights.note", language)]
    if ranked.left_out:
        notes.append(text("compare.weights.left_out", language, names=listing(
            (_title(found, name, language) for name in ranked.left_out), language)))
    return Table("rank", text("compare.weights.title", language), heads, tuple(rows), tuple(notes))


def _turns(found: Comparison, ranked: Ranking, language: str) -> Table:
    rows = tuple(
        (Cell(_title(found, one.indicator, language)), written.share(one.weight, language),
         _at(one.weight, one.below, language), _at(one.weight, one.above, language))
        for one in ranked.turns
    ) if len(ranked.places) > 1 else ()
    heads = tuple(text(key, language) for key in ("report.indicator", "compare.weights.weight",
                                                  "compare.weights.below", "compare.weights.above"))
    return Table("rank-turns", text("compare.weights.turns", language), heads, rows,
                 (text("compare.weights.turns_note", language),))


def _at(weight: float, crossing: tuple[float, str] | None, language: str) -> Cell:
    """Return the share that the changed weight would have of all weights, and who is first beyond it."""
    if crossing is None:
        return Cell(MISSING)
    factor, option = crossing
    share = weight * factor / (1 - weight + weight * factor)
    said = text("compare.weights.at", language, weight=number(share, "share", language, digits=1),
                factor=number(factor, "", language, digits=2), option=option)
    return Cell(said, share)


def _title(found: Comparison, name: str, language: str) -> str:
    return str(found.areas[name].attrs[f"title_{language}"])
