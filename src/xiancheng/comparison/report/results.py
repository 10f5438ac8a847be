"""Part 3, results, and part 4, charts."""

from __future__ import annotations

from xiancheng.comparison import changes, figures, standing, words
from xiancheng.comparison.bands import Band
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

_NOTHING = Cell("")


def results(comparison: Comparison, language: str) -> Section:
    """Return levels and changes of every shown indicator, under the reference and under the stresses, and targets."""
    blocks: list[Block] = [Paragraph(_bands(comparison, language), "note"), *_unaided(comparison, language)]
    for area in AREAS:
        blocks += _sideways(comparison, area,
                            language) if comparison.request.is_many else [_table(comparison, area, language)]
    if len(comparison.stresses) > 1:
        blocks.append(_under_stress(comparison, language))
    blocks += [targets_table(comparison, area, language) for area in AREAS]
    blocks += policy.tables(comparison, language)
    return Section(3, text("report.part.3", language), tuple(block for block in blocks if holds(block)))


def holds(block: Block) -> bool:
    """Tell whether a block says anything: a table without rows does not."""
    return not isinstance(block, ReportTable) or bool(block.rows)


def _bands(comparison: Comparison, language: str) -> str:
    return standing.sentences(comparison, language)


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
            cells = [Cell(first.title(language)), Cell(unit_column(first.unit, language)),
                     _level(first.baseline, first.unit, language)]
            for option in comparison.request.letters:
                cells += _pair(own.get(option), language)
            rows.append((*cells, Cell(text(f"evidence.{first.about['evidence_at_start']}", language))))
    heads = [text("report.indicator", language), text("cli.column.unit", language), text("chart.baseline", language)]
    for option in comparison.request.letters:
        heads += [text("report.level_of", language, name=option), text("report.change_of", language, name=option)]
    heads.append(text("report.mark", language))
    caption = text("report.results_of", language, name=written.area_name(comparison, area, language),
                   year=comparison.year)
    notes = [text("report.legend", language), text("report.mark_note", language),
             *_list_note(comparison, area, language)]
    return ReportTable(f"results-{area}", caption, tuple(heads), tuple(rows), tuple(notes))


def _pair(line: changes.Line | None, language: str) -> list[Cell]:
    """Return level and change of an option without their unit."""
    if line is None:
        return [_NOTHING, _NOTHING]
    return [_level(line.level, line.unit, language), written.bare(written.change(line, language), language)]


def _level(band: Band, unit: str, language: str) -> Cell:
    """Return a level without its unit, which has a column of its own."""
    return written.bare(written.level(band, unit, language), language)


def _sideways(comparison: Comparison, area: str, language: str) -> list[ReportTable]:
    """Return changes, and levels by themselves: many options stand side by side in one of them only."""
    lines = comparison.lines(level=[area])
    moved, levels = [], []
    for name in comparison.shown:
        own = {line.option: line for line in lines if line.indicator == name}
        if own:
            first = next(iter(own.values()))
            base = _level(first.baseline, first.unit, language)
            head = [Cell(first.title(language)), Cell(unit_column(first.unit, language)), base]
            changes = [own.get(option) for option in comparison.request.letters]
            mark = Cell(text(f"evidence.{first.about['evidence_at_start']}", language))
            moved.append((*head, *(written.bare(written.change(change, language), language) if change else _NOTHING
                                   for change in changes), mark))
            levels.append((*head, *(_level(change.level, change.unit, language) if change
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


def binding(comparison: Comparison, language: str) -> list[ReportTable]:
    """Return the targets that the text itself fixes, for the first page; none of a study without them."""
    table = targets_table(comparison, AREAS[0], language, is_binding=True)
    return [table] if table.rows else []


def targets_table(
    comparison: Comparison, area: str, language: str, *, is_binding: bool = False, is_brief: bool = False
) -> ReportTable:
    """Return for each target level, gap, year and share of members.

    Args:
        comparison: the comparison.
        area: of the levels.
        language: "zh" or "en".
        is_binding: whether the targets of the text alone are told.
        is_brief: whether a target that is missed is told by its gap alone.
    """
    met = [target for target in changes.targets_met(comparison.areas, area)
           if target.is_binding or not is_binding]
    rows = []
    for name in dict.fromkeys(target.indicator for target in met):
        own = {target.scenario: target for target in met if target.indicator == name}
        first = next(iter(own.values()))
        goal = targets.written(str(first.about["target"]), str(first.about["units"]), language)
        rows.append((Cell(str(first.about[f"title_{language}"])), Cell(goal), Cell(str(first.due), float(first.due)),
                     *(Cell(reach(own[target], comparison, language)) if is_brief else
                       _met(own[target], comparison.has_bands, comparison.year, language) for target in own)))
    scenarios = [BASELINE, *comparison.request.letters]
    heads = (text("report.indicator", language), text("cli.column.target", language), text("cli.column.due", language),
             *(text("chart.baseline", language) if target == BASELINE else target for target in scenarios))
    caption = text("report.binding_of" if is_binding else "report.targets_of", language,
                   name=written.area_name(comparison, area, language))
    note = text("report.targets_note", language)
    return ReportTable("binding" if is_binding else f"targets-{area}", caption, heads, tuple(rows), (note,))


def _met(met: changes.Met, has_bands: bool, year: int, language: str) -> Cell:
    is_met = met.met is not None
    unit = str(met.about["units"])
    level = words.level(met.level.median, unit, language)
    sentence = text("target.met" if is_met else "target.not_met", language, year=met.met if is_met else year)
    short = text("report.target_short", language, short=words.level(met.short, unit, language)) if met.short > 0 else ""
    sentence = text("report.target_level", language, level=level, short=short, words=sentence)
    if has_bands:
        sentence = text("report.met_share", language, words=sentence, share=written.share(met.share, language).words)
    return Cell(sentence, None if met.met is None else float(met.met))


def reach(met: changes.Met, comparison: Comparison, language: str) -> str:
    """Return the level in the due year with the gap or the first year from which the target is kept, and the share.

    The unit stands beside the target; these cells go without.
    """
    unit = str(met.about["units"])
    level, short = (words.bare(words.level(value, unit, language), unit, language)
                    for value in (met.level.median, met.short))
    is_short = met.met is None and met.short > 0
    key = "appraisal.short" if is_short else "appraisal.not_met" if met.met is None else "appraisal.met"
    sentence = text(key, language, level=level, short=short, year=met.met)
    if not comparison.has_bands:
        return sentence
    return text("report.met_share", language, words=sentence, share=words.percent(met.share, language))


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


__all__ = ["REFERENCE", "charts", "results"]
