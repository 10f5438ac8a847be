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
import scipy

from xiancheng.arrays import Floats
from xiancheng.calibration import path_draws, unknowns
from xiancheng.calibration.path_draws import Chance
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

    def at(self, rows: Sequence[int]) -> Draws:
        """Return some of the draws by position, in the order of `rows`."""
        people = tuple(self.people[row] for row in rows) if self.people else ()
        constants = {name: values[list(rows)] for name, values in self.constants.items()}
        paths = {name: tuple(own[row] for row in rows) for name, own in self.paths.items()}
        return Draws(len(rows), people, constants, paths)

    def member(self, row: int) -> dict[str, Floats | TimePath]:
        """Return what one draw puts in the place of the equations: values (*dims) and paths, by name."""
        return {**{name: values[row] for name, values in self.constants.items()},
                **{name: own[row] for name, own in self.paths.items()}}

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
    people = people_of(study, count, seed) if PEOPLE in chosen_groups else ()
    return of_chance(study, named_chance(count, seed), people, count, chosen_groups)


def of_chance(
    study: Study, chance: Chance, people: Sequence[int], count: int, groups: Iterable[str] = GROUPS
) -> Draws:
    """Return the draws that some streams of chance make.

    Args:
        study: the study.
        chance: standard normal numbers by the name of their stream, see `streams` (draw,).
        people: the member of the posterior of people of each draw; none keep people as the equations read them.
        count: of draws.
        groups: of GROUPS; what belongs to the others stays as the equations read it.

    Raises:
        StudyError: everything wrong in the tables.
    """
    chosen_groups = set(groups)
    every = unknowns.read(study)
    names = {row.name for row in every if row.group in chosen_groups or row.total or row.beside}
    names |= {row.beside for row in every}
    rows = [row for row in every if row.name in names]
    values = {(row.name, row.element): _values(row, count, chance, chosen_groups) for row in rows}
    _put_beside(rows, values)
    _add_up(rows, values)
    constants = _by_variable(study, rows, values, count)
    paths = path_draws.draws(study, chance) if PATH in chosen_groups else {}
    return Draws(count, tuple(people), {**of_people(study, people), **constants}, paths)


def streams(study: Study) -> tuple[str, ...]:
    """Return the names of all streams of chance that draws of everything but people come from."""
    labels = [label for row in unknowns.read(study) if row.is_drawn for label, share in _parts(row) if share > 0]
    return tuple(dict.fromkeys([*labels, *(label for name in unknowns.widenings(study)
                                           for label in path_draws.labels(name))]))


def stream_groups(study: Study) -> dict[str, str]:
    """Return by stream of chance the group that it belongs to; one that rows of several groups share, the first's."""
    groups: dict[str, str] = {}
    for row in unknowns.read(study):
        if row.is_drawn:
            for label, share in _parts(row):
                if share > 0:
                    groups.setdefault(label, row.group)
    return groups | {label: PATH for name in unknowns.widenings(study) for label in path_draws.labels(name)}


def normal(seed: int, label: str, count: int) -> Floats:
    """Return standard normal numbers of the stream that has this name (count,)."""
    stream = hashlib.sha256(f"{seed}|{label}".encode()).digest()[:16]
    return np.random.Generator(np.random.Philox(key=int.from_bytes(stream, "little"))).standard_normal(count)


def named_chance(count: int, seed: int) -> Chance:
    """Return the streams of chance of a seed."""
    return lambda label: normal(seed, label, count)


def score(row: Unknown, chance: Chance) -> Floats:
    """Return the distance of a number from its median [standard deviations of a normal] (count,)."""
    return np.asarray(sum(np.sqrt(share) * chance(label) for label, share in _parts(row) if share > 0))


def _parts(row: Unknown) -> tuple[tuple[str, float], ...]:
    """Return the streams that a number comes from, each with its share of the variance."""
    shared = TOGETHER if row.together else 0.0
    alike = max(ELEMENTS, shared) if row.element else shared
    return ((f"together {row.together}", shared), (f"parameter {row.name}", alike - shared),
            (f"number {row.name}[{row.element}]", 1.0 - alike))


def _values(row: Unknown, count: int, chance: Chance, chosen_groups: set[str]) -> Floats:
    if row.range is None or not row.is_drawn or row.group not in chosen_groups:
        return np.full(count, row.value)
    shares = np.clip(scipy.special.ndtr(score(row, chance)), _SURE, 1 - _SURE)
    values = row.range.at(shares)
    return values if row.least is None else np.maximum(values, row.least)


def _put_beside(rows: Sequence[Unknown], values: dict[tuple[str, str], Floats]) -> None:
    """Move numbers in proportion to the draw of the parameter that they are a part of."""
    totals = {row.name: row for row in rows if not row.element}
    for row in rows:
        if row.beside:
            moved = values[row.beside, ""] / totals[row.beside].value
            values[row.name, row.element] = values[row.name, row.element] * moved


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


def people_of(study: Study, count: int, seed: int) -> tuple[int, ...]:
    """Return the member of the posterior of people of each draw, every one once before any comes again."""
    if not (study.calibration / members.FILE).is_file():
        return ()
    numbers = sorted(members.read(study))
    order = np.argsort(normal(seed, PEOPLE, len(numbers)))
    return tuple(numbers[order[draw % len(numbers)]] for draw in range(count))


def of_people(study: Study, numbers: Sequence[int]) -> dict[str, Floats]:
    """Return what some members of the posterior of people bring, by name [its unit] (draw, …)."""
    if not numbers:
        return {}
    posterior = members.read(study)
    names = posterior[numbers[0]]
    return {name: np.array([posterior[number][name] for number in numbers], dtype=float) for name in names}
