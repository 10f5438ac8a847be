"""Where the members lie: bands of figures and of what a scenario changes in them, member by member, to be stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine.parameters import TimePath
from xiancheng.errors import Problem, StudyError
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.texts import phrase

BAND = (0.05, 0.5, 0.95)
KINDS = ("level", "change")
"""What bands are of: the figure itself, and its difference from the baseline in the same member."""
Member = Mapping[str, Constant | TimePath]
Values = Mapping[str, NDArray[np.float32]]
Bands = Mapping[str, NDArray[np.float32]]
"""By indicator, float32 (of KINDS, share of BAND, year, area)."""


@dataclass
class Spread:
    """Runs a scenario and the baseline in every member.

    Attributes:
        members: constants and paths of each.
        read: figures (year, area) of a scenario in a member.
        baseline: what changes are told against.
        baseline_mark: what it goes by, so that it is not run a second time beside itself.
    """

    members: Sequence[Member]
    read: Callable[[Scenario, Member], Values]
    baseline: Scenario
    baseline_mark: str = ""
    _calm: dict[int, Values] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _stopped: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def bands(self, mark: str, scenario: Scenario) -> Bands:
        """Return 5, 50 and 95 % over members of every figure and of its change; what a scenario sets holds in all.

        Args:
            mark: what the scenario goes by while it runs.
            scenario: what is run.

        Raises:
            StudyError: it was stopped meanwhile.
        """
        self._stopped.discard(mark)
        levels: list[Values] = []
        changes: list[Values] = []
        try:
            for number, member in enumerate(self.members):
                if mark in self._stopped:
                    raise StudyError(Problem("", phrase("page.bands_stopped")))
                calm = self._baseline(number, member)
                values = calm if mark == self.baseline_mark else self.read(scenario, _beside(member, scenario))
                levels.append(values)
                changes.append({name: values[name] - calm[name] for name in values})
                self._counts[mark] = number + 1
        finally:
            self._counts.pop(mark, None)
        return {name: np.stack([_quantiles(levels, name), _quantiles(changes, name)])
                for name in (levels[0] if levels else ())}

    def count(self, mark: str) -> int:
        """Return in how many members a scenario has been run so far."""
        return self._counts.get(mark, 0)

    def stop(self, mark: str) -> None:
        """Let the bands of a scenario end before the next member, where they are being made."""
        self._stopped.add(mark)

    def _baseline(self, number: int, member: Member) -> Values:
        with self._lock:
            if number not in self._calm:
                self._calm[number] = self.read(self.baseline, _beside(member, self.baseline))
            return self._calm[number]


def _beside(member: Member, scenario: Scenario) -> Member:
    return {name: value for name, value in member.items() if name not in scenario.constants}


def _quantiles(runs: Sequence[Values], name: str) -> NDArray[np.float32]:
    return np.quantile(np.stack([run[name] for run in runs]), BAND, axis=0).astype(np.float32)
