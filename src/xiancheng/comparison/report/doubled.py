"""All unit costs twice as high: what options would cost then, and whether their order by money stays."""

from __future__ import annotations

from xiancheng.comparison import figures, money, turnings, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.texts import listing, text


def sentence(comparison: Comparison, language: str) -> list[str]:
    """Return what options would cost and whether another one would be the cheaper; nothing without money by lever."""
    costs = _costs(comparison)
    if not costs:
        return []
    parts = [text("doubled.part", language, option=cost.option, then=_amount(cost.then, language),
                  now=_amount(cost.now, language)) for cost in costs]
    now, then = turnings.cheapest_first(costs)
    key = "doubled.alone" if len(costs) == 1 else "doubled.stays" if now == then else "doubled.turns"
    return [text(key, language, parts=listing(parts, language), now=_order(now, language),
                 then=_order(then, language))]


def table(comparison: Comparison, language: str) -> ReportTable:
    """Return the money of each option as it is and with all unit costs twice as high, with its place in the order."""
    costs = _costs(comparison)
    now, then = turnings.cheapest_first(costs)
    rows = tuple(
        (Cell(written.named(comparison, cost.option, language)), _cell(cost.levers, language),
         _cell(cost.now, language), _cell(cost.then, language),
         *(Cell(str(order.index(cost.option) + 1), float(order.index(cost.option) + 1)) for order in (now, then)))
        for cost in costs
    )
    keys = ("option", "levers", "now", "then", "place", "place_then")
    heads = tuple(text(f"doubled.{key}", language) for key in keys)
    area = written.area_name(comparison, figures.cost_area(comparison), language)
    return ReportTable("costs-twice", text("doubled.head", language), heads, rows,
                       (text("doubled.note", language, name=area, prices=written.prices(comparison, language)),))


def _costs(comparison: Comparison) -> list[turnings.DoubledCost]:
    totals = {cost.option: cost.total.median for cost in figures.spent(comparison) if cost.total.members}
    levers = money.by_lever(comparison.areas, comparison.runs.without, figures.cost_area(comparison),
                            comparison.accounts)
    return turnings.doubled(totals, levers)


def _cell(value: float, language: str) -> Cell:
    return Cell(_amount(value, language), value, "yuan")


def _amount(value: float, language: str) -> str:
    return words.change(value, "yuan", language)


def _order(letters: tuple[str, ...], language: str) -> str:
    return text("doubled.before", language).join(letters)
