"""The runs of a comparison: every option and the baseline under every stress and member, on one compiled program."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.comparison.asked import IN_STRESSES, REFERENCE, Asked
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.model.build import BuiltRun
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators, journey, places
from xiancheng.outputs import result as results
from xiancheng.provenance import fingerprint
from xiancheng.study import Study
from xiancheng.sweeps import journey as sweeps
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps import work
from xiancheng.sweeps.design import DRAWN, PLACE, Design
from xiancheng.sweeps.factors import MEMBER, Factor
from xiancheng.sweeps.store import Store
from xiancheng.texts import phrase

Floats = NDArray[np.float32]
AREAS = (places.LIST, places.PROVINCE)
BASELINE = "baseline"
"""Coordinate of the baseline on the axis of scenarios; options bear their letters, one without a lever A-lever."""
WITHOUT_MEMBERS = 4
"""Members that options without one of their levers run at most."""
_BLOCK = 32
_SEPARATOR = "|"


@dataclass(frozen=True)
class Runs:
    """What the runs of a comparison gave.

    Attributes:
        areas: indicators (scenario, stress, member, year, area), areas the list and the province.
        places: indicators (scenario, stress, member, year, place), in the first and the last year.
        without: indicators (scenario, member, year, area) of each option without one of its levers, in the reference.
        ran: every built run by its id, to say what was run.
        failed: how many runs gave no usable result.
    """

    areas: xr.Dataset
    places: xr.Dataset
    without: xr.Dataset
    ran: dict[str, BuiltRun]
    failed: int = 0


Row = tuple[str, int]
"""(id of a run's scenario under its stress, number of the member or 0)."""


@dataclass(frozen=True)
class _Axes:
    """Where each run stands: the scenarios that run, and for every cell of the result the run it comes from."""

    told: dict[str, Scenario]
    owner: dict[tuple[str, str], str]
    without: dict[str, str]
    rows: list[Row]


def run(
    study: Study, asked: Asked, *, by_lever: bool = True, store: Path | None = None,
    progress: Callable[[work.Tally], None] = lambda tally: None,
) -> Runs:
    """Run a comparison.

    Args:
        study: the study.
        asked: what is compared.
        by_lever: whether each option runs without each of its levers too.
        store: folder where runs are kept and found again; a passing one when None.
        progress: called after every block.

    Raises:
        StudyError: every problem of the study, another comparison in the store, or no usable run.
    """
    tables.check(study.root)
    axes = _axes(asked, by_lever)
    built = _built(study, asked, axes)
    design = _design(study, asked, axes)
    setting = settings.of(study, design, tuple(built[name] for name in axes.told))
    with ExitStack() as stack:
        folder = store or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiancheng-"))) / "runs"
        there = sweeps.begin(sweeps.of(setting, lambda: _lines(design, axes.rows)), folder)
        tally = work.run(setting, there, progress=progress)
        if tally.bad >= tally.total:
            raise StudyError(Problem(str(store or ""), phrase("compare.all_failed"), phrase("compare.some_run")))
        return _gathered(there, asked, axes, built, tally.bad)


def _axes(asked: Asked, by_lever: bool) -> _Axes:
    """Lay out the runs; equal scenarios run once."""
    under: list[Scenario | None] = [None, *asked.stresses]
    told: dict[str, Scenario] = {}
    known: dict[str, str] = {}
    owner, without = {}, {}
    rows: list[Row] = []
    named = {BASELINE: asked.baseline, **dict(zip(asked.letters, asked.options, strict=True))}

    def add(scenario: Scenario, name: str, members: Iterable[int]) -> str:
        mark = fingerprint({**scenario.plain(), "id": ""})
        if mark not in known:
            known[mark], told[name] = name, scenario
            rows.extend((name, member) for member in members)
        return known[mark]

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
    return _Axes(told, owner, without, rows)


def stressed(scenario: Scenario, stress: Scenario | None) -> Scenario:
    """Return a scenario under the assumptions of a stress, which hold before its own."""
    if stress is None:
        return scenario
    return replace(scenario, assumptions={**scenario.assumptions, **stress.assumptions})


def pulled(scenario: Scenario) -> list[str]:
    """Return the levers that a scenario sets."""
    return [name for name, told in scenario.levers.items() if told]


def _built(study: Study, asked: Asked, axes: _Axes) -> dict[str, BuiltRun]:
    return {
        name: journey.prepare(study, replace(scenario, id=name), start=asked.start, end=asked.end)
        for name, scenario in axes.told.items()
    }


def _design(study: Study, asked: Asked, axes: _Axes) -> Design:
    words = {"zh": "方案比较", "en": "Comparison of options"}
    factors: tuple[Factor, ...] = ()
    if asked.members:
        title = {"zh": "后验成员", "en": "Member of the posterior"}
        factors = (Factor(MEMBER, MEMBER, MEMBER, "", title, choices=asked.members),)
    return Design(
        id="comparison", title=words, sentence=words, sampler=DRAWN, n=len(axes.rows), seed=0, levels=0,
        scenarios=tuple(axes.told), start=asked.start, end=asked.end, block=min(_BLOCK, len(axes.rows)),
        precision="float64", indicators=tuple(indicators.read(study)),
        years=tuple(range(asked.start, asked.end + 1)), areas=(*AREAS, PLACE), quantiles=(), factors=factors,
    )


def _lines(design: Design, rows: Iterable[Row]) -> Iterable[bytes]:
    heads = ["run", "scenario", *(factor.id for factor in design.factors)]
    lines = [",".join(heads)]
    for number, (name, member) in enumerate(rows):
        lines.append(",".join([str(number), name, *([str(member)] if design.factors else [])]))
    return [("\n".join(lines) + "\n").encode("utf-8")]


def _gathered(there: Store, asked: Asked, axes: _Axes, built: dict[str, BuiltRun], failed: int) -> Runs:
    first = next(iter(built.values()))
    names = there.told["labels"]["indicator"]
    by_area, by_place = _read(there)
    place_of = {row: number for number, row in enumerate(axes.rows)}
    scenarios = [BASELINE, *asked.letters]
    stresses = [REFERENCE, *(stress.id for stress in asked.stresses)]
    members = list(asked.members) or [0]
    cells = [[[place_of.get((axes.owner[one, stress], member), -1) for member in members] for stress in stresses]
             for one in scenarios]
    index = np.array(cells)
    labels = {"scenario": scenarios, "stress": stresses, "member": members}
    less = {name: [place_of.get((owner, member), -1) for member in members[:WITHOUT_MEMBERS]]
            for name, owner in axes.without.items()}
    about = results.attributes(first, names, is_corrected=asked.start != 2020)
    header = results.header(first, "compiled")
    years = there.told["labels"]["year"]
    table = places.coordinates(first.places)
    area = _area_labels(there)
    ends = [years[0], years[-1]]
    dims = ("scenario", "stress", "member", "year")

    def dataset(values: Floats, where: NDArray[np.int64], axes_: tuple[str, ...], coords: dict[str, object],
                level: str) -> xr.Dataset:
        """Lay runs out on their axes; those by place stay in 4 bytes, so that many members fit into memory."""
        kind = np.float64 if level == "area" else np.float32
        chosen = np.where((where >= 0)[..., None, None, None], values[where], np.float32(np.nan))
        held = {name: ((*axes_, level), chosen[..., position, :, :].astype(kind, copy=False), about[name])
                for position, name in enumerate(names)}
        return xr.Dataset(held, coords, header)

    return Runs(
        dataset(by_area, index, dims, {**labels, "year": years, **area}, "area"),
        dataset(by_place, index, dims, {**labels, "year": ends, "place": list(first.places.index), **table,
                                        "lon": ("place", _numbers(first, "lon")),
                                        "lat": ("place", _numbers(first, "lat"))}, "place"),
        dataset(by_area, np.array(list(less.values()), dtype=int).reshape(len(less), len(members[:WITHOUT_MEMBERS])),
                ("scenario", "member", "year"),
                {"scenario": list(less), "member": members[:WITHOUT_MEMBERS], "year": years, **area}, "area"),
        built, failed,
    )


def _area_labels(there: Store) -> dict[str, object]:
    told = [one for one in there.told["areas"] if one["area"] in AREAS]
    words = {f"name_{language}": ("area", [one[f"name_{language}"] for one in told]) for language in ("zh", "en")}
    return {"area": [one["area"] for one in told], **words}


def _numbers(built: BuiltRun, column: str) -> NDArray[np.float64]:
    return np.array([float(value) if value else np.nan for value in built.places[column].astype(str)])


def _read(there: Store) -> tuple[Floats, Floats]:
    """Return all runs for the areas, and for the places in the first and last year, block by block.

    (run, indicator, year, area) and (run, indicator, 2, place), so that memory holds only what is shown.
    """
    count = len(AREAS)
    by_area, by_place = [], []
    for block in range(there.blocks):
        values = there.read(block)
        by_area.append(values[..., :count])
        by_place.append(values[:, :, [0, -1], count:])
    return np.concatenate(by_area), np.concatenate(by_place)
