"""Settings run one by one as scenarios, on a program that is kept ready: nothing has to be compiled for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.model import build as builder
from xiancheng.model.settings import Scenario
from xiancheng.outputs import journey
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.moves import Moves
from xiancheng.scenarios import scenario
from xiancheng.scenarios.book import Book
from xiancheng.study import Study


@dataclass
class Singles:
    """Tries settings by whatever runs a scenario, as many at once as there are cores.

    Attributes:
        study: the study.
        bases: the scenarios that the settings stand on, one for each future.
        moves: what may move.
        reads: what is read of each run.
        run: runs a scenario.
        is_warm: whether it has run one, so that nothing is left to compile.
    """

    study: Study
    bases: tuple[Scenario, ...]
    moves: Moves
    reads: FigureReader
    run: Callable[[Scenario], PlainRun]
    is_warm: bool = False

    def values(self, rows: Floats) -> Floats:
        """Return figures (row, future, figure) of rows of values (row, value) [unit of each lever]."""
        scenarios = [scenario.of(self.study, levers=self.moves.tables(row), base=base, names=self._book)
                     for row in np.atleast_2d(rows) for base in self.bases]
        alone = [] if self.is_warm else [self._figures(scenarios[0])]  # what is not compiled yet is compiled once
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            figures = np.array([*alone, *pool.map(self._figures, scenarios[len(alone) :])])
        self.is_warm = True
        return figures.reshape(-1, len(self.bases), figures.shape[-1])

    @cached_property
    def _book(self) -> Book:
        return scenario.book(self.study)

    def _figures(self, tried: Scenario) -> Floats:
        return self.reads.values(self.run(tried))


@dataclass(frozen=True)
class ReadyRuns:
    """Runs scenarios as `xiancheng run` does, with the program that is kept for it.

    Attributes:
        study: the study.
        start: census year of the runs; end: their last whole calendar year.
    """

    study: Study
    start: int
    end: int

    def __call__(self, tried: Scenario) -> PlainRun:
        """Return the run of a scenario, with everything that indicators read."""
        built = journey.prepare(self.study, tried, start=self.start, end=self.end)
        return PlainRun.of(builder.simulate(built, variables=self._variables))

    @cached_property
    def _variables(self) -> list[str]:
        return results.needed(self.study, results.requested(self.study, None)[0], [], ())


def ready(study: Study, names: tuple[str, ...], moves: Moves, figures: tuple[Spot, ...], start: int,
          end: int) -> Singles:
    """Return what tries settings on the program that is kept for runs of a study.

    Args:
        study: the study.
        names: of the scenarios that the settings stand on, "baseline+stress_births" under a stress.
        moves: what may move.
        figures: what is read of each run.
        start: census year of the runs.
        end: their last whole calendar year.

    Raises:
        StudyError: every problem of the scenarios.
    """
    bases = tuple(scenario.combined(study, name) for name in names)
    built = journey.prepare(study, bases[0], start=start, end=end)
    reads = FigureReader(Reader.of(built), built.places, figures)
    return Singles(study, bases, moves, reads, ReadyRuns(study, start, end))
