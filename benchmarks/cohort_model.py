"""Vensim text of a cohort model, 84 places × 2 settlements × 2 sexes × 86 ages, and its core by hand.

Places move people of every age to every other place; all rates are invented (a seeded generator).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.county_model import equation

PLACES, AGES = 84, 86
STEPS = 60
STEP = 0.25  # [year]
Floats = NDArray[np.float64]
BY_AGE = ("profile", "mortality", "mobility", "fertility")

TEMPLATE = Path(__file__).parent / "models" / "cohorts.txt"


@dataclass(frozen=True)
class Inputs:
    """Invented rates.

    Attributes:
        start: persons per cell at age 0's weight (place).
        profile, mortality, mobility, fertility: by single age (age), rates a year.
        kernel: nearness, zero at home (place, place).
        attraction: (place).
    """

    start: Floats
    profile: Floats
    mortality: Floats
    mobility: Floats
    fertility: Floats
    kernel: Floats
    attraction: Floats


def inputs(places: int = PLACES, ages: int = AGES) -> Inputs:
    random = np.random.default_rng(84)
    position = random.uniform(0, 500, (places, 2))
    distance = np.linalg.norm(position[:, None] - position[None], axis=-1)
    age = np.arange(ages)
    digits = 6
    return Inputs(
        start=np.round(random.uniform(500, 4000, places), 0),
        profile=np.round(1 - (age / ages) ** 2, digits),
        mortality=np.round(0.0004 * np.exp(0.075 * age), digits),
        mobility=np.round(0.005 + 0.05 * np.exp(-(((age - 22) / 9) ** 2)), digits),
        fertility=np.round(0.11 * np.exp(-(((age - 28) / 6) ** 2)), digits),
        kernel=np.round(np.where(distance > 0, 1 / (1 + distance / 100) ** 2, 0), digits),
        attraction=np.round(random.uniform(0.5, 2, places), digits),
    )


def vector(values: Floats) -> str:
    return ",".join(np.format_float_positional(value, trim="-") for value in values)


def text(places: int = PLACES, ages: int = AGES, steps: int = STEPS) -> str:
    """Write the whole model as Vensim text."""
    given = inputs(places, ages)
    last, before = f"a{ages - 1}", f"a{ages - 2}"
    template = TEMPLATE.read_text(encoding="utf-8")
    body = template.replace("BEFORE LAST", before).replace("LAST", last).splitlines()
    kernel = ";".join(vector(row) for row in given.kernel) + ";"
    lines = [
        f"place: (p1-p{places})",
        f"age: (a0-{last})",
        f"middle: (a1-{before}) -> before middle",
        f"before middle: (a0-a{ages - 3}) -> middle",
        *body,
        f"start[place] = {vector(given.start)}",
        *(f"{name}[age] = {vector(getattr(given, name))}" for name in BY_AGE),
        f"attraction[place] = {vector(given.attraction)}",
        f"kernel[place,there] = {kernel}",
        "INITIAL TIME = 2020",
        f"FINAL TIME = {2020 + steps * STEP}",
        f"TIME STEP = {STEP}",
        "SAVEPER = 1",
    ]
    return "{UTF-8}\n" + "\n".join(equation(line) for line in lines)


def start_persons(given: Inputs) -> Floats:
    """Persons (place, settlement, sex, age) at the start."""
    cell = given.start[:, None] * given.profile[None, :]
    return np.ascontiguousarray(np.broadcast_to(cell[:, None, None, :], (len(given.start), 2, 2, cell.shape[1])))


def by_numpy(given: Inputs, steps: int = STEPS) -> Callable[[], Floats]:
    """Return the core as one would write it with NumPy: a function that runs it and gives the last persons."""
    start = start_persons(given)

    def run() -> Floats:
        persons = start.copy()
        for _ in range(steps):
            weight = given.kernel * (persons.sum(axis=(1, 2, 3)) * given.attraction)
            share = weight / weight.sum(axis=1, keepdims=True)
            leaving = persons * given.mobility
            change = -persons * given.mortality - leaving
            change += (share.T @ leaving.reshape(len(share), -1)).reshape(persons.shape)
            births = persons[:, :, 0] @ given.fertility
            change[..., 0] += births[:, :, None] / 2 - persons[..., 0]
            change[..., 1:-1] += persons[..., :-2] - persons[..., 1:-1]
            change[..., -1] += persons[..., -2]
            persons += STEP * change
        return persons

    return run


def years(
    persons: Floats, born: Floats, kernel: Floats, attraction: Floats, mortality: Floats, mobility: Floats,
    fertility: Floats, steps: int,
) -> Floats:
    """Step persons (place, settlement and sex, age) forward in loops over cells; numba compiles it."""
    places, groups, ages = persons.shape
    leaving, arriving, share = np.empty_like(persons), np.empty_like(persons), np.empty((places, places))
    for _ in range(steps):
        for i in range(places):
            pull = persons[i].sum() * attraction[i]
            for j in range(places):
                share[i, j] = kernel[j, i] * pull
            for g in range(groups):
                for a in range(ages):
                    leaving[i, g, a] = persons[i, g, a] * mobility[a]
        share /= share.sum(axis=0)
        np.dot(share, leaving.reshape(places, -1), arriving.reshape(places, -1))
        for i in range(places):
            for g in range(groups):
                row, come = persons[i, g], arriving[i, g]
                if g % 2 == 0:
                    born[i, g // 2] = np.dot(row, fertility)
                younger = born[i, g // 2] / 2
                for a in range(ages):
                    here = row[a]
                    stay = 0.0 if a == ages - 1 else here
                    row[a] = here + STEP * (younger - stay - here * (mortality[a] + mobility[a]) + come[a])
                    younger = here
    return persons


def by_numba(given: Inputs, steps: int = STEPS) -> Callable[[], Floats]:
    """Return the same core compiled by numba, loops over cells and a matrix product for the moves."""
    import numba  # type: ignore[import-not-found, import-untyped, unused-ignore]

    start = start_persons(given).reshape(len(given.start), 4, -1)
    born = np.empty((len(given.start), 2))
    g = given

    loop = numba.njit(years)

    def run() -> Floats:
        rates = (g.mortality, g.mobility, g.fertility)
        return np.asarray(loop(start.copy(), born, g.kernel, g.attraction, *rates, steps))

    return run
