"""The rules that compare runs hold whatever is drawn of all that is not known, not only at the medians."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.linked import test_linked_rules as rules
from tests.linked.linked_runs import (
    CUTS,
    EQUATIONS,
    EXTREMES,
    PAIRS,
    PEOPLE,
    RESULTS,
    ROOT,
    SHAPES,
    STILL,
    at_rest,
    columns,
    equations_from,
    level,
    lever_rows,
    limits,
    stocks,
)
from tests.linked.test_linked_extremes import SMALL, changed
from xiancheng import engine
from xiancheng.calibration import joint_prior
from xiancheng.calibration.joint_prior import Draws
from xiancheng.study import Study

pytestmark = pytest.mark.study
SEED, COUNT = 2035, 8
OF_PLACES = "appeal residual"
"""What is drawn for each place: it moves with the places."""
SCALE = "outside inflow scale"
NOBODY = 0.0
Draw = Mapping[str, Any]


@cache
def draws() -> Draws:
    """All that is not known, drawn together."""
    return joint_prior.draws(Study(ROOT), COUNT, SEED)


def drawn(number: int) -> dict[str, Any]:
    """What one draw puts in the place of the tables."""
    return {name: values[number] for name, values in draws().constants.items()} | {
        name: own[number] for name, own in draws().paths.items()}


@cache
def program() -> engine.Program:
    """The equations with all that is drawn open, beside levers, loops and start figures."""
    outputs = tuple(dict.fromkeys((*RESULTS, *stocks(), *limits())))
    inputs = (*lever_rows(), *CUTS, *STILL, *PEOPLE, *SHAPES, *PAIRS, *EXTREMES, *drawn(0))
    return engine.compile(EQUATIONS, outputs=outputs, inputs=tuple(dict.fromkeys(inputs)), text=equations_from(2020))


def run(number: int, changes: Draw | None = None) -> xr.Dataset:
    """A draw with changes on top."""
    return engine.run(program(), {**at_rest(), **drawn(number), **(changes or {})})


@pytest.fixture(params=range(COUNT))
def number(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def same(found: xr.Dataset, expected: Mapping[str, Any], within: float) -> list[str]:
    """Names of what is followed that differ by more than a share of themselves."""
    return [name for name in rules.FOLLOWED
            if not np.allclose(found[name].to_numpy(), expected[name], rtol=within, atol=0.0)]


def test_places_in_another_order_are_the_same_places_in_a_draw(number: int) -> None:
    """M4."""
    usual = run(number)
    order = np.random.default_rng(number).permutation(usual.sizes["place"])
    other = {**rules.rearranged(order), OF_PLACES: drawn(number)[OF_PLACES][order]}
    assert same(run(number, other), {name: usual[name].to_numpy()[:, order] for name in rules.FOLLOWED}, 1e-8) == []


def test_twice_the_people_and_the_outside_are_twice_all_in_a_draw(number: int) -> None:
    """M5, with the switches that it names."""
    once = run(number, rules.PROPORTIONAL)
    outside = 2 * np.asarray(drawn(number).get(SCALE, 1.0))
    doubled = {name: 2 * columns()[name] for name in PEOPLE}
    twice = run(number, {**rules.PROPORTIONAL, **doubled, SCALE: outside})
    for name in ("residents", "gross product", "explicit debt", "town floor area", "carbon dioxide total", "jobs"):
        np.testing.assert_allclose(twice[name], 2 * once[name], rtol=1e-7, err_msg=name)


def test_with_loops_cut_levers_move_nobody_in_a_draw(number: int) -> None:
    """M6: what is left are births, deaths and ages."""
    cut = run(number, {**CUTS, **STILL})
    moved = run(number, {**CUTS, **STILL, **rules.draw(number)})
    np.testing.assert_allclose(moved["residents"], cut["residents"], rtol=1e-12)


def test_levers_that_stay_at_their_baseline_change_no_bit_of_a_draw(number: int) -> None:
    """M7."""
    usual, places = run(number), columns()["in list"].shape[0]
    times = np.array([2010.0, 2027.3, 2033.0])
    stay = {lever: engine.TimePath(times, np.full((3, places), level(lever, "baseline"))) for lever in lever_rows()}
    found = run(number, stay)
    assert [name for name in found.data_vars if not np.array_equal(found[name], usual[name])] == []


EXTREME: Mapping[str, Draw] = {
    "no births": {"births on": NOBODY}, "no moves": {"migration on": NOBODY}, "no debt": {"debt ceiling ratio": 0.0},
}


@pytest.mark.parametrize("case", [*EXTREME, "no jobs", "nobody"])
def test_extremes_keep_the_rules_in_a_draw(number: int, case: str) -> None:
    """M9: where no county has ever been nothing is undefined, negative or made from nothing."""
    if case == "nobody":
        changes: Draw = {key: value for name in PEOPLE for key, value in changed(name, SMALL, 0.0).items()}
    else:
        changes = EXTREME.get(case) or changed("initial jobs", SMALL, 0.0)
    assert rules.broken(run(number, changes)) == []


def test_random_levers_keep_the_rules_in_a_draw(number: int) -> None:
    """M1, M2, M3, M10 with half of the levers somewhere in their range."""
    assert rules.broken(run(number, rules.draw(number))) == []
