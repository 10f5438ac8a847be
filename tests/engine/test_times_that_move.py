"""Delays whose time moves, stocks between limits, and what is held so far: the rule, then a case on both backends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError

NA = ":NA:"
TIMES = st.lists(st.integers(0, 9), min_size=13, max_size=13)


def series(name: str, numbers: list[int]) -> str:
    """A variable that has one number at each whole time."""
    points = ", ".join(f"({time}, {number})" for time, number in enumerate(numbers))
    return f"{name} = WITH LOOKUP(Time, ({points})) ~~|"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_stock_stays_between_its_limits_and_takes_the_special_value_when_near(backend: str) -> None:
    text = model(f"rate = IF THEN ELSE(Time < 4, 3, -4) ~~|\ns = SINTEG(rate, 1, 0, 10, {NA}, 4.5, 0.5) ~~|", final=7)
    assert values(text, "s", backend) == [1, 4.5, 7.5, 10, 10, 6, 2, 0]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("code", ["0", "4", "5"])
def test_without_limits_it_is_the_plain_integral_and_with_them_it_is_within_whatever_the_method(
    backend: str, code: str
) -> None:
    text = model(f"""a = SINTEG(2 - a / 3, 1, {NA}, {NA}, {NA}, {NA}, {NA}) ~~|
b = INTEG(2 - b / 3, 1) ~~|
c = SINTEG(2 - c / 3, 1, {NA}, 3, 0.5, {NA}, {NA}) ~~|""", code=code)
    assert values(text, "a", backend) == pytest.approx(values(text, "b", backend), abs=1e-12)
    c = np.array(values(text, "c", backend))
    assert c.max() == 3
    assert np.array_equal(c * 2, np.round(c * 2))


def test_what_the_manual_leaves_open_is_told_and_a_limit_that_is_no_number_is_refused() -> None:
    program = engine.compile("model.mdl", text=model(f"s = SINTEG(1, 0, 0, {NA}, 2, {NA}, {NA}) ~~|"))
    assert any("multiple SINTEG rounds" in note.found for note in program.notes)
    with pytest.raises(StudyError, match="SINTEG after the second"):
        engine.compile("model.mdl", text=model(f"s = SINTEG(1, 0, low, {NA}, {NA}, {NA}, {NA}) ~~|\nlow = 1 ~~|"))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("wait", [0, 0.4, 3, 2.5, 50])
def test_with_a_constant_time_the_three_discrete_delays_are_one(backend: str, wait: float) -> None:
    calls = {"a": "DELAY FIXED(Time, wait, 7)", "b": "DELAY MATERIAL(Time, wait, 7, 99)",
             "c": "DELAY INFORMATION(Time, wait, 7)", "d": "DELAY MATERIAL(Time, wait + 0 * Time, 7, 99)",
             "e": "DELAY INFORMATION(Time, wait + 0 * Time, 7)"}
    text = model("\n".join(f"{name} = {call} ~~|" for name, call in calls.items()) + f"\nwait = {wait} ~~|")
    result = simulate(text, backend)
    for name in "bcde":
        np.testing.assert_array_equal(result[name], result["a"])


@given(coming=TIMES, waits=TIMES)
@settings(max_examples=25, deadline=None)
def test_material_comes_out_when_it_is_due_together_with_what_else_is_and_none_is_lost(
    coming: list[int], waits: list[int]
) -> None:
    text = model(f"{series('x', coming)}\n{series('wait', waits)}\ny = DELAY MATERIAL(x, wait, 5, -1) ~~|", final=12)
    due: dict[int, int] = {step: 5 for step in range(max(waits[0], 1))}
    for step, (amount, wait) in enumerate(zip(coming, waits, strict=True)):
        due[step + max(wait, 1)] = due.get(step + max(wait, 1), 0) + amount
    assert values(text, "y") == [due.get(step, -1) for step in range(13)]


@given(coming=TIMES, waits=TIMES)
@settings(max_examples=25, deadline=None)
def test_information_is_the_latest_that_has_arrived_and_older_news_is_dropped(
    coming: list[int], waits: list[int]
) -> None:
    text = model(f"{series('x', coming)}\n{series('wait', waits)}\ny = DELAY INFORMATION(x, wait, 5) ~~|", final=12)
    expected = []
    for now in range(13):
        there = [step for step, wait in enumerate(waits) if step + max(wait, 1) <= now]
        expected.append(coming[max(there)] if there else 5)
    assert values(text, "y") == expected


def test_both_backends_and_a_batch_delay_the_same_by_element() -> None:
    text = model("""A: a1, a2 ~~|
wait[A] = 1 + A + base + MODULO(Time, 3) ~~|
base = 0 ~~|
y[A] = DELAY MATERIAL(Time * A, wait[A], 0, 0) ~~|
z[A] = DELAY INFORMATION(Time * A, wait[A], 0) ~~|""", final=20)
    program = engine.compile("model.mdl", text=text, inputs=["base"])
    batch = engine.batch(program, {"base": np.array([0.0, 4.0])})
    for number, base in enumerate((0.0, 4.0)):
        alone = engine.run(program, {"base": base}, backend="numpy")
        compiled = engine.run(program, {"base": base})
        for name in "yz":
            np.testing.assert_array_equal(compiled[name], alone[name])
            np.testing.assert_array_equal(batch[name].isel(run=number).transpose(*alone[name].dims), alone[name])


def test_a_delay_that_would_keep_too_many_numbers_is_refused() -> None:
    text = model("A: (a1-a9000) ~~|\ny[A] = DELAY MATERIAL(A, 1 + Time, 0, 0) ~~|", final=1000)
    with pytest.raises(StudyError, match="DELAY MATERIAL keeps 9,009,000 numbers"):
        engine.compile("model.mdl", text=text)


def test_a_parameter_that_nobody_declared_moves_a_moving_delay_and_is_refused_by_a_fixed_one() -> None:
    text = model("wait = 3 ~~|\ny = DELAY MATERIAL(Time, wait, 0, 0) ~~|\nz = DELAY FIXED(Time, wait, 0) ~~|")
    program = engine.compile("model.mdl", text=text, outputs=["y"])
    assert list(engine.run(program, {"wait": 5.0}, backend="numpy")["y"].values[5:]) == [0, 1, 2, 3, 4, 5]
    with pytest.raises(StudyError, match="delay time of DELAY FIXED sets the shape"):
        engine.run(engine.compile("model.mdl", text=text), {"wait": 5.0})


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_sample_that_reads_itself_reads_what_it_holds_so_far(backend: str) -> None:
    text = model(""":MACRO: PEAK(x)
PEAK = SAMPLE IF TRUE(x > PEAK, x, x) ~~|
:END OF MACRO:
A: a1, a2 ~~|
x[A] = (A - 1.5) * MODULO(Time * 4, 7) ~~|
least[A] = SAMPLE IF TRUE(x[A] < least[A], x[A], x[A]) ~~|
total[A] = SAMPLE IF TRUE(Time > 2, total[A] + x[A], 100) ~~|
most[A] = PEAK(x[A]) ~~|""")
    result = simulate(text, backend)
    x = result["x"].values
    np.testing.assert_array_equal(result["least"], np.minimum.accumulate(x))
    np.testing.assert_array_equal(result["most"], np.maximum.accumulate(x))
    np.testing.assert_allclose(result["total"], 100 + np.cumsum(np.where(np.arange(11)[:, None] > 2, x, 0), axis=0))


def test_a_sample_that_reads_itself_through_another_variable_is_a_loop() -> None:
    with pytest.raises(StudyError, match="algebraic loop"):
        engine.compile("model.mdl", text=model("a = SAMPLE IF TRUE(b > 2, b, 0) ~~|\nb = a + Time ~~|"))


POINTS = [1.0, 3.0, 2.0, 6.0]


def lookup_truth(y: np.ndarray, x: float, low: float, high: float, mode: int) -> float:
    """VECTOR LOOKUP, by sums over fine slices and by looking at each point."""
    at = np.linspace(low, high, len(y))
    step = at[1] - at[0]
    inside = float(np.interp(x, at, y))
    first, last = (y[1] - y[0]) / step, (y[-1] - y[-2]) / step
    carried = inside + first * min(x - low, 0) + last * max(x - high, 0)
    if mode in (0, 3):
        return inside if mode == 0 else carried
    if mode in (1, 7):
        grid = np.linspace(low, x, 20001)
        line = np.interp(grid, at, y)
        if mode == 7:
            line = line + first * np.minimum(grid - low, 0) + last * np.maximum(grid - high, 0)
        return float(np.trapezoid(line, grid))
    if mode == 2:
        return float(y[max(np.flatnonzero(at <= x), default=0)])
    if mode == 4:
        return float(y[min(np.flatnonzero(at >= x), default=len(y) - 1)])
    outer = (first, last) if mode == 9 else (0.0, 0.0)
    slopes = np.concatenate([outer[:1], np.diff(y) / step, outer[1:]])
    return float(slopes[np.searchsorted(at, x, "left")] + slopes[np.searchsorted(at, x, "right")]) / 2


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", [0, 1, 2, 3, 4, 6, 7, 9])
def test_a_vector_is_a_lookup_in_each_of_its_modes(backend: str, mode: int) -> None:
    text = model(f"""P: (p1-p4) ~~|
y[P] = {", ".join(map(str, POINTS))} ~~|
x = (Time - 2) / 4 ~~|
found = VECTOR LOOKUP(y[p1], x, 0.5, 2, mode) ~~|
mode = {mode} ~~|""", final=15)
    expected = [lookup_truth(np.array(POINTS), (time - 2) / 4, 0.5, 2, mode) for time in range(16)]
    assert values(text, "found", backend) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_vector_is_inverted_at_the_first_place_that_has_the_value(backend: str) -> None:
    text = model(f"""P: (p1-p4) ~~|
y[P] = {", ".join(map(str, POINTS))} ~~|
inside = VECTOR LOOKUP(y[p1], Time, 10, 40, 5) ~~|
carried = VECTOR LOOKUP(y[p1], Time, 10, 40, 8) ~~|""", final=8)
    assert values(text, "inside", backend) == pytest.approx([10, 10, 15, 20, 35, 37.5, 40, 40, 40])
    assert values(text, "carried", backend) == pytest.approx([5, 10, 15, 20, 35, 37.5, 40, 42.5, 45])


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_vector_may_move_by_element_and_so_may_the_mode(backend: str) -> None:
    text = model("""A: a1, a2 ~~|
P: (p1-p3) ~~|
y[A, P] = A * P + Time ~~|
found[A] = VECTOR LOOKUP(y[A, p1], Time / 10, 0, 1, 0) ~~|
changing = VECTOR LOOKUP(y[a1, p1], 0.2, 0, 1, Time) ~~|""")
    with pytest.warns(engine.NotFiniteWarning, match="'changing' is no number from time 10"):
        result = simulate(text, backend)
    for element in (0, 1):
        expected = [np.interp(t / 10, [0, 0.5, 1], (element + 1) * np.array([1, 2, 3]) + t) for t in range(11)]
        np.testing.assert_allclose(result["found"].values[:, element], expected, rtol=1e-12)
    changing = result["changing"].values
    assert np.isnan(changing[10])
    assert changing[[0, 2, 4, 6]] == pytest.approx([1.4, 3, 6, 2])


@pytest.mark.parametrize(("call", "found"), [
    ("VECTOR LOOKUP(y[p2], 1, 0, 1, 0)", "does not begin at the first"),
    ("VECTOR LOOKUP(y[p1], 1, 0, 1, 10)", "the mode of VECTOR LOOKUP is 10"),
    ("VECTOR LOOKUP(y[p1], 1, 0, 1, 0.5)", "the mode of VECTOR LOOKUP is 0.5"),
])
def test_a_vector_that_is_no_lookup_is_refused(call: str, found: str) -> None:
    with pytest.raises(StudyError, match=found):
        engine.compile("model.mdl", text=model(f"P: (p1-p3) ~~|\ny[P] = 1, 2, 3 ~~|\nz = {call} ~~|"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_bought_is_written_off_in_equal_parts_over_its_lifetime_from_the_first_step_on(backend: str) -> None:
    bought = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    text = model(f"""A: a1, a2 ~~|
{series("x", bought)}
life[A] = 2 * A ~~|
same = DEPRECIATE STRAIGHTLINE(x, 4, 1, 7) ~~|
y[A] = DEPRECIATE STRAIGHTLINE(x, life[A], TIME STEP, 7) ~~|""")
    result = simulate(text, backend)
    expected = [[np.mean(([7] * life + bought[:step + 1])[-life:]) for life in (2, 4)] for step in range(11)]
    np.testing.assert_allclose(result["y"].values, expected, rtol=1e-12)
    np.testing.assert_allclose(result["same"].values, np.array(expected)[:, 1], rtol=1e-12)


def test_a_fiscal_period_of_several_steps_is_refused() -> None:
    with pytest.raises(StudyError, match="fiscal period of DEPRECIATE STRAIGHTLINE is 2"):
        engine.compile("model.mdl", text=model("y = DEPRECIATE STRAIGHTLINE(Time, 4, 2, 0) ~~|"))


CLOCK = """{UTF-8}
years = 3 ~~|
unit = 2 ~~|
s = INTEG(1, 0) ~~|
INITIAL TIME = years - 3 ~~|
FINAL TIME = INITIAL TIME + years * unit ~~|
TIME STEP = IF THEN ELSE(years > 2, 1, 4) / 2 ~~|
SAVEPER = TIME STEP * 2 ~~|
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_clock_may_be_computed_from_constants(backend: str) -> None:
    result = simulate(CLOCK, backend)
    assert list(result["time"].values) == [0, 1, 2, 3, 4, 5, 6]
    assert list(result["s"].values) == [0, 1, 2, 3, 4, 5, 6]


def test_what_a_clock_is_computed_from_is_no_parameter() -> None:
    with pytest.raises(StudyError, match="the clock follows from it"):
        engine.compile("model.mdl", text=CLOCK, inputs=["years"])
    with pytest.raises(StudyError, match="the clock follows from it"):
        engine.run(engine.compile("model.mdl", text=CLOCK), {"unit": 3.0})


@pytest.mark.parametrize(("equation", "function"), [
    ("y = DELAY MATERIAL(Time, 2, 0, 0) ~~|", "DELAY MATERIAL"),
    ("y = SAMPLE IF TRUE(Time > y, Time, 3) ~~|", "SAMPLE IF TRUE"),
])
def test_what_pysd_cannot_compute_is_refused_there_with_a_sentence(equation: str, function: str) -> None:
    with pytest.raises(StudyError, match=f"PySD does not compute this use of {function}"):
        engine.reference.run("model.mdl", text=model(equation))
