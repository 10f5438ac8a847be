"""Live values on the way from a lever to its figure, and what the lever does with loops cut: runs of a wider program.

The program of the page saves what indicators rest on and nothing else, so that a slider stays quick. This one saves
every variable on a way and takes the switches of the loops; it is compiled once nobody asks for anything for a while,
or when somebody asks why for the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Annotated, Any

import numpy as np
from annotated_types import MaxLen
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue
from xiancheng.model.build import BuiltRun
from xiancheng.model.catalogue import Variable
from xiancheng.model.places import PLACE
from xiancheng.model.settings import Scenario
from xiancheng.outputs import loops
from xiancheng.outputs import result as results
from xiancheng.outputs.loops import Loop
from xiancheng.outputs.moments import STOCK, Calendar
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.translator import Table
from xiancheng.texts import did_you_mean, phrase, phrase_list
from xiancheng.web import request as requests
from xiancheng.web.figures import figures
from xiancheng.web.progress import Progress
from xiancheng.web.request import RequestChoices
from xiancheng.web.service import Memory, Service, identity
from xiancheng.web.simulator import Simulator
from xiancheng.web.why import Ways

Engine = Callable[[BuiltRun, Sequence[str]], Simulator]
"""Makes what runs scenarios, from a run of the baseline and the variables that runs save, by id."""
RUNS = 8
"""Wide runs that stay in memory: some eighty megabytes each."""
TIMELESS = ("dmnl", "1", "year", "month", "day")
"""Units that are no amount: what has them is averaged over places and groups, amounts are added up."""
_Name = Annotated[str, MaxLen(80)]


class MechanismDocument(Table):
    """What is asked: the way of a lever at an area, and loops that are cut."""

    lever: _Name
    area: _Name
    cut: Annotated[list[_Name], MaxLen(40)]


@dataclass(frozen=True)
class MechanismRequest:
    """A lever, an area by its position, loops to cut, and the plan that all runs under."""

    lever: str
    area: int
    cut: tuple[str, ...]
    plan: Scenario


def read(body: bytes, choices: RequestChoices, areas: Sequence[str], feedback: Sequence[Loop]) -> MechanismRequest:
    """Read a request: a scenario as for a run, and its `mechanism`.

    Args:
        body: JSON.
        choices: what the scenario may name.
        areas: ids of areas, in the order of figures.
        feedback: the loops of the study.

    Raises:
        StudyError: the first problems of the request.
    """
    run, document = requests.with_part(body, "mechanism", MechanismDocument, choices)
    allowed = ((document.lever, choices.book.levers), (document.area, areas),
               *((name, [loop.id for loop in feedback]) for name in document.cut))
    unknown = [Problem("", phrase("page.why_unknown", name=name), phrase_list(list(names)[:12]),
                       did_you_mean(name, names)) for name, names in allowed if name not in names]
    if unknown:
        raise StudyError(unknown)
    return MechanismRequest(document.lever, areas.index(document.area), tuple(sorted(set(document.cut))), run.scenario)


@dataclass
class Mechanism:
    """Runs scenarios with every variable that lies on a way.

    Attributes:
        service: of the page: its study, its baseline, and what settles rules for places.
        ways: of the levers.
        engine: makes what runs, once it is needed.
    """

    service: Service
    ways: Ways
    engine: Engine
    _simulators: list[Simulator] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _runs: Memory[PlainRun] = field(default_factory=lambda: Memory(RUNS))
    progress: Progress = field(default_factory=lambda: Progress("page.why_stopped"))

    def __post_init__(self) -> None:
        """Read the loops."""
        self.loops = loops.read(self.service.built.study)

    @cached_property
    def _variables(self) -> dict[str, Variable]:
        """What the variables are, by id: to read the equations takes long, and no page begins with a way."""
        return {variable.id: variable for variable in catalogue.read(self.service.built.study)}

    def warm(self) -> None:
        """Compile the wider program and run the baseline, so that whoever asks why first need not wait for that."""
        self._at_hand(self.service.built.scenario, ())

    def answer(self, request: MechanismRequest) -> dict[str, Any]:
        """Return what is on the way of a lever, year by year, in the baseline and the plan, and with loops cut.

        Returns:
            `variables`: id, whether a sum or a mean is shown, and both series; `figure`: the lever's own indicator in
            both; `cut`: the same with the loops cut, absent where none are.
        """
        lever, calm = self.ways.book[request.lever], self.service.built.scenario
        self.progress.begin(4 if request.cut else 2)
        try:
            return self._answer(request, lever, calm)
        finally:
            self.progress.of = 0

    def _answer(self, request: MechanismRequest, lever: Lever, calm: Scenario) -> dict[str, Any]:
        pair = {"baseline": self._run(calm, ()), "plan": self._run(request.plan, ())}
        answer: dict[str, Any] = {
            "variables": [self._shown(name, pair, request.area, is_sum=place > 0 and self._is_amount(name))
                          for place, name in enumerate(self.ways.ids(lever))
                          if all(name in run.arrays for run in pair.values())],
            "figure": {who: self._figure(run, lever.own_indicator, request.area) for who, run in pair.items()},
        }
        if request.cut:
            apart = {"baseline": self._run(calm, request.cut), "plan": self._run(request.plan, request.cut)}
            answer["cut"] = {who: self._figure(run, lever.own_indicator, request.area) for who, run in apart.items()}
        return answer

    def _run(self, scenario: Scenario, cut: Sequence[str]) -> PlainRun:
        run = self._at_hand(scenario, cut)
        self.progress.step()
        return run

    def _at_hand(self, scenario: Scenario, cut: Sequence[str]) -> PlainRun:
        switches = {loop.switch: 0.0 if loop.id in cut else 1.0 for loop in self.loops}
        mark = f"{identity(scenario)} {' '.join(cut)}"
        return self._runs.get(mark, lambda: self._simulator().run(self.service.settled(scenario), switches))

    def _simulator(self) -> Simulator:
        with self._lock:
            if not self._simulators:
                built, reader = self.service.built, self.service.reader
                shown = results.needed(built.study, list(reader.indicators), (), ())
                names = dict.fromkeys([*shown, *(name for lever in self.ways.book.values()
                                                 for name in self.ways.ids(lever))])
                self._simulators.append(self.engine(built, tuple(names)))
            return self._simulators[0]

    def _is_amount(self, name: str) -> bool:
        return is_amount(self._variables[name].unit)

    def _shown(self, name: str, pair: Mapping[str, PlainRun], area: int, is_sum: bool) -> dict[str, Any]:
        """Return a variable as the page takes it; a lever is set to so much at each place and never added up."""
        series = {who: self._series(run, name, area, is_sum) for who, run in pair.items()}
        return {"id": name, "kind": "sum" if is_sum else "mean", **series}

    def _series(self, run: PlainRun, name: str, area: int, is_sum: bool) -> list[float | None]:
        values, dims = run.arrays[name]
        calendar = Calendar.of(self.service.reader.years, run.times)
        by_year = calendar.read(np.asarray(values, dtype=float), STOCK)
        merged = merged_over(by_year, dims[1:], self._inside(area), is_sum)
        return [_plain(value) for value in merged]

    def _inside(self, area: int) -> NDArray[np.bool_]:
        rows = self.service.reader.areas.members
        inside: NDArray[np.bool_] = rows[area] > 0 if area < len(rows) else np.arange(rows.shape[1]) == area - len(rows)
        return inside

    def _figure(self, run: PlainRun, name: str, area: int) -> list[float | None]:
        values = figures(self.service.reader, run, [name]).values[name]
        return [_plain(value) for value in values[:, area]]


def is_amount(unit: str) -> bool:
    """Tell whether values in a unit may be added up over places: an amount, or one a year."""
    amount, *per = unit.split("/")
    return amount not in TIMELESS and "*" not in amount and per in ([], ["year"])


def merged_over(values: Floats, dims: Sequence[str], inside: NDArray[np.bool_], is_sum: bool) -> Floats:
    """Return one value a year: over the places inside, then over all groups, the sum or the mean.

    Args:
        values: (year, dims).
        dims: after the year; without that of places the value holds for all of them.
        inside: which places count (place,).
        is_sum: whether values are added.
    """
    if PLACE in dims:
        values = np.compress(inside, values, axis=1 + list(dims).index(PLACE))
    others = tuple(range(1, values.ndim))
    merged: Floats = values.sum(axis=others) if is_sum else values.mean(axis=others)
    return merged


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

