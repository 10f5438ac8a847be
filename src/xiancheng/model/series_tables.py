"""The other tidy tables: products of prefectures, registers, births, vital rates, coverage and paths."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.ages import SEXES
from xiancheng.model.clock import Clock
from xiancheng.model.fertility import FERTILE_GROUPS, Period
from xiancheng.model.life_table import RATE_STARTS
from xiancheng.model.reading import Findings, Row, number, one_of
from xiancheng.model.tidy import Tidy, integer, value, year_of
from xiancheng.texts import phrase

_SCHEDULE = ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c")
REGISTERED, REGISTERED_TOWN = "registered_population", "registered_urban_population"
_VITAL_UNITS = {"death_rate": "1/year", "share_of_fertility": "%"}
_LEAST_TOWN = 0.01
"""Share of the registered that are registered in town at the least: below, the two stand in different units."""
_PERSONS = {"persons": 1.0, "10,000 persons": 1e4}


def read_gdp(tidy: Tidy) -> dict[tuple[str, int], float]:
    """Return gross domestic products by (prefecture, year) [100 million yuan].

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("prefecture_gdp.csv")
    rows = _chosen(tidy.rows(("place", "year", "quantity"), findings), ("gdp",))
    values = {(row["place"], year_of(row, findings)): value(row, findings, "100 million yuan") for row in rows}
    findings.stop()
    return values

PRODUCTS = ("gdp_primary", "gdp_secondary", "gdp_industry")


def read_products(tidy: Tidy) -> dict[tuple[str, int, str], float]:
    """Return parts of the gross domestic product by (prefecture, year, quantity of PRODUCTS) [100 million yuan].

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("prefecture_gdp.csv")
    rows = _chosen(tidy.rows(("place", "year", "quantity"), findings), PRODUCTS)
    values = {
        (row["place"], year_of(row, findings), row["quantity"]): value(row, findings, "100 million yuan")
        for row in rows
    }
    findings.stop()
    return values


UNIT_CARBON_FILE = "unit_carbon_dioxide.csv"


def read_unit_carbon_dioxide(tidy: Tidy) -> Floats:
    """Return carbon dioxide of the units [Mt/year] (unit), not a number where none is at hand; a study may have none.

    Raises:
        StudyError: the table is not as it must be.
    """
    emitted = np.full(len(tidy.codes), np.nan)
    if not (tidy.tables / UNIT_CARBON_FILE).is_file():
        return emitted
    findings = Findings(UNIT_CARBON_FILE)
    for row in tidy.rows(("place", "year", "quantity"), findings):
        one_of(row, "quantity", ("carbon_dioxide",), findings)
        place, figure = tidy.position(row, findings), value(row, findings, "Mt")
        if place is not None and year_of(row, findings):
            emitted[place] = figure
    findings.stop()
    return emitted


def read_province_series(tidy: Tidy) -> dict[str, dict[int, float]]:
    """Return the gross product [100 million yuan] and consumer prices [previous year = 100] of the province by year.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("province_yearly.csv")
    rows = _chosen(tidy.rows(("place", "year", "quantity"), findings), ("gdp", "consumer_price_index"))
    series: dict[str, dict[int, float]] = {"gdp": {}, "consumer_price_index": {}}
    for row in rows:
        series[row["quantity"]][year_of(row, findings)] = value(row, findings)
    findings.stop()
    return series


def read_register(tidy: Tidy, prefectures: Iterable[str], clock: Clock) -> dict[tuple[str, int, str], float]:
    """Return persons of the registers by (prefecture, year, quantity) [person].

    Args:
        tidy: the reader.
        prefectures: codes of those that must be there.
        clock: the years of the study.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("prefecture_register.csv")
    values = {}
    for row in tidy.rows(("place", "year", "quantity"), findings):
        unit = one_of(row, "unit", tuple(_PERSONS), findings)
        key = (row["place"], year_of(row, findings), row["quantity"])
        values[key] = value(row, findings) * _PERSONS.get(unit, 0.0)
        one_of(row, "quantity", (REGISTERED, REGISTERED_TOWN), findings)
    findings.stop()
    _check_register(values, prefectures, clock, findings)
    return values


def _check_register(
    values: Mapping[tuple[str, int, str], float], prefectures: Iterable[str], clock: Clock, findings: Findings
) -> None:
    """Refuse a register that lacks a figure which runs need, or has more people in town than there are."""
    needed = [(clock.last_census, REGISTERED), (clock.town_register, REGISTERED),
              (clock.town_register, REGISTERED_TOWN)]
    for code in sorted(prefectures):
        for year, quantity in needed:
            if (code, year, quantity) not in values:
                findings.add(phrase("table.row_missing", names=f"{code}, {year}, {quantity}"),
                             phrase("register.needed"), phrase("table.restore_rows"))
    for (code, year, quantity), town in values.items():
        everyone = values.get((code, year, REGISTERED))
        if quantity == REGISTERED_TOWN and everyone is not None and not _LEAST_TOWN * everyone <= town <= everyone:
            findings.add(phrase("register.town", code=code, year=str(year), town=f"{town:,.0f}"),
                         phrase("register.at_most", everyone=f"{everyone:,.0f}"), phrase("table.convert"))
    findings.stop()


def check_yearly(tidy: Tidy) -> None:
    """Check every row of the yearly series of the province and of prefectures, those that no run reads too.

    Raises:
        StudyError: a year or a value that is none, or a quantity with a unit that its other rows have not.
    """
    for file in ("province_yearly.csv", "prefecture_gdp.csv"):
        findings = Findings(file)
        units: dict[str, str] = {}
        for row in tidy.rows(("place", "year", "quantity"), findings):
            year_of(row, findings)
            unit = units.setdefault(row["quantity"], row["unit"])
            value(row, findings, unit)
        findings.stop()


def read_births(tidy: Tidy) -> dict[int, float]:
    """Return births of the province by calendar year [10,000 persons].

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("province_yearly.csv")
    rows = _chosen(tidy.rows(("place", "year", "quantity"), findings), ("births",))
    values = {year_of(row, findings): value(row, findings, "10,000 persons") for row in rows}
    findings.stop()
    return values


def read_vital_rates(
    tidy: Tidy, periods: Sequence[str]
) -> tuple[dict[tuple[str, str], Floats], dict[str, Floats]]:
    """Return death rates by (period, sex) [1/year] (age group) and shares of fertility by period [%] (age group).

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("china_vital_rates.csv")
    rows = tidy.rows(("place", "period", "quantity", "sex", "age"), findings)
    chosen = _chosen(rows, tuple(_VITAL_UNITS))
    rates = {
        (row["quantity"], row["period"], row["sex"], row["age"]): value(row, findings, _VITAL_UNITS[row["quantity"]])
        for row in chosen
    }
    findings.stop()
    ages = [*map(str, RATE_STARTS[:-1]), f"{RATE_STARTS[-1]}+"]
    deaths = {
        (period, sex): _series(rates, ("death_rate", period, sex), ages, findings)
        for period in periods
        for sex in SEXES
    }
    shares = {
        period: _series(rates, ("share_of_fertility", period, "female"), FERTILE_GROUPS, findings) for period in periods
    }
    findings.stop()
    return deaths, shares


def read_coverage(tidy: Tidy) -> dict[int, float]:
    """Return true persons per person counted in 2010 by first age of the cohort of five years [1].

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("census_coverage.csv")
    rows = tidy.rows(("place", "year", "age"), findings)
    values = {integer(row["age"].split("-")[0], row, findings): value(row, findings, "1") for row in rows}
    findings.stop()
    return values


def read_migration_schedule(tidy: Tidy) -> dict[str, float]:
    """Return the parameters of the age profile of moves.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("migration_schedule.csv")
    rows = tidy.rows(("schedule", "parameter"), findings)
    values = {row["parameter"]: number(row, "value", findings, low=0.0) for row in rows}
    missing = [parameter for parameter in _SCHEDULE if parameter not in values]
    if missing:
        problem = phrase("table.row_missing", names=", ".join(missing))
        findings.add(problem, ", ".join(_SCHEDULE), phrase("table.restore_rows"))
    findings.stop()
    return values


def read_fertility_periods(tidy: Tidy) -> tuple[Period, ...]:
    """Return the figures of the paths of total fertility.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings("fertility_path.csv")
    periods = []
    for row in tidy.rows(("path", "start", "end"), findings):
        rate = value(row, findings, "children per woman")
        try:
            start, end = (datetime.date.fromisoformat(row[column]) for column in ("start", "end"))
        except ValueError:
            problem = phrase("table.date", start=row["start"], end=row["end"])
            findings.add(problem, phrase("table.date_form"), phrase("table.mend"), row.number)
            continue
        periods.append(Period(row["path"], start, end, rate))
    findings.stop()
    return tuple(periods)


def _chosen(rows: Sequence[Row], quantities: Sequence[str]) -> list[Row]:
    return [row for row in rows if row["quantity"] in quantities]


def _series(
    rates: Mapping[tuple[str, str, str, str], float],
    key: tuple[str, str, str],
    parts: Sequence[str],
    findings: Findings,
) -> Floats:
    missing = [part for part in parts if (*key, part) not in rates]
    if missing:
        lacking = phrase("table.ages_missing", key=", ".join(key), ages=", ".join(missing))
        findings.add(lacking, phrase("table.every_age"), phrase("table.restore_rows"))
    return np.array([rates.get((*key, part), np.nan) for part in parts])
