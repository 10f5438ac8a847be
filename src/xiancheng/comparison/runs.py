"""The runs of a comparison: every option and the baseline under every stress and member, on one compiled program."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.whole_members import PEOPLE, WHOLE
from xiancheng.comparison import gathering, reuse
from xiancheng.comparison.gathering import AREAS, Archive
from xiancheng.comparison.request import IN_STRESSES, REFERENCE, ComparisonRequest
from xiancheng.comparison.reuse import Reused, Row, mark
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.model.build import BuiltRun
from xiancheng.model.places import PLACE
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, journey, places
from xiancheng.outputs import result as results
from xiancheng.scenarios.scenario import stressed
from xiancheng.study import Study
from xiancheng.sweeps import drawn, work
from xiancheng.sweeps import journey as sweeps
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps.design import DRAWN, Design
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.sweeps.store import Store
from xiancheng.texts import LANGUAGES, phrase

BASELINE = "baseline"
"""Coordinate of the baseline on the axis of scenarios; options bear their letters, one without a lever A-lever."""
WITHOUT_MEMBERS = 4
"""Members that options without one of their levers run at most."""
_TITLES = {PEOPLE: {"zh": "后验样本", "en": "Member of the posterior"},
           WHOLE: {"zh": "全模型样本", "en": "Member of the whole model"}}
_BLOCK = 64
_SEPARATOR = "|"


@dataclass(frozen=True)
class OptionRuns:
    """What the runs of a comparison gave; numbers are laid out when they are looked at.

    Attributes:
        areas: indicators (scenario, stress, member, year, area), areas the list and the province.
        places: indicators (scenario, stress, member, year, place), in the first and the last year.
        without: indicators (scenario, member, year, area) of each option without one of its levers, in the reference.
        failed: how many runs gave no usable result.
        reused: how many runs were read from a sweep; fresh: how many were not.
    """

    areas: xr.Dataset
    places: xr.Dataset
    without: xr.Dataset
    failed: int = 0
    reused: int = 0
    fresh: int = 0


@dataclass(frozen=True)
class Axes:
    """Where each run stands.

    Attributes:
        told: the scenarios that run, by id.
        owner: id of the scenario that stands for an option's letter under a stress.
        without: the same for each option without one of its levers.
        rows: the runs.
    """

    told: dict[str, Scenario]
    owner: dict[tuple[str, str], str]
    without: dict[str, str]
    rows: list[Row]

    def only(self, rows: list[Row]) -> Axes:
        """Return some of the runs with their scenarios."""
        names = dict.fromkeys(name for name, _ in rows)
        return replace(self, told={name: self.told[name] for name in names}, rows=rows)


def run(
    study: Study, request: ComparisonRequest, *, by_lever: bool = True, store: Path | None = None,
    progress: Callable[[work.RunTally], None] = lambda tally: None,
) -> OptionRuns:
    """Run a comparison, as far as its runs are not stored.

    Args:
        study: the study.
        request: what is compared.
        by_lever: whether each option runs without each of its levers too.
        store: folder where runs are kept and found again, or a sweep that holds them; a passing one when None.
        progress: called after every block.

    Raises:
        StudyError: every problem of the study, another comparison in the store, a sweep that holds nothing of use, or
            no usable run.
    """
    tables.check(study.root)
    all_axes = axes(request, by_lever)
    stock = held_by(study, request, all_axes, store)
    rest = all_axes.only([row for row in all_axes.rows if stock is None or row not in stock.rows])
    first = next(iter(rest.told or all_axes.told))
    complete = None if stock else _complete_store(study, request, rest, store)
    built = {name: _built(study, request, all_axes, name) for name in ((not complete and rest.told) or [first])}
    archive = gathering.empty(len(indicators.read(study)), len(all_axes.rows), request.end - request.start + 1,
                           len(built[first].places))
    position = {row: number for number, row in enumerate(all_axes.rows)}
    wish = design(study, request, all_axes)
    failed = stock.failed if stock else 0
    if stock:
        rows = {number: position[row] for row, number in stock.rows.items()}
        archive.put(stock.store, rows, wish.indicators, wish.years)
    if complete:
        failed += _take_over(archive, *complete, rest, wish, position, progress)
    elif rest.rows:
        failed += _fresh(study, request, rest, built, None if stock else store, archive, position, progress)
    if failed >= len(all_axes.rows):
        raise StudyError(Problem(str(store or ""), phrase("compare.all_failed"), phrase("compare.some_run")))
    return _gathered(archive, request, all_axes, wish, built[first], failed=failed, fresh=len(rest.rows))


def held_by(study: Study, request: ComparisonRequest, axes: Axes, store: Path | None) -> Reused | None:
    """Return what a sweep in the store has of the runs of a comparison; None where the store is none.

    Raises:
        StudyError: it holds nothing of use, and why.
    """
    if store is None or not reuse.is_sweep(store):
        return None
    return reuse.find(study, design(study, request, axes), axes.told, axes.rows, store)


def _fresh(
    study: Study, request: ComparisonRequest, rest: Axes, built: dict[str, BuiltRun], store: Path | None,
    archive: Archive, position: dict[Row, int], progress: Callable[[work.RunTally], None],
) -> int:
    """Do the runs that are nowhere yet and take them over; return how many failed."""
    plan = design(study, request, rest)
    setting = settings.of(study, plan, tuple(built[name] for name in rest.told))
    with ExitStack() as stack:
        folder = store or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiancheng-"))) / "runs"
        target = sweeps.begin(sweeps.of(setting, lambda: lines(plan, rest.rows)), folder)
        return _take_over(archive, target, work.run(setting, target, progress=progress), rest, plan, position)


def _complete_store(
    study: Study, request: ComparisonRequest, rest: Axes, store: Path | None
) -> tuple[Store, work.RunTally] | None:
    """Return the store where it holds all runs of this comparison, so that nothing needs to be built or compiled."""
    plan = design(study, request, rest)
    own = [_built(study, request, rest, name).scenario if scenario.awaits else replace(scenario, id=name)
           for name, scenario in rest.told.items()] if store else []
    return reuse.complete(study, plan, own, drawn.digest(iter(lines(plan, rest.rows))), store)


def _take_over(
    archive: Archive, store: Store, tally: work.RunTally, rest: Axes, plan: Design, position: dict[Row, int],
    progress: Callable[[work.RunTally], None] = lambda tally: None,
) -> int:
    """Take the runs of a store of this comparison over; return how many failed."""
    progress(tally)
    archive.put(store, {number: position[row] for number, row in enumerate(rest.rows)}, plan.indicators, plan.years)
    return tally.bad


def axes(request: ComparisonRequest, by_lever: bool) -> Axes:
    """Lay out the runs; equal scenarios run once.

    Args:
        request: what is compared.
        by_lever: whether each option runs without each of its levers too.
    """
    under: list[Scenario | None] = [None, *request.stresses]
    scenarios: dict[str, Scenario] = {}
    marks: dict[str, str] = {}
    owner, without = {}, {}
    rows: list[Row] = []
    named = {BASELINE: request.baseline, **dict(zip(request.letters, request.options, strict=True))}

    def add(scenario: Scenario, name: str, members: Iterable[int]) -> str:
        content = mark(scenario)
        if content not in marks:
            marks[content], scenarios[name] = name, scenario
            rows.extend((name, member) for member in members)
        return marks[content]

    for position, stress in enumerate(under):
        members = (request.members if position == 0 else request.members[:IN_STRESSES]) or (0,)
        for letter, scenario in named.items():
            label = REFERENCE if stress is None else stress.id
            owner[letter, label] = add(stressed(scenario, stress), f"{letter}{_SEPARATOR}{label}", members)
    for letter, scenario in named.items() if by_lever else ():
        for lever in pulled(scenario) if letter != BASELINE else ():
            rest = replace(scenario,
                           levers={name: setting for name, setting in scenario.levers.items() if name != lever})
            name = f"{letter}-{lever}"
            without[name] = add(rest, name, request.members[:WITHOUT_MEMBERS] or (0,))
    return Axes(scenarios, owner, without, rows)


def pulled(scenario: Scenario) -> list[str]:
    """Return the levers that a scenario sets."""
    return [name for name, lever in scenario.levers.items() if lever]


def _built(study: Study, request: ComparisonRequest, axes: Axes, name: str) -> BuiltRun:
    return journey.prepare(study, replace(axes.told[name], id=name), start=request.start, end=request.end)


def design(study: Study, request: ComparisonRequest, axes: Axes) -> Design:
    """Return the design of the runs of a comparison and of what it keeps of them.

    Args:
        study: the study.
        request: what is compared.
        axes: its runs.
    """
    words = {"zh": "方案比较", "en": "Comparison of options"}
    factors: tuple[Factor, ...] = ()
    if request.members:
        name = WHOLE if request.kind == WHOLE else MEMBER
        factors = (Factor(MEMBER, MEMBER, name, "", _TITLES[request.kind], choices=request.members),)
    return Design(
        id=reuse.OWN, title=words, sentence=words, sampler=DRAWN, n=len(axes.rows), seed=0, levels=0,
        scenarios=tuple(axes.told), start=request.start, end=request.end, block=min(_BLOCK, max(len(axes.rows), 1)),
        precision="float64", indicators=tuple(indicators.read(study)),
        years=tuple(range(request.start, request.end + 1)), areas=(*AREAS, PLACE), quantiles=(), factors=factors,
    )


def lines(design: Design, rows: Iterable[tuple[str, int | str]]) -> Iterable[bytes]:
    """Return the table of the runs of a comparison, as a store keeps it."""
    heads = ["run", "scenario", *(factor.id for factor in design.factors)]
    written = [",".join(heads)]
    for number, (name, member) in enumerate(rows):
        written.append(",".join([str(number), name, *([str(member)] if design.factors else [])]))
    return [("\n".join(written) + "\n").encode("utf-8")]


def _gathered(
    archive: Archive, request: ComparisonRequest, axes: Axes, design: Design, first: BuiltRun, *, failed: int,
    fresh: int,
) -> OptionRuns:
    """Return the runs on their axes."""
    place_of = {row: number for number, row in enumerate(axes.rows)}
    scenarios = [BASELINE, *request.letters]
    stresses = [REFERENCE, *(stress.id for stress in request.stresses)]
    members = list(request.members) or [0]
    index = np.array([[[place_of.get((axes.owner[scenario, stress], member), -1) for member in members]
                       for stress in stresses] for scenario in scenarios])
    few = members[:WITHOUT_MEMBERS]
    less = np.array([[place_of.get((owner, member), -1) for member in few] for owner in axes.without.values()],
                    dtype=int).reshape(len(axes.without), len(few))
    about = results.attributes(first, list(design.indicators), is_corrected=request.start != first.clock.last_census)
    header = results.header(first, "compiled")
    years, ends = list(design.years), [design.years[0], design.years[-1]]
    labels = {"scenario": scenarios, "stress": stresses, "member": members}
    areas = [area for level in AREAS for area in first.places.areas(level)]
    names = {f"name_{language}": ("area", [area.names[language] for area in areas]) for language in LANGUAGES}
    area: dict[str, Any] = {"area": list(AREAS), **names}
    spots: dict[str, Any] = {"place": list(first.places.elements), **places.coordinates(first.places),
                             **{column: ("place", _numbers(first, column)) for column in ("lon", "lat")}}
    dims = ("scenario", "stress", "member", "year")

    def laid(where: NDArray[np.int64], axes_: tuple[str, ...], coordinates: dict[str, Any]) -> xr.Dataset:
        return gathering.dataset(archive, where, axes_, coordinates, about, header)

    return OptionRuns(
        laid(index, (*dims, "area"), {**labels, "year": years, **area}),
        laid(index, (*dims, "place"), {**labels, "year": ends, **spots}),
        laid(less, ("scenario", "member", "year", "area"),
             {"scenario": list(axes.without), "member": few, "year": years, **area}),
        failed, len(axes.rows) - fresh, fresh,
    )


def _numbers(built: BuiltRun, column: str) -> Floats:
    return np.array([float(value) if value else np.nan for value in built.places.column(column)])
