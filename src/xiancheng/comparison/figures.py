"""The charts of a comparison, as data: lines with bands, maps of change, dots, money against effect, money by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.charts import bars, dots, lines, maps
from xiancheng.charts.chart import Chart
from xiancheng.comparison import bands, changes, money, people, reach, words
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.cuts import cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import places, views
from xiancheng.texts import listing, text

LINES, MAPS, PANELS = 6, 3, 3
"""How many charts of lines, maps and panels of money against effect a report shows."""


def labels(comparison: Comparison, language: str) -> dict[str, str]:
    """Return the label of the baseline and of every option, each with its letter."""
    names = [BASELINE, *comparison.request.letters]
    named = {name: comparison.title(name, language) for name in names}
    return {item: title if item == BASELINE else f"{item} {title}" for item, title in named.items()}


def short(scenario: str, language: str) -> str:
    """Return what stands at the end of a line."""
    return text("chart.baseline", language) if scenario == BASELINE else scenario


def drawn(comparison: Comparison) -> list[str]:
    """Return the indicators that get charts of lines: those that the user chose, then the headline ones that move."""
    order = dict.fromkeys([*comparison.indicators, *views.of(comparison.study, "compare_lines"), *comparison.shown])
    return [name for name in order if name in comparison.areas and _moves(comparison, name)][:LINES]


def _moves(comparison: Comparison, name: str) -> bool:
    at = cut(comparison.areas, name, ("scenario", "member"), area=places.LIST, stress=REFERENCE, year=comparison.year)
    return bool(np.isfinite(at).any()) and any(bands.sign(bands.change(row, at[0])) for row in at[1:])


def line_rows(comparison: Comparison, name: str, area: str, language: str) -> list[dict[str, Any]]:
    """Return the median and band of every scenario and year in the reference [unit of the indicator]."""
    values = cut(comparison.areas, name, ("scenario", "year", "member"), stress=REFERENCE, area=area)
    levels, moved = (bands.Ordered.of(item).bands() for item in (values, bands.change(values, values[0])))
    rows = []
    for position, scenario in enumerate(comparison.areas["scenario"].values):
        for column, year in enumerate(comparison.areas["year"].values):
            band, apart = levels[position, column], moved[position, column]
            if band.members:
                row = {"scenario": str(scenario), "short": short(str(scenario), language), "year": int(year)}
                is_option = position > 0
                rows.append({**row, **_band("value", "", band), **_band("change", "change_", apart, is_option)})
    return rows


def _band(middle: str, prefix: str, band: bands.Band, is_told: bool = True) -> dict[str, float | None]:
    """Return median and ends of a band as cells of a row; ends of no width are none."""
    ends = is_told and band.is_wide
    return {middle: band.median if is_told else None, f"{prefix}low": band.low if ends else None,
            f"{prefix}high": band.high if ends else None}


def line_chart(comparison: Comparison, name: str, area: str, language: str) -> Chart:
    """Return the chart of an indicator over the years."""
    about = comparison.areas[name].attrs
    where = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    title = text("chart.of_area", language, title=about[f"title_{language}"], name=where)
    aim = _number(str(about.get("target", ""))) if about.get("direction") != "neither" else None
    rows, unit = line_rows(comparison, name, area, language), str(about["units"])
    chart = lines.chart(f"lines-{name}-{area}", title, rows, labels(comparison, language), unit, language,
                        notes=_list_note(comparison, area, language), aim=aim)
    ends = [f"{row['short']} {words.change(row['change'], unit, language)}" for row in rows
            if row["year"] == comparison.year and row["change"] is not None]
    alt = text("chart.alt.line", language, year=comparison.year, changes=listing(ends, language))
    return replace(chart, alt=f"{title} · {alt}")


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _list_note(comparison: Comparison, area: str, language: str) -> list[str]:
    if area != places.LIST:
        return []
    return [text("figure.area_is", language, label=str(comparison.areas.attrs[f"list_label_{language}"]))]


def mapped(comparison: Comparison) -> list[str]:
    """Return the indicators that get maps: ratios known by county, of each option in turn the one that moves most."""
    names = [name for name in comparison.ratios if people.has_counties(comparison.places, name)
             and comparison.places[name].attrs["direction"] != "neither"]
    queues = [sorted((name for name in names if _size(comparison, name, option) > 0),
                     key=partial(_smallness, comparison, option)) for option in comparison.request.letters]
    turns = [name for turn in zip_longest(*queues) for name in turn if name is not None]
    return list(dict.fromkeys([*(name for name in comparison.indicators if name in names), *turns]))[:MAPS]


def _smallness(comparison: Comparison, option: str, name: str) -> float:
    return -_size(comparison, name, option)


def _size(comparison: Comparison, name: str, option: str) -> float:
    size = abs(comparison.sizes.get((name, option), 0.0))
    return size if np.isfinite(size) else 0.0


def map_chart(comparison: Comparison, name: str, language: str) -> Chart:
    """Return maps of the change of an indicator, one for each option, on the same breaks."""
    about = comparison.places[name].attrs
    where = {key: comparison.places[key].values for key in ("adcode", f"name_{language}", "lon", "lat")}
    position = {str(code): row for row, code in enumerate(where["adcode"])}
    rows = []
    for option in comparison.request.letters:
        for place in comparison.at_places(name, option):
            row = position[place.code]
            rows.append({"scenario": option, "place": place.code, "name": str(where[f"name_{language}"][row]),
                         "lon": float(where["lon"][row]), "lat": float(where["lat"][row]),
                         "value": place.change.median if abs(place.change.median) >= place.least else 0.0,
                         "is_listed": place.is_listed})
    title = text("chart.map", language, title=about[f"title_{language}"], year=comparison.year)
    note = text("chart.map_note", language, baseline=comparison.title(BASELINE, language))
    chart = maps.chart(f"map-{name}", title, rows, labels(comparison, language), str(about["units"]), language,
                       notes=[note, *_list_note(comparison, places.LIST, language)])
    alt = " ".join(_extremes(rows, option, language) for option in comparison.request.letters)
    return replace(chart, alt=f"{title} · {alt}")


def _extremes(rows: Sequence[dict[str, Any]], option: str, language: str) -> str:
    far = maps.extremes([row for row in rows if row["scenario"] == option])
    up, down = ([str(row["name"]) for row in far if row["value"] * way > 0] for way in (1, -1))
    none = text("chart.alt.none", language)
    return text("chart.alt.map", language, label=option, up=listing(up, language) or none,
                down=listing(down, language) or none)


def dot_chart(comparison: Comparison, language: str) -> Chart | None:
    """Return the changes of all shown indicators in standard deviations of the baseline, better to the right."""
    rows = []
    for name in comparison.shown:
        about = comparison.areas[name].attrs
        if about["direction"] in ("higher", "lower") and people.has_counties(comparison.places, name):
            way = 1.0 if about["direction"] == "higher" else -1.0
            for option in comparison.request.letters:
                band = comparison.deviations[name, option]
                if band.members:
                    ends = sorted((way * band.low, way * band.high)) if band.is_wide else (None, None)
                    rows.append({"scenario": option, "indicator": str(about[f"title_{language}"]),
                                 "value": way * band.median, "low": ends[0], "high": ends[1]})
    if not rows:
        return None
    note = text("chart.deviations_note", language)
    return dots.in_deviations("dots", text("chart.dots", language, year=comparison.year), rows,
                              {name: label for name, label in labels(comparison, language).items() if name != BASELINE},
                              language, notes=[note, *_list_note(comparison, places.LIST, language)])


def cost_chart(comparison: Comparison, names: Sequence[str], language: str) -> Chart | None:
    """Return extra money against the change of some indicators, both where the levers of all options act."""
    area, years = cost_area(comparison), comparison.accounts.years(comparison.areas)
    totals = {cost.option: cost.total for cost in spent(comparison)}
    rows = []
    for line in changes.lines(comparison.areas, list(names), level=[area]):
        total = totals.get(line.option)
        if total is not None and total.members:
            rows.append({"scenario": line.option, "short": line.option, "indicator": line.title(language),
                         "unit": line.unit, "cost": total.median, "cost_low": total.low,
                         "cost_high": total.high, "value": line.change.median, "low": line.change.low,
                         "high": line.change.high})
    if not rows:
        return None
    title = text("chart.cost_effect", language, year=comparison.year)
    where = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    return dots.cost_and_effect("cost-effect", title, rows, labels(comparison, language), language,
                                notes=[text("chart.cost_note", language, name=where, first=years[0], last=years[-1]),
                                       *_list_note(comparison, area, language)])


def cost_area(comparison: Comparison) -> str:
    """Return the area whose money options are told apart by: the smallest one where all their levers act."""
    return reach.together(comparison.request.options, comparison.places)


def spent(comparison: Comparison) -> list[money.Flow]:
    """Return public and private money together, by option, where the levers of all options act."""
    years = comparison.accounts.years(comparison.areas)
    names = [name for name in (comparison.accounts.public, comparison.accounts.private) if name in comparison.areas]
    if not names or not years:
        return []
    area = cost_area(comparison)
    total = sum(comparison.areas[name].sel(stress=REFERENCE, area=area, year=years) for name in names)
    assert isinstance(total, xr.DataArray)
    sums = total.sum("year", skipna=False).transpose("scenario", "member").values
    return [
        money.Flow("", {}, option, area, {}, *[bands.band(bands.change(sums[row], sums[0]))] * 2)
        for row, option in enumerate(comparison.request.letters, start=1)
    ]


def money_chart(comparison: Comparison, language: str, area: str = places.LIST) -> Chart | None:
    """Return the extra money by year and payer."""
    accounts = comparison.accounts
    rows = [
        {"scenario": flow.option, "year": year, "kind": str(flow.about[f"title_{language}"]), "value": band.median}
        for flow in money.flows(comparison.areas, area, (accounts.public, accounts.private), accounts)
        for year, band in flow.extra.items()
    ]
    if not rows:
        return None
    where = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    shown = {name: label for name, label in labels(comparison, language).items() if name != BASELINE}
    return bars.by_year("money", text("chart.money_by_year", language, name=where), rows, shown, "yuan a year",
                        language, notes=[text("chart.money_note", language)])


def debt_chart(comparison: Comparison, language: str, area: str = places.LIST) -> Chart | None:
    """Return the share of the ceiling of debt that is used, by year."""
    years = [int(year) for year in comparison.areas["year"].values]
    rows = [
        {"scenario": room.scenario, "year": room.year, "value": room.used.median,
         "low": room.used.low if room.used.is_wide else None, "high": room.used.high if room.used.is_wide else None,
         "short": short(room.scenario, language)}
        for room in money.debt_room(comparison.areas, area, years, comparison.accounts) if room.used.members
    ]
    if not rows:
        return None
    where = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    return lines.chart("debt", text("chart.debt", language, name=where), rows, labels(comparison, language), "share",
                       language, notes=[text("chart.debt_note", language)], aim=1.0,
                       aim_word=text("chart.ceiling", language))
