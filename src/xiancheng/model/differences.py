"""How places differ at the start in services, prices and empty homes, where the census of 2020 tells.

Levels are figures of the province, set elsewhere. A column here says how far a place lies from the mean of its kind,
counties or cities, so that no level moves; a place without a figure takes the mean. In 2010 all are alike: staff by
industry and lifts are not at hand by county, and a run that is held against the census of 2020 must not start from it.
"""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import ages
from xiancheng.model.measured import Context, employed_persons, households, pole_share
from xiancheng.model.start import Start

HEALTH_STAFF_RELIABILITY = 0.96
"""Share of the difference in health staff that is no chance of the sample, whose error is about 4 % of a county [1]."""

SCHOOL_STAFF_WEIGHT = 0.5
"""Part of the difference in school staff taken over: fewer children in the same schools look like more staff [1]."""

LARGEST_SCORE = 2.0
"""Bound on the standard deviations that a place lies from the mean [1]."""

SMALLEST_RELATIVE = 0.1
"""Bound on shares that enter a power: a place without any lift has a price all the same [1]."""

_SCHOOL_GROUPS = [ages.GROUPS.index(group) for group in ("5-9", "10-14")]
_SCHOOL_AGES = slice(6, 15)


def start_columns(context: Context, census_start: Start, census: int) -> dict[str, Floats]:
    """Return the columns of a start on differences, by variable name (place): factors of mean 1, a score of mean 0.

    Cities differ by as many bought homes for other reasons, so that the score is one of counties alone.

    Args:
        context: sources and places.
        census_start: people of that start, the weights of the means.
        census: 2010 or 2020.
    """
    weight, pole = float(not context.sources.is_first(census)), pole_share(context)
    town, village = (persons.sum(axis=1) for persons in (census_start.town, census_start.village))
    pupils = {"town": town[:, _SCHOOL_AGES], "village": village[:, _SCHOOL_AGES]}
    health = relative(health_staff(context), (town + village).sum(axis=-1), pole)
    schools = {where: relative(school_staff(context), users.sum(axis=-1), pole) for where, users in pupils.items()}
    lifts = relative(lift_share(context), context.sum(households(context.sources)), pole)
    return {
        "relative health capacity at start": 1 + weight * HEALTH_STAFF_RELIABILITY * (health - 1),
        **{
            f"relative {where} school capacity at start": 1 + weight * SCHOOL_STAFF_WEIGHT * (staff - 1)
            for where, staff in schools.items()
        },
        "relative lift share at start": np.maximum(SMALLEST_RELATIVE, 1 + weight * (lifts - 1)),
        "market homes score at start": weight * (1 - pole) * score(market_homes(context), town.sum(axis=-1), pole),
    }


def health_staff(context: Context) -> Floats:
    """Return health workers per resident of 2020 [1] (place); not a number where none were counted."""
    return _staff(context, "health_social", context.sources.last["residents"])


def school_staff(context: Context) -> Floats:
    """Return education workers per resident of 5 to 14 in 2020 [1] (place); not a number where none were counted."""
    persons = context.sources.persons[context.sources.clock.last_census]
    return _staff(context, "education", persons[:, :, _SCHOOL_GROUPS].sum(axis=(1, 2)))


def lift_share(context: Context) -> Floats:
    """Return the share of dwellings of 2020 in a house with a lift [1] (place)."""
    counted = households(context.sources)
    return context.ratio(context.sources.last["lift_share"] * counted, counted)


def market_homes(context: Context) -> Floats:
    """Return bought and rented homes per town household in 2020 [1] (place)."""
    values, counted = context.sources.last, households(context.sources)
    market = (values["bought_share"] + values["rented_share"]) * counted
    return context.ratio(market, values["urban_share"] * counted)


def relative(values: Floats, weights: Floats, pole: Floats) -> Floats:
    """Return values over the weighted mean of their kind [1] (place); 1 where a value is not a number.

    Args:
        values: of the places (place).
        weights: people or homes that the mean counts (place).
        pole: part of a place that is city [1] (place).
    """
    return np.where(np.isfinite(values), values / _mean(values, weights, pole), 1.0)


def score(values: Floats, weights: Floats, pole: Floats) -> Floats:
    """Return standard deviations from the weighted mean of the kind, bounded, of mean 0 [1] (place)."""
    away = values - _mean(values, weights, pole)
    deviation = np.sqrt(_mean(away**2, weights, pole))
    bounded = np.clip(away / np.where(deviation > 0, deviation, 1.0), -LARGEST_SCORE, LARGEST_SCORE)
    return np.asarray(bounded - _mean(bounded, weights, pole))


def _mean(values: Floats, weights: Floats, pole: Floats) -> Floats:
    """Return the mean of the kind of every place; of a place that is part city, of both in their parts (place)."""
    measured = np.isfinite(values)
    mean = np.zeros(len(values))
    for part in (pole, 1 - pole):
        weight = (weights * part)[measured]
        total = weight.sum()
        mean += part * ((weight * values[measured]).sum() / total if total > 0 else 1.0)
    return mean


def _staff(context: Context, industry: str, users: Floats) -> Floats:
    """Return workers of an industry per user (place), of the units where the sample holds any."""
    jobs = context.sources.jobs
    counted = jobs[industry] > 0
    employed = employed_persons(context.sources, context.sources.clock.last_census)
    workers = jobs[industry] / np.where(counted, jobs["all"], 1.0) * employed
    upper, lower = context.sum(workers), context.sum(users * counted)
    return np.asarray(np.divide(upper, lower, out=np.full(len(upper), np.nan), where=lower > 0))
