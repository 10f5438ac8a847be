"""The start of a run: persons by place, settlement, sex and age on 1 November of a census year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model import ages, settlement
from xiancheng.model.places import Places
from xiancheng.model.sources import Sources

CHILD_SEX_RATIO_EFFECT = 1.1
"""Elasticity of the children counted too few in 2010 to the sex ratio of children [1]; fitted to the census of 2020."""

_CHILD_GROUPS = 2
"""The groups 0 and 1-4 are the children under five."""


@dataclass(frozen=True)
class Start:
    """People of the places at the start.

    Attributes:
        counted: as the census counted [person] (place, sex, group).
        town: townspeople [person] (place, sex, age).
        village: villagers [person] (place, sex, age).
        urban_share: share of townspeople as counted [1] (place).
        coverage_factor: residents of the start per resident counted [1] (place).
    """

    counted: Floats
    town: Floats
    village: Floats
    urban_share: Floats
    coverage_factor: Floats

    @property
    def persons(self) -> Floats:
        """Persons of both settlements [person] (place, sex, age)."""
        return self.town + self.village


def total(values: Floats, members: tuple[tuple[int, ...], ...]) -> Floats:
    """Add up values of units (unit, ...) over the members of every place (place, ...)."""
    return np.stack([values[list(inside)].sum(axis=0) for inside in members])


def town_residents(sources: Sources, census: int) -> Floats:
    """Return townspeople of every unit as counted [person] (unit)."""
    values = sources.units[census]
    return values["urban_residents"] if sources.is_first(census) else values["urban_share"] * values["residents"]


def make_start(sources: Sources, places: Places, census: int) -> Start:
    """Make the start of a census year.

    The last census starts as counted, the first one with ages corrected for census coverage and not
    rescaled to the counted total: what compares with the count is residents / coverage_factor.
    """
    by_unit, is_first = sources.persons[census], sources.is_first(census)
    counted = total(by_unit, places.members)
    residents = counted.sum(axis=(1, 2))
    urban_share = _ratio(total(town_residents(sources, census), places.members), residents, 0.0)
    corrected = ages.exact(counted * coverage(sources, counted)) if is_first else counted
    shares = None if is_first else ages.births_split(sources.births, census)
    persons = _exact_single_years(corrected, shares)
    after = persons.sum(axis=(1, 2))
    odds = settlement.town_log_odds(*_units_with_people(sources, census))
    town, village = settlement.split(persons, urban_share * after, odds)
    return Start(counted, town, village, urban_share, _ratio(after, residents, 1.0))


def _units_with_people(sources: Sources, census: int) -> tuple[Floats, Floats]:
    persons = sources.persons[census]
    residents = persons.sum(axis=(1, 2))
    chosen = residents > 0
    return persons[chosen], (town_residents(sources, census)[chosen] / residents[chosen])


def coverage(sources: Sources, counted: Floats) -> Floats:
    """Return true persons per person counted in the first census [1] (place, sex, group).

    The factor of a cohort is the same everywhere, but children under five differ by the place's sex ratio: where girls
    were left out of the count, boys were too. All places together keep the cohort's own factor.
    """
    first_ages = np.array(ages.GROUP_STARTS) // 5 * 5
    by_group = np.array([sources.coverage.get(int(age), 1.0) for age in first_ages])
    factor = np.broadcast_to(by_group, counted.shape).copy()
    relative = np.exp(CHILD_SEX_RATIO_EFFECT * child_sex_ratio_deviation(counted))
    children = counted[..., :_CHILD_GROUPS].sum(axis=(1, 2))
    relative *= children.sum() / (children * relative).sum()
    factor[..., :_CHILD_GROUPS] *= relative[:, None, None]
    return factor


def child_sex_ratio_deviation(counted: Floats) -> Floats:
    """Return ln of boys per girl under five, less that of all places together [1] (place)."""
    children = counted[..., :_CHILD_GROUPS].sum(axis=-1)
    everywhere = children.sum(axis=0)
    girls, boys = (children[:, ages.SEXES.index(sex)] for sex in ("female", "male"))
    ratio = _ratio(boys, girls, float(everywhere[1] / everywhere[0]))
    deviation: Floats = np.log(np.maximum(ratio, 1e-3)) - np.log(everywhere[1] / everywhere[0])
    return deviation


def _exact_single_years(groups: Floats, shares: dict[int, Floats] | None) -> Floats:
    persons = ages.single_years(groups, shares)
    group = ages.group_of_age()
    for index in range(len(ages.GROUPS)):
        inside = np.flatnonzero(group == index)
        persons[..., inside] = ages.exact_parts(persons[..., inside], groups[..., index])
    return persons


def _ratio(part: Floats, total: Floats, empty: float) -> Floats:
    ratio: Floats = np.divide(part, total, out=np.full(np.shape(total), empty), where=total > 0)
    return ratio
