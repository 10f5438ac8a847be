"""Answers: figures of scenarios, each run once however many ask for it, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.model.build import BuiltRun
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.outputs import journey
from xiancheng.outputs.reader import Reader
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import rule
from xiancheng.scenarios import scenario as scenarios
from xiancheng.web.figures import Figures, figures
from xiancheng.web.money import Money
from xiancheng.web.simulator import Simulator
from xiancheng.web.spread import Bands, Member, Spread, Values

FIGURES = 64
"""Scenarios whose figures stay in memory: about a megabyte each."""
RUNS = 4
"""Runs that stay in memory whole, to read more figures off: about forty megabytes each."""
MEMBERS = 20
"""Members that a band is drawn from."""
Value = TypeVar("Value")


@dataclass
class Memory(Generic[Value]):
    """Values by key, each made once even when several ask at the same time; the oldest give way.

    Attributes:
        most: how many stay.
    """

    most: int
    _lock: Lock = field(default_factory=Lock)
    _futures: OrderedDict[str, Future[Value]] = field(default_factory=OrderedDict)

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """Return the value of a key; the first that asks makes it, the others wait for it."""
        with self._lock:
            future = self._futures.get(key)
            mine = future is None
            if future is None:
                future = self._futures[key] = Future()
            self._futures.move_to_end(key)
            while len(self._futures) > self.most:
                self._futures.popitem(last=False)
        if mine:
            self._make(key, future, make)
        return future.result()

    def find(self, key: str) -> Value | None:
        """Return the value of a key where it is made already, else None."""
        with self._lock:
            future = self._futures.get(key)
            if future is None or not future.done() or future.exception():
                return None
            self._futures.move_to_end(key)
        return future.result()

    def _make(self, key: str, future: Future[Value], make: Callable[[], Value]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            with self._lock:
                if self._futures.get(key) is future:
                    del self._futures[key]
            future.set_exception(error)


@dataclass
class _Shown:
    """What has been read of a scenario so far; all of it off one and the same run, or off equal ones."""

    values: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    met: dict[str, list[int | None]] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def missing(self, names: Sequence[str]) -> list[str]:
        """Return what has still to be read."""
        return [name for name in names if name not in self.values and name not in self.lacking]

    def add(self, more: Figures, names: Sequence[str]) -> None:
        """Keep what has been read."""
        self.met.update(more.met)
        self.values.update(more.values)
        self.lacking.update(name for name in names if name not in more.values)

    def figures(self, names: Sequence[str]) -> Figures:
        """Return what has been read."""
        values = {name: self.values[name] for name in names if name in self.values}
        return Figures(values, {name: self.met[name] for name in values if name in self.met})


@dataclass
class Service:
    """Runs scenarios of one study for any number of people.

    Attributes:
        built: a run of the baseline.
        simulator: what runs scenarios.
        reader: what reads runs.
        members: constants and paths of each member, none where none are stored.
        spread: what runs members.
    """

    built: BuiltRun
    simulator: Simulator
    reader: Reader
    members: Sequence[Member] = ()
    _shown: Memory[_Shown] = field(default_factory=lambda: Memory(FIGURES))
    _runs: Memory[PlainRun] = field(default_factory=lambda: Memory(RUNS))
    _changes: Memory[rule.Changes] = field(default_factory=lambda: Memory(FIGURES))
    _bands: Memory[Bands] = field(default_factory=lambda: Memory(FIGURES // 4))

    def figures(self, scenario: Scenario, names: Sequence[str] | None = None) -> Figures:
        """Return indicators of a scenario; what has not been asked for before is read off its run.

        Args:
            scenario: what is asked about.
            names: indicators; all when None.
        """
        request = list(self.reader.indicators) if names is None else list(names)
        mark = identity(scenario)
        shown = self._shown.get(mark, _Shown)
        with shown.lock:
            missing = shown.missing(request)
            if missing:
                run = self._runs.get(mark, lambda: self._run(scenario, {}))
                shown.add(figures(self.reader, run, missing), missing)
            return shown.figures(request)

    def at_hand(self, mark: str, names: Sequence[str]) -> Figures | None:
        """Return indicators of a scenario where all of them have been read before, else None; never waits.

        Args:
            mark: identity of the scenario.
            names: indicators.
        """
        shown = self._shown.find(mark)
        if shown is None or not shown.lock.acquire(blocking=False):
            return None
        try:
            return None if shown.missing(names) else shown.figures(names)
        finally:
            shown.lock.release()

    def __post_init__(self) -> None:
        """Make what runs members."""
        self._money = Money.of(self.built.study)
        self.spread = Spread(self.members, self._member, self.built.scenario, identity(self.built.scenario))

    def bands(self, scenario: Scenario) -> Bands:
        """Return 5, 50 and 95 % over members of every indicator and of its change against the baseline."""
        mark = identity(scenario)
        return self._bands.get(mark, lambda: self.spread.bands(mark, scenario))

    def bands_at_hand(self, mark: str) -> Bands | None:
        """Return bands of the scenario with this identity where they have been made, else None; never waits."""
        return self._bands.find(mark)

    def run(self, scenario: Scenario) -> PlainRun:
        """Run a scenario on the table of constants; nothing of it is kept."""
        return self._run(scenario, {})

    def _run(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> PlainRun:
        return self.simulator.run(self.settled(scenario), constants)

    def settled(self, scenario: Scenario) -> Scenario:
        """Work out the rules for places, which read the run without levers under the same assumptions."""
        if not scenario.awaits:
            return scenario
        calm = scenario.at_rest(scenarios.BASELINE, scenario.title)
        changes = self._changes.get(
            identity(calm), lambda: journey.changes(self.simulator.run(calm, {}), self.built)
        )
        return rule.settle(scenario, changes, self.built.clock)

    def _member(self, scenario: Scenario, member: Member) -> Values:
        values = figures(self.reader, self._run(scenario, member), list(self.reader.indicators)).values
        return {**values, **self._money.sums(values, self.reader.years)}


def identity(scenario: Scenario) -> str:
    """Return what two scenarios share exactly when they say the same."""
    return fingerprint({name: value for name, value in scenario.plain().items() if name != "id"})
