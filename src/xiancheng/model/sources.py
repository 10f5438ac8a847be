"""All tidy tables of a study as labelled arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiancheng.arrays import Floats
from xiancheng.model import census_tables, prefectures, series_tables
from xiancheng.model.census_units import CensusUnit
from xiancheng.model.clock import Clock
from xiancheng.model.fertility import Period
from xiancheng.model.prefectures import Prefecture
from xiancheng.model.tidy import Tidy, source_ids


@dataclass(frozen=True)
class Sources:
    """All tidy tables of a study.

    Attributes:
        clock: the years of the study.
        persons: by census, persons [person] (unit, sex, group).
        units: by census and quantity, figures of the units (unit); 0 where a unit did not exist.
        jobs: by industry, employed persons of the long form of the last census [person] (unit).
        carbon_dioxide: of energy in the year of its table [Mt/year] (unit); not a number where none is at hand.
        prefectures: by code.
        gdp: by (prefecture, year), gross domestic product [100 million yuan].
        products: by (prefecture, year, part), parts of the gross domestic product [100 million yuan].
        province: by quantity and year, gross product [100 million yuan] and consumer prices [previous year = 100].
        register: by (prefecture, year, quantity), persons of the register [person].
        births: births of the province by calendar year [10,000 persons].
        death_rates: by (period, sex), rates of the groups of life_table.RATE_STARTS [1/year].
        fertility_shares: by period, shares of the groups 15-19 to 45-49 [%].
        coverage: by first age of the cohort of five years, true persons per person counted in the first census [1].
        migration_schedule: parameters of the age profile of moves.
        fertility_periods: figures of the paths of total fertility.
    """

    clock: Clock
    persons: dict[int, Floats]
    units: dict[int, dict[str, Floats]]
    jobs: dict[str, Floats]
    carbon_dioxide: Floats
    prefectures: dict[str, Prefecture]
    gdp: dict[tuple[str, int], float]
    products: dict[tuple[str, int, str], float]
    province: dict[str, dict[int, float]]
    register: dict[tuple[str, int, str], float]
    births: dict[int, float]
    death_rates: dict[tuple[str, str], Floats]
    fertility_shares: dict[str, Floats]
    coverage: dict[int, float]
    migration_schedule: dict[str, float]
    fertility_periods: tuple[Period, ...]

    @property
    def first(self) -> dict[str, Floats]:
        """Figures of the units in the first census, by quantity (unit)."""
        return self.units[self.clock.first_census]

    @property
    def last(self) -> dict[str, Floats]:
        """Figures of the units in the last census, by quantity (unit)."""
        return self.units[self.clock.last_census]

    def is_first(self, census: int) -> bool:
        """Tell whether a census is the first of the study: it asked and published otherwise than the last one."""
        return census == self.clock.first_census

    def merged(
        self, values: Mapping[tuple[Any, ...], float], prefecture: str, year: int, *part: str
    ) -> float:
        """Return a value of a prefecture in a year, with those merged into it; 0 where it has none.

        Args:
            values: by (prefecture, year), or by (prefecture, year, part) [unit of the values].
            prefecture: code.
            year: calendar year.
            part: the part, where values have parts.
        """
        members = (prefecture, *(code for code, unit in self.prefectures.items() if unit.merged_into == prefecture))
        return sum(values.get((member, year, *part), 0.0) for member in members)


def read_sources(tables: Path, units: Sequence[CensusUnit], clock: Clock) -> Sources:
    """Read every tidy table of the folder, for the years of a study.

    Raises:
        StudyError: a table is not as it must be.
    """
    tidy = Tidy(tables, tuple(unit.code for unit in units), source_ids(tables))
    existing = tuple(unit.code for unit in units if unit.kind != "development_zone")
    counted = dict(zip(clock.censuses, (existing, tidy.codes), strict=True))
    persons = census_tables.read_persons(tidy, counted)
    values = census_tables.read_unit_values(tidy, counted)
    census_tables.check_sums(persons, values, tidy.codes)
    series_tables.check_yearly(tidy)
    death_rates, fertility_shares = series_tables.read_vital_rates(tidy, clock.periods)
    return Sources(
        clock=clock,
        persons=persons,
        units=values,
        jobs=census_tables.read_jobs(tidy, existing, clock.last_census),
        carbon_dioxide=series_tables.read_unit_carbon_dioxide(tidy),
        prefectures=prefectures.read(tables),
        gdp=series_tables.read_gdp(tidy),
        products=series_tables.read_products(tidy),
        province=series_tables.read_province_series(tidy),
        register=series_tables.read_register(tidy, {unit.prefecture_code for unit in units}, clock),
        births=series_tables.read_births(tidy),
        death_rates=death_rates,
        fertility_shares=fertility_shares,
        coverage=series_tables.read_coverage(tidy),
        migration_schedule=series_tables.read_migration_schedule(tidy),
        fertility_periods=series_tables.read_fertility_periods(tidy),
    )
