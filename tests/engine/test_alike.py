"""What runs of a batch begin with alike is computed once, on the host; every run is what it is by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_models import model

from xiancheng import engine
from xiancheng.engine.alike import alike
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.results import prepare
from xiancheng.engine.variants import complete, variant_of

TEXT = model("""place: north, south, east ~~|
base[place] = 3, 5, 8 ~~|
share = 0.25 ~~|
lever = 1 ~~|
other = 2 ~~|
total = SUM(base[place!]) * other ~~|
ring[north] = base[north] * other ~~|
ring[south] = ring[north] + base[south] ~~|
ring[east] = ring[south] + share ~~|
moved[place] = base[place] * lever ~~|
at first[place] = INITIAL(moved[place] + ring[place]) ~~|
at rest = INITIAL(total) ~~|
begun = ACTIVE INITIAL(stock[north] + 1, total + share) ~~|
stock[place] = INTEG(at first[place] * share - begun / 10, ring[place] * share) ~~|
still = INTEG(0 * lever, at rest) ~~|
late[place] = SMOOTH(stock[place], 3) ~~|
later = DELAY N(total * lever, 4, at rest, 2) ~~|
is large = IF THEN ELSE(total > 30, 1, 0) ~~|
""")
OUTPUTS = ("stock", "still", "late", "later", "at first", "at rest", "begun", "ring", "is large", "moved")
LEVER = [TimePath(np.array([0.0, 4.0]), np.array([1.0, end])) for end in (1.0, 2.0, 0.5, 3.0)]
OTHER = [TimePath(np.array([0.0, 4.0]), np.array([begin, 2.0])) for begin in (2.0, 1.0, 4.0, 3.0)]
DIFFER: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a number": {"share": np.array([0.25, 0.5, 0.1, 0.4])},
    "cells": {"base": np.array([[3.0, 5, 8], [4, 4, 4], [1, 2, 30], [0, 0, 0]])},
    "a path that begins alike": {"lever": LEVER},
    "a path that begins otherwise": {"other": OTHER},
    "all": {"share": np.array([0.25, 0.5, 0.1, 0.4]), "lever": LEVER, "other": OTHER},
}


def inputs(differ: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of four runs, of which some differ."""
    return {"share": 0.3, "base": np.array([3.0, 5.0, 9.0]), "lever": LEVER[1], "other": OTHER[1]} | differ


def one(parameters: dict[str, Any], differ: dict[str, Any], run: int) -> dict[str, Any]:
    return {name: value[run] if name in differ else value for name, value in parameters.items()}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", DIFFER)
def test_each_run_of_a_batch_is_what_it_is_by_itself(name: str, dtype: str) -> None:
    program = engine.compile("model.mdl", text=TEXT, outputs=OUTPUTS, inputs=("share", "base", "lever", "other"))
    differ = DIFFER[name]
    parameters = inputs(differ)
    many = engine.batch(program, parameters, dtype=dtype)
    assert many.sizes["run"] == (4 if differ else 1)
    for run in range(many.sizes["run"]):
        alone = engine.run(program, one(parameters, differ, run), dtype=dtype, backend="numpy")
        for output in alone:
            expected = np.broadcast_to(alone[output].values, many[output].shape[1:])
            np.testing.assert_allclose(many[output].values[run], expected, rtol=1e-5 if dtype == "float32" else 1e-12)


def test_what_is_told_alike_may_be_another_in_the_next_batch() -> None:
    """The beginning is kept by what runs are told, numbers and paths, not by what they are called."""
    program = engine.compile("model.mdl", text=TEXT, outputs=OUTPUTS, inputs=("share", "base", "lever", "other"))
    differ = DIFFER["a path that begins alike"]
    for changed in ({}, {"base": np.array([1.0, 1.0, 2.0])}, {"other": OTHER[2]}, {"share": 0.7}, {}):
        parameters = inputs(differ) | changed
        many = engine.batch(program, parameters)
        alone = engine.run(program, one(parameters, differ, 3), backend="numpy")
        for output in ("stock", "at first", "at rest", "ring", "later"):
            expected = np.broadcast_to(alone[output].values, many[output].shape[1:])
            np.testing.assert_allclose(many[output].values[3], expected, rtol=1e-12)


@pytest.mark.parametrize(("name", "once", "start"), [
    ("a path that begins alike", {"at_rest", "base", "share"}, {"late", "later", "still", "stock", "ring"}),
    ("a path that begins otherwise", {"base", "share"}, {"moved"}),
    ("all", {"base"}, set()),
])
def test_what_follows_from_nothing_that_differs_is_handed_over_where_it_is_asked_for(
    name: str, once: set[str], start: set[str]
) -> None:
    program = engine.compile("model.mdl", text=TEXT, outputs=OUTPUTS, inputs=("share", "base", "lever", "other"))
    prepared = complete(program, prepare(program, inputs(DIFFER[name]), batch=True))
    found = alike(variant_of(program, prepared, "float64"), prepared)
    assert {label.removeprefix("begun ").split("#")[0] for label in found.once} == once
    assert {label.removeprefix("begun ").split("#")[0] for label in found.start} == start
