"""Places of a result, and what several of them make together: the list, prefectures, the province."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from xiancheng.model.tables import geography_of
from xiancheng.outputs.indicators import COUNT_SHARE, RATIO
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, Phrase, phrase, text

LIST = "68"
"""The area of the listed places; in a study of other places it bears this id too, and another name."""
PREFECTURE = "prefecture"
PROVINCE = "province"
LEVELS = (LIST, PREFECTURE, PROVINCE)
COORDINATES = {
    "adcode": "code",
    "name_zh": "name_zh",
    "name_en": "name_en",
    "kind": "kind",
    "prefecture": "prefecture_code",
    "prefecture_zh": "prefecture_zh",
    "prefecture_en": "prefecture_en",
}


def is_own_selection(study: Study) -> bool:
    """Return whether the study's list is this project's selection of 68 county-level units."""
    geography = geography_of(study.root)
    listed = {place.code for place in geography.places if not place.is_rest}
    return listed == {unit.code for unit in geography.units if unit.in_68}


def list_label(own_selection: bool, count: int) -> Phrase:
    """Return what has to stand wherever the listed places show."""
    return phrase("list.own_selection", count=count) if own_selection else phrase("list.other_places", count=count)


def list_name(own_selection: bool, count: int) -> Phrase:
    """Return the short name of the listed places, for a column or a line."""
    return phrase("list.own_name", count=count) if own_selection else phrase("list.other_name", count=count)


def coordinates(places: pd.DataFrame) -> dict[str, tuple[str, list[str] | np.ndarray]]:
    """Return the coordinates of the places of a result, from the table of places."""
    words = {name: ("place", list(places[column].astype(str))) for name, column in COORDINATES.items()}
    return {**words, "in_68": ("place", (places["in_68"].astype(str) == "1").to_numpy())}


def aggregate(result: xr.Dataset, level: str) -> xr.Dataset:
    """Put the places of a result together.

    Args:
        result: a result with dims year and place; a ratio needs the indicator it is divided by beside it.
        level: one of LEVELS.

    Returns:
        The indicators that have a value at this level, dims year and area, coords area, name_zh, name_en.
    """
    areas = _areas(result, level)
    totals = {
        str(name): xr.concat([_total(result, str(name), members) for members in areas.values()], dim="area")
        for name, values in result.data_vars.items()
        if values.dims == ("year", "place") and level in values.attrs.get("levels", "").split("; ")
    }
    together = xr.Dataset({name: values.transpose("year", "area") for name, values in totals.items()})
    names = {language: ("area", [_name(result, area, level, language) for area in areas]) for language in LANGUAGES}
    return together.assign_coords(
        area=list(areas), name_zh=names["zh"], name_en=names["en"], year=result["year"]
    ).assign_attrs(result.attrs)


def _areas(result: xr.Dataset, level: str) -> dict[str, np.ndarray]:
    if level == PROVINCE:
        return {PROVINCE: np.ones(result.sizes["place"], dtype=bool)}
    if level == LIST:
        return {LIST: result["in_68"].values.astype(bool)}
    codes = result["prefecture"].values
    return {str(code): codes == code for code in dict.fromkeys(codes)}


def _name(result: xr.Dataset, area: str, level: str, language: str) -> str:
    if level == PREFECTURE:
        rows = result["prefecture"].values == area
        return str(result[f"prefecture_{language}"].values[rows][0])
    if level == PROVINCE:
        return text("area.province", language)
    return str(result.attrs[f"list_name_{language}"])


def _total(result: xr.Dataset, name: str, members: np.ndarray) -> xr.DataArray:
    """Sum, ratio of sums or share of a count over some places; places that never have a value are left out."""
    values = result[name].isel(place=members)
    rule = values.attrs.get("aggregation")
    if rule == RATIO:
        total = _ratio(result.isel(place=members), values)
    else:
        values = values.isel(place=values.notnull().any("year").values)
        total = values.mean("place") if rule == COUNT_SHARE else values.sum("place", skipna=False)
        total = total if values.sizes["place"] else xr.full_like(result["year"], np.nan, dtype=float)
    return total.drop_vars([str(coord) for coord in total.coords if coord != "year"]).assign_attrs(values.attrs)


def _ratio(members: xr.Dataset, values: xr.DataArray) -> xr.DataArray:
    """Sum numerators over summed denominators; a numerator that is no indicator is ratio times denominator."""
    over = members[values.attrs["over"]]
    if "of" in values.attrs:
        parts = members[values.attrs["of"]]
    else:
        parts = (values * over).where(over != 0, 0.0)
    below = over.sum("place", skipna=False)
    ratio: xr.DataArray = parts.sum("place", skipna=False) / below.where(below > 0)
    return ratio


def table_of(result: xr.Dataset, names: Sequence[str], levels: Sequence[str]) -> dict[str, xr.Dataset]:
    """Return the aggregated result by level, with the named indicators and what they are divided by."""
    present = [name for name in names if name in result]
    parts = [result[name].attrs.get(part, "") for name in present for part in ("of", "over")]
    chosen = [name for name in dict.fromkeys([*present, *parts]) if name in result]
    return {level: aggregate(result[chosen], level) for level in levels}
