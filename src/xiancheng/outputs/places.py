"""Places of a result, and what several of them make together: the list, prefectures, the province."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from xiancheng.model.tables import geography_of
from xiancheng.outputs.indicators import RATIO
from xiancheng.outputs.totals import total
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, Phrase, phrase, text

LIST = "68"
"""The area of the listed places; in a study of other places it bears this id too, and another name."""
PREFECTURE = "prefecture"
PROVINCE = "province"
PARTS = ("of", "over", "weight")
"""Attributes of an indicator that name another one."""
LEVELS = (LIST, PREFECTURE, PROVINCE)
_SHARE = "share"
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
        result: a result with dims year and place, others in front; a ratio needs what it is divided by beside it.
        level: one of LEVELS.

    Returns:
        The indicators that have a value at this level, dims year and area after any others, with names of the areas.
    """
    areas = _areas(result, level)
    members = np.array(list(areas.values()), dtype=float)
    held = {str(name): result[name] for name in result.variables}
    totals = {
        str(name): ((*values.dims[:-1], "area"), total(held, str(name), members), values.attrs)
        for name, values in result.data_vars.items()
        if values.dims[-2:] == ("year", "place") and level in values.attrs.get("levels", "").split("; ")
    }
    names = {language: ("area", [_name(result, area, level, language) for area in areas]) for language in LANGUAGES}
    labels = {"area": list(areas), "name_zh": names["zh"], "name_en": names["en"], "year": result["year"].values}
    return xr.Dataset(totals, labels, result.attrs)


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


def with_parts(result: xr.Dataset, names: Sequence[str]) -> list[str]:
    """Return indicators of a result and, after them, all that they are made of, each once."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        parts = (result[name].attrs.get(part, "") for part in PARTS)
        wanted += [part for part in parts if part in result and part not in wanted]
    return wanted


def behind(table: xr.Dataset, name: str) -> xr.DataArray | None:
    """Return the number behind a share, in the unit of what the share is of; None for an indicator that is no share."""
    attributes = table[name].attrs
    over = attributes.get("over", "")
    if attributes.get("units") != _SHARE or attributes.get("aggregation") != RATIO or over not in table:
        return None
    number: xr.DataArray = table[name] * table[over] / float(attributes.get("scale", 1.0))
    return number.assign_attrs(units=table[over].attrs.get("units", ""))



def table_of(result: xr.Dataset, names: Sequence[str], levels: Sequence[str]) -> dict[str, xr.Dataset]:
    """Return the aggregated result by level, with the named indicators and what they are divided by."""
    present = [name for name in names if name in result]
    chosen = set(with_parts(result, present))
    kept = result.drop_vars([str(name) for name in result.data_vars if name not in chosen])
    return {level: aggregate(kept, level) for level in levels}
