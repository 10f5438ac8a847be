"""Part 5, money: where it comes from and goes, who pays, what each lever takes, debt, and what is left unpaid."""

from __future__ import annotations

from collections.abc import Iterator

from xiancheng.comparison import figures, goals, money, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import beside, purse, written
from xiancheng.comparison.report.document import Block, Cell, Paragraph, Picture, ReportTable, Section
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import PERCENT_UNITS, listing, number, text

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
    yield goals_table(comparison, language)


def _payers(comparison: Comparison, language: str) -> ReportTable:
    rows = []
    for area in AREAS:
        for flow in money.flows(comparison.areas, area, comparison.accounts.payers, comparison.accounts,
                                discount=comparison.request.discount):
            if flow.total.members:
                rows.append((Cell(f"{flow.option} · {flow.about[f'title_{language}']}"),
                             Cell(written.area_name(comparison, area, language)),
                             written.moved(flow.total, "yuan", language),
                             *([written.moved(flow.present, "yuan", language)] if comparison.request.discount else [])))
    present = text("money.present", language, rate=number(comparison.request.discount, "share", language))
    heads = (text("report.money", language), text("report.area", language),
             text("report.extra_total", language, **_span(comparison)),
             *([present] if comparison.request.discount else []))
    notes = (text("report.payers_note", language, prices=written.prices(comparison, language)),)
    return ReportTable("payers", text("report.payers", language), heads, tuple(rows), notes)


def _span(comparison: Comparison) -> dict[str, int | str]:
    """Return the first and the last year over which money is added up; of runs without one, blanks."""
    years = comparison.accounts.years(comparison.areas)
    return {"first": years[0], "last": years[-1]} if years else {"first": "", "last": ""}


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
            title = beside.lever(comparison, name, language)
            listed_cost = costs[places.LIST, option, name]
            rows.append((Cell(f"{option} · {title}"), Cell(written.area_name(comparison, area, language)),
                         *(written.moved(band, "yuan", language)
                           for band in (cost.public, cost.private, listed_cost.public, listed_cost.private))))
    listed = written.area_name(comparison, places.LIST, language)
    heads = (text("report.lever.name", language), text("report.area", language), text("report.public", language),
             text("report.private", language), text("money.by_lever.public", language, name=listed),
             text("money.by_lever.private", language, name=listed))
    return ReportTable("levers-cost", text("report.by_lever", language, **_span(comparison)), heads, tuple(rows),
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


def goals_table(comparison: Comparison, language: str, *, has_levers: bool = True) -> ReportTable:
    """Return what a unit of each stated goal costs, by the money of the levers that serve it.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        has_levers: whether these levers have a column.
    """
    costs = goals.of(comparison.areas, comparison.runs.without, comparison.headlines, comparison.accounts)
    rows = tuple(
        (Cell(f"{cost.option} · {cost.about[f'title_{language}']}"),
         Cell(written.area_name(comparison, cost.area, language)),
         written.moved(cost.gained, str(cost.about["units"]), language),
         *([Cell(_serving(comparison, cost, language))] if has_levers else []),
         written.moved(cost.money, "yuan", language), unit_cost(cost, language))
        for cost in costs
    )
    keys = ("goal", "area", "gained", *(["levers"] if has_levers else []), "money", "each")
    note = text("goal.note", language, share=words.percent(goals.SERVES, language),
                count=comparison.runs.without.sizes["member"], all=comparison.areas.sizes["member"])
    return ReportTable("unit-cost", text("goal.head", language), tuple(text(f"goal.{key}", language) for key in keys),
                       rows, (note,))


def _serving(comparison: Comparison, cost: goals.GoalCost, language: str) -> str:
    return listing((beside.lever(comparison, name, language) for name in cost.levers), language)


def unit_cost(cost: goals.GoalCost, language: str) -> Cell:
    """Return the money of a step of the goal with its band: a point of a share, else a unit."""
    if not cost.is_gained:
        return Cell(text("goal.not_gained", language))
    if not cost.each.members or cost.money.median <= 0:
        return Cell(text("goal.saves", language))
    unit = str(cost.about["units"])
    step = 0.01 if unit in PERCENT_UNITS else 1.0
    low, middle, high = (number(value * step, "yuan", language)
                         for value in (cost.each.low, cost.each.median, cost.each.high))
    ends = text("compare.range", language, low=low, high=high)
    amount = text("compare.with_range", language, value=middle, range=ends)
    thing = text("goal.point", language) if unit in PERCENT_UNITS else unit_column(unit, language)
    return Cell(text("goal.per", language, amount=amount if cost.each.is_wide else middle, thing=thing),
                cost.each.median * step, "yuan")
