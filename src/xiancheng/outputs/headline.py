"""The first table: a few indicators for the listed places and the province, every five years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr

from xiancheng.outputs import places
from xiancheng.texts import catalogue, number, text

INDICATORS = (
    "residents", "counted_residents", "town_residents", "urban_share", "counted_urban_share", "share_65",
    "share_0_14", "women_20_34", "births", "deaths", "net_migration", "net_migration_rate", "gross_out_rate",
    "registered_urban_share", "entitled_share",
)
SHORT = (
    "residents", "counted_residents", "town_residents", "urban_share", "counted_urban_share", "share_65",
    "share_0_14", "net_migration", "registered_urban_share", "jobs_per_working_age", "income_per_resident",
    "price_to_income", "vacancy_rate", "service_adequacy", "debt_to_revenue", "unfunded_need", "public_cost",
    "co2_total", "co2_per_resident",
)
"""One screen: two or three of every sector."""
STEP = 5


@dataclass(frozen=True)
class Line:
    """One indicator in one area over some years, a share with the number behind it.

    Attributes:
        area: id of the area; name: its name.
        indicator: id; title: its name.
        unit: its unit.
        values: by year, in the unit.
        evidence: mark at the start, and the weakest mark of what later years rest on.
        behind: of a share, how many it is in the last year [unit of `behind_unit`]; missing for all else.
        behind_unit: unit of that number.
    """

    area: str
    name: str
    indicator: str
    title: str
    unit: str
    values: dict[int, float]
    evidence: tuple[str, str]
    behind: float = float("nan")
    behind_unit: str = ""

    def written(self, language: str) -> list[str]:
        """Return the values as people read them, without the unit that stands beside them."""
        return [bare(value, self.unit, language) for value in self.values.values()]


def bare(value: float, unit: str, language: str) -> str:
    """Return a number as people read it, to stand beside a column with its unit.

    Args:
        value: the value, in `unit`.
        unit: its unit.
        language: "zh" or "en".
    """
    written = number(value, unit, language, digits=1 if unit.startswith("per 1,000") else None)
    before, _, after = number_words(unit, language)
    return written.removeprefix(before).removesuffix(after)


def number_words(unit: str, language: str) -> tuple[str, str, str]:
    """Return what stands before and after a number with that unit: ("每年", "0", "人")."""
    key = f"unit.{unit}"
    return text(key, language, number="0").partition("0") if key in catalogue() else ("", "0", f" {unit}")


def unit_column(unit: str, language: str) -> str:
    """Return a unit as it stands in a column of its own."""
    key = f"unit_column.{unit}"
    if key in catalogue():
        return text(key, language)
    before, _, after = number_words(unit, language)
    words = f"{before}{after}".strip()
    return words[1:-1] if words[:1] in ("(", "（") else words


def years(start: int, end: int) -> list[int]:
    """Return the years of the table: every five from the start, and the last."""
    return sorted({*range(start, end + 1, STEP), end})


def lines(result: xr.Dataset, language: str) -> list[Line]:
    """Return the lines of the first table, the listed places first, then the province.

    Args:
        result: a result with dims year and place.
        language: of names and titles.
    """
    start, end = int(result.attrs["start"]), int(result.attrs["end"])
    columns = years(start, end)
    names = shown(result)
    tables = places.table_of(result, names, (places.LIST, places.PROVINCE))
    found = []
    for table in tables.values():
        for name in names:
            if name in table:
                found.append(_line(table.isel(area=0), name, columns, language))
    return found


def shown(result: xr.Dataset) -> list[str]:
    """Return the indicators of the first table: those named here and the headlines of the catalogue.

    What a census counts is left out where it equals residents.
    """
    headlines = [str(name) for name, values in result.data_vars.items() if values.attrs.get("headline") == "1"]
    present = [name for name in dict.fromkeys([*INDICATORS, *SHORT, *headlines]) if name in result]
    if "counted_residents" in present and "residents" in present:
        first = result.isel(year=0)
        if bool((abs(first["counted_residents"] - first["residents"]) < 1).all()):
            present = [name for name in present if not name.startswith("counted_")]
    return present


def short(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that fit one screen: those of SHORT, or all where few were asked for."""
    chosen = [line for line in lines if line.indicator in SHORT]
    return chosen if len({line.indicator for line in lines}) > len(SHORT) else list(lines)


def _line(table: xr.Dataset, name: str, columns: list[int], language: str) -> Line:
    values = table[name]
    attributes = values.attrs
    behind = places.behind(table, name)
    return Line(
        area=str(values["area"].item()),
        name=str(values[f"name_{language}"].item()),
        indicator=name,
        title=str(attributes[f"title_{language}"]),
        unit=str(attributes["units"]),
        values={year: float(values.sel(year=year)) for year in columns if year in values["year"].values},
        evidence=(str(attributes["evidence_at_start"]), str(attributes["evidence"])),
        behind=float(behind.isel(year=-1)) if behind is not None else float("nan"),
        behind_unit=str(behind.attrs["units"]) if behind is not None else "",
    )
