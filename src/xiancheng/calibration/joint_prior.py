"""Draws from what is not known, all of it at once: people from their posterior, everything else from its prior.

Elements of one parameter correlate at 0.7 and effects of levers of one cap group at 0.5, on the scale of a normal.
Every number has its own stream of chance, named after it: another row changes no draw of the others, and the first
draws are the same however many are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from xiancheng.arrays import Floats
from xiancheng.calibration import path_draws, unknowns
from xiancheng.calibration.unknowns import GROUPS, PATH, PEOPLE, Unknown
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.model import catalogue, members
from xiancheng.study import Study

ELEMENTS, TOGETHER = 0.7, 0.5
"""Correlation of the elements of one parameter, and of parameters that share a cap."""
_SURE = 1e-12
"""Probability that no draw passes at either end, so that no value is infinite."""
_WHOLE = 1.0


@dataclass(frozen=True)
class Draws:
    """Values by variable of the equations, one along the first axis for each draw.

    Attributes:
        count: of draws.
        people: the member of the posterior that each draw has, empty where people are not drawn.
        constants: numbers (draw,) or arrays (draw, element) [unit of the variable].
        paths: one path for each draw.
    """

    count: int
    people: tuple[int, ...]
    constants: Mapping[str, Floats]
    paths: Mapping[str, tuple[TimePath, ...]]

    def but(self, names: Collection[str]) -> Draws:
        """Return the draws without some variables, which others set."""
        keys = {key(name) for name in names}
        constants = {name: values for name, values in self.constants.items() if key(name) not in keys}
        paths = {name: own for name, own in self.paths.items() if key(name) not in keys}
        return Draws(self.count, self.people, constants, paths)

    def parameters(self) -> dict[str, Floats | list[TimePath]]:
        """Return what the engine takes for a batch of runs."""
        return {**self.constants, **{name: list(paths) for name, paths in self.paths.items()}}


def draws(study: Study, count: int, seed: int, groups: Iterable[str] = GROUPS) -> Draws:
    """Draw all that is not known.

    Args:
        study: the study.
        count: of draws.
        seed: of chance; the same seed gives the same draws.
        groups: of GROUPS; what belongs to the others stays as the equations read it.

    Raises:
        StudyError: everything wrong in the tables.
    """
    chosen_groups = set(groups)
    every = unknowns.read(study)
    names = {row.name for row in every if row.group in chosen_groups or row.total}
    rows = [row for row in every if row.name in names]
    values = {(row.name, row.element): _values(row, count, seed, chosen_groups) for row in rows}
    _add_up(rows, values)
    constants = _by_variable(study, rows, values, count)
    people, own = _people(study, count, seed) if PEOPLE in chosen_groups else ((), {})
    paths = path_draws.draws(study, _named_chance(count, seed)) if PATH in chosen_groups else {}
    return Draws(count, people, {**own, **constants}, paths)


def normal(seed: int, label: str, count: int) -> Floats:
    """Return standard normal numbers of the stream that has this name (count,)."""
    stream = hashlib.sha256(f"{seed}|{label}".encode()).digest()[:16]
    return np.random.Generator(np.random.Philox(key=int.from_bytes(stream, "little"))).standard_normal(count)


def _named_chance(count: int, seed: int) -> path_draws.Chance:
    return lambda label: normal(seed, label, count)


def score(row: Unknown, count: int, seed: int) -> Floats:
    """Return the distance of a number from its median [standard deviations of a normal] (count,)."""
    shared = TOGETHER if row.together else 0.0
    alike = max(ELEMENTS, shared) if row.element else shared
    parts = ((f"together {row.together}", shared), (f"parameter {row.name}", alike - shared),
             (f"number {row.name}[{row.element}]", 1.0 - alike))
    return np.asarray(sum(np.sqrt(part) * normal(seed, label, count) for label, part in parts if part > 0))


def _values(row: Unknown, count: int, seed: int, chosen_groups: set[str]) -> Floats:
    if row.range is None or not row.is_drawn or row.group not in chosen_groups:
        return np.full(count, row.value)
    shares = np.clip(special.ndtr(score(row, count, seed)), _SURE, 1 - _SURE)
    return row.range.at(shares)


def _add_up(rows: Sequence[Unknown], values: dict[tuple[str, str], Floats]) -> None:
    """Scale the numbers of each set so that they add up to 1 with what the set leaves to others."""
    sets: dict[str, list[Unknown]] = {}
    for row in rows:
        if row.total:
            sets.setdefault(row.total, []).append(row)
    for together in sets.values():
        rest = max(0.0, _WHOLE - sum(row.value for row in together))
        total = rest + sum(values[row.name, row.element] for row in together)
        if not np.allclose(total, _WHOLE, rtol=0, atol=1e-12):
            for row in together:
                values[row.name, row.element] = values[row.name, row.element] / total


def _by_variable(
    study: Study, rows: Sequence[Unknown], values: Mapping[tuple[str, str], Floats], count: int
) -> dict[str, Floats]:
    """Return the variables of which any number moves; elements in the order of the equations."""
    elements, variables = catalogue.elements(study), {variable.name: variable for variable in catalogue.read(study)}
    by_name: dict[str, list[Unknown]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    constants: dict[str, Floats] = {}
    for name, own in by_name.items():
        moved = {key(row.element): values[name, row.element] for row in own}
        if all((numbers == row.value).all() for row, numbers in zip(own, moved.values(), strict=True)):
            continue
        dims = variables[name].dims
        order = [key(element) for element in elements[dims[0]]] if dims else [""]
        columns = [moved.get(element, np.full(count, np.nan)) for element in order]
        constants[name] = np.stack(columns, axis=1) if dims else columns[0]
    return constants


def _people(study: Study, count: int, seed: int) -> tuple[tuple[int, ...], dict[str, Floats]]:
    """Return the member of each draw, every member once before any comes again, and what members bring."""
    if not (study.calibration / members.FILE).is_file():
        return (), {}
    posterior = members.read(study)
    numbers = sorted(posterior)
    order = np.argsort(normal(seed, PEOPLE, len(numbers)))
    chosen = tuple(numbers[order[draw % len(numbers)]] for draw in range(count))
    return chosen, of_people(study, chosen)


def of_people(study: Study, numbers: Sequence[int]) -> dict[str, Floats]:
    """Return what some members of the posterior of people bring, by name [its unit] (draw, …)."""
    if not numbers:
        return {}
    posterior = members.read(study)
    names = posterior[numbers[0]]
    return {name: np.array([posterior[number][name] for number in numbers], dtype=float) for name in names}
