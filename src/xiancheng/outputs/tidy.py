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
    flat = result[[str(name) for name, values in result.data_vars.items() if values.dims == ("year", "place")]]
    by_place = flat.assign_coords(place=flat["adcode"].values).rename(place="area")
    parts = [*(places.aggregate(flat, level) for level in levels), by_place]
    rows = pd.concat([_rows(part) for part in parts], ignore_index=True)
    rows["scenario"] = result.attrs.get("scenario", "")
    rows["member"] = member
    return rows[list(COLUMNS)]


def _rows(part: xr.Dataset) -> pd.DataFrame:
    names = [str(name) for name in part.data_vars]
    values = np.stack([part[name].transpose("year", "area").values for name in names])
    indicator, year, area = np.nonzero(~np.isnan(values))
    units = np.array([str(part[name].attrs.get("units", "")) for name in names], dtype=object)
    return pd.DataFrame({
        "place": part["area"].values[area],
        "year": part["year"].values[year],
        "indicator": np.array(names, dtype=object)[indicator],
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
