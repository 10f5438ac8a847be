"""The tidy tables of a study as labelled arrays, every table checked when it is read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.model import ages
from xiancheng.model.fertility import FERTILE_GROUPS, Period
from xiancheng.model.life_table import RATE_STARTS
from xiancheng.model.places import Unit
from xiancheng.model.reading import EVIDENCE, Findings, Row, no_duplicates, number, one_of, read_rows

Array = NDArray[np.float64]

CENSUSES: tuple[int, ...] = (2010, 2020)
TAIL: tuple[str, ...] = ("value", "unit", "evidence", "source", "licence")
PERIODS: tuple[str, ...] = tuple(f"{year}-{year + 5}" for year in range(2005, 2040, 5))

_SHARE = "share"
_LIMITS: dict[str, tuple[float, float]] = {
    _SHARE: (0.0, 1.0),
    "%": (0.0, 100.0),
    "1": (0.5, 2.0),
    "children per woman": (0.1, 10.0),
}

UNIT_QUANTITIES: dict[int, dict[str, str]] = {
    2010: {
        "residents": "persons",
        "urban_residents": "persons",
        "registered_population": "persons",
        "births_year_to_census": "persons",
        "deaths_year_to_census": "persons",
        "registered_in_county": "persons",
        "registered_in_province": "persons",
        "registered_other_province": "persons",
        "non_agricultural_registration_share": _SHARE,
        "family_households": "households",
        "dwellings_long_form": "dwellings",
        "employed_long_form": "persons",
        "employed_agriculture_long_form": "persons",
    },
    2020: {
        "residents": "persons",
        "urban_share": _SHARE,
        "registered_in_county_share": _SHARE,
        "registered_in_province_share": _SHARE,
        "registered_other_province_share": _SHARE,
        "employed_share_of_15_plus": _SHARE,
    },
}
"""Quantities of census_units.csv and their units, by census."""


@dataclass(frozen=True)
class Sources:
    """All tidy tables of a study.

    Attributes:
        persons: by census, persons [person] (unit, sex, group).
        units: by census and quantity, values in the unit of UNIT_QUANTITIES (unit); 0 where a unit did not exist.
        jobs: by industry, employed persons of the long form of 2020 [person] (unit).
        gdp: by (prefecture, year), gross domestic product [100 million yuan].
        register: by (prefecture, year, quantity), persons of the register [person].
        births: births of the province by calendar year [10,000 persons].
        death_rates: by (period, sex), rates of the groups of life_table.RATE_STARTS [1/year].
        fertility_shares: by period, shares of the groups 15-19 to 45-49 [%].
        coverage: by first age of the cohort of five years, true persons per person counted in 2010 [1].
        migration_schedule: parameters of the age profile of moves.
        fertility_periods: figures of the paths of total fertility.
    """

    persons: dict[int, Array]
    units: dict[int, dict[str, Array]]
    jobs: dict[str, Array]
    gdp: dict[tuple[str, int], float]
    register: dict[tuple[str, int, str], float]
    births: dict[int, float]
    death_rates: dict[tuple[str, str], Array]
    fertility_shares: dict[str, Array]
    coverage: dict[int, float]
    migration_schedule: dict[str, float]
    fertility_periods: tuple[Period, ...]


def read_sources(tables: Path, units: Sequence[Unit]) -> Sources:
    """Read every tidy table of the folder.

    Raises:
        StudyError: a table is not as it must be.
    """
    known_sources = _source_ids(tables)
    reader = _Reader(tables, tuple(unit.code for unit in units), known_sources)
    counted_2010 = tuple(unit.code for unit in units if unit.kind != "development_zone")
    persons = reader.persons(counted_2010)
    values = reader.unit_values(counted_2010)
    _check_sums(persons, values, reader.codes)
    death_rates, fertility_shares = reader.vital_rates()
    return Sources(
        persons=persons,
        units=values,
        jobs=reader.jobs(),
        gdp=reader.gdp(),
        register=reader.register(),
        births=reader.births(),
        death_rates=death_rates,
        fertility_shares=fertility_shares,
        coverage=reader.coverage(),
        migration_schedule=reader.migration_schedule(),
        fertility_periods=reader.fertility_periods(),
    )


def _source_ids(tables: Path) -> tuple[str, ...]:
    findings = Findings("sources.csv")
    rows = read_rows(tables / "sources.csv", ("id", "title", "published_in", "licence", "read_on", "note"), findings)
    no_duplicates(rows, ["id"], findings)
    findings.stop()
    return tuple(row["id"] for row in rows)


@dataclass(frozen=True)
class _Reader:
    tables: Path
    codes: tuple[str, ...]
    sources: tuple[str, ...]

    def rows(self, file: str, keys: Sequence[str], findings: Findings) -> list[Row]:
        rows = read_rows(self.tables / file, (*keys, *TAIL), findings)
        no_duplicates(rows, keys, findings)
        for row in rows:
            one_of(row, "evidence", EVIDENCE, findings)
            one_of(row, "source", self.sources, findings, "add the source to sources.csv")
        findings.stop()
        return rows

    def value(self, row: Row, findings: Findings, unit: str | None = None) -> float:
        if unit is not None:
            one_of(row, "unit", (unit,), findings, "convert the figure, or restore the table")
        low, high = _LIMITS.get(row["unit"], (0.0, float("inf")))
        return number(row, "value", findings, low=low, high=high)

    def place(self, row: Row, findings: Findings) -> int | None:
        if row["place"] not in self.codes:
            allowed = "a code of units.csv"
            findings.add(f"unknown place {row['place']!r}", allowed, "check the code", row.number)
            return None
        return self.codes.index(row["place"])

    def persons(self, counted_2010: tuple[str, ...]) -> dict[int, Array]:
        findings = Findings("census_age_sex.csv")
        rows = self.rows(findings.file, ("place", "year", "sex", "age"), findings)
        shape = (len(self.codes), len(ages.SEXES), len(ages.GROUPS))
        tables = {year: np.full(shape, np.nan) for year in CENSUSES}
        for row in rows:
            year = one_of(row, "year", tuple(map(str, CENSUSES)), findings, "the table of another census")
            sex = one_of(row, "sex", ages.SEXES, findings)
            group = one_of(row, "age", ages.GROUPS, findings)
            place = self.place(row, findings)
            value = self.value(row, findings, "persons")
            if place is not None and not findings.problems:
                tables[int(year)][place, ages.SEXES.index(sex), ages.GROUPS.index(group)] = value
        findings.stop()
        self._complete({str(year): tables[year] for year in CENSUSES}, counted_2010, findings)
        return {year: np.nan_to_num(table) for year, table in tables.items()}

    def unit_values(self, counted_2010: tuple[str, ...]) -> dict[int, dict[str, Array]]:
        findings = Findings("census_units.csv")
        rows = self.rows(findings.file, ("place", "year", "quantity"), findings)
        tables = {
            year: {quantity: np.full(len(self.codes), np.nan) for quantity in quantities}
            for year, quantities in UNIT_QUANTITIES.items()
        }
        for row in rows:
            year = one_of(row, "year", tuple(map(str, CENSUSES)), findings, "the table of another census")
            quantities = UNIT_QUANTITIES.get(int(year) if year.isdigit() else 0, {})
            quantity = one_of(row, "quantity", tuple(quantities), findings)
            place = self.place(row, findings)
            value = self.value(row, findings, quantities.get(quantity))
            if place is not None and quantity in quantities:
                tables[int(year)][quantity][place] = value
        findings.stop()
        named = {f"{quantity} {year}": table for year, by in tables.items() for quantity, table in by.items()}
        self._complete(named, counted_2010, findings)
        return {year: {name: np.nan_to_num(table) for name, table in by.items()} for year, by in tables.items()}

    def _complete(self, tables: dict[str, Array], counted_2010: tuple[str, ...], findings: Findings) -> None:
        for name, table in tables.items():
            wanted = counted_2010 if name.endswith("2010") else self.codes
            empty = np.isnan(table.reshape(len(self.codes), -1)).any(axis=1)
            for code in wanted:
                if empty[self.codes.index(code)]:
                    findings.add(f"place {code} is missing ({name})", "every unit of units.csv", "restore its rows")
        findings.stop()

    def jobs(self) -> dict[str, Array]:
        findings = Findings("employment_by_industry_2020.csv")
        table: dict[str, Array] = {}
        for row in self.rows(findings.file, ("place", "year", "industry"), findings):
            place = self.place(row, findings)
            one_of(row, "year", ("2020",), findings, "the table of another census")
            value = self.value(row, findings, "persons")
            if place is not None:
                table.setdefault(row["industry"], np.zeros(len(self.codes)))[place] = value
        for industry in ("all", "agriculture"):
            if industry not in table:
                findings.add(f"no rows of industry {industry}", "all, agriculture and others", "restore the table")
            else:
                self._complete({f"{industry} 2020": np.where(table["all"] > 0, table[industry], np.nan)}, (), findings)
        findings.stop()
        return table

    def gdp(self) -> dict[tuple[str, int], float]:
        findings = Findings("prefecture_gdp.csv")
        rows = self.rows(findings.file, ("place", "year", "quantity"), findings)
        values = {
            (row["place"], int(row["year"])): self.value(row, findings, "100 million yuan")
            for row in rows
            if row["quantity"] == "gdp"
        }
        findings.stop()
        return values

    def register(self) -> dict[tuple[str, int, str], float]:
        findings = Findings("prefecture_register.csv")
        scale = {"persons": 1.0, "10,000 persons": 1e4}
        values = {}
        for row in self.rows(findings.file, ("place", "year", "quantity"), findings):
            one_of(row, "unit", tuple(scale), findings)
            key = (row["place"], int(row["year"]), row["quantity"])
            values[key] = self.value(row, findings) * scale.get(row["unit"], 0.0)
        findings.stop()
        return values

    def births(self) -> dict[int, float]:
        findings = Findings("province_yearly.csv")
        rows = self.rows(findings.file, ("place", "year", "quantity"), findings)
        chosen = [row for row in rows if row["quantity"] == "births"]
        values = {int(row["year"]): self.value(row, findings, "10,000 persons") for row in chosen}
        findings.stop()
        return values

    def vital_rates(self) -> tuple[dict[tuple[str, str], Array], dict[str, Array]]:
        findings = Findings("china_vital_rates.csv")
        rows = self.rows(findings.file, ("place", "period", "quantity", "sex", "age"), findings)
        found = {
            (row["quantity"], row["period"], row["sex"], row["age"]): self.value(row, findings)
            for row in rows
            if row["quantity"] in ("death_rate", "share_of_fertility")
        }
        findings.stop()
        rate_ages = [*map(str, RATE_STARTS[:-1]), f"{RATE_STARTS[-1]}+"]
        deaths = {
            (period, sex): _series(found, ("death_rate", period, sex), rate_ages, findings)
            for period in PERIODS
            for sex in ages.SEXES
        }
        births = {
            period: _series(found, ("share_of_fertility", period, "female"), FERTILE_GROUPS, findings)
            for period in PERIODS
        }
        findings.stop()
        return deaths, births

    def coverage(self) -> dict[int, float]:
        findings = Findings("census_coverage.csv")
        rows = self.rows(findings.file, ("place", "year", "age"), findings)
        values = {int(row["age"].split("-")[0]): self.value(row, findings, "1") for row in rows}
        findings.stop()
        return values

    def migration_schedule(self) -> dict[str, float]:
        findings = Findings("migration_schedule.csv")
        rows = self.rows(findings.file, ("schedule", "parameter"), findings)
        values = {row["parameter"]: number(row, "value", findings, low=0.0) for row in rows}
        for parameter in ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c"):
            if parameter not in values:
                findings.add(f"no row {parameter}", "the seven parameters", "restore the table")
        findings.stop()
        return values

    def fertility_periods(self) -> tuple[Period, ...]:
        findings = Findings("fertility_path.csv")
        periods = []
        for row in self.rows(findings.file, ("path", "start", "end"), findings):
            value = self.value(row, findings, "children per woman")
            try:
                start, end = (datetime.date.fromisoformat(row[column]) for column in ("start", "end"))
            except ValueError:
                findings.add(f"{row['start']} to {row['end']}", "days like 2020-11-01", "mend the date", row.number)
                continue
            periods.append(Period(row["path"], start, end, value))
        findings.stop()
        return tuple(periods)


def _series(
    found: dict[tuple[str, str, str, str], float], key: tuple[str, str, str], parts: Iterable[str], findings: Findings
) -> Array:
    wanted = list(parts)
    missing = [age for age in wanted if (*key, age) not in found]
    if missing:
        findings.add(f"{', '.join(key)} lacks ages {', '.join(missing)}", "every age group", "restore the rows")
    return np.array([found.get((*key, age), np.nan) for age in wanted])


def _check_sums(persons: dict[int, Array], values: dict[int, dict[str, Array]], codes: tuple[str, ...]) -> None:
    findings = Findings("census_age_sex.csv")
    for year in CENSUSES:
        by_age, residents = persons[year].sum(axis=(1, 2)), values[year]["residents"]
        for place in np.flatnonzero(by_age != residents):
            found = f"ages of {codes[place]} in {year} add up to {by_age[place]:.0f}"
            findings.add(found, f"{residents[place]:.0f} residents (census_units.csv)", "one of the two has a slip")
    town = values[2010]["urban_residents"]
    for place in np.flatnonzero(town > values[2010]["residents"]):
        findings.add(f"{codes[place]} has more townspeople than residents in 2010", "", "check census_units.csv")
    findings.stop()
