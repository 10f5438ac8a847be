"""Columns of a start: figures of the places that differ between a run from 2010 and one from 2020."""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import ages, differences, economy, registration, start
from xiancheng.model.life_table import LifeTable
from xiancheng.model.measured import Context, agriculture_share, employment_share, gdp_per_person


def relative_fertility(persons: Floats, tables: dict[str, LifeTable], schedule: Floats) -> Floats:
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


def start_columns(context: Context, census_start: start.Start, fertility: Floats, census: int) -> dict[str, Floats]:
    """Return the columns of a start, by variable name (place).

    Args:
        context: sources and places.
        census_start: the people of that start.
        fertility: relative fertility (place).
        census: the first or the last one.
    """
    return {
        "coverage factor": census_start.coverage_factor,
        "relative fertility": fertility,
        "agriculture share": agriculture_share(context, census),
        **registration.registered(context, census),
        "initial registered population": context.sum(registration.unit_registered_population(context, census)),
        "registered town share at start": registration.registered_town_share(context, census),
        "product per person": gdp_per_person(context, census),
        "employment share": employment_share(context, census),
        "start urban share": census_start.urban_share,
        **economy.start_columns(context, census),
        **differences.start_columns(context, census_start, census),
    }
