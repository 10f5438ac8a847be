"""A result as one long table: scenario, member, place, year, indicator, value, unit, and the names of the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from xiancheng.outputs import places

COLUMNS = ("scenario", "member", "place", "year", "indicator", "value", "unit", "name_zh", "name_en")
BANDS = ("scenario", "members", "place", "year", "indicator", "q05", "median", "q95", "unit", "name_zh", "name_en")

_YEAR, _NAME, _UNIT = "\0", "\1", "\2"
"""What stands in the template of a row for what differs; no name of a place holds them."""


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


def written(result: xr.Dataset) -> Iterator[bytes]:
    """Yield the long table of a result as a CSV in UTF-8, piece by piece: what pandas writes of it, without a frame.

    While a row is put together each of its bytes is a letter of its own, since text with Chinese in it takes twice the
    room and several times as long.
    """
    yield (",".join(COLUMNS) + "\r\n").encode()
    front = f"{_cell(str(result.attrs.get('scenario', '')))},0,"
    for part in _parts(result, places.LEVELS):
        names = zip(*(part[column].values for column in ("area", "name_zh", "name_en")), strict=True)
        rows = [f"{front}{_cell(str(area))},{_YEAR},{_NAME},%r,{_UNIT},{_cell(str(zh))},{_cell(str(en))}\r\n"
                for area, zh, en in names]
        years = part["year"].values.tolist()
        for name, variable in _indicators(part).items():
            words = {_NAME: _cell(name), _UNIT: _cell(str(variable.attrs.get("units", "")))}
            yield from _by_year(_filled(rows, words), years, variable.values)


def _by_year(rows: Sequence[str], years: Sequence[int], numbers: np.ndarray) -> Iterator[bytes]:
    """Yield the rows of an indicator (year, area), without those of missing values."""
    every, is_there = "".join(rows), ~np.isnan(numbers)
    for year, values, present in zip(years, numbers, is_there, strict=True):
        template = every if present.all() else "".join(row for row, is_own in zip(rows, present, strict=True) if is_own)
        yield (template.replace(_YEAR, str(year)) % tuple(values[present].tolist())).encode("latin-1")


def _filled(rows: Sequence[str], words: Mapping[str, str]) -> list[str]:
    for sign, word in words.items():
        rows = [row.replace(sign, word) for row in rows]
    return list(rows)


def _cell(word: str) -> str:
    """Return a word as a cell of a template, a letter for each byte."""
    return _quoted(word).replace("%", "%%").encode("utf-8").decode("latin-1")


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
