"""The least setting that meets targets, on the model of the page that is warm: no program is compiled for it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.settings import Scenario
from xiancheng.planning import target
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.moves import Moves
from xiancheng.planning.target import Answer
from xiancheng.planning.wish import Wish, checked
from xiancheng.scenarios import scenario
from xiancheng.web.service import Service


@dataclass(frozen=True)
class WarmRunner:
    """Tries settings on what runs scenarios for the page, as many at once as there are cores.

    Attributes:
        service: of the page.
        base: the scenario that the settings stand on.
        moves: what may move.
        reads: what is read of each run.
    """

    service: Service
    base: Scenario
    moves: Moves
    reads: FigureReader

    def values(self, rows: Floats) -> Floats:
        """Return figures (row, 1, figure) of rows of values (row, value) [unit of each lever]."""
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            return np.array(list(pool.map(self._figures, rows)))[:, None, :]

    def _figures(self, row: Floats) -> Floats:
        tried = scenario.of(self.service.built.study, levers=self.moves.tables(row), base=self.base)
        return self.reads.values(self.service.simulator.run(tried, {}))


def find(service: Service, wish: Wish) -> Answer:
    """Find the least setting of levers that meets goals, on the table of constants.

    Args:
        service: of the page; its model runs to the last year of the page.
        wish: what is asked for, without members.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    study = service.built.study
    request = checked(study, wish)
    reads = FigureReader(service.reader, service.built.places, request.figures)
    return target.answer(study, request, WarmRunner(service, scenario.read(study, wish.under), request.moves, reads))
