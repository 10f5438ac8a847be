"""How far an answer is that takes longer than somebody waits without a word, and whether anybody still wants it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

UNKNOWN = -1
"""As many runs as it may take."""


@dataclass
class Progress:
    """How far an answer is.

    Attributes:
        stopped: key of the text that says that it was stopped.
        of: runs that it takes, 0 where none is under way, `UNKNOWN` where nobody knows; done: those that are there.
        is_compiling: no run has come back yet.
        is_stopped: nobody wants the answer any more.
    """

    stopped: str
    of: int = 0
    done: int = 0
    is_compiling: bool = True
    is_stopped: bool = False
    _begun: float = 0.0

    def begin(self, runs: int) -> None:
        """Begin an answer of so many runs."""
        self.of, self.done, self.is_stopped, self._begun = runs, 0, False, time.monotonic()

    def reach(self, done: int) -> None:
        """Note that so many runs are there.

        Raises:
            StudyError: the answer was stopped meanwhile.
        """
        self.done, self.is_compiling = done, False
        if self.is_stopped:
            raise StudyError(Problem("", phrase(self.stopped)))

    def step(self) -> None:
        """Note that a run is there; see `reach`."""
        self.reach(self.done + 1)

    @property
    def seconds(self) -> float:
        """How long the answer takes so far [s]."""
        return time.monotonic() - self._begun if self.of else 0.0

    def words(self) -> dict[str, Any]:
        """Return what the page takes: runs done and in all, whether a program is compiled, seconds so far."""
        return {"done": self.done, "of": self.of, "is_compiling": self.is_compiling, "seconds": round(self.seconds)}
