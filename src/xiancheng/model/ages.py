"""Ages: the 86 classes of the equations, the groups of the censuses, and the way from groups to single years."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.interpolate import monotone

OPEN_AGE = 85
"""First age of the open class [year]."""

AGES: tuple[str, ...] = (*(f"a{age}" for age in range(OPEN_AGE)), "a85_plus")
"""Elements of the subscript `age`: completed age at the last 1 November."""

GROUPS: tuple[str, ...] = ("0", "1-4", *(f"{age}-{age + 4}" for age in range(5, OPEN_AGE, 5)), "85+")
"""Age groups of the census tables."""

GROUP_STARTS: tuple[int, ...] = (0, 1, *range(5, OPEN_AGE + 1, 5))
"""First age of every census group [year]."""

SEXES: tuple[str, ...] = ("female", "male")


def group_of_age() -> NDArray[np.int64]:
    """Return, for every class, the index of its census group."""
    return np.searchsorted(np.array(GROUP_STARTS), np.arange(OPEN_AGE + 1), side="right") - 1


def group_middles() -> Floats:
    """Return the middle of every census group [year]; the open one is read at 90."""
    starts = np.array(GROUP_STARTS, dtype=float)
    return np.append((starts[:-1] + starts[1:]) / 2, 90.0)


def single_years(groups: Floats, shares: dict[int, Floats] | None = None) -> Floats:
    """Spread counts of census groups over single years by a monotone curve through the cumulated counts.

    Args:
        groups: persons [person] (..., group).
        shares: for some groups, by index, the split over their single years where it is known from births.

    Returns:
        persons [person] (..., age); every group keeps its count.
    """
    cumulated = np.concatenate([np.zeros_like(groups[..., :1]), np.cumsum(groups[..., :-1], axis=-1)], axis=-1)
    curve = monotone(np.array(GROUP_STARTS, dtype=float), cumulated, np.arange(OPEN_AGE + 1, dtype=float))
    single = np.diff(curve, axis=-1)
    persons = np.concatenate([np.maximum(single, 0.0), groups[..., -1:]], axis=-1)
    for group, split in (shares or {}).items():
        persons[..., _ages_of(group)] = groups[..., group, None] * split
    return fit_groups(persons, groups)


def fit_groups(persons: Floats, groups: Floats) -> Floats:
    """Scale single years so that every census group holds its count [person]."""
    fitted = persons.copy()
    for group in range(len(GROUPS)):
        ages = _ages_of(group)
        total = persons[..., ages].sum(axis=-1, keepdims=True)
        target = groups[..., group, None]
        even = target / len(ages)
        scaled = persons[..., ages] * np.divide(target, total, out=np.zeros_like(total), where=total > 0)
        fitted[..., ages] = np.where(total > 0, scaled, even)
    return fitted


def _ages_of(group: int) -> NDArray[np.int64]:
    return np.flatnonzero(group_of_age() == group)


def births_split(births: dict[int, float], census: int) -> dict[int, Floats]:
    """Split the groups 1-4 and 5-9 of a census by the births of the calendar years behind them.

    Age x on 1 November of the census year was born from 1 November of the year before census - x: one sixth of that
    year's births and five sixths of the next. Deaths before the census differ too little between these ages to matter.

    Args:
        births: births of the province by calendar year [10,000 persons]; years between known ones are interpolated.
        census: the census year.
    """
    years = sorted(births)
    counts = np.array([births[year] for year in years])

    def of_class(age: int) -> float:
        first, second = np.interp([census - age - 1, census - age], years, counts)
        return float(first / 6 + second * 5 / 6)

    split: dict[int, Floats] = {}
    for group in (1, 2):
        weights = np.array([of_class(int(age)) for age in _ages_of(group)])
        split[group] = weights / weights.sum()
    return split


def exact(values: Floats) -> Floats:
    """Round persons to multiples of 2**-26, so that sums of any order over the province carry no rounding error."""
    return np.round(values * 2.0**26) / 2.0**26


def exact_parts(parts: Floats, total: Any) -> Floats:
    """Round parts (..., n) to multiples of 2**-26 whose sum is `total` exactly; the largest part takes the rest."""
    rounded = exact(parts)
    rest = exact(np.asarray(total, dtype=float)) - rounded.sum(axis=-1)
    largest = np.argmax(rounded, axis=-1)[..., None]
    np.put_along_axis(rounded, largest, np.take_along_axis(rounded, largest, axis=-1) + rest[..., None], axis=-1)
    return rounded


def migration_profile(schedule: dict[str, float]) -> Floats:
    """Return the model migration schedule of Rogers and Castro (1981) by class [dimensionless] (age).

    A class is x or x + 1 years old during the year, so it takes the mean of both ages.
    """
    age = np.arange(OPEN_AGE + 2, dtype=float)
    lag = age - schedule["mu2"]
    labour = schedule["a2"] * np.exp(-schedule["alpha2"] * lag - np.exp(-schedule["lambda2"] * lag))
    rate = schedule["a1"] * np.exp(-schedule["alpha1"] * age) + labour + schedule["c"]
    mean: Floats = (rate[:-1] + rate[1:]) / 2
    return mean
