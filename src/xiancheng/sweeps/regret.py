"""Regret of options over futures: how far each stays behind the best one of the same future (Savage, 1951)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps.cases import Futures

_MOST = 0.9


@dataclass(frozen=True)
class Regret:
    """How an option does over the futures that every option was run under.

    Attributes:
        option: id of the scenario.
        largest: the largest regret; mean: the mean one; most: what it stays below in nine futures of ten [unit of the
            indicator, never negative].
        best: share of the futures in which no option is better by more than the least change.
        satisfied: share of the futures in which it does not go wrong.
        futures: how many there are.
    """

    option: str
    largest: float
    mean: float
    most: float
    best: float
    satisfied: float
    futures: int


def regrets(runs: Futures, least_change: float = 0.0) -> list[Regret]:
    """Return the regret of each option, that of the smallest largest regret first.

    Args:
        runs: of at least two options; better is what lies away from the limit of the case.
        least_change: of the indicator [its unit]: a smaller distance from the best option is none to act on.

    Raises:
        StudyError: one option alone, or no future under which all were run.
    """
    options = list(dict.fromkeys(runs.scenario.tolist()))
    if len(options) < 2:
        raise StudyError(Problem.of(str(runs.store.folder), "discover.one_option"))
    values = _by_future(runs, options)
    if not len(values):
        raise StudyError(Problem.of(str(runs.store.folder), "discover.no_shared_future"))
    least, largest = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    behind = values - least if runs.case.above else largest - values
    wrong = runs.case.of(values)
    rows = [
        Regret(name, float(behind[:, column].max()), float(behind[:, column].mean()),
               float(np.quantile(behind[:, column], _MOST)), float((behind[:, column] <= least_change).mean()),
               float(1 - wrong[:, column].mean()), len(values))
        for column, name in enumerate(options)
    ]
    return sorted(rows, key=lambda row: (row.largest, row.mean))


def _by_future(runs: Futures, options: list[str]) -> Floats:
    """Return the indicator (future, option) of the futures that every option was run under."""
    numbers, rows = np.unique(runs.future, return_inverse=True)
    values = np.full((len(numbers), len(options)), np.nan)
    values[rows, [options.index(name) for name in runs.scenario.tolist()]] = runs.values
    complete: Floats = values[np.isfinite(values).all(axis=1)]
    return complete
