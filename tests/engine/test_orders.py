"""Stages of delays and smooths: fixed at the start of a run, by element, never more than steps fit into the time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError


@given(time=st.floats(0, 6), step=st.sampled_from([0.125, 0.25, 0.5, 1.0]))
@settings(max_examples=25, deadline=None)
def test_a_fixed_delay_waits_the_nearest_number_of_steps_and_at_least_one(time: float, step: float) -> None:
    steps = max(1, math.floor(time / step + 0.5 + 1e-6))
    text = model(f"y = DELAY FIXED(Time, {time:.6f}, -1) ~~|", final=60 * step, step=step)
    assert values(text, "y") == [-1.0 if n < steps else (n - steps) * step for n in range(61)]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("function", ["DELAY FIXED", "DELAY N", "SMOOTH N"])
def test_an_array_of_delays_is_each_of_them_alone(backend: str, function: str) -> None:
    orders, times = (1, 3, 2), (4, 7, 5)
    last = "" if function == "DELAY FIXED" else ", order[D]"
    arrays = f"""D: d1, d2, d3 ~~|
wait[D] = {", ".join(map(str, times))} ~~|
order[D] = {", ".join(map(str, orders))} ~~|
feed = 5 + STEP(2, 3) ~~|
y[D] = {function}(feed, wait[D], 1{last}) ~~|
"""
    alone = "".join(
        f"y{n} = {function}(feed, {times[n]}, 1{last and f', {orders[n]}'}) ~~|\n" for n in range(3)
    )
    result = simulate(model(arrays + alone, final=20), backend)
    for n in range(3):
        np.testing.assert_allclose(result["y"].isel(D=n), result[f"y{n}"], rtol=1e-12)


def test_delay_times_and_orders_are_those_of_the_start() -> None:
    equations = """y = DELAY FIXED(Time, 2 + Time, -1) ~~|
smoothed = SMOOTH N(Time, 8, 0, 2 + STEP(1, 3)) ~~|
same = SMOOTH N(Time, 8, 0, 2) ~~|"""
    result = simulate(model(equations, final=6))
    assert list(result["y"].values) == [-1, -1, 0, 1, 2, 3, 4]
    np.testing.assert_array_equal(result["smoothed"], result["same"])


@pytest.mark.parametrize("function", ["DELAY N", "SMOOTH N"])
def test_there_are_no_more_stages_than_steps_fit_into_the_time(function: str) -> None:
    equations = f"x = STEP(1, 2) ~~|\na = {function}(x, 1.25, 6, 3) ~~|\nb = {function}(x, 1.25, 6, 2) ~~|"
    text = model(equations, step=0.5)
    assert values(text, "a") == values(text, "b")
    notes = engine.compile("model.mdl", text=text).notes
    assert [note.row for note in notes] == [3]


def test_a_short_delay_of_fixed_order_is_computed_as_written_and_told() -> None:
    """A stage of half a step overshoots: it loses twice what it holds."""
    text = model("x = STEP(1, 2) ~~|\ny = DELAY1I(x, 0.5, 3) ~~|", final=4)
    assert values(text, "y") == [3, -3, 3, -1, 3]
    assert "shorter than order" in engine.compile("model.mdl", text=text).notes[0].found
    with pytest.raises(StudyError, match="shorter than order"):
        engine.reference.run("model.mdl", text=text)


def test_stages_that_an_open_input_would_set_are_refused() -> None:
    text = model("wait = 3 ~~|\ny = DELAY FIXED(Time, wait, -1) ~~|")
    with pytest.raises(StudyError, match="cannot be an input"):
        engine.compile("model.mdl", text=text, inputs=["wait"])
