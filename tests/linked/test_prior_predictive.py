"""Whatever is drawn of all that is not known, a run reaches its end and keeps the rules of stocks, money and people."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr

from tests.linked.linked_runs import EQUATIONS, RESULTS, ROOT, equations_from, stocks
from tests.linked.test_linked_rules import broken
from xiancheng import engine
from xiancheng.calibration import joint_prior
from xiancheng.calibration.joint_prior import Draws
from xiancheng.study import Study

QUICK, LONG, TOGETHER = 8, 1000, 20
SEED = 2035


@cache
def draws(count: int) -> Draws:
    """All that is not known, drawn together."""
    return joint_prior.draws(Study(ROOT), count, SEED)


@cache
def program() -> engine.Program:
    """The equations with all that is drawn open."""
    outputs = tuple(dict.fromkeys((*RESULTS, *stocks())))
    return engine.compile(EQUATIONS, outputs=outputs, inputs=tuple(draws(1).parameters()), text=equations_from(2020))


def run(first: int, count: int, size: int) -> xr.Dataset:
    """Some of the draws, with the last again where fewer are left than are computed together."""
    rows = np.minimum(np.arange(first, first + size), count - 1)
    constants = {name: values[rows] for name, values in draws(count).constants.items()}
    paths = {name: [own[row] for row in rows] for name, own in draws(count).paths.items()}
    return engine.batch(program(), {**constants, **paths}, chunk=2).isel(run=slice(count - first))


def kept(first: int, count: int, size: int) -> dict[int, list[str]]:
    """The rules that each draw breaks."""
    found = run(first, count, size)
    return {first + row: broken(found.isel(run=row)) for row in range(found.sizes["run"])}


def alone(row: int) -> xr.Dataset:
    """One of the first draws by itself: code for one run is compiled in a third of the time of code for many."""
    constants = {name: values[row] for name, values in draws(QUICK).constants.items()}
    paths = {name: own[row] for name, own in draws(QUICK).paths.items()}
    return engine.run(program(), {**constants, **paths})


@pytest.mark.study
@pytest.mark.parametrize("row", range(QUICK))
def test_draws_of_the_prior_keep_the_rules(row: int) -> None:
    """M1, M2, M3, M10 and numbers to the end, whatever is drawn."""
    assert broken(alone(row)) == []


@pytest.mark.study
@pytest.mark.parametrize("first", range(0, LONG, TOGETHER))
def test_many_draws_of_the_prior_keep_the_rules(first: int) -> None:
    """The same over a thousand draws."""
    assert {draw: rules for draw, rules in kept(first, LONG, TOGETHER).items() if rules} == {}
