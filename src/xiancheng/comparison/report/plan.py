"""The table of a five-year plan: every headline indicator before the policy and at the milestones, and how it grows."""

from __future__ import annotations

import math

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.cuts import cut
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.model import clock
from xiancheng.outputs import milestones, places
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import MISSING, PERCENT_UNITS, number, text

_AREA = places.PROVINCE


def years(comparison: Comparison) -> list[int]:
    """Return the year before the policy and the milestones, as far as the runs hold them."""
    saved = [int(year) for year in comparison.areas["year"].values]
    wish = [clock.of(comparison.study).baseline, *milestones.read(comparison.study)]
    return [year for year in dict.fromkeys(wish) if year in saved]


def tables(comparison: Comparison, language: str) -> list[ReportTable]:
    """Return a table for the baseline and every option; none of a study without milestones."""
    when = years(comparison)
    if len(when) < 2:
        return []
    levels = {name: _levels(comparison, name, when) for name in comparison.shown}
    return [_table(comparison, scenario, when, {name: own[row].tolist() for name, own in levels.items()}, language)
            for row, scenario in enumerate((BASELINE, *comparison.request.letters))]


def _table(
    comparison: Comparison, scenario: str, when: list[int], levels_of: dict[str, list[float]], language: str
) -> ReportTable:
    rows = []
    for name, levels in levels_of.items():
        about = comparison.areas.variables[name].attrs
        if any(math.isfinite(level) for level in levels):
            unit = str(about["units"])
            rows.append((Cell(str(about[f"title_{language}"])), Cell(unit_column(unit, language)),
                         *(written.bare(written.plain(level, unit, language), language) for level in levels),
                         _growth(levels[0], levels[-1], when[-1] - when[0], unit, language),
                         Cell(_kind(comparison, name, language))))
    heads = (text("report.indicator", language), text("cli.column.unit", language), *(str(year) for year in when),
             text("plan.growth", language), text("plan.kind", language))
    caption = text("plan.head", language, name=written.named(comparison, scenario, language),
                   area=written.area_name(comparison, _AREA, language))
    return ReportTable(f"plan-{scenario}", caption, heads, tuple(rows), (text("plan.note", language),))


def _levels(comparison: Comparison, name: str, when: list[int]) -> Floats:
    """Return the levels of the baseline and every option, each the baseline and the paired change (scenario, year)."""
    at = cut(comparison.areas, name, ("scenario", "year", "member"), stress=REFERENCE, area=_AREA, year=when,
             scenario=[BASELINE, *comparison.request.letters])
    return bands.Ordered.of(at[:1]).quantiles(0.5) + bands.Ordered.of(bands.change(at, at[:1])).quantiles(0.5)


def _growth(first: float, last: float, span: int, unit: str, language: str) -> Cell:
    """Return the growth of a year: of a share in points, of what is above 0 as a rate, of all else as an amount."""
    if not (math.isfinite(first) and math.isfinite(last)):
        return Cell(MISSING)
    mean = (last - first) / span
    if unit in PERCENT_UNITS or min(first, last) <= 0:
        return Cell(words.change(mean, unit, language), mean, unit)
    rate = (last / first) ** (1 / span) - 1
    return Cell(number(rate, "share", language, sign=True), rate, "share")


def _kind(comparison: Comparison, name: str, language: str) -> str:
    binding = comparison.catalogue[name].row["binding"]
    return text(f"binding.{binding}", language) if binding else MISSING
