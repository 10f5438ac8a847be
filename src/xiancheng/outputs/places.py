"""Places of a result, and what several of them make together: the list, prefectures, the province."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from xiancheng.model.places import LIST as LIST
from xiancheng.model.places import PREFECTURE as PREFECTURE
from xiancheng.model.places import PROVINCE as PROVINCE
from xiancheng.model.places import Area, Places, areas_of
from xiancheng.outputs.indicators import RATIO
from xiancheng.outputs.totals import total
from xiancheng.texts import LANGUAGES

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


def coordinates(places: Places) -> dict[str, tuple[str, list[str] | np.ndarray]]:
    """Return the coordinates of the places of a result."""
    words = {name: ("place", places.column(column).tolist()) for name, column in COORDINATES.items()}
    return {**words, "in_68": ("place", places.listed)}


def aggregate(result: xr.Dataset, level: str) -> xr.Dataset:
    """Put the places of a result together.

    Args:
        result: a result with dims year and place, others in front; a ratio needs what it is divided by beside it.
        level: one of LEVELS.

    Returns:
        The indicators that have a value at this level, dims year and area after any others, with names of the areas.
    """
    areas = _areas(result, level)
    members = np.array([area.members for area in areas], dtype=float)
    held = {str(name): result[name] for name in result.variables}
    totals = {
        str(name): ((*values.dims[:-1], "area"), total(held, str(name), members), values.attrs)
        for name, values in result.data_vars.items()
        if values.dims[-2:] == ("year", "place") and level in values.attrs.get("levels", "").split("; ")
    }
    names = {f"name_{language}": ("area", [area.names[language] for area in areas]) for language in LANGUAGES}
    labels = {"area": [area.id for area in areas], **names, "year": result["year"].values}
    return xr.Dataset(totals, labels, result.attrs)


def _areas(result: xr.Dataset, level: str) -> list[Area]:
    prefectures = {language: result[f"prefecture_{language}"].values for language in LANGUAGES}
    lists = {language: str(result.attrs[f"list_name_{language}"]) for language in LANGUAGES if level == LIST}
    return areas_of(level, result["prefecture"].values, prefectures, result["in_68"].values.astype(bool), lists)


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
