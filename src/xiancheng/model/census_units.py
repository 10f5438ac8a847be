"""The units of the census: counties, county-level cities, districts and development zones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows

UNITS_FILE = "units.csv"
UNIT_KINDS: tuple[str, ...] = ("county", "county_level_city", "district", "development_zone")
UNIT_HEADER: tuple[str, ...] = (
    *("code", "name_zh", "name_en", "kind", "prefecture_code", "prefecture_zh", "prefecture_en", "in_68"),
    *("old_names", "lon", "lat", "area_km2"),
)
_RANGES = {"lon": (70.0, 140.0), "lat": (15.0, 55.0), "area_km2": (0.0, 1e6)}


@dataclass(frozen=True)
class CensusUnit:
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


def read_units(tables: Path) -> tuple[CensusUnit, ...]:
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


def _unit(row: Row, findings: Findings) -> CensusUnit:
    one_of(row, "kind", UNIT_KINDS, findings)
    one_of(row, "in_68", ("0", "1"), findings)
    zone = row["kind"] == "development_zone"
    words = {column: row[column] for column in UNIT_HEADER if column not in ("in_68", *_RANGES)}
    point = {
        column: None if zone and row[column] == "" else number(row, column, findings, low=low, high=high)
        for column, (low, high) in _RANGES.items()
    }
    return CensusUnit(**words, **point, in_68=row["in_68"] == "1")  # type: ignore[arg-type]
