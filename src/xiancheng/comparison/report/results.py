"""Part 3, results; part 4, charts; part 5, money."""

from __future__ import annotations

from collections.abc import Iterator

from xiancheng.comparison import changes, figures, money
from xiancheng.comparison.asked import REFERENCE
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Block, Cell, Figure, Paragraph, Part, Table
from xiancheng.comparison.report.glance import claims
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places, targets
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import text

_DEBT_YEARS = 5
_NOTHING = Cell("")


def results(found: Comparison, language: str) -> Part:
    """Return levels and changes of every shown indicator, under the reference and under the stresses, and targets."""
    blocks: list[Block] = [Paragraph(_bands(found, language), "note")]
    for area in AREAS:
        blocks += _sideways(found, area, language) if found.asked.is_many else [_table(found, area, language)]
    if len(found.stresses) > 1:
        blocks.append(_under_stress(found, language))
    blocks += [_targets(found, area, language) for area in AREAS]
    return Part(3, text("report.part.3", language), tuple(one for one in blocks if _holds(one)))


def _holds(block: Block) -> bool:
    return not isinstance(block, Table) or bool(block.rows)


def _bands(found: Comparison, language: str) -> str:
    return text("compare.bands" if found.has_bands else "compare.no_bands", language, count=len(found.asked.members))


def _table(found: Comparison, area: str, language: str) -> Table:
    lines = found.lines(level=[area])
    rows = []
    for name in found.shown:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            cells = [Cell(first.title(language)), written.level(first.baseline, first.unit, language)]
            for option in found.asked.letters:
                line = own.get(option)
                cells += [written.level(line.level, line.unit, language), written.change(line, language)] if line else [
                    _NOTHING, _NOTHING]
            rows.append((*cells, Cell(text(f"evidence.{first.about['evidence_at_start']}", language))))
    heads = [text("report.indicator", language), text("chart.baseline", language)]
    for option in found.asked.letters:
        heads += [text("report.level_of", language, name=option), text("report.change_of", language, name=option)]
    heads.append(text("report.mark", language))
    caption = text("report.results_of", language, name=written.area_name(found, area, language), year=found.year)
    notes = [text("report.legend", language), text("report.mark_note", language),
             *_list_note(found, area, language)]
    return Table(f"results-{area}", caption, tuple(heads), tuple(rows), tuple(notes))


def _sideways(found: Comparison, area: str, language: str) -> list[Table]:
    """Return changes, and levels by themselves: many options stand side by side in one of them only."""
    lines = found.lines(level=[area])
    moved, levels = [], []
    for name in found.shown:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            base = written.bare(written.level(first.baseline, first.unit, language), language)
            head = [Cell(first.title(language)), Cell(unit_column(first.unit, language)), base]
            told = [own.get(option) for option in found.asked.letters]
            mark = Cell(text(f"evidence.{first.about['evidence_at_start']}", language))
            moved.append((*head, *(written.bare(written.change(one, language), language) if one else _NOTHING
                                   for one in told), mark))
            levels.append((*head, *(written.bare(written.level(one.level, one.unit, language), language) if one
                                    else _NOTHING for one in told)))
    heads = (text("report.indicator", language), text("cli.column.unit", language), text("chart.baseline", language),
             *found.asked.letters)
    name = written.area_name(found, area, language)
    notes = (text("report.legend", language), text("report.mark_note", language), *_list_note(found, area, language))
    return [
        Table(f"results-{area}", text("report.changes_of", language, name=name, year=found.year),
              (*heads, text("report.mark", language)), tuple(moved), notes),
        Table(f"levels-{area}", text("report.levels_of_all", language, name=name, year=found.year), heads,
              tuple(levels), tuple(_list_note(found, area, language))),
    ]


def _list_note(found: Comparison, area: str, language: str) -> list[str]:
    if area != places.LIST:
        return []
    return [text("figure.area_is", language, label=str(found.areas.attrs[f"list_label_{language}"]))]


def _under_stress(found: Comparison, language: str) -> Table:
    """Return changes against the baseline under the same stress, one column for each."""
    names = [name for name in found.shown if found.areas[name].attrs["direction"] in ("higher", "lower")]
    lines = changes.lines(found.areas, names, level=[places.LIST], stresses=found.stresses)
    rows = []
    for name in names:
        for option in found.asked.letters:
            own = [line for line in lines if (line.indicator, line.option) == (name, option)]
            if own and any(line.change.median for line in own):
                sign = text("cli.compare.robust" if own[0].robust else "cli.compare.not_robust", language)
                cells = (written.change(one, language) for one in own)
                rows.append((Cell(f"{option} · {own[0].title(language)}"), *cells, Cell(sign)))
    heads = (text("report.indicator", language),
             *(written.stress_name(found, one, language) for one in found.stresses),
             text("cli.column.robust", language))
    caption = text("report.under_stress", language, name=written.area_name(found, places.LIST, language),
                   year=found.year)
    return Table("stress", caption, heads, tuple(rows), (text("report.robust_note", language),))


def _targets(found: Comparison, area: str, language: str) -> Table:
    met = changes.targets_met(found.areas, area)
    rows = []
    for name in dict.fromkeys(one.indicator for one in met):
        own = {one.scenario: one for one in met if one.indicator == name}
        first = next(iter(own.values()))
        goal = targets.written(str(first.about["target"]), str(first.about["units"]), language)
        rows.append((Cell(str(first.about[f"title_{language}"])), Cell(goal), Cell(str(first.due), float(first.due)),
                     *(_met(own[one], found.has_bands, found.year, language) for one in own)))
    scenarios = [BASELINE, *found.asked.letters]
    heads = (text("report.indicator", language), text("cli.column.target", language), text("cli.column.due", language),
             *(text("chart.baseline", language) if one == BASELINE else one for one in scenarios))
    caption = text("report.targets_of", language, name=written.area_name(found, area, language))
    note = text("report.targets_note", language)
    return Table(f"targets-{area}", caption, heads, tuple(rows), (note,))


def _met(one: changes.Met, has_bands: bool, year: int, language: str) -> Cell:
    is_met = one.met is not None
    said = text("target.met" if is_met else "target.not_met", language, year=one.met if is_met else year)
    if has_bands:
        said = text("report.met_share", language, words=said, share=written.share(one.share, language).words)
    return Cell(said, None if one.met is None else float(one.met))


def charts(found: Comparison, language: str) -> Part:
    """Return lines with bands, maps of change, dots, and money against effect."""
    blocks: list[Block] = [Figure(figures.line_chart(found, name, places.LIST, language))
                           for name in figures.drawn(found)]
    blocks += [Figure(figures.map_chart(found, name, language)) for name in figures.mapped(found)]
    leading = list(dict.fromkeys(line.indicator for line in claims(found)))[: figures.PANELS]
    for chart in (figures.dot_chart(found, language), figures.cost_chart(found, leading, language)):
        blocks += [Figure(chart)] if chart else []
    if not blocks:
        blocks = [Paragraph(text("report.nothing_to_draw", language))]
    return Part(4, text("report.part.4", language), tuple(blocks))


def costs(found: Comparison, language: str) -> Part:
    """Return money by year, payer and lever, debt against its ceiling, unfunded need and cost of a unit gained."""
    blocks = [block for block in _money(found, language) if _holds(block)]
    if not blocks:
        blocks = [Paragraph(text("report.no_money", language))]
    return Part(5, text("report.part.5", language), tuple(blocks))


def _money(found: Comparison, language: str) -> Iterator[Block]:
    for chart in (figures.money_chart(found, language), figures.debt_chart(found, language)):
        if chart:
            yield Figure(chart)
    yield _payers(found, language)
    yield _years(found, language)
    yield _by_lever(found, language)
    yield _debt(found, language)
    yield _per_unit(found, language)


def _payers(found: Comparison, language: str) -> Table:
    rows = []
    for area in AREAS:
        for flow in money.flows(found.areas, area, found.accounts.payers):
            if flow.total.members:
                rows.append((Cell(f"{flow.option} · {flow.about[f'title_{language}']}"),
                             Cell(written.area_name(found, area, language)),
                             written.moved(flow.total, "yuan", language)))
    heads = (text("report.money", language), text("report.area", language), text("report.extra_total", language))
    return Table("payers", text("report.payers", language), heads, tuple(rows), (text("report.payers_note", language),))


def _years(found: Comparison, language: str) -> Table:
    years = money.policy_years(found.areas)
    rows = []
    held = found.accounts
    for flow in money.flows(found.areas, places.LIST, (held.public, held.private, held.unfunded)):
        if flow.total.members:
            bands = [flow.extra[year] for year in years]
            rows.append((Cell(f"{flow.option} · {flow.about[f'title_{language}']}"),
                         *(Cell(written.moved(one, "yuan", language).words.split(" (")[0].split("（")[0],
                                one.median, "yuan") for one in bands)))
    heads = (text("report.money", language), *(str(year) for year in years))
    caption = text("report.money_years", language, name=written.area_name(found, places.LIST, language))
    return Table("money-years", caption, heads, tuple(rows))


def _by_lever(found: Comparison, language: str) -> Table:
    rows = []
    for one in money.by_lever(found.areas, found.runs.without, places.LIST, found.accounts):
        if one.public.members:
            title = found.levers[one.lever].title[language] if one.lever in found.levers else one.lever
            rows.append((Cell(f"{one.option} · {title}"), written.moved(one.public, "yuan", language),
                         written.moved(one.private, "yuan", language)))
    heads = (text("report.lever.name", language), text("report.public", language), text("report.private", language))
    return Table("levers-cost", text("report.by_lever", language), heads, tuple(rows),
                 (text("report.by_lever_note", language),))


def _debt(found: Comparison, language: str) -> Table:
    last = found.year
    years = sorted({*range(int(found.areas["year"].values[0]) + _DEBT_YEARS, last, _DEBT_YEARS), last})
    rows = []
    for one in money.debt_room(found.areas, places.LIST, years, found.accounts):
        if one.debt.members:
            name = text("chart.baseline", language) if one.scenario == BASELINE else one.scenario
            rows.append((Cell(name), Cell(str(one.year), float(one.year)), written.level(one.debt, "yuan", language),
                         written.level(one.ceiling, "yuan", language), written.level(one.used, "share", language),
                         written.level(one.hidden, "yuan", language)))
    heads = tuple(text(f"report.debt.{key}", language) for key in
                  ("scenario", "year", "debt", "ceiling", "used", "hidden"))
    caption = text("report.debt_of", language, name=written.area_name(found, places.LIST, language))
    return Table("debt", caption, heads, tuple(rows), (text("chart.debt_note", language),))


def _per_unit(found: Comparison, language: str) -> Table:
    wanted = list(dict.fromkeys([*found.shown, *(str(name) for name in found.areas.data_vars)]))
    rows = []
    for one in money.per_unit(found.areas, places.LIST, wanted, found.accounts):
        if one.cost.members and one.cost.median > 0:
            unit = str(one.about["units"])
            rows.append((Cell(f"{one.option} · {one.about[f'title_{language}']}"),
                         written.moved(one.gained, unit, language), _each(one, language)))
    heads = (text("report.gained_what", language), text("report.gained", language), text("report.cost_each", language))
    return Table("unit-cost", text("report.per_unit", language), heads, tuple(rows),
                 (text("report.per_unit_note", language),))


def _each(one: money.UnitCost, language: str) -> Cell:
    cell = written.level(one.cost, "yuan", language)
    if not one.cost.is_wide:
        return cell
    ends = text("compare.range", language, low=written.plain(one.cost.low, "yuan", language).words,
                high=written.plain(one.cost.high, "yuan", language).words)
    return Cell(text("compare.with_range", language, value=cell.words, range=ends), cell.value, "yuan")


__all__ = ["REFERENCE", "charts", "costs", "results"]
