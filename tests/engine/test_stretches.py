"""A run carried on from somewhere on its way is the run in one go; runs share only what both were told alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from small_models import STOCKS

from xiancheng import engine
from xiancheng.engine.integrate import _row, stretches
from xiancheng.engine.methods import Method
from xiancheng.engine.program import Program
from xiancheng.engine.results import prepare
from xiancheng.engine.variants import complete, variant_of

EQUATIONS = "{UTF-8}\n" + STOCKS + """late = DELAY FIXED(base, 0.5, 1) ~ person/year ~ |
bent[place] = POWER(stock[place], patience) ~ dmnl ~ |
twice = 2 * patience ~ year ~ |
SAVEPER = 0.5 ~ year ~ |
"""
TIMES = np.array([2020.0, 2022.0, 2023.0, 2025.0])


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("stretches") / "model.mdl"
    file.write_text(EQUATIONS, encoding="utf-8")
    return engine.compile(file, inputs=["base", "push", "patience"])


def told(base: list[float], push: float = 0.1, patience: float = 2.0) -> Mapping[str, Any]:
    return {"base": engine.TimePath(TIMES, np.array(base)), "push": push, "patience": patience}


def same(one: xr.Dataset, other: xr.Dataset) -> None:
    xr.testing.assert_identical(one, other)


@pytest.mark.parametrize("branch", [2019.0, 2020.0, 2020.4, 2022.25, 2025.5, 2026.0, 2040.0])
def test_a_run_carried_on_is_the_run_in_one_go(program: Program, branch: float) -> None:
    parameters = told([3, 3, 5, 1])
    found = engine.run(program, parameters, branch=branch)
    same(found, engine.run(program, parameters))
    exact = engine.run(program, parameters, backend="numpy")
    for name in exact.data_vars:
        np.testing.assert_allclose(found[name].values, exact[name].values, rtol=1e-12)


def test_single_precision_begins_on_the_host_too(program: Program) -> None:
    parameters = told([3, 3, 5, 1])
    found = engine.run(program, parameters, dtype="float32", branch=2023.0)
    exact = engine.run(program, parameters)
    for name in exact.data_vars:
        assert found[name].dtype == np.float32, name
        np.testing.assert_allclose(found[name].values, exact[name].values, rtol=1e-5)


LEVEL = st.floats(0.5, 9.0)
LEVELS = st.lists(LEVEL, min_size=4, max_size=4)


@given(base=LEVELS, push=LEVEL, patience=st.floats(1.0, 3.0), branch=st.floats(2019, 2027))
def test_no_run_takes_over_what_another_was_told(
    program: Program, base: list[float], push: float, patience: float, branch: float
) -> None:
    engine.run(program, told([3, 3, 5, 1]), branch=branch)
    parameters = told(base, push, patience)
    same(engine.run(program, parameters, branch=branch), engine.run(program, parameters))


@pytest.mark.parametrize(("method", "before"), [(Method.EULER, 1), (Method.RK4, 0)])
@pytest.mark.parametrize("every", [1, 2, 3])
def test_a_beginning_reaches_to_the_last_step_that_asks_for_nothing_later(
    program: Program, method: Method, before: int, every: int
) -> None:
    """A step of Euler asks for what holds where it begins, one of another method for what holds until its end."""
    grid = replace(program.grid, method=method, every=every)
    changed = replace(program, grid=grid)
    for branch in (2019.0, 2020.0, 2022.0, 2022.1, 2022.2, 2022.3, 2022.6, 2040.0):
        shared = [row for row, time in enumerate(grid.saved) if row == 0 or time - before * grid.step <= branch + 1e-9]
        assert _row(changed, branch) == shared[-1], branch


def test_runs_that_differ_later_begin_together_and_few_beginnings_are_kept(program: Program) -> None:
    engine.run(program, told([3, 3, 5, 1]))
    prepared = complete(program, prepare(program, told([3, 3, 5, 1])))
    beginnings = stretches(variant_of(program, prepared, np.float64)).beginnings
    beginnings.clear()
    engine.run(program, told([3, 3, 5, 1]), branch=2022.0)
    begun = len(beginnings)
    engine.run(program, told([3, 3, 8, 2]), branch=2022.0)
    assert len(beginnings) == begun == 2  # the start, and where it stood in 2022
    engine.run(program, told([4, 3, 5, 1]), branch=2022.0)
    assert len(beginnings) == 4  # another level from the start on: nothing in common
    for push in range(20):
        engine.run(program, told([3, 3, 5, 1], push=float(push)), branch=2022.0)
    assert len(beginnings) == 4
