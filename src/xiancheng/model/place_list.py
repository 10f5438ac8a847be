"""Writing places.csv: listed units and, for what is left over, the rest of every prefecture."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from xiancheng import cells
from xiancheng.model.census_units import UNITS_FILE, CensusUnit
from xiancheng.model.places import PLACE_HEADER, PLACES_FILE, REST, Places
from xiancheng.model.prefectures import Prefecture
from xiancheng.model.reading import Findings, short
from xiancheng.model.sources import Sources
from xiancheng.texts import phrase

_POINT = 2e-4
"""Difference that rounding may leave in a point [degree] or an area [km2]."""


def place_rows(
    units: Sequence[CensusUnit], listed: Collection[str], weights: dict[str, float],
    prefectures: Mapping[str, Prefecture],
) -> list[list[str]]:
    """Return the rows of places.csv: listed units in the order of their codes, then the rests.

    Args:
        units: all units of the census.
        listed: codes of the listed units.
        weights: residents of 2010 by code [person], for the centre of a rest.
        prefectures: by code.
    """
    chosen = [unit for unit in units if unit.code in listed]
    rows = [_listed_row(unit, prefectures[unit.prefecture_code]) for unit in chosen]
    for prefecture in dict.fromkeys(unit.prefecture_code for unit in units):
        rest = [unit for unit in units if unit.prefecture_code == prefecture and unit.code not in listed]
        if rest:
            units_inside = [unit for unit in units if unit.prefecture_code == prefecture]
            rows.append(_rest_row(rest, units_inside, weights, prefectures[prefecture]))
    return rows


def check(places: Places, sources: Sources) -> None:
    """Hold every place against the units it is made of: names, kind, point, area and regions are theirs.

    Raises:
        StudyError: every cell of places.csv that is not what the units and prefectures give.
    """
    findings = Findings(PLACES_FILE)
    weights = dict(zip((unit.code for unit in places.units), sources.first["residents"].tolist(), strict=True))
    codes = {place.code for place in places if not place.is_rest}
    right = {row[0]: dict(zip(PLACE_HEADER, row, strict=True))
             for row in place_rows(places.units, codes, weights, sources.prefectures)}
    for line, place in enumerate(places, start=2):
        for column, allowed in right[place.code].items():
            if not _same(place.row[column], allowed):
                wrong = phrase("table.is", column=column, value=repr(short(place.row[column])))
                findings.add(wrong, repr(allowed), phrase("places.of_units", file=UNITS_FILE), line)
    findings.stop()


def _same(written: str, right: str) -> bool:
    numbers = cells.number(written), cells.number(right)
    if written == right or None in numbers:
        return written == right
    return math.isclose(*numbers, abs_tol=_POINT)  # type: ignore[arg-type]


def _listed_row(unit: CensusUnit, around: Prefecture) -> list[str]:
    core = around.is_core and not unit.in_68
    words = [unit.code, unit.name_zh, unit.name_en, unit.kind]
    prefecture = [unit.prefecture_code, unit.prefecture_zh, unit.prefecture_en]
    numbers = [_text(unit.lon), _text(unit.lat), _text(unit.area_km2)]
    return [*words, *prefecture, "1", unit.old_names, *numbers, *_regions(around, core)]


def _rest_row(
    rest: Sequence[CensusUnit], units: Sequence[CensusUnit], weights: dict[str, float], around: Prefecture
) -> list[str]:
    first = rest[0]
    lon, lat = centre(rest, units, weights)
    area = sum(unit.area_km2 or 0.0 for unit in rest)
    names = [f"{first.prefecture_zh}其余地区", f"Rest of {first.prefecture_en}", "pole"]
    prefecture = [first.prefecture_code, first.prefecture_zh, first.prefecture_en]
    numbers = [repr(round(lon, 4)), repr(round(lat, 4)), repr(round(area, 1))]
    regions = _regions(around, around.is_core)
    return [REST + first.prefecture_code, *names, *prefecture, "0", "", *numbers, *regions]


def _regions(around: Prefecture, core: bool) -> list[str]:
    return [around.circle, "1" if core else "0", around.zone]


def centre(
    members: Sequence[CensusUnit], units: Sequence[CensusUnit], weights: dict[str, float]
) -> tuple[float, float]:
    """Return longitude and latitude of the centre of residents [degree].

    Development zones have no point of their own; a place of zones alone takes the centre of its prefecture.
    """
    for group in (members, units):
        located = [unit for unit in group if unit.lon is not None and weights.get(unit.code, 0.0) > 0]
        total = math.fsum(weights[unit.code] for unit in located)
        if total > 0:
            lon = math.fsum(weights[unit.code] * (unit.lon or 0.0) for unit in located) / total
            lat = math.fsum(weights[unit.code] * (unit.lat or 0.0) for unit in located) / total
            return lon, lat
    raise ValueError("a prefecture without a single located unit")


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)
