"""What moves the results of a sweep, and the order of its scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps import draw, drawn, indices
from xiancheng.sweeps.design import DRAWN, Design, from_plain
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.indices import MorrisEffects, SobolIndices
from xiancheng.sweeps.store import Store
from xiancheng.texts import did_you_mean, phrase, phrase_list

STRICT, DROP = "strict", "drop"
LEVEL, RANK = "level", "rank"


@dataclass(frozen=True)
class Asked:
    """Some results of a sweep.

    Attributes:
        indicators: ids.
        year: calendar year.
        areas: ids.
        missing: STRICT refuses runs without a value, DROP leaves them out.
    """

    indicators: tuple[str, ...]
    year: int
    areas: tuple[str, ...]
    missing: str = STRICT


@dataclass(frozen=True, eq=False)
class Table:
    """Results by point and scenario.

    Attributes:
        store: the sweep.
        design: its design.
        asked: which results.
        values: (point, scenario, indicator, area) [unit of the indicator].
        groups: the points of each base point or trajectory that has all its values, (group, point).
    """

    store: Store
    design: Design
    asked: Asked
    values: Floats
    groups: NDArray[np.int64]

    @property
    def points(self) -> NDArray[np.int64]:
        """Return the points that are looked at."""
        return self.groups.ravel()


@dataclass(frozen=True)
class Result:
    """One number of every point: the level of an indicator under a scenario, or the rank of the scenario."""

    kind: str
    scenario: str
    indicator: str
    area: str


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices or effects of some results (factor, result)."""

    factors: tuple[Factor, ...]
    results: tuple[Result, ...]
    found: SobolIndices | MorrisEffects


@dataclass(frozen=True)
class Reversal:
    """How two scenarios stand to each other.

    Attributes:
        indicator: id; area: id.
        first: the scenario that lies above in most points; second: the other.
        share: of the points in which it does.
        below: share of the points in which it lies below.
        factor: what differs most between these points and the rest, "" where there are none.
        high: whether it is high where the order reverses.
    """

    indicator: str
    area: str
    first: str
    second: str
    share: float
    below: float
    factor: str = ""
    high: bool = False


def asked(
    store: Store, indicators: Sequence[str] = (), year: int | None = None, areas: Sequence[str] = (),
    missing: str = STRICT,
) -> Asked:
    """Check what a user wants to look at: all indicators, the last year and the first area unless named.

    Raises:
        StudyError: anything that this sweep does not hold.
    """
    labels = store.told["labels"]
    chosen: dict[str, list[Any]] = {
        "indicator": list(indicators) or labels["indicator"],
        "year": [year if year is not None else labels["year"][-1]],
        "area": list(areas) or labels["area"][:1],
    }
    problems = [
        Problem("", phrase("sweep.selection", kind=phrase(f"sweep.axis_{kind}"), name=name),
                phrase_list(str(one) for one in labels[kind]), did_you_mean(str(name), map(str, labels[kind])))
        for kind, names in chosen.items() for name in names if name not in labels[kind]
    ]
    if missing not in (STRICT, DROP):
        found = phrase("sweep.wrong_value", key="--missing", value=missing)
        problems.append(Problem("", found, phrase("sweep.choose_drop")))
    if problems:
        raise StudyError(problems)
    return Asked(tuple(chosen["indicator"]), chosen["year"][0], tuple(chosen["area"]), missing)


def table(store: Store, wanted: Asked) -> Table:
    """Read results by point and scenario.

    Raises:
        StudyError: a design of somebody's own, or runs without a value that the user did not say what to do about.
    """
    design = from_plain(store.told["design"])
    if design.sampler == DRAWN:
        found = phrase("sweep.not_indices", sampler=design.sampler)
        raise StudyError(Problem(str(store.folder), found, phrase_list(draw.SAMPLERS)))
    values = _read(store, wanted).reshape(design.points, len(design.scenarios), len(wanted.indicators), -1)
    wanted, values = _with_values(store, wanted, values)
    whole = np.isfinite(values).all(axis=(1, 2, 3)).reshape(-1, _group(design))
    good = whole.all(axis=1)
    if not good.all() and wanted.missing == STRICT:
        raise StudyError(_holes(store, wanted, values))
    if good.sum() < 2:
        found = phrase("sweep.incomplete", count=int((~whole).sum()), runs=whole.size)
        raise StudyError(Problem(str(store.folder), found, phrase("sweep.missing_allowed")))
    groups = np.arange(whole.size).reshape(whole.shape)[good]
    return Table(store, design, wanted, values, groups)


def _group(design: Design) -> int:
    """Return how many points belong together."""
    more = {draw.SALTELLI: 2, draw.MORRIS: 1}.get(design.sampler)
    return 1 if more is None else len(design.factors) + more


def _read(store: Store, wanted: Asked) -> Floats:
    """Return (run, indicator, area); what is not there is missing."""
    labels = store.told["labels"]
    rows = [labels["indicator"].index(name) for name in wanted.indicators]
    year = labels["year"].index(wanted.year)
    columns = [labels["area"].index(name) for name in wanted.areas]
    found = np.full((store.runs, len(rows), len(columns)), np.nan)
    for block in range(store.blocks):
        if store.receipt(block) is not None:
            first = block * store.block
            part = store.read(block)[:, rows, year][:, :, columns]
            found[first : first + len(part)] = part
    return found


def _with_values(store: Store, wanted: Asked, values: Floats) -> tuple[Asked, Floats]:
    """Leave out indicators that never have a value in an area asked for; all being so is refused."""
    by_area: Any = np.isnan(values).all(axis=(0, 1))
    never = np.asarray(by_area.any(axis=1))
    if never.all():
        raise StudyError(
            Problem(str(store.folder), phrase("sweep.no_values", name=name, area=phrase_list(wanted.areas)))
            for name in wanted.indicators
        )
    kept = tuple(name for row, name in enumerate(wanted.indicators) if not never[row])
    return Asked(kept, wanted.year, wanted.areas, wanted.missing), values[:, :, ~never]


def _holes(store: Store, wanted: Asked, values: Floats) -> list[Problem]:
    return [
        Problem(str(store.folder),
                phrase("sweep.missing_values", name=name, year=wanted.year, area=area, count=int(count),
                       runs=store.runs),
                phrase("sweep.missing_allowed"), phrase("sweep.missing_hint"))
        for row, name in enumerate(wanted.indicators) for column, area in enumerate(wanted.areas)
        if (count := (~np.isfinite(values[:, :, row, column])).sum())
    ]


def sensitivity(held: Table) -> Sensitivity:
    """Return the indices of a saltelli design, or the effects of a Morris design, on levels and on ranks.

    Raises:
        StudyError: another design.
    """
    design, wanted = held.design, held.asked
    if design.sampler not in (draw.SALTELLI, draw.MORRIS):
        found = phrase("sweep.not_indices", sampler=design.sampler)
        raise StudyError(Problem(str(held.store.folder), found, phrase("sweep.indices_allowed")))
    values = held.values[held.points]
    kinds = [(LEVEL, values)]
    if len(design.scenarios) > 1:
        kinds.append((RANK, stats.rankdata(-values, axis=1)))
    names = [
        Result(kind, scenario, indicator, area)
        for kind, _ in kinds for scenario in design.scenarios for indicator in wanted.indicators
        for area in wanted.areas
    ]
    numbers = np.concatenate([one.reshape(len(values), -1) for _, one in kinds], axis=1)
    count = len(design.factors)
    if design.sampler == draw.SALTELLI:
        return Sensitivity(design.factors, tuple(names), indices.sobol(numbers, count, design.seed))
    cube = np.concatenate(list(draw.points(design.sampler, design.n, count, design.seed, design.levels)))
    return Sensitivity(design.factors, tuple(names), indices.morris(numbers, cube[held.points]))


def reversals(held: Table) -> list[Reversal]:
    """Return how each pair of scenarios stands in each indicator and area.

    Raises:
        StudyError: one scenario alone.
    """
    design, wanted = held.design, held.asked
    if len(design.scenarios) < 2:
        found = phrase("sweep.one_scenario")
        raise StudyError(Problem(str(held.store.folder), found, phrase("sweep.two_scenarios")))
    places = _places(held)
    return [
        _reversal(held, places, pair, (row, name), (column, area))
        for row, name in enumerate(wanted.indicators) for column, area in enumerate(wanted.areas)
        for pair in combinations(range(len(design.scenarios)), 2)
    ]


def _places(held: Table) -> Floats:
    """Return where the factors of each point stand among all points, from 0 to 1 (point, factor)."""
    file, count = held.store.folder / drawn.FILE, len(held.design.scenarios)
    columns = [drawn.values(file, factor)[::count][held.points] for factor in held.design.factors]
    return np.stack([stats.rankdata(column) / len(column) for column in columns], axis=1)


def _reversal(
    held: Table, places: Floats, pair: tuple[int, int], indicator: tuple[int, str], area: tuple[int, str]
) -> Reversal:
    first, second = pair
    values = held.values[held.points][:, :, indicator[0], area[0]]
    gap = values[:, first] - values[:, second]
    if (gap > 0).sum() < (gap < 0).sum():
        first, second, gap = second, first, -gap
    turned = gap < 0
    names = held.design.scenarios[first], held.design.scenarios[second]
    shares = float((gap > 0).mean()), float(turned.mean())
    if not turned.any() or not len(held.design.factors):
        return Reversal(indicator[1], area[1], *names, *shares)
    apart = places[turned].mean(axis=0) - places[~turned].mean(axis=0)
    most = int(np.abs(apart).argmax())
    return Reversal(indicator[1], area[1], *names, *shares, held.design.factors[most].id, bool(apart[most] > 0))


def swings(held: Table, scenario: int, indicator: int, area: int) -> Floats:
    """Return the mean of a result where each factor is low and where it is high (factor, 2) [its unit].

    Low and high are the fifths of the points with the lowest and highest values; of choices, those with the least and
    the largest mean.
    """
    file, count = held.store.folder / drawn.FILE, len(held.design.scenarios)
    results = held.values[held.points, scenario, indicator, area]
    found = []
    for factor in held.design.factors:
        values = drawn.values(file, factor)[::count][held.points]
        if factor.discrete:
            means = [results[values == one].mean() for one in np.unique(values)]
            found.append([min(means), max(means)])
        else:
            low, high = np.quantile(values, [0.2, 0.8])
            found.append([results[values <= low].mean(), results[values >= high].mean()])
    return np.array(found)
