"""Registration (户籍) by place: residents registered elsewhere, the registered population and its part in town."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.model.measured import Context
from xiancheng.model.sources import Sources


def registered(context: Context, census: int) -> dict[str, Floats]:
    """Return residents registered elsewhere [person], by where they are registered (place)."""
    kinds = {"in_county": "in county", "in_province": "in province", "other_province": "other province"}
    return {
        f"initial registered elsewhere {words}": context.sum(_registered_residents(context.sources, census, kind))
        for kind, words in kinds.items()
    }


def _registered_residents(sources: Sources, census: int, kind: str) -> Floats:
    values = sources.units[census]
    if sources.is_first(census):
        return values[f"registered_{kind}"]
    return values[f"registered_{kind}_share"] * values["residents"]


def unit_registered_population(context: Context, census: int) -> Floats:
    """Return the registered population of every unit [person] (unit).

    The first census as counted. For the last one no figure by unit is published: residents registered here, and those
    registered here who are away as in the first, scaled so that every prefecture has its registered population of the
    end of the year (assumed).
    """
    sources = context.sources
    old = sources.first
    if sources.is_first(census):
        return old["registered_population"]
    stayed = old["residents"] - _from_outside(sources, sources.clock.first_census)
    away = np.maximum(old["registered_population"] - stayed, 0.0)
    here = sources.last["residents"] - _from_outside(sources, census)

    def scaled(prefecture: str, inside: NDArray[np.intp]) -> Floats:
        total = sources.register[prefecture, census, "registered_population"]
        scale = (total - here[inside].sum()) / away[inside].sum()
        if scale < 0:
            return np.asarray(here[inside] * total / here[inside].sum())
        return np.asarray(here[inside] + scale * away[inside])

    return _by_prefecture(context, scaled)


def _from_outside(sources: Sources, census: int) -> Floats:
    """Residents registered outside the county [person] (unit)."""
    kinds = ("in_province", "other_province")
    return np.asarray(sum(_registered_residents(sources, census, kind) for kind in kinds))


def registered_town_share(context: Context, census: int) -> Floats:
    """Return the share of the registered population that is registered in town [1] (place).

    The first census: non-agricultural registration as counted. The last one: the units' logits of the first moved
    together until every prefecture has the registered urban share of the last register that tells it (assumed).
    """
    share = context.sources.first["non_agricultural_registration_share"]
    population = unit_registered_population(context, census)
    if context.sources.is_first(census):
        return context.ratio(share * population, population)
    within = np.clip(np.where(share > 0, share, np.nan), 1e-3, 1 - 1e-3)

    def moved(prefecture: str, inside: NDArray[np.intp]) -> Floats:
        register, year = context.sources.register, context.sources.clock.town_register
        urban = register[prefecture, year, "registered_urban_population"]
        aim = urban / register[prefecture, year, "registered_population"]
        logit = np.log(within[inside] / (1 - within[inside]))
        logit = np.where(np.isnan(logit), np.nanmean(logit), logit)
        return _shifted(logit, population[inside], aim)

    return context.ratio(_by_prefecture(context, moved) * population, population)


def _shifted(logit: Floats, weight: Floats, aim: float) -> Floats:
    low, high = -20.0, 20.0
    for _ in range(80):
        middle = (low + high) / 2
        mean = (weight / (1 + np.exp(-logit - middle))).sum() / weight.sum()
        low, high = (middle, high) if mean < aim else (low, middle)
    shifted: Floats = 1 / (1 + np.exp(-logit - low))
    return shifted


def _by_prefecture(context: Context, rule: Callable[[str, NDArray[np.intp]], Floats]) -> Floats:
    codes = np.array([unit.prefecture_code for unit in context.places.units])
    values = np.zeros(len(codes))
    for prefecture in np.unique(codes):
        inside = np.flatnonzero(codes == prefecture)
        values[inside] = rule(str(prefecture), inside)
    return values
