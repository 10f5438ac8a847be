"""Columns of measured figures by place, each a share of sums over the units inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.model import ages, start
from xiancheng.model.life_table import LifeTable
from xiancheng.model.places import Geography
from xiancheng.model.sources import Sources

Array = NDArray[np.float64]

MORTALITY_RELIABILITY = 0.7
"""Share of the difference between places' death rates that is lasting and not chance or reporting [1]."""

_LAIWU, _JINAN = "371200", "370100"
_GDP_YEAR = {2010: 2013, 2020: 2020}
_WORKING_AGE = (16, 60)


@dataclass(frozen=True)
class Context:
    """What every column is made of."""

    sources: Sources
    geography: Geography

    def ratio(self, part: Array, whole: Array) -> Array:
        """Return part / whole by place; a place where the whole is 0 takes the value of its prefecture.

        Args:
            part, whole: sums that can be added over units (unit).
        """
        upper, lower = (start.total(values, self.geography.members) for values in (part, whole))
        wide_upper, wide_lower = (start.total(values, self.geography.prefecture_members) for values in (part, whole))
        return np.where(lower > 0, upper / np.where(lower > 0, lower, 1.0), wide_upper / wide_lower)

    def sum(self, values: Array) -> Array:
        """Add up values of units over every place (place)."""
        return start.total(values, self.geography.members)


def place_columns(context: Context, tables: dict[str, LifeTable]) -> dict[str, Array]:
    """Return the columns that do not depend on the start, by variable name (place).

    Args:
        tables: life tables of China in 2005-2010 by sex.
    """
    geography, census = context.geography, context.sources.units[2010]
    counted = start.total(context.sources.persons[2010], geography.members)
    outside = census["registered_in_province"] + census["registered_other_province"]
    pole = pole_share(context)
    return {
        "in 68": np.array([0.0 if place.is_rest else 1.0 for place in geography.places]),
        "pole": pole,
        "core pole": pole * np.array([float(place.core) for place in geography.places]),
        "mortality relative": mortality_relative(context, tables),
        "agriculture share 2010": agriculture_share(context, 2010),
        "registered outside share 2010": context.ratio(outside, census["residents"]),
        "urban share 2010": context.ratio(census["urban_residents"], census["residents"]),
        "child sex ratio 2010": start.child_sex_ratio_deviation(counted),
    }


def pole_share(context: Context) -> Array:
    """Return the share of residents of 2020 who live in units outside the list the equations were fitted with (place).

    With that list it is 1 in every rest and 0 elsewhere; with another one a listed city is still a city.
    """
    residents = context.sources.units[2020]["residents"]
    city = np.array([0.0 if unit.in_68 else 1.0 for unit in context.geography.units])
    return context.ratio(residents * city, residents)


def mortality_relative(context: Context, tables: dict[str, LifeTable]) -> Array:
    """Return mortality of every place relative to the province [1] (place).

    Deaths in the year to the census of 2010 against those expected from the place's ages, shrunk to what lasts.
    """
    persons = ages.single_years(context.sources.persons[2010])
    rates = np.stack([_class_rates(tables[sex]) for sex in ages.SEXES])
    expected = (persons * rates).sum(axis=(1, 2))
    deaths = context.sources.units[2010]["deaths_year_to_census"]
    everywhere = deaths.sum() / expected.sum()
    return 1 + MORTALITY_RELIABILITY * (context.ratio(deaths, expected) / everywhere - 1)


def _class_rates(table: LifeTable) -> Array:
    dead = np.append(-np.diff(table.alive), table.alive[-1])
    closed = dead[: ages.OPEN_AGE] / table.lived[: ages.OPEN_AGE]
    rates: Array = np.append(closed, dead[ages.OPEN_AGE :].sum() / table.lived[ages.OPEN_AGE :].sum())
    return rates


def agriculture_share(context: Context, census: int) -> Array:
    """Return the share of agriculture in employed persons (place)."""
    if census == 2010:
        values = context.sources.units[2010]
        return context.ratio(values["employed_agriculture_long_form"], values["employed_long_form"])
    return context.ratio(context.sources.jobs["agriculture"], context.sources.jobs["all"])


def employment_share(context: Context, census: int) -> Array:
    """Return employed persons of every age per resident of 16 to 59 [1] (place)."""
    persons = ages.single_years(context.sources.persons[census]).sum(axis=1)
    values = context.sources.units[census]
    if census == 2010:
        sampled = values["dwellings_long_form"] / np.maximum(values["family_households"], 1.0)
        employed = values["employed_long_form"] / np.where(sampled > 0, sampled, 1.0)
    else:
        employed = values["employed_share_of_15_plus"] * persons[:, 15:].sum(axis=-1)
    first, after = _WORKING_AGE
    return context.ratio(employed, persons[:, first:after].sum(axis=-1))


def gdp_per_person(context: Context, census: int) -> Array:
    """Return the prefecture's product per resident of the census [10,000 yuan/person] (place); 2010 takes 2013's."""
    residents = context.sources.units[census]["residents"]
    by_prefecture = start.total(residents, context.geography.prefecture_members)
    year = _GDP_YEAR[census]
    product = [_product(context.sources, place.prefecture_code, year) for place in context.geography.places]
    return np.array(product) * 1e4 / by_prefecture


def _product(sources: Sources, prefecture: str, year: int) -> float:
    merged = sources.gdp.get((_LAIWU, year), 0.0) if prefecture == _JINAN else 0.0
    return sources.gdp[prefecture, year] + merged


def registered(context: Context, census: int) -> dict[str, Array]:
    """Return residents registered elsewhere [person], by where they are registered (place)."""
    kinds = {"in_county": "in county", "in_province": "in province", "other_province": "other province"}
    return {
        f"registered {words}": context.sum(_registered_residents(context.sources, census, kind))
        for kind, words in kinds.items()
    }


def _registered_residents(sources: Sources, census: int, kind: str) -> Array:
    values = sources.units[census]
    if census == 2010:
        return values[f"registered_{kind}"]
    return values[f"registered_{kind}_share"] * values["residents"]


def unit_registered_population(context: Context, census: int) -> Array:
    """Return the registered population of every unit [person] (unit).

    2010 as counted. For 2020 no figure by unit is published: residents registered here, and those registered here who
    are away as in 2010, scaled so that every prefecture has its registered population of the end of 2020 (assumed).
    """
    sources = context.sources
    old = sources.units[2010]
    if census == 2010:
        return old["registered_population"]
    away = np.maximum(old["registered_population"] - (old["residents"] - _from_outside(sources, 2010)), 0.0)
    here = sources.units[2020]["residents"] - _from_outside(sources, 2020)

    def scaled(prefecture: str, inside: Array) -> Array:
        wanted = sources.register[prefecture, 2020, "registered_population"]
        scale = (wanted - here[inside].sum()) / away[inside].sum()
        if scale >= 0:
            return here[inside] + scale * away[inside]
        return here[inside] * wanted / here[inside].sum()

    return _by_prefecture(context, scaled)


def _from_outside(sources: Sources, census: int) -> Array:
    """Residents registered outside the county [person] (unit)."""
    kinds = ("in_province", "other_province")
    return np.sum([_registered_residents(sources, census, kind) for kind in kinds], axis=0)


def registered_town_share(context: Context, census: int) -> Array:
    """Return the share of the registered population that is registered in town [1] (place).

    2010: non-agricultural registration as counted. 2020: the units' logits of 2010 moved together until every
    prefecture has its registered urban share of 2019 (assumed).
    """
    share = context.sources.units[2010]["non_agricultural_registration_share"]
    population = unit_registered_population(context, census)
    if census == 2010:
        return context.ratio(share * population, population)
    kept = np.clip(np.where(share > 0, share, np.nan), 1e-3, 1 - 1e-3)

    def moved(prefecture: str, inside: Array) -> Array:
        register = context.sources.register
        urban = register[prefecture, 2019, "registered_urban_population"]
        wanted = urban / register[prefecture, 2019, "registered_population"]
        logit = np.log(kept[inside] / (1 - kept[inside]))
        logit = np.where(np.isnan(logit), np.nanmean(logit), logit)
        return _shifted(logit, population[inside], wanted)

    return context.ratio(_by_prefecture(context, moved) * population, population)


def _shifted(logit: Array, weight: Array, wanted: float) -> Array:
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2
        found = (weight / (1 + np.exp(-logit - middle))).sum() / weight.sum()
        low, high = (middle, high) if found < wanted else (low, middle)
    shifted: Array = 1 / (1 + np.exp(-logit - low))
    return shifted


def _by_prefecture(context: Context, rule: Callable[[str, Array], Array]) -> Array:
    codes = np.array([unit.prefecture_code for unit in context.geography.units])
    values = np.zeros(len(codes))
    for prefecture in np.unique(codes):
        inside = np.flatnonzero(codes == prefecture)
        values[inside] = rule(str(prefecture), inside)
    return values


def relative_fertility(persons: Array, tables: dict[str, LifeTable], schedule: Array) -> Array:
    """Return total fertility of every place relative to the province, by own children under five [1] (place).

    Children are survived back to their births in the five years before; women too are where they are counted now. A
    place without women takes 1.

    Args:
        persons: persons of the start [person] (place, sex, age).
        tables: life tables of the five years before by sex.
        schedule: fertility schedule of those years [1] (age).
    """
    alive = np.stack([tables[sex].lived[:5] / tables[sex].alive[0] for sex in ages.SEXES])
    births = (persons[..., :5] / alive).sum(axis=(1, 2))
    women = persons[:, ages.SEXES.index("female")]
    expected = np.zeros(len(persons))
    for years_ago in range(1, 6):
        expected += (women[:, years_ago:] * schedule[:-years_ago]).sum(axis=1)
    everywhere = births.sum() / expected.sum()
    return np.where(expected > 0, births / np.where(expected > 0, expected, 1.0) / everywhere, 1.0)


def start_columns(context: Context, begun: start.Start, fertility: Array, census: int) -> dict[str, Array]:
    """Return the columns of a start, by variable name (place).

    Args:
        begun: the people of that start.
        fertility: relative fertility (place).
        census: 2010 or 2020.
    """
    return {
        "coverage factor": begun.coverage_factor,
        "relative fertility": fertility,
        "agriculture share": agriculture_share(context, census),
        **registered(context, census),
        "registered population": context.sum(unit_registered_population(context, census)),
        "registered town share": registered_town_share(context, census),
        "gdp per person": gdp_per_person(context, census),
        "employment share": employment_share(context, census),
        "start urban share": begun.urban_share,
    }
