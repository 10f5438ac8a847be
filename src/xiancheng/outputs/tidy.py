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
    years, areas = part["year"].values, part["area"].values
    frames = []
    for name, values in part.data_vars.items():
        frames.append(
            pd.DataFrame(
                {
                    "place": np.tile(areas, len(years)),
                    "year": np.repeat(years, len(areas)),
                    "indicator": str(name),
                    "value": values.transpose("year", "area").values.ravel(),
                    "unit": values.attrs.get("units", ""),
                    "name_zh": np.tile(part["name_zh"].values, len(years)),
                    "name_en": np.tile(part["name_en"].values, len(years)),
                }
            )
        )
    return pd.concat(frames, ignore_index=True).dropna(subset="value")


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
