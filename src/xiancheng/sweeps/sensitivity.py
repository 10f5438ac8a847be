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
class Selection:
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
class ResultTable:
    """Results by point and scenario.

    Attributes:
        store: the sweep.
        design: its design.
        selection: which results.
        values: (point, scenario, indicator, area) [unit of the indicator].
        groups: the points of each base point or trajectory that has all its values, (group, point).
    """

    store: Store
    design: Design
    selection: Selection
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
    values: SobolIndices | MorrisEffects


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


def select(
    store: Store, indicators: Sequence[str] = (), year: int | None = None, areas: Sequence[str] = (),
    missing: str = STRICT,
) -> Selection:
    """Check what a user wants to look at: all indicators, the last year and the first area unless named.

    Raises:
        StudyError: anything that this sweep does not hold.
    """
    labels = store.manifest["labels"]
    chosen: dict[str, list[Any]] = {
        "indicator": list(indicators) or labels["indicator"],
        "year": [year if year is not None else labels["year"][-1]],
        "area": list(areas) or labels["area"][:1],
    }
    problems = [
        Problem("", phrase("sweep.selection", kind=phrase(f"sweep.axis_{kind}"), name=name),
                phrase_list(str(label) for label in labels[kind]), did_you_mean(str(name), map(str, labels[kind])))
        for kind, names in chosen.items() for name in names if name not in labels[kind]
    ]
    if missing not in (STRICT, DROP):
        sentence = phrase("sweep.wrong_value", key="--missing", value=missing)
        problems.append(Problem("", sentence, phrase("sweep.choose_drop")))
    if problems:
        raise StudyError(problems)
    return Selection(tuple(chosen["indicator"]), chosen["year"][0], tuple(chosen["area"]), missing)


def table(store: Store, selection: Selection) -> ResultTable:
    """Read results by point and scenario.

    Raises:
        StudyError: a design of somebody's own, or runs without a value that the user did not say what to do about.
    """
    design = from_plain(store.manifest["design"])
    if design.sampler == DRAWN:
        sentence = phrase("sweep.not_indices", sampler=design.sampler)
        raise StudyError(Problem(str(store.folder), sentence, phrase_list(draw.SAMPLERS)))
    values = _read(store, selection).reshape(design.points, len(design.scenarios), len(selection.indicators), -1)
    selection, values = _with_values(store, selection, values)
    complete = np.isfinite(values).all(axis=(1, 2, 3)).reshape(-1, _group(design))
    good = complete.all(axis=1)
    if not good.all() and selection.missing == STRICT:
        raise StudyError(_holes(store, selection, values))
    if good.sum() < 2:
        sentence = phrase("sweep.incomplete", count=int((~complete).sum()), runs=complete.size)
        raise StudyError(Problem(str(store.folder), sentence, phrase("sweep.missing_allowed")))
    groups = np.arange(complete.size).reshape(complete.shape)[good]
    return ResultTable(store, design, selection, values, groups)


def _group(design: Design) -> int:
    """Return how many points belong together."""
    more = {draw.SALTELLI: 2, draw.MORRIS: 1}.get(design.sampler)
    return 1 if more is None else len(design.factors) + more


def _read(store: Store, selection: Selection) -> Floats:
    """Return (run, indicator, area); what is not there is missing."""
    labels = store.manifest["labels"]
    rows = [labels["indicator"].index(name) for name in selection.indicators]
    year = labels["year"].index(selection.year)
    columns = [labels["area"].index(name) for name in selection.areas]
    values = np.full((store.runs, len(rows), len(columns)), np.nan)
    for block in range(store.blocks):
        if store.receipt(block) is not None:
            first = block * store.block
            part = store.read(block)[:, rows, year][:, :, columns]
            values[first : first + len(part)] = part
    return values


def _with_values(store: Store, selection: Selection, values: Floats) -> tuple[Selection, Floats]:
    """Leave out indicators that never have a value in an area asked for; all being so is refused."""
    by_area: Any = np.isnan(values).all(axis=(0, 1))
    never = np.asarray(by_area.any(axis=1))
    if never.all():
        raise StudyError(
            Problem(str(store.folder), phrase("sweep.no_values", name=name, area=phrase_list(selection.areas)))
            for name in selection.indicators
        )
    names = tuple(name for row, name in enumerate(selection.indicators) if not never[row])
    return Selection(names, selection.year, selection.areas, selection.missing), values[:, :, ~never]


def _holes(store: Store, selection: Selection, values: Floats) -> list[Problem]:
    return [
        Problem(str(store.folder),
                phrase("sweep.missing_values", name=name, year=selection.year, area=area, count=int(count),
                       runs=store.runs),
                phrase("sweep.missing_allowed"), phrase("sweep.missing_hint"))
        for row, name in enumerate(selection.indicators) for column, area in enumerate(selection.areas)
        if (count := (~np.isfinite(values[:, :, row, column])).sum())
    ]


def sensitivity(table: ResultTable) -> Sensitivity:
    """Return the indices of a saltelli design, or the effects of a Morris design, on levels and on ranks.

    Raises:
        StudyError: another design.
    """
    design, selection = table.design, table.selection
    if design.sampler not in (draw.SALTELLI, draw.MORRIS):
        sentence = phrase("sweep.not_indices", sampler=design.sampler)
        raise StudyError(Problem(str(table.store.folder), sentence, phrase("sweep.indices_allowed")))
    values = table.values[table.points]
    kinds = [(LEVEL, values)]
    if len(design.scenarios) > 1:
        kinds.append((RANK, stats.rankdata(-values, axis=1)))
    names = [
        Result(kind, scenario, indicator, area)
        for kind, _ in kinds for scenario in design.scenarios for indicator in selection.indicators
        for area in selection.areas
    ]
    numbers = np.concatenate([measures.reshape(len(values), -1) for _, measures in kinds], axis=1)
    count = len(design.factors)
    if design.sampler == draw.SALTELLI:
        return Sensitivity(design.factors, tuple(names), indices.sobol(numbers, count, design.seed))
    cube = np.concatenate(list(draw.points(design.sampler, design.n, count, design.seed, design.levels)))
    return Sensitivity(design.factors, tuple(names), indices.morris(numbers, cube[table.points]))


def reversals(table: ResultTable) -> list[Reversal]:
    """Return how each pair of scenarios stands in each indicator and area.

    Raises:
        StudyError: one scenario alone.
    """
    design, selection = table.design, table.selection
    if len(design.scenarios) < 2:
        sentence = phrase("sweep.one_scenario")
        raise StudyError(Problem(str(table.store.folder), sentence, phrase("sweep.two_scenarios")))
    places = _places(table)
    return [
        _reversal(table, places, pair, (row, name), (column, area))
        for row, name in enumerate(selection.indicators) for column, area in enumerate(selection.areas)
        for pair in combinations(range(len(design.scenarios)), 2)
    ]


def _places(table: ResultTable) -> Floats:
    """Return where the factors of each point stand among all points, from 0 to 1 (point, factor)."""
    file, count = table.store.folder / drawn.FILE, len(table.design.scenarios)
    columns = [drawn.values(file, factor)[::count][table.points] for factor in table.design.factors]
    return np.stack([stats.rankdata(column) / len(column) for column in columns], axis=1)


def _reversal(
    table: ResultTable, places: Floats, pair: tuple[int, int], indicator: tuple[int, str], area: tuple[int, str]
) -> Reversal:
    first, second = pair
    values = table.values[table.points][:, :, indicator[0], area[0]]
    gap = values[:, first] - values[:, second]
    if (gap > 0).sum() < (gap < 0).sum():
        first, second, gap = second, first, -gap
    turned = gap < 0
    names = table.design.scenarios[first], table.design.scenarios[second]
    shares = float((gap > 0).mean()), float(turned.mean())
    if not turned.any() or not len(table.design.factors):
        return Reversal(indicator[1], area[1], *names, *shares)
    apart = places[turned].mean(axis=0) - places[~turned].mean(axis=0)
    most = int(np.abs(apart).argmax())
    return Reversal(indicator[1], area[1], *names, *shares, table.design.factors[most].id, bool(apart[most] > 0))


def swings(table: ResultTable, scenario: int, indicator: int, area: int) -> Floats:
    """Return the mean of a result where each factor is low and where it is high (factor, 2) [its unit].

    Low and high are the fifths of the points with the lowest and highest values; of choices, those with the least and
    the largest mean.
    """
    file, count = table.store.folder / drawn.FILE, len(table.design.scenarios)
    results = table.values[table.points, scenario, indicator, area]
    ends = []
    for factor in table.design.factors:
        values = drawn.values(file, factor)[::count][table.points]
        if factor.discrete:
            means = [results[values == value].mean() for value in np.unique(values)]
            ends.append([min(means), max(means)])
        else:
            low, high = np.quantile(values, [0.2, 0.8])
            ends.append([results[values <= low].mean(), results[values >= high].mean()])
    return np.array(ends)
