"""A result as one long table: scenario, member, place, year, indicator, value, unit, and the names of the place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from xiancheng.outputs import places

COLUMNS = ("scenario", "member", "place", "year", "indicator", "value", "unit", "name_zh", "name_en")
BANDS = ("scenario", "members", "place", "year", "indicator", "q05", "median", "q95", "unit", "name_zh", "name_en")


def table(result: xr.Dataset, *, levels: Sequence[str] = places.LEVELS, member: int = 0) -> pd.DataFrame:
    """Return a result as a long table.

    Args:
        result: a result with dims year and place; variables with further dims get no rows.
        levels: areas that stand before the places: the listed places as "68", prefectures by code, "province".
        member: number of the run among several.

    Returns:
        Columns COLUMNS; missing values have no row.
    """
    rows = pd.concat([_rows(part) for part in _parts(result, levels)], ignore_index=True)
    rows["scenario"] = result.attrs.get("scenario", "")
    rows["member"] = member
    return rows[list(COLUMNS)]


def written(result: xr.Dataset) -> str:
    """Return the long table of a result as the text of a CSV: what pandas writes of it, without a frame between."""
    front = f"{_quoted(str(result.attrs.get('scenario', '')))},0,"
    lines = [",".join(COLUMNS), "\r\n"]
    for part in _parts(result, places.LEVELS):
        areas = [front + _quoted(str(area)) for area in part["area"].values]
        names = [",".join(_quoted(str(part[column].values[row])) for column in ("name_zh", "name_en"))
                 for row in range(len(areas))]
        years = part["year"].values.tolist()
        for name, variable in _indicators(part).items():
            unit = _quoted(str(variable.attrs.get("units", "")))
            ends = [f",{unit},{words}\r\n" for words in names]
            for year, values in zip(years, variable.values.tolist(), strict=True):
                middle = f",{year},{_quoted(name)},"
                lines += [f"{area}{middle}{value!r}{end}" for area, value, end in zip(areas, values, ends, strict=True)
                          if value == value]
    return "".join(lines)


def _quoted(word: str) -> str:
    """Return a word as a cell of a CSV."""
    return '"' + word.replace('"', '""') + '"' if set(word) & set(',"\r\n') else word


def _parts(result: xr.Dataset, levels: Sequence[str]) -> list[xr.Dataset]:
    """Return the indicators of the areas of each level, then those of every place, all by year and area."""
    flat = result[[str(name) for name, values in result.data_vars.items() if values.dims == ("year", "place")]]
    above = places.table_of(flat, [str(name) for name in flat.data_vars], levels)
    by_place = flat.assign_coords(place=flat["adcode"].values).rename(place="area")
    return [*(above[level] for level in levels), by_place]


def _indicators(part: xr.Dataset) -> dict[str, xr.Variable]:
    """Return the numbers of a part by the name of the indicator (year, area)."""
    return {str(name): part.variables[name].transpose("year", "area") for name in part.data_vars}


def _rows(part: xr.Dataset) -> pd.DataFrame:
    shown = _indicators(part)
    values = np.stack([variable.values for variable in shown.values()])
    indicator, year, area = np.nonzero(~np.isnan(values))
    units = np.array([str(variable.attrs.get("units", "")) for variable in shown.values()], dtype=object)
    return pd.DataFrame({
        "place": part["area"].values[area],
        "year": part["year"].values[year],
        "indicator": np.array(list(shown), dtype=object)[indicator],
        "value": values[indicator, year, area],
        "unit": units[indicator],
        "name_zh": part["name_zh"].values[area],
        "name_en": part["name_en"].values[area],
    })


def bands_table(bands: xr.Dataset) -> pd.DataFrame:
    """Return the bands of the members of the posterior as a long table.

    Args:
        bands: dims quantile (5 %, median, 95 %), year and area.

    Returns:
        Columns BANDS; missing values have no row.
    """
    frames = []
    for position, column in enumerate(BANDS[5:8]):
        part = bands.isel(quantile=position, drop=True)
        frames.append(_rows(part).rename(columns={"value": column}))
    keys = ["place", "year", "indicator", "unit", "name_zh", "name_en"]
    rows = frames[0].merge(frames[1], on=keys).merge(frames[2], on=keys)
    rows["scenario"], rows["members"] = bands.attrs.get("scenario", ""), bands.attrs["members"]
    return rows[list(BANDS)]
