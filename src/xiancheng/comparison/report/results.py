"""Part 3, results; part 4, charts; part 5, money."""

from __future__ import annotations

from collections.abc import Iterator

from xiancheng.comparison import changes, figures, money
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import policy, written
from xiancheng.comparison.report.document import Block, Cell, Paragraph, Picture, ReportTable, Section
from xiancheng.comparison.report.glance import claims
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places, targets, unaided
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import text

_DEBT_YEARS = 5
_NOTHING = Cell("")


def results(comparison: Comparison, language: str) -> Section:
    """Return levels and changes of every shown indicator, under the reference and under the stresses, and targets."""
    blocks: list[Block] = [Paragraph(_bands(comparison, language), "note"), *_unaided(comparison, language)]
    for area in AREAS:
        blocks += _sideways(comparison, area,
                            language) if comparison.request.is_many else [_table(comparison, area, language)]
    if len(comparison.stresses) > 1:
        blocks.append(_under_stress(comparison, language))
    blocks += [_targets(comparison, area, language) for area in AREAS]
    blocks += policy.tables(comparison, language)
    return Section(3, text("report.part.3", language), tuple(block for block in blocks if _holds(block)))


def _holds(block: Block) -> bool:
    return not isinstance(block, ReportTable) or bool(block.rows)


def _bands(comparison: Comparison, language: str) -> str:
    return text(comparison.words_of_bands, language,
                count=len(comparison.request.members))


def _unaided(comparison: Comparison, language: str) -> list[Paragraph]:
    """Return what becomes of the baseline itself in the figures that move without any policy, by area."""
    chosen = unaided.names(comparison.study)
    baseline = comparison.areas[[name for name in chosen if name in comparison.areas]].sel(
        scenario=BASELINE, stress=REFERENCE).median("member", keep_attrs=True)
    sentences = (unaided.sentence(baseline.sel(area=area), chosen, written.area_name(comparison, area, language),
                                  language) for area in AREAS)
    return [Paragraph(sentence) for sentence in sentences if sentence]


def _table(comparison: Comparison, area: str, language: str) -> ReportTable:
    lines = comparison.lines(level=[area])
    rows = []
    for name in comparison.shown:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            cells = [Cell(first.title(language)), written.level(first.baseline, first.unit, language)]
            for option in comparison.request.letters:
                line = own.get(option)
                cells += [written.level(line.level, line.unit, language), written.change(line, language)] if line else [
                    _NOTHING, _NOTHING]
            rows.append((*cells, Cell(text(f"evidence.{first.about['evidence_at_start']}", language))))
    heads = [text("report.indicator", language), text("chart.baseline", language)]
    for option in comparison.request.letters:
        heads += [text("report.level_of", language, name=option), text("report.change_of", language, name=option)]
    heads.append(text("report.mark", language))
    caption = text("report.results_of", language, name=written.area_name(comparison, area, language),
                   year=comparison.year)
    notes = [text("report.legend", language), text("report.mark_note", language),
             *_list_note(comparison, area, language)]
    return ReportTable(f"results-{area}", caption, tuple(heads), tuple(rows), tuple(notes))


def _sideways(comparison: Comparison, area: str, language: str) -> list[ReportTable]:
    """Return changes, and levels by themselves: many options stand side by side in one of them only."""
    lines = comparison.lines(level=[area])
    moved, levels = [], []
    for name in comparison.shown:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            base = written.bare(written.level(first.baseline, first.unit, language), language)
            head = [Cell(first.title(language)), Cell(unit_column(first.unit, language)), base]
            changes = [own.get(option) for option in comparison.request.letters]
            mark = Cell(text(f"evidence.{first.about['evidence_at_start']}", language))
            moved.append((*head, *(written.bare(written.change(change, language), language) if change else _NOTHING
                                   for change in changes), mark))
            levels.append((*head, *(written.bare(written.level(change.level, change.unit, language), language) if change
                                    else _NOTHING for change in changes)))
    heads = (text("report.indicator", language), text("cli.column.unit", language), text("chart.baseline", language),
             *comparison.request.letters)
    name = written.area_name(comparison, area, language)
    notes = (text("report.legend", language), text("report.mark_note", language),
             *_list_note(comparison, area, language))
    return [
        ReportTable(f"results-{area}", text("report.changes_of", language, name=name, year=comparison.year),
              (*heads, text("report.mark", language)), tuple(moved), notes),
        ReportTable(f"levels-{area}", text("report.levels_of_all", language, name=name, year=comparison.year), heads,
              tuple(levels), tuple(_list_note(comparison, area, language))),
    ]


def _list_note(comparison: Comparison, area: str, language: str) -> list[str]:
    if area != places.LIST:
        return []
    return [text("figure.area_is", language, label=str(comparison.areas.attrs[f"list_label_{language}"]))]


def _under_stress(comparison: Comparison, language: str) -> ReportTable:
    """Return changes against the baseline under the same stress, one column for each."""
    names = [name for name in comparison.shown if comparison.areas[name].attrs["direction"] in ("higher", "lower")]
    lines = changes.lines(comparison.areas, names, level=[places.LIST], stresses=comparison.stresses)
    rows = []
    for name in names:
        for option in comparison.request.letters:
            own = [line for line in lines if (line.indicator, line.option) == (name, option)]
            if own and any(line.change.median for line in own):
                sign = text("cli.compare.robust" if own[0].holds else "cli.compare.not_robust", language)
                cells = (written.change(item, language) for item in own)
                rows.append((Cell(f"{option} · {own[0].title(language)}"), *cells, Cell(sign)))
    heads = (text("report.indicator", language),
             *(written.stress_name(comparison, stress, language) for stress in comparison.stresses),
             text("cli.column.robust", language))
    caption = text("report.under_stress", language, name=written.area_name(comparison, places.LIST, language),
                   year=comparison.year)
    return ReportTable("stress", caption, heads, tuple(rows), (text("report.robust_note", language),))


def _targets(comparison: Comparison, area: str, language: str) -> ReportTable:
    met = changes.targets_met(comparison.areas, area)
    rows = []
    for name in dict.fromkeys(target.indicator for target in met):
        own = {target.scenario: target for target in met if target.indicator == name}
        first = next(iter(own.values()))
        goal = targets.written(str(first.about["target"]), str(first.about["units"]), language)
        rows.append((Cell(str(first.about[f"title_{language}"])), Cell(goal), Cell(str(first.due), float(first.due)),
                     *(_met(own[target], comparison.has_bands, comparison.year, language) for target in own)))
    scenarios = [BASELINE, *comparison.request.letters]
    heads = (text("report.indicator", language), text("cli.column.target", language), text("cli.column.due", language),
             *(text("chart.baseline", language) if target == BASELINE else target for target in scenarios))
    caption = text("report.targets_of", language, name=written.area_name(comparison, area, language))
    note = text("report.targets_note", language)
    return ReportTable(f"targets-{area}", caption, heads, tuple(rows), (note,))


def _met(met: changes.Met, has_bands: bool, year: int, language: str) -> Cell:
    is_met = met.met is not None
    sentence = text("target.met" if is_met else "target.not_met", language, year=met.met if is_met else year)
    if has_bands:
        sentence = text("report.met_share", language, words=sentence, share=written.share(met.share, language).words)
    return Cell(sentence, None if met.met is None else float(met.met))


def charts(comparison: Comparison, language: str) -> Section:
    """Return lines with bands, maps of change, dots, and money against effect."""
    blocks: list[Block] = [Picture(figures.line_chart(comparison, name, places.LIST, language))
                           for name in figures.drawn(comparison)]
    blocks += [Picture(figures.map_chart(comparison, name, language)) for name in figures.mapped(comparison)]
    leading = list(dict.fromkeys(line.indicator for line in claims(comparison)))[: figures.PANELS]
    for chart in (figures.dot_chart(comparison, language), figures.cost_chart(comparison, leading, language)):
        blocks += [Picture(chart)] if chart else []
    if not blocks:
        blocks = [Paragraph(text("report.nothing_to_draw", language))]
    return Section(4, text("report.part.4", language), tuple(blocks))


def costs(comparison: Comparison, language: str) -> Section:
    """Return money by year, payer and lever, debt against its ceiling, unfunded need and cost of a unit gained."""
    blocks = [block for block in _money(comparison, language) if _holds(block)]
    if not blocks:
        blocks = [Paragraph(text("report.no_money", language))]
    return Section(5, text("report.part.5", language), tuple(blocks))


def _money(comparison: Comparison, language: str) -> Iterator[Block]:
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
    rows = []
    for cost in money.by_lever(comparison.areas, comparison.runs.without, places.LIST, comparison.accounts):
        if cost.public.members:
            title = comparison.levers[cost.lever].title[language] if cost.lever in comparison.levers else cost.lever
            rows.append((Cell(f"{cost.option} · {title}"), written.moved(cost.public, "yuan", language),
                         written.moved(cost.private, "yuan", language)))
    heads = (text("report.lever.name", language), text("report.public", language), text("report.private", language))
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


__all__ = ["REFERENCE", "charts", "costs", "results"]
