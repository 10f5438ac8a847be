"""Part 5, money: where it comes from and goes, who pays, what each lever takes, debt, and what is left unpaid."""

from __future__ import annotations

from collections.abc import Iterator

from xiancheng.comparison import figures, money
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import purse, written
from xiancheng.comparison.report.document import Block, Cell, Paragraph, Picture, ReportTable, Section
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places
from xiancheng.texts import text

_DEBT_YEARS = 5


def costs(comparison: Comparison, language: str) -> Section:
    """Return money by year, payer and lever, debt against its ceiling, unfunded need and cost of a unit gained."""
    blocks = [block for block in _money(comparison, language) if not isinstance(block, ReportTable) or block.rows]
    if not blocks:
        blocks = [Paragraph(text("report.no_money", language))]
    return Section(5, text("report.part.5", language), tuple(blocks))


def _money(comparison: Comparison, language: str) -> Iterator[Block]:
    yield from purse.blocks(comparison, language)
    for chart in (figures.money_chart(comparison, language), figures.debt_chart(comparison, language)):
        if chart:
            yield Picture(chart)
    yield _payers(comparison, language)
    yield _years(comparison, language)
    yield _by_lever(comparison, language)
    yield _debt(comparison, language)
    yield _per_unit(comparison, language)


def _payers(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for area in AREAS:
        for flow in money.flows(comparison.areas, area, comparison.accounts.payers, comparison.accounts):
            if flow.total.members:
                rows.append((Cell(f"{flow.option} · {flow.about[f'title_{language}']}"),
                             Cell(written.area_name(comparison, area, language)),
                             written.moved(flow.total, "yuan", language)))
    heads = (text("report.money", language), text("report.area", language), text("report.extra_total", language))
    notes = (text("report.payers_note", language),)
    return ReportTable("payers", text("report.payers", language), heads, tuple(rows), notes)


def _years(comparison: Comparison, language: str) -> ReportTable:
    years = comparison.accounts.years(comparison.areas)
    rows = []
    accounts = comparison.accounts
    for flow in money.flows(comparison.areas, places.LIST, (accounts.public, accounts.private, accounts.unfunded),
                            accounts):
        if flow.total.members:
            bands = [flow.extra[year] for year in years]
            rows.append((Cell(f"{flow.option} · {flow.about[f'title_{language}']}"),
                         *(Cell(written.moved(band, "yuan", language).words.split(" (")[0].split("（")[0],
                                band.median, "yuan") for band in bands)))
    heads = (text("report.money", language), *(str(year) for year in years))
    caption = text("report.money_years", language, name=written.area_name(comparison, places.LIST, language))
    return ReportTable("money-years", caption, heads, tuple(rows))


def _by_lever(comparison: Comparison, language: str) -> ReportTable:
    """Return what each lever takes where the levers of its option act, and in the list beside it."""
    costs = {(area, cost.option, cost.lever): cost for area in AREAS
             for cost in money.by_lever(comparison.areas, comparison.runs.without, area, comparison.accounts)}
    acting = purse.areas(comparison)
    rows = []
    for (area, option, name), cost in costs.items():
        if area == acting[option] and cost.public.members:
            title = comparison.levers[name].title[language] if name in comparison.levers else name
            beside = costs[places.LIST, option, name]
            rows.append((Cell(f"{option} · {title}"), Cell(written.area_name(comparison, area, language)),
                         *(written.moved(band, "yuan", language)
                           for band in (cost.public, cost.private, beside.public, beside.private))))
    listed = written.area_name(comparison, places.LIST, language)
    heads = (text("report.lever.name", language), text("report.area", language), text("report.public", language),
             text("report.private", language), text("money.by_lever.public", language, name=listed),
             text("money.by_lever.private", language, name=listed))
    return ReportTable("levers-cost", text("report.by_lever", language), heads, tuple(rows),
                       (text("report.by_lever_note", language),))


def _debt(comparison: Comparison, language: str) -> ReportTable:
    last = comparison.year
    years = sorted({*range(int(comparison.areas["year"].values[0]) + _DEBT_YEARS, last, _DEBT_YEARS), last})
    rows = []
    for room in money.debt_room(comparison.areas, places.LIST, years, comparison.accounts):
        if room.debt.members:
            name = text("chart.baseline", language) if room.scenario == BASELINE else room.scenario
            rows.append((Cell(name), Cell(str(room.year), float(room.year)), written.level(room.debt, "yuan", language),
                         written.level(room.ceiling, "yuan", language), written.level(room.used, "share", language),
                         written.level(room.hidden, "yuan", language)))
    heads = tuple(text(f"report.debt.{key}", language) for key in
                  ("scenario", "year", "debt", "ceiling", "used", "hidden"))
    caption = text("report.debt_of", language, name=written.area_name(comparison, places.LIST, language))
    return ReportTable("debt", caption, heads, tuple(rows), (text("chart.debt_note", language),))


def _per_unit(comparison: Comparison, language: str) -> ReportTable:
    names = list(dict.fromkeys([*comparison.shown, *(str(name) for name in comparison.areas.data_vars)]))
    rows = []
    for cost in money.per_unit(comparison.areas, places.LIST, names, comparison.accounts):
        if cost.cost.members and cost.cost.median > 0:
            unit = str(cost.about["units"])
            rows.append((Cell(f"{cost.option} · {cost.about[f'title_{language}']}"),
                         written.moved(cost.gained, unit, language), _each(cost, language)))
    heads = (text("report.gained_what", language), text("report.gained", language), text("report.cost_each", language))
    return ReportTable("unit-cost", text("report.per_unit", language), heads, tuple(rows),
                 (text("report.per_unit_note", language),))


def _each(unit_cost: money.UnitCost, language: str) -> Cell:
    cell = written.level(unit_cost.cost, "yuan", language)
    if not unit_cost.cost.is_wide:
        return cell
    ends = text("compare.range", language, low=written.plain(unit_cost.cost.low, "yuan", language).words,
                high=written.plain(unit_cost.cost.high, "yuan", language).words)
    return Cell(text("compare.with_range", language, value=cell.words, range=ends), cell.value, "yuan")
