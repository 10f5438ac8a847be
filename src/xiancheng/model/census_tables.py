"""The census tables: persons by age and sex, figures of the units, jobs by industry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.ages import GROUPS, SEXES
from xiancheng.model.reading import Findings, one_of
from xiancheng.model.tidy import Tidy, value, year
from xiancheng.texts import phrase

AGE_SEX_FILE = "census_age_sex.csv"
UNITS_VALUES_FILE = "census_units.csv"
JOBS_FILE = "employment_by_industry_{census}.csv"

UNIT_QUANTITIES: tuple[dict[str, str], dict[str, str]] = (
    {
        "residents": "persons",
        "urban_residents": "persons",
        "registered_population": "persons",
        "births_year_to_census": "persons",
        "deaths_year_to_census": "persons",
        "registered_in_county": "persons",
        "registered_in_province": "persons",
        "registered_other_province": "persons",
        "non_agricultural_registration_share": "share",
        "family_households": "households",
        "dwellings_long_form": "dwellings",
        "employed_long_form": "persons",
        "employed_agriculture_long_form": "persons",
        "employed_mining_long_form": "persons",
        "employed_manufacturing_long_form": "persons",
        "employed_utilities_long_form": "persons",
        "employed_construction_long_form": "persons",
        "persons_in_family_households": "persons",
        "floor_area_per_person": "m2",
        "dwellings_rented_long_form": "dwellings",
        "dwellings_piped_water_long_form": "dwellings",
    },
    {
        "residents": "persons",
        "urban_share": "share",
        "registered_in_county_share": "share",
        "registered_in_province_share": "share",
        "registered_other_province_share": "share",
        "employed_share_of_15_plus": "share",
        "household_size": "persons",
        "floor_area_per_person": "m2",
        "rented_share": "share",
        "piped_water_share": "share",
        "car_owning_share": "share",
        "bought_share": "share",
        "lift_share": "share",
    },
)
"""Quantities of census_units.csv and their units, of the first census and of the last one."""


def read_persons(tidy: Tidy, counted: Mapping[int, Sequence[str]]) -> dict[int, Floats]:
    """Return persons by census [person] (unit, sex, group); 0 where a unit did not exist.

    Args:
        tidy: the reader.
        counted: by census, codes of the units that must be there.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(AGE_SEX_FILE)
    tables = {census: np.full((len(tidy.codes), len(SEXES), len(GROUPS)), np.nan) for census in counted}
    for row in tidy.rows(("place", "year", "sex", "age"), findings):
        census = year(row, tuple(counted), findings)
        sex, group = one_of(row, "sex", SEXES, findings), one_of(row, "age", GROUPS, findings)
        place, persons = tidy.position(row, findings), value(row, findings, "persons")
        if census is not None and place is not None and sex in SEXES and group in GROUPS:
            tables[census][place, SEXES.index(sex), GROUPS.index(group)] = persons
    findings.stop()
    for census, table in tables.items():
        complete(table, str(census), tidy.codes, counted[census], findings)
    findings.stop()
    return {census: np.nan_to_num(table) for census, table in tables.items()}


def read_unit_values(tidy: Tidy, counted: Mapping[int, Sequence[str]]) -> dict[int, dict[str, Floats]]:
    """Return figures of the units by census and quantity, in the units of UNIT_QUANTITIES (unit).

    Raises:
        StudyError: the table is not as it must be.
    """
    findings, allowed = Findings(UNITS_VALUES_FILE), dict(zip(counted, UNIT_QUANTITIES, strict=True))
    tables = {
        census: {quantity: np.full(len(tidy.codes), np.nan) for quantity in quantities}
        for census, quantities in allowed.items()
    }
    for row in tidy.rows(("place", "year", "quantity"), findings):
        census = year(row, tuple(counted), findings)
        place = tidy.position(row, findings)
        if census is None:
            continue
        quantity = one_of(row, "quantity", tuple(allowed[census]), findings)
        figure = value(row, findings, allowed[census].get(quantity))
        if place is not None and quantity in tables[census]:
            tables[census][quantity][place] = figure
    findings.stop()
    for census, by_quantity in tables.items():
        for quantity, table in by_quantity.items():
            complete(table, f"{quantity} {census}", tidy.codes, counted[census], findings)
    findings.stop()
    return {census: {name: np.nan_to_num(table) for name, table in by.items()} for census, by in tables.items()}


def read_jobs(tidy: Tidy, counted: Sequence[str], census: int) -> dict[str, Floats]:
    """Return employed persons of the long form of the last census by industry [person] (unit).

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(JOBS_FILE.format(census=census))
    tables: dict[str, Floats] = {}
    for row in tidy.rows(("place", "year", "industry"), findings):
        is_counted = year(row, (census,), findings) is not None
        place, persons = tidy.position(row, findings), value(row, findings, "persons")
        if is_counted and place is not None:
            tables.setdefault(row["industry"], np.full(len(tidy.codes), np.nan))[place] = persons
    for industry in ("all", "agriculture"):
        empty = np.full(len(tidy.codes), np.nan)
        complete(tables.get(industry, empty), f"industry {industry}", tidy.codes, counted, findings)
    findings.stop()
    return {industry: np.nan_to_num(table) for industry, table in tables.items()}


def complete(table: Floats, name: str, codes: Sequence[str], order: Sequence[str], findings: Findings) -> None:
    """Note the units of `order` that lack a figure in a table (unit, ...)."""
    empty = np.atleast_1d(np.isnan(table.reshape(len(codes), -1)).any(axis=1))
    for code in order:
        if empty[codes.index(code)]:
            missing = phrase("table.place_missing", code=code, what=name)
            findings.add(missing, phrase("table.every_unit"), phrase("table.restore_rows"))


def check_sums(persons: Mapping[int, Floats], values: Mapping[int, Mapping[str, Floats]], codes: Sequence[str]) -> None:
    """Check that ages add up to residents and that nobody is in town who does not live there.

    Raises:
        StudyError: some sum is wrong.
    """
    findings = Findings(AGE_SEX_FILE)
    for census in persons:
        by_age, residents = persons[census].sum(axis=(1, 2)), values[census]["residents"]
        for place in np.flatnonzero(by_age != residents).tolist():
            sentence = phrase("table.ages_sum", code=codes[place], year=census, found=f"{by_age[place]:.0f}")
            allowed = phrase("table.residents", residents=f"{residents[place]:.0f}", file=UNITS_VALUES_FILE)
            findings.add(sentence, allowed, phrase("table.slip"))
    findings.stop()
    findings, first = Findings(UNITS_VALUES_FILE), values[min(values)]
    town, residents = first["urban_residents"], first["residents"]
    for place in np.flatnonzero(town > residents).tolist():
        sentence = phrase("table.town_more", code=codes[place], found=f"{town[place]:.0f}")
        findings.add(sentence, phrase("table.at_most", residents=f"{residents[place]:.0f}"), phrase("table.slip"))
    findings.stop()
