"""The balance of sources and uses in the report: a sentence on page one, tables by area and by year, what is left."""

from __future__ import annotations

from collections.abc import Mapping

from xiancheng.comparison import balance, need, reach
from xiancheng.comparison.balance import Balance
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Block, Cell, Paragraph, ReportTable
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places
from xiancheng.texts import listing, text

_OWN = (balance.REVENUE, balance.DEBT_SERVICE, balance.RESERVE)
"""Lines that make the own money of a purse."""
_BORROWED = (balance.BONDS, balance.HIDDEN)


def areas(comparison: Comparison) -> dict[str, str]:
    """Return the area where the levers of each option act, by letter."""
    options = zip(comparison.request.letters, comparison.request.options, strict=True)
    return {letter: reach.area(option, comparison.places) for letter, option in options}


def blocks(comparison: Comparison, language: str) -> list[Block]:
    """Return warning, sentences and tables of the balance, and what need is left."""
    words = [*warnings(comparison, language), *sentences(comparison, language).values()]
    paragraphs = [Paragraph(sentence) for sentence in words]
    tables = [table for area in AREAS for table in _tables(comparison, area, language)]
    return [*paragraphs, *tables, needs(comparison, language)]


def warnings(comparison: Comparison, language: str) -> list[str]:
    """Return a warning where options do not act on the same area."""
    acting = areas(comparison)
    if not reach.differ(acting.values()):
        return []
    letters = {area: [key for key, own in acting.items() if own == area] for area in acting.values()}
    parts = [text("money.scope", language, options=listing(own, language),
                  name=written.area_name(comparison, area, language)) for area, own in letters.items()]
    return [text("money.scopes_differ", language, parts=listing(parts, language))]


def sentences(comparison: Comparison, language: str) -> dict[str, str]:
    """Return the balance of each option in one sentence, by letter: where its levers act, the list beside it."""
    balances = _balances(comparison)
    written_by_letter = {}
    for letter, area in areas(comparison).items():
        own = balances.get((area, letter))
        if own is not None:
            sentence = text("money.purse.sentence", language, option=written.named(comparison, letter, language),
                            **_words(comparison, own, language))
            beside = text("money.purse.beside", language, **_words(comparison, balances[places.LIST, letter], language))
            written_by_letter[letter] = sentence if area == places.LIST else f"{sentence} {beside}"
    return written_by_letter


def brief(comparison: Comparison, language: str) -> dict[str, Cell]:
    """Return the balance of each option for a cell, by letter, with what is wanted behind it."""
    balances = _balances(comparison)
    return {
        letter: Cell(text("money.purse.brief", language, **_words(comparison, balances[area, letter], language)),
                     balances[area, letter].line(balance.WANTED).mean, "yuan a year")
        for letter, area in areas(comparison).items() if (area, letter) in balances
    }


def _balances(comparison: Comparison) -> Mapping[tuple[str, str], Balance]:
    return {(area, item.scenario): item for area in AREAS
            for item in balance.of(comparison.study, comparison.areas, area)}


def _words(comparison: Comparison, own: Balance, language: str) -> dict[str, str]:
    years = list(own.largest)
    kinds = {"wanted": (balance.WANTED,), "own": _OWN, "bonds": _BORROWED, "private": (balance.PRIVATE,),
             "displaced": (balance.DISPLACED,), "not_built": (balance.NOT_BUILT,)}
    amounts = {key: written.in_billions(own.mean(*lines), language, sign=True) for key, lines in kinds.items()}
    return {"name": written.area_name(comparison, own.area, language), "first": str(years[0]), "last": str(years[-1]),
            **amounts}


def _tables(comparison: Comparison, area: str, language: str) -> list[ReportTable]:
    balances = balance.of(comparison.study, comparison.areas, area)
    if not balances:
        return []
    return [_means(comparison, balances, language),
            *(_by_year(comparison, own, language) for own in balances if own.scenario != BASELINE)]


def means(comparison: Comparison, area: str, language: str) -> list[ReportTable]:
    """Return the balance of an area as means over the years, all options beside the baseline; none without one."""
    balances = balance.of(comparison.study, comparison.areas, area)
    return [_means(comparison, balances, language)] if balances else []


def _means(comparison: Comparison, balances: list[Balance], language: str) -> ReportTable:
    years = list(balances[0].largest)
    rows = tuple(
        (Cell(text(f"money.purse.{line.kind}", language)),
         *(_amount(own.line(line.kind).mean, language, is_level=own.scenario == BASELINE) for own in balances))
        for line in balances[0].lines
    )
    heads = (text("money.purse.line", language), text("chart.baseline", language), *comparison.request.letters)
    area = balances[0].area
    caption = text("money.purse.head", language, name=written.area_name(comparison, area, language),
                   first=years[0], last=years[-1])
    note = text("money.purse.note", language, prices=written.prices(comparison, language))
    return ReportTable(f"balance-{area}", caption, heads, rows, (note,))


def _by_year(comparison: Comparison, own: Balance, language: str) -> ReportTable:
    years = list(own.largest)
    rows = []
    for line in own.lines:
        ends = text("compare.range", language, low=written.in_billions(line.band.low, language, sign=True),
                    high=written.in_billions(line.band.high, language, sign=True)) if line.band.is_wide else ""
        rows.append((Cell(text(f"money.purse.{line.kind}", language)),
                     *(_amount(line.years[year], language) for year in years), _amount(line.mean, language),
                     Cell(ends)))
    heads = (text("money.purse.line", language), *(str(year) for year in years), text("money.purse.mean", language),
             text("money.purse.band", language))
    caption = text("money.purse.by_year", language, option=written.named(comparison, own.scenario, language),
                   name=written.area_name(comparison, own.area, language))
    return ReportTable(f"balance-{own.area}-{own.scenario}", caption, heads, tuple(rows))


def _amount(value: float, language: str, *, is_level: bool = False) -> Cell:
    return Cell(written.in_billions(value, language, sign=not is_level), value, "yuan a year")


def needs(comparison: Comparison, language: str) -> ReportTable:
    """Return the need left unpaid and the capacity still missing, by option and area."""
    needs = [item for area in AREAS for item in need.of(comparison.study, comparison.areas, area)]
    rows = tuple(
        (Cell(f"{_scenario(item.scenario, language)} · {written.area_name(comparison, item.area, language)}"),
         *(_left(item, kind, language) for kind in ("mean", "last", "missing")))
        for item in needs
    )
    years = need.years(comparison.study, comparison.areas)
    when = {"first": years[0], "last": years[-1], "year": years[-1]} if years else {}
    heads = (text("money.need.who", language),
             *(text(f"money.need.{kind}", language, **when) if years else "" for kind in ("mean", "last", "missing")))
    return ReportTable("need", text("money.need.head", language), heads, rows, (text("money.need.note", language),))


def _scenario(scenario: str, language: str) -> str:
    return text("chart.baseline", language) if scenario == BASELINE else scenario


def _left(item: need.Need, kind: str, language: str) -> Cell:
    unit = "yuan" if kind == "missing" else "yuan a year"
    band = getattr(item, kind)
    is_level = item.scenario == BASELINE
    return written.level(band, unit, language) if is_level else written.moved(band, unit, language)
