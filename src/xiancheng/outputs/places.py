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
        result: a result with dims year and place, others in front; a ratio needs what it is divided by beside it.
        level: one of LEVELS.

    Returns:
        The indicators that have a value at this level, dims year and area after any others, with names of the areas.
    """
    areas = _areas(result, level)
    members = np.array(list(areas.values()), dtype=float)
    totals = {
        str(name): ((*values.dims[:-1], "area"), _total(result, str(name), members), values.attrs)
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


def _total(result: xr.Dataset, name: str, members: np.ndarray) -> np.ndarray:
    """Return sums, ratios of sums or shares of a count (…, year, area).

    Args:
        result: the result.
        name: the indicator.
        members: 1 where a place belongs to an area (area, place).
    """
    values = result[name].values
    attributes = result[name].attrs
    if attributes.get("aggregation") == RATIO:
        over = result[attributes["over"]].values
        parts = result[attributes["of"]].values if "of" in attributes else np.where(over != 0, values * over, 0.0)
        below = _sum(over, members)
        ratio: np.ndarray = _sum(parts, members) / np.where(below > 0, below, np.nan)
        return ratio
    total = _sum(values, members)
    if attributes.get("aggregation") == COUNT_SHARE:
        share: np.ndarray = total / _present(values, members)
        return share
    return total


def _sum(values: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Sum over places (…, year, area); missing where a place is, but places that never have a value do not count."""
    missing = np.isnan(values)
    present = ~missing.all(axis=-2, keepdims=True)
    total = np.where(missing, 0.0, values) @ members.T
    incomplete = (missing & present).astype(float) @ members.T > 0
    found: np.ndarray = np.where(incomplete | (_present(values, members) == 0), np.nan, total)
    return found


def _present(values: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return how many places of each area ever have a value (1, area)."""
    counted: np.ndarray = (~np.isnan(values).all(axis=-2, keepdims=True)).astype(float) @ members.T
    return counted


def table_of(result: xr.Dataset, names: Sequence[str], levels: Sequence[str]) -> dict[str, xr.Dataset]:
    """Return the aggregated result by level, with the named indicators and what they are divided by."""
    present = [name for name in names if name in result]
    parts = [result[name].attrs.get(part, "") for name in present for part in ("of", "over")]
    chosen = [name for name in dict.fromkeys([*present, *parts]) if name in result]
    return {level: aggregate(result[chosen], level) for level in levels}
