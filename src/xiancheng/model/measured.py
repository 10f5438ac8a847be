"""Columns of measured figures by place, each a share of sums over the units inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import ages, start
from xiancheng.model.life_table import LifeTable
from xiancheng.model.places import Places
from xiancheng.model.sources import Sources

MORTALITY_RELIABILITY = 0.7
"""Share of the difference between places' death rates that is lasting and not chance or reporting [1]."""

WORKING_AGE = (16, 60)


@dataclass(frozen=True)
class Context:
    """What every column is made of."""

    sources: Sources
    places: Places

    def ratio(self, part: Floats, total: Floats) -> Floats:
        """Return part / whole by place, both sums over units (unit).

        A place where the whole is 0 takes the value of its prefecture.
        """
        upper, lower = (start.total(values, self.places.members) for values in (part, total))
        wide_upper, wide_lower = (start.total(values, self.places.prefecture_members) for values in (part, total))
        return np.where(lower > 0, upper / np.where(lower > 0, lower, 1.0), wide_upper / wide_lower)

    def sum(self, values: Floats) -> Floats:
        """Add up values of units over every place (place)."""
        return start.total(values, self.places.members)


def place_columns(context: Context, tables: dict[str, LifeTable]) -> dict[str, Floats]:
    """Return the columns that do not depend on the start, by variable name (place).

    Args:
        context: sources and places.
        tables: life tables of China before the first census by sex.
    """
    places, census = context.places, context.sources.first
    counted = start.total(context.sources.persons[context.sources.clock.first_census], places.members)
    outside = census["registered_in_province"] + census["registered_other_province"]
    pole = pole_share(context)
    return {
        "place number": np.arange(1.0, len(places) + 1.0),
        "in list": np.array([0.0 if place.is_rest else 1.0 for place in places]),
        "pole": pole,
        "core pole": pole * np.array([float(place.core) for place in places]),
        "mortality relative": mortality_relative(context, tables),
        "agriculture share of jobs in 2010": agriculture_share(context, context.sources.clock.first_census),
        "registered outside share in 2010": context.ratio(outside, census["residents"]),
        "urban share 2010": context.ratio(census["urban_residents"], census["residents"]),
        "child sex ratio 2010": start.child_sex_ratio_deviation(counted),
    }


def pole_share(context: Context) -> Floats:
    """Return the share of the last census's residents outside the list the equations were fitted with (place).

    With that list it is 1 in every rest and 0 elsewhere; with another one a listed city is still a city.
    """
    residents = context.sources.last["residents"]
    city = np.array([0.0 if unit.in_68 else 1.0 for unit in context.places.units])
    return context.ratio(residents * city, residents)


def mortality_relative(context: Context, tables: dict[str, LifeTable]) -> Floats:
    """Return mortality of every place relative to the province [1] (place).

    Deaths in the year to the first census against those expected from the place's ages, shrunk to what lasts.
    """
    persons = ages.single_years(context.sources.persons[context.sources.clock.first_census])
    rates = np.stack([_class_rates(tables[sex]) for sex in ages.SEXES])
    expected = (persons * rates).sum(axis=(1, 2))
    deaths = context.sources.first["deaths_year_to_census"]
    everywhere = deaths.sum() / expected.sum()
    relative: Floats = 1 + MORTALITY_RELIABILITY * (context.ratio(deaths, expected) / everywhere - 1)
    return relative


def _class_rates(table: LifeTable) -> Floats:
    dead = np.append(-np.diff(table.alive), table.alive[-1])
    closed = dead[: ages.OPEN_AGE] / table.lived[: ages.OPEN_AGE]
    rates: Floats = np.append(closed, dead[ages.OPEN_AGE :].sum() / table.lived[ages.OPEN_AGE :].sum())
    return rates


def agriculture_share(context: Context, census: int) -> Floats:
    """Return the share of agriculture in employed persons (place)."""
    if context.sources.is_first(census):
        values = context.sources.first
        return context.ratio(values["employed_agriculture_long_form"], values["employed_long_form"])
    return context.ratio(context.sources.jobs["agriculture"], context.sources.jobs["all"])


def employed_persons(sources: Sources, census: int) -> Floats:
    """Return employed persons of every age [person] (unit)."""
    values = sources.units[census]
    if sources.is_first(census):
        sampled = values["dwellings_long_form"] / np.maximum(values["family_households"], 1.0)
        return np.asarray(values["employed_long_form"] / np.where(sampled > 0, sampled, 1.0))
    persons = ages.single_years(sources.persons[census]).sum(axis=1)
    return np.asarray(values["employed_share_of_15_plus"] * persons[:, 15:].sum(axis=-1))


def households(sources: Sources) -> Floats:
    """Return households of the last census [household] (unit)."""
    values = sources.last
    return np.asarray(values["residents"] / np.where(values["household_size"] > 0, values["household_size"], 1.0))


def employment_share(context: Context, census: int) -> Floats:
    """Return employed persons of every age per resident of 16 to 59 [1] (place)."""
    persons = ages.single_years(context.sources.persons[census]).sum(axis=1)
    first, after = WORKING_AGE
    return context.ratio(employed_persons(context.sources, census), persons[:, first:after].sum(axis=-1))


def gdp_per_person(context: Context, census: int) -> Floats:
    """Return the prefecture's product per resident of the census [10,000 yuan/person] (place).

    The product is that of the year which stands for the census.
    """
    residents = context.sources.units[census]["residents"]
    by_prefecture = start.total(residents, context.places.prefecture_members)
    year = context.sources.clock.products(census)
    product = [context.sources.merged(context.sources.gdp, place.prefecture, year) for place in context.places]
    per_person: Floats = np.array(product) * 1e4 / by_prefecture
    return per_person
