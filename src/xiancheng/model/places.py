"""Places: the units of the census, and the list of places that a study runs with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.texts import phrase

UNITS_FILE = "units.csv"
PLACES_FILE = "places.csv"
UNIT_KINDS: tuple[str, ...] = ("county", "county_level_city", "district", "development_zone")
UNIT_HEADER: tuple[str, ...] = (
    *("code", "name_zh", "name_en", "kind", "prefecture_code", "prefecture_zh", "prefecture_en", "in_68"),
    *("old_names", "lon", "lat", "area_km2"),
)
PLACE_HEADER: tuple[str, ...] = (*UNIT_HEADER, "circle", "core", "zone")
REST = "rest_"


@dataclass(frozen=True)
class Unit:
    """A county-level unit or development zone of the census of 2020.

    Attributes:
        code: its code of six digits.
        name_zh, name_en: its names.
        kind: one of UNIT_KINDS.
        prefecture_code, prefecture_zh, prefecture_en: the prefecture it belongs to.
        in_68: among the 68 least urbanised units of 2020, the list the equations were fitted with.
        old_names: names of 2010 where they differ, joined by "+".
        lon, lat: a point inside [degree]; None for development zones.
        area_km2: area [km2]; None for development zones, which lie inside other units.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    prefecture_code: str
    prefecture_zh: str
    prefecture_en: str
    in_68: bool
    old_names: str
    lon: float | None
    lat: float | None
    area_km2: float | None


@dataclass(frozen=True)
class Place:
    """A place of the equations: a listed unit, or the rest of a prefecture.

    Attributes:
        code: code of the unit, or rest_ and the code of the prefecture.
        prefecture_code: the prefecture.
        is_rest: the rest of a prefecture.
        core: 1 in the three core cities.
        circle: metropolitan circle, "" for none.
        members: codes of the units inside.
    """

    code: str
    prefecture_code: str
    is_rest: bool
    core: bool
    circle: str
    members: tuple[str, ...]

    @property
    def element(self) -> str:
        """Name of the place among the elements of the subscript `place`."""
        return self.code if self.is_rest else f"p{self.code}"


@dataclass(frozen=True)
class Geography:
    """The units of the census and the places of a study, both in the order of their tables."""

    units: tuple[Unit, ...]
    places: tuple[Place, ...]

    @cached_property
    def unit_index(self) -> dict[str, int]:
        """Position of every unit by its code."""
        return {unit.code: position for position, unit in enumerate(self.units)}

    @property
    def elements(self) -> tuple[str, ...]:
        """Elements of the subscript `place`, in order."""
        return tuple(place.element for place in self.places)

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the units inside every place."""
        return tuple(tuple(self.unit_index[code] for code in place.members) for place in self.places)

    @cached_property
    def prefecture_members(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the units of every place's prefecture."""
        return tuple(
            tuple(i for i, unit in enumerate(self.units) if unit.prefecture_code == place.prefecture_code)
            for place in self.places
        )


def read_units(tables: Path) -> tuple[Unit, ...]:
    """Read the units of the census.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(UNITS_FILE)
    rows = read_rows(tables / UNITS_FILE, UNIT_HEADER, findings)
    no_duplicates(rows, ["code"], findings)
    units = tuple(_unit(row, findings) for row in rows)
    findings.stop()
    return units


def _unit(row: Row, findings: Findings) -> Unit:
    one_of(row, "kind", UNIT_KINDS, findings)
    one_of(row, "in_68", ("0", "1"), findings)
    ranges = {"lon": (70.0, 140.0), "lat": (15.0, 55.0), "area_km2": (0.0, 1e6)}
    zone = row["kind"] == "development_zone"
    point = {
        column: None if zone and row[column] == "" else number(row, column, findings, low=low, high=high)
        for column, (low, high) in ranges.items()
    }
    return Unit(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=row["kind"],
        prefecture_code=row["prefecture_code"],
        prefecture_zh=row["prefecture_zh"],
        prefecture_en=row["prefecture_en"],
        in_68=row["in_68"] == "1",
        old_names=row["old_names"],
        lon=point["lon"],
        lat=point["lat"],
        area_km2=point["area_km2"],
    )


def read_geography(tables: Path) -> Geography:
    """Read units.csv and places.csv; the places must be whole prefectures.

    Raises:
        StudyError: unknown or doubled places, or units of a prefecture that belong to no place.
    """
    units = read_units(tables)
    findings = Findings(PLACES_FILE)
    rows = read_rows(tables / PLACES_FILE, PLACE_HEADER, findings)
    no_duplicates(rows, ["code"], findings)
    known = {unit.code: unit for unit in units}
    listed = {row["code"] for row in rows if not row["code"].startswith(REST)}
    rest_members: dict[str, list[str]] = {}
    for unit in units:
        if unit.code not in listed:
            rest_members.setdefault(unit.prefecture_code, []).append(unit.code)
    places = [_place(row, known, rest_members, findings) for row in rows]
    found = {row["code"] for row in rows}
    for prefecture, members in rest_members.items():
        if REST + prefecture not in found:
            missing = phrase("places.rest_missing", code=REST + prefecture, count=len(members))
            findings.add(missing, phrase("places.every_unit_once"), phrase("places.add_rest"))
    findings.stop()
    return Geography(units, tuple(place for place in places if place is not None))


def _place(row: Row, known: dict[str, Unit], rest: dict[str, list[str]], findings: Findings) -> Place | None:
    code, prefecture = row["code"], row["prefecture_code"]
    one_of(row, "in_68", ("0", "1"), findings)
    one_of(row, "core", ("0", "1"), findings)
    is_rest = code.startswith(REST)
    if is_rest and code.removeprefix(REST) not in rest:
        found = phrase("places.rest_empty", code=code)
        findings.add(found, phrase("places.rest_allowed"), phrase("places.take_out"), row.number)
        return None
    if not is_rest and code not in known:
        found = phrase("table.unknown_place", code=code)
        findings.add(found, phrase("table.code_of", file=UNITS_FILE), phrase("table.check_code"), row.number)
        return None
    belongs = code.removeprefix(REST) if is_rest else known[code].prefecture_code
    if prefecture != belongs:
        found = phrase("table.is", column="prefecture_code", value=prefecture)
        findings.add(found, belongs, phrase("places.swapped"), row.number)
    members = tuple(rest[belongs]) if is_rest else (code,)
    return Place(code, belongs, is_rest, row["core"] == "1", row["circle"], members)
