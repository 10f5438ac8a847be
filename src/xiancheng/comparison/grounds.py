"""What a claim rests on: the levers that move this indicator, by how much, and the constants that clearly do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.calibration import unknowns, whole_members
from xiancheng.calibration.unknowns import PEOPLE, Unknown
from xiancheng.comparison import bands
from xiancheng.engine.source import key
from xiancheng.model import catalogue, members
from xiancheng.study import Study

FEWEST = 10
"""Members below which no number can be said to move a claim."""
_CHANCE = 0.05
"""Probability that any number at all of those tried would seem to move a claim and does not."""
_SEPARATOR = "-"
_CALIBRATED = "calibrated"
_FOLDERS = 2
"""Folders above the constants of a table of its own that is no lever's."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A number in which members differ.

    Attributes:
        name: of the constant, with its element in brackets; unit: of the constant.
        group: of what is not known; lever: in whose folder it stands, "" for none.
        evidence: its mark.
        values: by member, in the order of the members [unit].
    """

    name: str
    unit: str
    group: str
    lever: str
    evidence: str
    values: Floats


def drawn(study: Study, numbers: Sequence[int], kind: str) -> list[Drawn]:
    """Return every number in which some members differ.

    Args:
        study: the study.
        numbers: of the members; none for none.
        kind: of members.
    """
    if not numbers:
        return []
    if kind != whole_members.WHOLE:
        return _of_people(study, numbers)
    ensemble = whole_members.read(study)
    rows = np.array(numbers) - 1
    people = _of_people(study, [ensemble.people[row] for row in rows]) if ensemble.people else []
    columns = _columns(study, {key(name): values[rows] for name, values in ensemble.constants.items()})
    own = [_of_row(row, columns[key(row.name), key(row.element)]) for row in unknowns.read(study)
           if row.is_drawn and (key(row.name), key(row.element)) in columns]
    return [*people, *(item for item in own if np.ptp(item.values) > 0)]


def _of_people(study: Study, numbers: Sequence[int]) -> list[Drawn]:
    posterior = members.read(study)
    rows = [posterior[number] for number in numbers]
    units = {variable.name: variable.unit for variable in catalogue.read(study)}
    numbers_of = {name: np.array([row[name] for row in rows], dtype=float)
                  for name, value in rows[0].items() if np.ndim(value) == 0}
    return [Drawn(name, units.get(name, ""), PEOPLE, "", _CALIBRATED, own) for name, own in numbers_of.items()]


def _columns(study: Study, values: Mapping[str, Floats]) -> dict[tuple[str, str], Floats]:
    """Return what members hold by keys of the constant and of its element, "" for one number (member,)."""
    elements, dims = catalogue.elements(study), {key(item.name): item.dims for item in catalogue.read(study)}
    columns: dict[tuple[str, str], Floats] = {}
    for name, own in values.items():
        order = [key(element) for element in elements[dims[name][0]]] if own.ndim > 1 else [""]
        columns |= {(name, element): column for element, column in zip(order, np.atleast_2d(own.T), strict=True)}
    return columns


def _of_row(row: Unknown, values: Floats) -> Drawn:
    name = f"{row.name}[{row.element}]" if row.element else row.name
    folders = row.file.split("/")
    return Drawn(name, row.unit, row.group, folders[-2] if len(folders) > _FOLDERS else "", row.evidence, values)


def bearing(numbers: Iterable[Drawn], levers: Iterable[str]) -> list[Drawn]:
    """Return the numbers that can bear on an option: those of its own levers, and all that belong to none.

    Args:
        numbers: as of `drawn`.
        levers: ids of the levers that the option pulls.
    """
    pulled = {"", *levers}
    return [item for item in numbers if item.lever in pulled]


@dataclass(frozen=True)
class Lean:
    """How a change leans on a number.

    Attributes:
        number: the number.
        slope: of the change against it [unit of the change for each unit of the number].
        level: of the change at 0 of the number [unit of the change].
        part: of the variance of the change that the line holds.
    """

    number: Drawn
    slope: float
    level: float
    part: float


def leans(changes: Floats, numbers: Sequence[Drawn]) -> list[Lean]:
    """Return the numbers on which a change clearly leans, the largest part first.

    Clearly: by linear regression with so small a probability of chance that among all numbers tried one in twenty such
    tables holds a false one (Bonferroni).

    Args:
        changes: by member [unit].
        numbers: with values by the same members.
    """
    finite = np.isfinite(changes)
    count = int(finite.sum())
    if count < FEWEST or not numbers or np.ptp(changes[finite]) == 0:
        return []
    values = np.array([item.values[finite] for item in numbers])
    spread = values.std(axis=1)
    apart = changes[finite] - changes[finite].mean()
    moments = (values - values.mean(axis=1, keepdims=True)) @ apart / count
    with np.errstate(all="ignore"):
        correlation = np.nan_to_num(moments / (spread * apart.std()))
        slope = np.nan_to_num(moments / spread**2)
    clear = np.abs(correlation) >= _least_correlation(count, len(numbers))
    level = changes[finite].mean() - slope * values.mean(axis=1)
    leans = [Lean(numbers[row], float(slope[row]), float(level[row]), float(correlation[row] ** 2))
             for row in np.flatnonzero(clear).tolist()]
    return sorted(leans, key=lambda lean: -lean.part)


def _least_correlation(count: int, tried: int) -> float:
    bound = float(stats.t.ppf(1 - _CHANCE / tried / 2, count - 2))
    return bound / float(np.sqrt(count - 2 + bound**2))


@dataclass(frozen=True)
class Loss:
    """What goes of a change without a lever: size [unit], and the part of the lever's effect that leaves nothing."""

    size: float
    nothing: float


def without_one(without: xr.Dataset, option: str) -> dict[str, str]:
    """Return the scenarios of an option without one of its levers, by the id of the lever.

    Args:
        without: indicators of options without one of their levers.
        option: letter.
    """
    names = (str(name).partition(_SEPARATOR) for name in without["scenario"].values)
    return {lever: _SEPARATOR.join((letter, lever)) for letter, _, lever in names if letter == option}


def by_lever(option: Floats, baseline: Floats, without: Mapping[str, Floats]) -> dict[str, Loss]:
    """Return what goes of a change without each lever of an option, medians of the members that ran both.

    Args:
        option: an indicator of the option in one area, year and condition (member) [unit].
        baseline: of what the change is against (member) [unit].
        without: of the option without each of its levers, by its id (member) [unit].
    """
    change = bands.change(option, baseline)
    return {lever: _loss(change, bands.change(option, row)) for lever, row in without.items()}


def _loss(change: Floats, loss: Floats) -> Loss:
    finite = np.isfinite(change) & np.isfinite(loss)
    if not finite.any():
        return Loss(np.nan, np.nan)
    size = float(np.median(loss[finite]))
    return Loss(size, 1 - float(np.median(change[finite])) / size if size else np.nan)


def marks(
    lost: Mapping[str, Loss], leaning: Iterable[Lean], evidence: Mapping[str, str]
) -> list[tuple[str, float]]:
    """Return mark and weight of what moves a claim: levers share one, each number adds the part that leans on it.

    Args:
        lost: what goes of the change without each lever.
        leaning: the numbers that the change clearly leans on.
        evidence: mark of the effect of each lever by id.
    """
    sizes = {name: abs(loss.size) for name, loss in lost.items() if loss.size == loss.size}
    total = sum(sizes.values())
    weights = {name: size / total for name, size in sizes.items()} if total > 0 else {}
    return [*((evidence[name], weight) for name, weight in weights.items() if name in evidence),
            *((lean.number.evidence, lean.part) for lean in leaning)]
