"""`xiancheng.sensitivity`: indices or effects of a stored sweep as a table, and how far numbers can tell them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.sweeps import sensitivity as indices_of
from xiancheng.sweeps.sensitivity import LEVEL, STRICT, ResultTable
from xiancheng.sweeps.store import SINGLE, opened

if TYPE_CHECKING:
    import pandas as pd

LEAST_STEPS = 100
"""Steps of the stored numbers that a result has to spread over, or its indices are those of rounding."""


def sensitivity(
    store: str | Path, indicators: Sequence[str] = (), *, year: int | None = None, areas: Sequence[str] = (),
    missing: str = STRICT,
) -> pd.DataFrame:
    """Return Sobol indices of a saltelli sweep or effects of a Morris sweep, a row a result and factor.

    Args:
        store: folder that a sweep wrote.
        indicators: ids; all that are kept when empty.
        year: calendar year; the last one when None.
        areas: ids; the first one when empty.
        missing: "strict" refuses runs without a value, "drop" leaves them out.

    Returns:
        Columns of (level or rank), scenario, indicator, area, factor, then `first`, `first_conf`, `total`, `total_conf`
        (shares of the variance and half the width of their interval of 95 %; Saltelli and others, 2010; Jansen, 1999)
        or `mu`, `mu_star`, `sigma` (Morris, 1991; in the unit of the indicator over the range of the factor); `steps`:
        what one standard deviation is in steps of the numbers. Below 100 of them indices are those of rounding.

    Raises:
        StudyError: no such sweep, indicator, year or area, another sampler, runs without a value.
    """
    import pandas as pd

    runs_store = opened(Path(store))
    table = indices_of.table(runs_store, indices_of.select(runs_store, indicators, year, areas, missing))
    answer = indices_of.sensitivity(table)
    spread = dict(zip(_levels(table), steps(table).ravel(), strict=True))
    rows: list[dict[str, Any]] = []
    for column, result in enumerate(answer.results):
        key = (result.scenario, result.indicator, result.area)
        about = {"of": result.kind, "scenario": result.scenario, "indicator": result.indicator, "area": result.area}
        far = spread[key] if result.kind == LEVEL else np.inf
        rows += [about | {"factor": factor.id}
                 | {name: float(values[row, column]) for name, values in vars(answer.values).items()} | {"steps": far}
                 for row, factor in enumerate(answer.factors)]
    return pd.DataFrame(rows)


def _levels(table: ResultTable) -> list[tuple[str, str, str]]:
    return [(scenario, indicator, area) for scenario in table.design.scenarios
            for indicator in table.selection.indicators for area in table.selection.areas]


def steps(table: ResultTable) -> Floats:
    """Return the standard deviation of each result in steps of its numbers (scenario, indicator, area).

    A step is the distance between neighbouring numbers at the largest value, in the coarser of what was computed and
    what is stored; 0 where a result never changes.
    """
    values = table.values[table.points]
    kind = SINGLE if SINGLE in (table.design.precision, table.store.kind) else table.store.kind
    largest = np.abs(values).max(axis=0).astype(kind)
    return np.asarray(values.std(axis=0) / np.spacing(largest).astype(float))


def rounded(table: ResultTable) -> list[tuple[str, str, str]]:
    """Return scenario, indicator and area of results that change, by less than indices can be answer from."""
    spread = steps(table).ravel()
    return [name for name, far in zip(_levels(table), spread, strict=True) if 0 < far < LEAST_STEPS]
