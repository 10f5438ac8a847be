"""How each indicator comes from the variables of the equations: a numerator, and what it is divided by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from xiancheng.engine.source import key
from xiancheng.outputs import years as clock

POLE = "pole"
_SHRINKING = -0.01


@dataclass(frozen=True)
class Readings:
    """A finished run, read by calendar year.

    Attributes:
        data: the run, variables by id (lower case with underscores), dims time, place, …
        places: the table of places, by element.
        years: the calendar years asked for.
    """

    data: xr.Dataset
    places: pd.DataFrame
    years: Sequence[int]

    def stock(self, name: str) -> xr.DataArray:
        """Return the value on 1 November."""
        return clock.census_day_value(self.data[name], self.years)

    def flow(self, name: str, span: int = 1) -> xr.DataArray:
        """Return the flow of the calendar year, or of the `span` years to its end, from its running total."""
        return clock.flow(self.data[name], self.years, span)

    def mean(self, data: xr.DataArray) -> xr.DataArray:
        """Return the mean of both ends of the calendar year."""
        return clock.mean_over_year(data, self.years)

    def aged(self, low: int, high: int | None = None) -> xr.DataArray:
        """Return persons from `low` to `high` completed years [person] (time, place, settlement, sex)."""
        persons = self.data["persons"]
        chosen = [age for age in persons["age"].values if _in_range(str(age), low, high)]
        return persons.sel(age=chosen).sum("age")

    def in_place(self, data: xr.DataArray) -> xr.DataArray:
        """Return the sum over settlement and sex."""
        return data.sum([dim for dim in ("settlement", "sex") if dim in data.dims])

    def places_that(self, column: str, value: str) -> xr.DataArray:
        """Return whether a column of the table of places holds a value (place)."""
        found = (self.places[column].astype(str) == value).to_numpy()
        return xr.DataArray(found, dims="place", coords={"place": list(self.places.index)})


def _in_range(age: str, low: int, high: int | None) -> bool:
    number = int("".join(letter for letter in age if letter.isdigit()))
    return number >= low and (high is None or number <= high)


@dataclass(frozen=True)
class Formula:
    """An indicator as numerator over denominator.

    Attributes:
        needs: variables of the equations that it reads, by id.
        numerator: the numerator by year and place.
        over: id of the indicator it is divided by, "" for none; where that is not above 0, the ratio is missing.
        of: id of the indicator that is the numerator, "" where it is none of its own.
        scale: factor that gives the unit of the indicator.
    """

    needs: tuple[str, ...]
    numerator: Callable[[Readings], xr.DataArray]
    over: str = ""
    scale: float = 1.0
    of: str = ""


def _stock(name: str) -> Formula:
    return Formula((name,), lambda readings: readings.stock(name))


def _flow(name: str) -> Formula:
    return Formula((name,), lambda readings: readings.flow(name))


def _children(readings: Readings) -> xr.DataArray:
    young = readings.in_place(readings.aged(0, 14)) + readings.in_place(readings.data["newborns"])
    return clock.census_day_value(young, readings.years)


def _elders(readings: Readings) -> xr.DataArray:
    return clock.census_day_value(readings.in_place(readings.aged(65)), readings.years)


def _women(readings: Readings) -> xr.DataArray:
    return clock.census_day_value(readings.in_place(readings.aged(20, 34).sel(sex="female", drop=True)), readings.years)


def _young_adults(readings: Readings) -> xr.DataArray:
    return readings.mean(readings.in_place(readings.aged(18, 34)))


def _net_migration(readings: Readings) -> xr.DataArray:
    return readings.flow("arrivals_total") - readings.flow("departures_total")


def _net_outside(readings: Readings) -> xr.DataArray:
    return readings.flow("arrivals_from_outside_total") - readings.flow("departures_to_outside_total")


def _core_gain(readings: Readings) -> xr.DataArray:
    core = readings.places_that("core", "1") & readings.places_that("kind", POLE)
    return _net_migration(readings).where(core)


def _town_growth(readings: Readings) -> xr.DataArray:
    return sum(
        (readings.flow(name, 5) for name in ("town_natural_change_total", "town_net_migration_total")),
        start=readings.flow("in_place_transfer_total", 5),
    )


def _counted_town(readings: Readings) -> xr.DataArray:
    return readings.stock("town_residents") / readings.stock("coverage_factor")


def _registered_town(readings: Readings) -> xr.DataArray:
    return readings.stock("registered_urban_share") * readings.stock("registered_population")


def _shrinking(readings: Readings) -> xr.DataArray:
    residents = readings.stock("residents")
    growth = residents / residents.shift(year=1) - 1
    shrinks = (growth < _SHRINKING).astype(float)
    return shrinks.where(growth.notnull() & ~readings.places_that("kind", POLE))


_NET = ("arrivals_total", "departures_total")
_TOWN_GROWTH = ("in_place_transfer_total", "town_natural_change_total", "town_net_migration_total")

FORMULAS: Mapping[str, Formula] = {
    "residents": _stock("residents"),
    "town_residents": _stock("town_residents"),
    "village_residents": _stock("village_residents"),
    "counted_residents": _stock("counted_residents"),
    "registered_population": _stock("registered_population"),
    "registered_elsewhere": _stock("registered_elsewhere"),
    "births": _flow("births_total"),
    "deaths": _flow("deaths_total"),
    "mean_residents": Formula(("residents",), lambda readings: readings.mean(readings.data["residents"])),
    "mean_residents_18_34": Formula(("persons",), _young_adults),
    "women_20_34": Formula(("persons",), _women),
    "net_migration": Formula(_NET, _net_migration),
    "net_migration_outside": Formula(("arrivals_from_outside_total", "departures_to_outside_total"), _net_outside),
    "core_gain": Formula(_NET, _core_gain),
    "in_place_moves": Formula(
        ("in_place_transfer_total",), lambda readings: readings.flow("in_place_transfer_total", 5)
    ),
    "town_growth": Formula(_TOWN_GROWTH, _town_growth),
    "shrinking_share": Formula(("residents",), _shrinking),
    "urban_share": Formula(("town_residents",), lambda readings: readings.stock("town_residents"), "residents"),
    "counted_urban_share": Formula(("town_residents", "coverage_factor"), _counted_town, "counted_residents"),
    "share_65": Formula(("persons",), _elders, "residents"),
    "share_0_14": Formula(("persons", "newborns"), _children, "residents"),
    "registered_urban_share": Formula(
        ("registered_urban_share", "registered_population"), _registered_town, "registered_population"
    ),
    "entitled_share": Formula(
        ("entitled_residents",), lambda readings: readings.stock("entitled_residents"), "registered_elsewhere"
    ),
    "net_migration_rate": Formula(_NET, _net_migration, "mean_residents", 1000.0),
    "gross_out_rate": Formula(
        ("departures_total",), lambda readings: readings.flow("departures_total"), "mean_residents", 1000.0
    ),
    "leaving_rate_18_34": Formula(
        ("young_departures_total",),
        lambda readings: readings.flow("young_departures_total"),
        "mean_residents_18_34",
        1000.0,
    ),
    "in_situ_share": Formula(
        ("in_place_transfer_total",),
        lambda readings: readings.flow("in_place_transfer_total", 5),
        "town_growth",
        of="in_place_moves",
    ),
}


def with_denominators(names: Sequence[str]) -> list[str]:
    """Return the indicators and, after them, the parts of their ratios, each once."""
    parts = [part for name in names for part in (FORMULAS[name].of, FORMULAS[name].over) if part]
    return list(dict.fromkeys([*names, *parts]))


def needed(names: Sequence[str]) -> list[str]:
    """Return the variables of the equations that the indicators read, by id."""
    wanted = with_denominators(names)
    return sorted({variable for name in wanted for variable in FORMULAS[name].needs})


def evaluate(names: Sequence[str], readings: Readings) -> dict[str, xr.DataArray]:
    """Return the indicators by year and place, with what they are divided by; other dims stand in front."""
    values: dict[str, xr.DataArray] = {}
    for name in sorted(with_denominators(names), key=lambda name: bool(FORMULAS[name].over)):
        formula = FORMULAS[name]
        value = formula.numerator(readings)
        if formula.over:
            value = value * formula.scale / values[formula.over].where(values[formula.over] > 0)
        values[name] = value.transpose(..., "year", "place")
    return values


def by_id(data: xr.Dataset) -> xr.Dataset:
    """Return a run of the engine with variables and dims named by id: lower case with underscores."""
    names = [str(name) for name in [*data.data_vars, *data.dims]]
    return data.rename({name: key(name) for name in names if name != key(name)})
