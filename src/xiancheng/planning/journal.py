"""The log of a search, a line of JSON for every setting that was tried: what is in it is never run again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.planning.trials import Runner
from xiancheng.texts import phrase

_DIGITS = 10
_TOGETHER = 8
"""Settings that are run before they are written: as many as a stop can lose."""


@dataclass
class Journal:
    """Figures of settings, from the log where they stand there, else from runs, which are added to it at once.

    Attributes:
        runner: what tries settings.
        file: the log; none is written when None.
        mark: of the plan; a log of another plan is refused.
        progress: called every few settings with the number of settings that are tried.
    """

    runner: Runner
    file: Path | None
    mark: str
    progress: Callable[[int], None] = lambda count: None
    _figures: dict[bytes, Floats] = field(default_factory=dict)
    fresh: int = 0

    def __post_init__(self) -> None:
        if self.file is None:
            return
        if self.file.is_file() and self.file.stat().st_size:
            self._read()
        else:
            self._write({"plan": self.mark})

    def __len__(self) -> int:
        return len(self._figures)

    def values(self, rows: Floats) -> Floats:
        """Return figures (row, future, figure) of rows of values (row, value) [unit of each lever]."""
        rows = np.round(np.atleast_2d(np.asarray(rows, dtype=float)), _DIGITS) + 0.0
        missing = list({row.tobytes(): row for row in rows if row.tobytes() not in self._figures}.values())
        for first in range(0, len(missing), _TOGETHER):
            part = missing[first : first + _TOGETHER]
            for row, figures in zip(part, self.runner.values(np.array(part)), strict=True):
                self._figures[row.tobytes()] = figures
                self.fresh += 1
                self._write({"values": row.tolist(), "figures": figures.tolist()})
            self.progress(len(self))
        return np.stack([self._figures[row.tobytes()] for row in rows])

    def _read(self) -> None:
        """Take over what a log holds; a last line that was cut off is left out.

        Raises:
            StudyError: it is of another plan, or no log.
        """
        assert self.file is not None
        lines = self.file.read_text(encoding="utf-8").split("\n")
        entries = [entry for line in lines if (entry := _entry(line)) is not None]
        if not entries or entries[0].get("plan") != self.mark:
            raise StudyError(Problem(str(self.file), phrase("plan.other_log"), phrase("plan.log_allowed"),
                                     phrase("plan.log_hint")))
        for entry in entries[1:]:
            self._figures[np.array(entry["values"], dtype=float).tobytes()] = np.array(entry["figures"], dtype=float)
        if lines[-1]:  # a line that was cut off: what follows must not stand behind it
            self.file.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")

    def _write(self, entry: dict[str, Any]) -> None:
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as log:
                log.write(json.dumps(entry) + "\n")


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
