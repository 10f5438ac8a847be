"""Runs of settings that are tried: every one under every future, read as figures; one program for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration import stand_ins, whole_members
from xiancheng.calibration.whole_members import WHOLE
from xiancheng.engine.batches import pieces
from xiancheng.model import members as posterior
from xiancheng.outputs.spots import Spot
from xiancheng.planning import singles
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.moves import Moves
from xiancheng.study import Study
from xiancheng.sweeps import setting as settings
from xiancheng.sweeps.design import DRAWN, Design
from xiancheng.sweeps.factors import LEVER, MEMBER, Factor
from xiancheng.sweeps.setting import SweepSetting

_BLOCK = 8
"""Runs of a call: always as many, so that one compiled program does them all."""
_WORDS = {"zh": "试算", "en": "Trials"}


class Runner(Protocol):
    """What tries settings."""

    def values(self, rows: Floats) -> Floats:
        """Return figures (row, future, figure) of rows of values (row, value) [unit of each lever]."""
        ...


@dataclass(frozen=True)
class Futures:
    """What every setting has to stand.

    Attributes:
        scenarios: what runs below the moves: a scenario, and the same under stresses, "baseline+stress_births".
        members: numbers of draws of what is not known; none for a run on the table of constants.
        kind: of the members, of calibration.whole_members.KINDS.
    """

    scenarios: tuple[str, ...]
    members: tuple[int, ...] = ()
    kind: str = WHOLE

    @property
    def count(self) -> int:
        """How many futures there are."""
        return len(self.scenarios) * max(len(self.members), 1)


def members_of(study: Study, word: int | str | None) -> tuple[str, tuple[int, ...]]:
    """Return the kind and the numbers of the members that a call asks for: "20", "people:20"; all of them for None.

    Raises:
        StudyError: none, or fewer than asked for.
    """
    kind, count = whole_members.kind_and_count(study, word)
    if count == 0:
        return kind, ()
    if kind == WHOLE:
        return kind, stand_ins.numbers(study, count)
    return kind, tuple(posterior.read(study))[:count]


@dataclass(frozen=True, eq=False)
class Trials:
    """Settings of some moves, run in blocks on the compiled equations.

    Attributes:
        setting: what the runs share.
        moves: what differs between them.
        futures: what each of them runs under.
        reads: what is read of each.
        progress: called with the number of runs that are done.
    """

    setting: SweepSetting
    moves: Moves
    futures: Futures
    reads: FigureReader
    progress: Callable[[int], None] = lambda count: None

    def values(self, rows: Floats) -> Floats:
        """Return figures (row, future, figure) of rows of values (row, value) [unit of each lever]."""
        rows = np.atleast_2d(np.asarray(rows, dtype=float))
        every = [(row, *future) for row in range(len(rows)) for future in self._futures]
        figures = np.concatenate([self._block(rows, every[first : first + _BLOCK])
                                  for first in range(0, len(every), _BLOCK)])
        return figures.reshape(len(rows), self.futures.count, len(self.reads.figures))

    @property
    def _futures(self) -> list[tuple[int, int]]:
        """Positions of the scenario and of the member of each future."""
        counts = len(self.futures.scenarios), max(len(self.futures.members), 1)
        return [(scenario, member) for scenario in range(counts[0]) for member in range(counts[1])]

    def _block(self, rows: Floats, runs: Sequence[tuple[int, int, int]]) -> Floats:
        filled = [*runs, *[runs[-1]] * (_BLOCK - len(runs))]
        setting = self.setting
        prepared = self._parameters(rows, filled)
        figures: list[Floats] = []
        for plain, _ in pieces(setting.program, prepared, setting.steps):
            figures += [self.reads.values(run) for run in plain[: len(runs) - len(figures)]]
        self.progress(len(runs))
        return np.array(figures)

    def _parameters(self, rows: Floats, runs: Sequence[tuple[int, int, int]]) -> Any:
        """Return the parameters of runs: paths of their scenario, numbers of their member, and what moves on top."""
        setting = self.setting
        chosen = np.array([scenario for _, scenario, _ in runs])
        drawn = [member for _, _, member in runs]
        paths = {name: base[chosen] for name, base in setting.paths.items()}
        paths |= {name: own[drawn] for name, own in setting.drawn_paths.items()}
        for run, (row, _, _) in enumerate(runs):
            self.moves.lay(paths, run, rows[row], setting.program.grid.saved)
        numbers = {name: own[drawn] for name, own in setting.drawn.items()}
        saved = setting.program.grid.saved
        moving = {name: (saved, values) for name, values in paths.items()}
        return replace(setting.shared, numbers={**setting.shared.numbers, **numbers},
                       paths={**setting.shared.paths, **moving}, batched=frozenset(numbers) | frozenset(moving),
                       runs=len(runs))


def prepare(
    study: Study, moves: Moves, futures: Futures, figures: Sequence[Spot], *, start: int, end: int,
    progress: Callable[[int], None] = lambda count: None,
) -> Runner:
    """Return what tries settings of moves: one by one on the program that is kept, with members in batches.

    Args:
        study: the study.
        moves: what may move.
        futures: what every setting has to stand.
        figures: what is read of each run.
        start: census year that runs start from.
        end: their last whole calendar year.
        progress: called with the number of runs that are done, where there are members.

    Raises:
        StudyError: every problem of the scenarios or the equations.
    """
    if not futures.members:
        return singles.ready(study, futures.scenarios, moves, tuple(figures), start, end)
    plan = _design(moves, futures, figures, start, end)
    setting = settings.prepare(study, plan)
    reader = FigureReader(setting.reader, setting.built[0].places, tuple(figures))
    return Trials(setting, moves, futures, reader, progress)


def _design(moves: Moves, futures: Futures, figures: Sequence[Spot], start: int, end: int) -> Design:
    levers = {move.lever.id: move.lever for move in moves.moves}
    factors = [Factor(name, LEVER, name, lever.unit, lever.title, year=end) for name, lever in levers.items()]
    if futures.members:
        name = futures.kind if futures.kind == WHOLE else MEMBER
        factors.append(Factor(MEMBER, MEMBER, name, "", _WORDS, choices=futures.members))
    names = tuple(dict.fromkeys(figure.indicator for figure in figures))
    return Design(id="trials", title=_WORDS, sentence=_WORDS, sampler=DRAWN, n=1, seed=0, levels=0,
                  scenarios=futures.scenarios, start=start, end=end, block=_BLOCK, precision="float64",
                  indicators=names, years=(end,), areas=(), quantiles=(), factors=tuple(factors))
