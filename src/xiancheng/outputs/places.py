"""Places of a result, and what several of them make together: the list, prefectures, the province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.places import LIST as LIST
from xiancheng.model.places import PREFECTURE as PREFECTURE
from xiancheng.model.places import PROVINCE as PROVINCE
from xiancheng.model.places import REST, Area, Places, areas_of
from xiancheng.outputs.aggregations import Aggregation, totals, with_parts
from xiancheng.outputs.areas import Areas
from xiancheng.outputs.indicators import RATIO
from xiancheng.texts import LANGUAGES

if TYPE_CHECKING:
    import xarray as xr

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
        result: a result with dims year and place; a ratio needs what it is divided by beside it.
        level: one of LEVELS.

    Returns:
        The indicators that have a value at this level, dims year and area, with names of the areas.
    """
    return _aggregated(result, [str(name) for name in result.data_vars], (level,))[level]


def table_of(result: xr.Dataset, names: Sequence[str], levels: Sequence[str]) -> dict[str, xr.Dataset]:
    """Return the aggregated result by level, with the named indicators and what they are divided by."""
    table = aggregations(result)
    chosen = set(with_parts(table, [name for name in names if name in table]))
    return _aggregated(result, [name for name in table if name in chosen], levels)


def aggregations(result: xr.Dataset) -> dict[str, Aggregation]:
    """Return how the places of a result go together, as its labels say, which a file brings along."""
    return {str(name): Aggregation.labelled(result.variables[name].attrs) for name in result.data_vars}


def _aggregated(result: xr.Dataset, names: Sequence[str], levels: Sequence[str]) -> dict[str, xr.Dataset]:
    table, variables, areas = aggregations(result), result.variables, _areas(result)
    shown = [name for name in names
             if variables[name].dims == ("year", "place") and set(levels) & set(table[name].levels)]
    numbers = totals(table, {name: variables[name].values for name in table}, shown, areas)
    return {level: _labelled(result, areas, level, {name: values for name, values in numbers.items()
                                                    if level in table[name].levels}) for level in levels}


def _labelled(result: xr.Dataset, areas: Areas, level: str, numbers: Mapping[str, Floats]) -> xr.Dataset:
    import xarray as xr  # heavy, and only needed here

    at = areas.at(level)
    own = [areas.rows[position] for position in at]
    variables = {name: (("year", "area"), values[:, at], result.variables[name].attrs)
                 for name, values in numbers.items()}
    names = {f"name_{language}": ("area", [area.names[language] for area in own]) for language in LANGUAGES}
    labels = {"area": [area.id for area in own], **names, "year": result["year"].values}
    return xr.Dataset(variables, labels, result.attrs)


def _areas(result: xr.Dataset) -> Areas:
    labels = {name: result.variables[name].values for name in COORDINATES}
    prefectures = {language: labels[f"prefecture_{language}"] for language in LANGUAGES}
    listed = result.variables["in_68"].values.astype(bool)
    lists = {language: str(result.attrs[f"list_name_{language}"]) for language in LANGUAGES}

    def level(name: str) -> list[Area]:
        return areas_of(name, labels["prefecture"], prefectures, listed, lists)

    return Areas.by_level(level, np.array([not str(code).startswith(REST) for code in labels["adcode"]], dtype=bool))


def behind(table: xr.Dataset, name: str) -> xr.DataArray | None:
    """Return the number behind a share, in the unit of what the share is of; None for an indicator that is no share."""
    own = Aggregation.labelled(table[name].attrs)
    if table[name].attrs.get("units") != _SHARE or own.kind != RATIO or own.over not in table:
        return None
    number: xr.DataArray = table[name] * table[own.over] / own.scale
    return number.assign_attrs(units=table[own.over].attrs.get("units", ""))
