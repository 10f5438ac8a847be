"""Runs that a sweep has made already: read instead of run where they are those that a comparison asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiancheng.comparison.gathering import AREAS
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import PLACE
from xiancheng.model.settings import Scenario
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.sweeps import drawn, setting, store, work
from xiancheng.sweeps.design import Design, from_plain
from xiancheng.sweeps.factors import MEMBER
from xiancheng.sweeps.identity import differing, parts
from xiancheng.sweeps.reading import receipts
from xiancheng.sweeps.store import Store
from xiancheng.sweeps.work import RunTally
from xiancheng.texts import Phrase, phrase, phrase_list

OWN = "comparison"
"""Id of the designs that comparisons make for themselves."""
_TOLD = 6
"""Indicators that are missing in a store and told by name."""
Row = tuple[str, int]
"""(id of a run's scenario under its stress, number of the member or 0)."""


@dataclass(frozen=True)
class Reused:
    """A sweep and what a comparison takes from it.

    Attributes:
        store: the sweep.
        rows: number of the run in the sweep, by the row of the comparison.
        failed: how many of these gave no usable result.
    """

    store: Store
    rows: Mapping[Row, int]
    failed: int


def is_sweep(folder: Path) -> bool:
    """Tell whether a folder holds a sweep that no comparison made."""
    if not (folder / store.MANIFEST).is_file():
        return False
    return bool(store.opened(folder).manifest["design"]["id"] != OWN)


def complete(
    study: Study, own: Design, scenarios: Sequence[Scenario], digest: str, folder: Path | None
) -> tuple[Store, RunTally] | None:
    """Return the store of a comparison with all its runs and what is of them; None where some are still to be done.

    Nothing is built or compiled for it: the store says what its numbers depend on.

    Args:
        study: the study.
        own: the design of the comparison.
        scenarios: those of the design as they run.
        digest: sha256 of its table of runs.
        folder: of the store; None for none.
    """
    if folder is None or not (folder / store.MANIFEST).is_file():
        return None
    present = store.opened(folder)
    if differing(present.manifest["identity"], parts(study, own, scenarios, digest)):
        return None
    done, tally = [work.settled(present, block) for block in range(present.blocks)], work.RunTally(present.runs)
    for receipt in done:
        if receipt is None:
            return None
        tally.add(receipt, fresh=False)
    return present, tally


def mark(scenario: Scenario) -> str:
    """Return what two scenarios share that say the same, whatever they are called."""
    return fingerprint({**scenario.plain(), "id": ""})


def find(study: Study, wish: Design, scenarios: Mapping[str, Scenario], rows: Iterable[Row], folder: Path) -> Reused:
    """Return the runs of a sweep that are those of a comparison.

    Args:
        study: the study.
        wish: what the comparison would run and keep.
        scenarios: the scenarios of the comparison, by id.
        rows: its runs.
        folder: of the sweep.

    Raises:
        StudyError: the sweep is of another study, keeps too little, varies more than members, or holds no such run.
    """
    present = store.opened(folder)
    design = from_plain(present.manifest["design"])
    lacking = list(_lacking(design, wish))
    if not lacking:
        own = [built.scenario for built in setting.built_of(study, design)]
        now = parts(study, design, own, present.manifest["drawn"])
        others = differing(present.manifest["identity"], now)
        lacking = [phrase("compare.reuse.identity", names=phrase_list(others))] if others else []
    if lacking:
        raise StudyError(Problem(str(folder), name, phrase("compare.reuse.allowed"), phrase("compare.reuse.hint"))
                         for name in lacking)
    names = {mark(scenario.combined(study, name)): name for name in design.scenarios}
    stock = _held(present, design)
    places = {}
    for name, member in rows:
        number = stock.get((names.get(mark(scenarios[name]), ""), member))
        if number is not None:
            places[name, member] = number
    if not places:
        sentence = phrase("compare.reuse.nothing", scenarios=phrase_list(design.scenarios))
        raise StudyError(Problem(str(folder), sentence, phrase("compare.reuse.allowed"), phrase("compare.reuse.hint")))
    return Reused(present, places, len(_bad(present) & set(places.values())))


def _lacking(design: Design, wish: Design) -> Iterable[Phrase]:
    """Yield what a sweep has not, or has besides, so that its runs cannot be those of a comparison."""
    others = [factor.id for factor in design.factors if factor.kind != MEMBER]
    if others:
        yield phrase("compare.reuse.factors", names=phrase_list(others))
    if (design.start, design.end) != (wish.start, wish.end):
        yield phrase("compare.reuse.span", start=design.start, end=design.end)
    if design.time_step != wish.time_step:
        yield phrase("compare.reuse.step")
    if design.precision != wish.precision:
        yield phrase("compare.reuse.precision", precision=design.precision)
    kinds = [factor.name for factor in (*design.factors, *wish.factors) if factor.kind == MEMBER]
    if len(set(kinds)) > 1:
        yield phrase("compare.reuse.members")
    missing = _without(wish.indicators, design.indicators)
    if missing:
        yield phrase("compare.reuse.indicators", count=len(missing), names=phrase_list(missing[:_TOLD]))
    years = _without(wish.years, design.years)
    if years:
        yield phrase("compare.reuse.years", years=phrase_list(str(year) for year in years))
    areas = _without((*AREAS, PLACE), design.areas)
    if areas:
        yield phrase("compare.reuse.places", names=phrase_list(areas))


def _without(wish: Sequence[Any], stock: Sequence[Any]) -> list[Any]:
    return [item for item in wish if item not in stock]


def _held(store: Store, design: Design) -> dict[Row, int]:
    """Return the number of each run that is done, by scenario and member."""
    file = store.folder / drawn.FILE
    scenarios = drawn.column(file, "scenario")
    member = next((factor for factor in design.factors if factor.kind == MEMBER), None)
    members = [int(cell) for cell in drawn.column(file, member.id)] if member else [0] * len(scenarios)
    done = {receipt.block for receipt in receipts(store) if not receipt.failure}
    return {
        (scenarios[number], members[number]): number for number in range(store.runs) if number // store.block in done
    }


def _bad(store: Store) -> set[int]:
    return {receipt.block * store.block + bad.run for receipt in receipts(store) for bad in receipt.bad}


__all__ = ["OWN", "Reused", "Row", "complete", "find", "is_sweep", "mark"]
