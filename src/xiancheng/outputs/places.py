"""Places of a result, and what several of them make together: the list, prefectures, the province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import LIST as LIST
from xiancheng.model.places import PLACE as PLACE
from xiancheng.model.places import PREFECTURE as PREFECTURE
from xiancheng.model.places import PROVINCE as PROVINCE
from xiancheng.model.places import REST, Area, Places, areas_of
from xiancheng.outputs.aggregations import Aggregation, totals, with_parts
from xiancheng.outputs.areas import Areas
from xiancheng.outputs.indicators import RATIO
from xiancheng.texts import LANGUAGES, did_you_mean, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

LEVELS = (LIST, PREFECTURE, PROVINCE)
AREA = "area"
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


def levels(words: Sequence[str], details: Sequence[str]) -> tuple[str, ...]:
    """Return the levels that a caller asks for.

    Args:
        words: of LEVELS, and PLACE; none for places as they are.
        details: what persons are shown by, which sums do not have.

    Raises:
        StudyError: every word that is no level, or details beside them.
    """
    every = (*LEVELS, PLACE)
    problems = [Problem("", phrase("run.level", word=str(word)), phrase_list(every), did_you_mean(str(word), every))
                for word in words if word not in every]
    if words and details:
        problems.append(Problem.of("", "run.level_details", names=phrase_list(details)))
    if problems:
        raise StudyError(problems)
    return tuple(words)


def by_area(result: xr.Dataset, levels: Sequence[str]) -> xr.Dataset:
    """Return a result at sums of places, and at places where these are among the levels, as sweeps keep it.

    Args:
        result: a result with dims year and place.
        levels: of LEVELS, and PLACE.

    Returns:
        Dims year and area, with level and names of the areas; missing where an indicator has no value at a level.
    """
    import xarray as xr  # heavy, and only needed here

    parts = {level: aggregate(result, level) for level in LEVELS if level in levels}
    if PLACE in levels:
        codes = result["adcode"].values.astype(object)
        parts[PLACE] = result.rename_dims(place=AREA).drop_vars(PLACE).assign_coords({AREA: codes})
    counts = {level: part.sizes[AREA] for level, part in parts.items()}
    variables = {
        name: (("year", AREA), np.concatenate([_numbers(part, str(name), counts[level])
                                               for level, part in parts.items()], axis=1), values.attrs)
        for name, values in result.data_vars.items() if values.dims == ("year", PLACE)
    }
    words = {name: (AREA, np.concatenate([part[name].values.astype(object) for part in parts.values()]))
             for name in (AREA, *(f"name_{language}" for language in LANGUAGES))}
    level_of_each = (AREA, [level for level, count in counts.items() for _ in range(count)])
    return xr.Dataset(variables, {"year": result["year"].values, **words, "level": level_of_each}, result.attrs)


def _numbers(part: xr.Dataset, name: str, count: int) -> Floats:
    """Return an indicator at the areas of a level, missing where it has no value there."""
    return np.asarray(part[name].values) if name in part else np.full((part.sizes["year"], count), np.nan)


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
