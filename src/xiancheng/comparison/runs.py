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

from xiancheng.comparison import gathering, reuse
from xiancheng.comparison.asked import IN_STRESSES, REFERENCE, Asked
from xiancheng.comparison.gathering import AREAS, Kept
from xiancheng.comparison.reuse import Reused, Row, mark
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.model.build import BuiltRun
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, journey, places
from xiancheng.outputs import result as results
from xiancheng.scenarios.scenario import stressed
from xiancheng.study import Study
from xiancheng.sweeps import journey as sweeps
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps import work
from xiancheng.sweeps.design import DRAWN, PLACE, Design
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.texts import LANGUAGES, phrase

BASELINE = "baseline"
"""Coordinate of the baseline on the axis of scenarios; options bear their letters, one without a lever A-lever."""
WITHOUT_MEMBERS = 4
"""Members that options without one of their levers run at most."""
_BLOCK = 64
_SEPARATOR = "|"


@dataclass(frozen=True)
class Runs:
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
    study: Study, asked: Asked, *, by_lever: bool = True, store: Path | None = None,
    progress: Callable[[work.Tally], None] = lambda tally: None,
) -> Runs:
    """Run a comparison, as far as its runs are not stored.

    Args:
        study: the study.
        asked: what is compared.
        by_lever: whether each option runs without each of its levers too.
        store: folder where runs are kept and found again, or a sweep that holds them; a passing one when None.
        progress: called after every block.

    Raises:
        StudyError: every problem of the study, another comparison in the store, a sweep that holds nothing of use, or
            no usable run.
    """
    tables.check(study.root)
    whole = axes(asked, by_lever)
    held = held_by(study, asked, whole, store)
    rest = whole.only([row for row in whole.rows if held is None or row not in held.rows])
    first = next(iter(rest.told or whole.told))
    built = {name: _built(study, asked, whole, name) for name in rest.told or [first]}
    kept = gathering.empty(len(indicators.read(study)), len(whole.rows), asked.end - asked.start + 1,
                           len(built[first].places))
    position = {row: number for number, row in enumerate(whole.rows)}
    wanted = design(study, asked, whole)
    failed = held.failed if held else 0
    if held:
        rows = {number: position[row] for row, number in held.rows.items()}
        kept.put(held.store, rows, wanted.indicators, wanted.years)
    if rest.rows:
        failed += _fresh(study, asked, rest, built, None if held else store, kept, position, progress)
    if failed >= len(whole.rows):
        raise StudyError(Problem(str(store or ""), phrase("compare.all_failed"), phrase("compare.some_run")))
    return _gathered(kept, asked, whole, wanted, built[first], failed=failed, fresh=len(rest.rows))


def held_by(study: Study, asked: Asked, whole: Axes, store: Path | None) -> Reused | None:
    """Return what a sweep in the store has of the runs of a comparison; None where the store is none.

    Raises:
        StudyError: it holds nothing of use, and why.
    """
    if store is None or not reuse.is_sweep(store):
        return None
    return reuse.find(study, design(study, asked, whole), whole.told, whole.rows, store)


def _fresh(
    study: Study, asked: Asked, rest: Axes, built: dict[str, BuiltRun], store: Path | None, kept: Kept,
    position: dict[Row, int], progress: Callable[[work.Tally], None],
) -> int:
    """Do the runs that are nowhere yet and take them over; return how many failed."""
    told = design(study, asked, rest)
    setting = settings.of(study, told, tuple(built[name] for name in rest.told))
    with ExitStack() as stack:
        folder = store or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiancheng-"))) / "runs"
        there = sweeps.begin(sweeps.of(setting, lambda: lines(told, rest.rows)), folder)
        tally = work.run(setting, there, progress=progress)
        rows = {number: position[row] for number, row in enumerate(rest.rows)}
        kept.put(there, rows, told.indicators, told.years)
    return tally.bad


def axes(asked: Asked, by_lever: bool) -> Axes:
    """Lay out the runs; equal scenarios run once.

    Args:
        asked: what is compared.
        by_lever: whether each option runs without each of its levers too.
    """
    under: list[Scenario | None] = [None, *asked.stresses]
    told: dict[str, Scenario] = {}
    known: dict[str, str] = {}
    owner, without = {}, {}
    rows: list[Row] = []
    named = {BASELINE: asked.baseline, **dict(zip(asked.letters, asked.options, strict=True))}

    def add(scenario: Scenario, name: str, members: Iterable[int]) -> str:
        content = mark(scenario)
        if content not in known:
            known[content], told[name] = name, scenario
            rows.extend((name, member) for member in members)
        return known[content]

    for position, stress in enumerate(under):
        members = (asked.members if position == 0 else asked.members[:IN_STRESSES]) or (0,)
        for letter, scenario in named.items():
            label = REFERENCE if stress is None else stress.id
            owner[letter, label] = add(stressed(scenario, stress), f"{letter}{_SEPARATOR}{label}", members)
    for letter, scenario in named.items() if by_lever else ():
        for lever in pulled(scenario) if letter != BASELINE else ():
            rest = replace(scenario, levers={name: one for name, one in scenario.levers.items() if name != lever})
            name = f"{letter}-{lever}"
            without[name] = add(rest, name, asked.members[:WITHOUT_MEMBERS] or (0,))
    return Axes(told, owner, without, rows)


def pulled(scenario: Scenario) -> list[str]:
    """Return the levers that a scenario sets."""
    return [name for name, told in scenario.levers.items() if told]


def _built(study: Study, asked: Asked, whole: Axes, name: str) -> BuiltRun:
    return journey.prepare(study, replace(whole.told[name], id=name), start=asked.start, end=asked.end)


def design(study: Study, asked: Asked, whole: Axes) -> Design:
    """Return the design of the runs of a comparison and of what it keeps of them.

    Args:
        study: the study.
        asked: what is compared.
        whole: its runs.
    """
    words = {"zh": "方案比较", "en": "Comparison of options"}
    factors: tuple[Factor, ...] = ()
    if asked.members:
        title = {"zh": "后验成员", "en": "Member of the posterior"}
        factors = (Factor(MEMBER, MEMBER, MEMBER, "", title, choices=asked.members),)
    return Design(
        id=reuse.OWN, title=words, sentence=words, sampler=DRAWN, n=len(whole.rows), seed=0, levels=0,
        scenarios=tuple(whole.told), start=asked.start, end=asked.end, block=min(_BLOCK, max(len(whole.rows), 1)),
        precision="float64", indicators=tuple(indicators.read(study)),
        years=tuple(range(asked.start, asked.end + 1)), areas=(*AREAS, PLACE), quantiles=(), factors=factors,
    )


def lines(told: Design, rows: Iterable[Row]) -> Iterable[bytes]:
    """Return the table of the runs of a comparison, as a store keeps it."""
    heads = ["run", "scenario", *(factor.id for factor in told.factors)]
    written = [",".join(heads)]
    for number, (name, member) in enumerate(rows):
        written.append(",".join([str(number), name, *([str(member)] if told.factors else [])]))
    return [("\n".join(written) + "\n").encode("utf-8")]


def _gathered(
    kept: Kept, asked: Asked, whole: Axes, wanted: Design, first: BuiltRun, *, failed: int, fresh: int
) -> Runs:
    """Return the runs on their axes."""
    place_of = {row: number for number, row in enumerate(whole.rows)}
    scenarios = [BASELINE, *asked.letters]
    stresses = [REFERENCE, *(stress.id for stress in asked.stresses)]
    members = list(asked.members) or [0]
    index = np.array([[[place_of.get((whole.owner[one, stress], member), -1) for member in members]
                       for stress in stresses] for one in scenarios])
    few = members[:WITHOUT_MEMBERS]
    less = np.array([[place_of.get((owner, member), -1) for member in few] for owner in whole.without.values()],
                    dtype=int).reshape(len(whole.without), len(few))
    about = results.attributes(first, list(wanted.indicators), is_corrected=asked.start != 2020)
    header = results.header(first, "compiled")
    years, ends = list(wanted.years), [wanted.years[0], wanted.years[-1]]
    labels = {"scenario": scenarios, "stress": stresses, "member": members}
    areas = [area for level in AREAS for area in first.places.areas(level)]
    names = {f"name_{language}": ("area", [area.names[language] for area in areas]) for language in LANGUAGES}
    area: dict[str, Any] = {"area": list(AREAS), **names}
    spots: dict[str, Any] = {"place": list(first.places.elements), **places.coordinates(first.places),
                             **{column: ("place", _numbers(first, column)) for column in ("lon", "lat")}}
    dims = ("scenario", "stress", "member", "year")

    def laid(where: NDArray[np.int64], axes_: tuple[str, ...], coordinates: dict[str, Any]) -> xr.Dataset:
        return gathering.dataset(kept, where, axes_, coordinates, about, header)

    return Runs(
        laid(index, (*dims, "area"), {**labels, "year": years, **area}),
        laid(index, (*dims, "place"), {**labels, "year": ends, **spots}),
        laid(less, ("scenario", "member", "year", "area"),
             {"scenario": list(whole.without), "member": few, "year": years, **area}),
        failed, len(whole.rows) - fresh, fresh,
    )


def _numbers(built: BuiltRun, column: str) -> NDArray[np.float64]:
    return np.array([float(value) if value else np.nan for value in built.places.column(column)])
