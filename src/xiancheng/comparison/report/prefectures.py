"""Who gains and who loses by prefecture: the change of some indicators in the last year, option by option."""

from __future__ import annotations

import xarray as xr

from xiancheng.comparison import bands, changes, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import written
from xiancheng.comparison.report.document import Cell, ReportTable
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places, views
from xiancheng.outputs.aggregations import with_parts
from xiancheng.outputs.headline import unit_column
from xiancheng.outputs.least_changes import labelled
from xiancheng.texts import text

VIEW = "by_prefecture"


def tables(comparison: Comparison, language: str, *, has_bands: bool = True) -> list[ReportTable]:
    """Return a table for every option, a line for each prefecture; none of a study without the view.

    Args:
        comparison: the comparison.
        language: "zh" or "en".
        has_bands: whether the band stands behind each change.
    """
    names = [name for name in views.of(comparison.study, VIEW) if name in comparison.places]
    if not names:
        return []
    baseline = by_member(comparison, names, BASELINE)
    return [_table(comparison, option, names, baseline, language, has_bands) for option in comparison.request.letters]


def by_member(comparison: Comparison, names: list[str], scenario: str) -> xr.Dataset:
    """Return indicators by prefecture in the last year of the reference (year, area), members on the axis of years."""
    chosen = with_parts(places.aggregations(comparison.places), names)
    last = comparison.places[list(chosen)].sel(scenario=scenario, stress=REFERENCE).isel(year=-1, drop=True)
    data = last.rename(member="year").transpose("year", "place", missing_dims="ignore")
    return places.table_of(data, names, [places.PREFECTURE])[places.PREFECTURE]


def _table(
    comparison: Comparison, option: str, names: list[str], baseline: xr.Dataset, language: str, has_bands: bool
) -> ReportTable:
    own = by_member(comparison, names, option)

    codes = [str(code) for code in own["area"].values]
    values = {name: [data[name].transpose("area", "year").values for data in (baseline, own)] for name in names
              if name in own}

    def cell(name: str, area: str) -> Cell:
        reference, mine = (item[codes.index(area)] for item in values[name])
        about, moved = own[name].attrs, bands.band(bands.change(mine, reference))
        least = labelled(about).at(bands.band(reference).median)
        verdict = changes.verdict(moved.median, str(about["direction"]), least)
        arrow, unit = written.ARROWS[verdict], str(about["units"])
        if has_bands:
            return written.moved(moved, unit, language, arrow)
        brief = words.bare(words.change(moved.median, unit, language), unit, language)
        return Cell(f"{arrow} {brief}", moved.median, unit)

    rows = tuple((Cell(str(own[f"name_{language}"].sel(area=area).item())), *(cell(name, area) for name in values))
                 for area in codes)
    heads = (text("prefectures.area", language), *(_head(own[name], language, has_bands) for name in values))
    caption = text("prefectures.head", language, option=written.named(comparison, option, language),
                   year=comparison.year)
    return ReportTable(f"prefectures-{option}", caption, heads, rows,
                       (text("prefectures.note" if has_bands else "short.prefectures_note", language),))


def _head(values: xr.DataArray, language: str, has_bands: bool) -> str:
    """Return the name of an indicator, with its unit where cells go without."""
    title = str(values.attrs[f"title_{language}"])
    if has_bands:
        return title
    return text("short.with_unit", language, title=title, unit=unit_column(str(values.attrs["units"]), language))
