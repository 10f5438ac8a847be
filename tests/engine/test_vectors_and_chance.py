"""Cells by their place, shares of what is scarce, draws that repeat, and what a stream is worth today."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError

RANGES = "A: a1, a2, a3 ~~|\nB: b1, b2 ~~|\n"
PROFILE = "P: ptype, ppriority, pwidth, pextra ~~|\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_cell_is_counted_from_another_along_the_last_subscript_first(backend: str) -> None:
    equations = RANGES + """x[A, B] = 1, 2; 3, 4; 5, 6; ~~|
y[A] = VECTOR ELM MAP(x[a1, b1], A + 1) ~~|
z[A] = VECTOR ELM MAP(x[A, b1], 1) ~~|
out = VECTOR ELM MAP(x[a3, b2], 1) ~~|"""
    result = simulate(model(equations), backend)
    assert list(result["y"].values[0]) == [3, 4, 5]
    assert list(result["z"].values[0]) == [2, 4, 6]
    assert result["out"].values[0] == -(2.0**109)


def test_cells_are_counted_in_a_variable_and_in_nothing_else() -> None:
    """Vensim refuses it too: argument 1 must be a normal variable."""
    with pytest.raises(StudyError, match="first argument of VECTOR ELM MAP is no variable"):
        engine.compile("model.mdl", text=model(RANGES + "x[A] = 1, 2, 3 ~~|\ny = VECTOR ELM MAP(x[a1] * 1, 1) ~~|"))


@pytest.mark.parametrize("backend", BACKENDS)
@given(numbers=st.lists(st.integers(-99, 99), min_size=3, max_size=3, unique=True))
@settings(max_examples=10, deadline=None)
def test_values_in_their_sort_order_rise(backend: str, numbers: list[int]) -> None:
    equations = RANGES + f"""x[A] = {", ".join(map(str, numbers))} ~~|
order[A] = VECTOR SORT ORDER(x[A], 1) ~~|
y[A] = VECTOR REORDER(x[A], order[A]) ~~|"""
    assert list(simulate(model(equations, final=1), backend)["y"].values[0]) == sorted(numbers)


def test_an_action_of_vector_select_may_move() -> None:
    equations = RANGES + "x[A] = 1, 2, 4 ~~|\none[A] = 1 ~~|\ny = VECTOR SELECT(one[A!], x[A!], 0, Time, 0) ~~|"
    assert values(model(equations, final=4), "y") == [7, 8, 1, 4, pytest.approx(7 / 3)]


@given(kind=st.integers(0, 4), requests=st.lists(st.floats(1, 99), min_size=3, max_size=3), supply=st.floats(0, 400),
       priorities=st.lists(st.floats(0, 5), min_size=3, max_size=3))
@settings(max_examples=30, deadline=None)
def test_shares_add_up_to_what_there_is_and_none_is_above_its_request(
    kind: int, requests: list[float], supply: float, priorities: list[float]
) -> None:
    equations = RANGES + PROFILE + f"""request[A] = {", ".join(map(repr, requests))} ~~|
profile[A, ptype] = {kind} ~~|
profile[A, ppriority] = {", ".join(map(repr, priorities))} ~~|
profile[A, pwidth] = 1.5 ~~|
profile[A, pextra] = 0 ~~|
share[A] = ALLOCATE AVAILABLE(request[A], profile[A, ptype], {supply!r}) ~~|"""
    share = simulate(model(equations, final=1))["share"].values[0]
    assert share.sum() == pytest.approx(min(supply, sum(requests)), rel=1e-6, abs=1e-6)
    assert (share <= np.array(requests) * (1 + 1e-9) + 1e-9).all()
    if kind:
        met = share / np.array(requests)
        assert all(met[i] >= met[j] - 1e-6 for i in range(3) for j in range(3) if priorities[i] >= priorities[j])


def test_a_wide_gap_of_priorities_serves_one_after_the_other() -> None:
    equations = RANGES + """request[A] = 10 ~~|
priority[A] = 1, 3, 2 ~~|
share[A] = ALLOCATE BY PRIORITY(request[A], priority[A], ELMCOUNT(A), 0.1, 15) ~~|"""
    np.testing.assert_allclose(simulate(model(equations))["share"].values[0], [0, 10, 5], atol=1e-6)


@pytest.mark.parametrize("backend", BACKENDS)
def test_draws_repeat_with_the_seed_and_differ_by_element_step_equation_and_seed(backend: str) -> None:
    equations = RANGES + """x[A] = RANDOM UNIFORM(2, 3, seed) ~~|
other[A] = RANDOM UNIFORM(2, 3, seed) ~~|
seed = 5 ~~|"""
    program = engine.compile("model.mdl", text=model(equations, final=200), inputs=["seed"])
    first = engine.run(program, backend=backend)
    again = engine.run(program, backend=backend)
    changed = engine.run(program, {"seed": 6.0}, backend=backend)
    np.testing.assert_array_equal(first["x"], again["x"])
    cells = np.concatenate([result[name].values.ravel() for result in (first, changed) for name in ("x", "other")])
    assert len(np.unique(cells)) == cells.size
    assert ((cells > 2) & (cells < 3)).all()


def test_both_backends_and_a_batch_draw_the_same() -> None:
    equations = "x = RANDOM NORMAL(-9, 9, mean, 1, 3) ~~|\nmean = 1 ~~|"
    program = engine.compile("model.mdl", text=model(equations, final=50), inputs=["mean"])
    alone = engine.run(program, backend="numpy")["x"]
    np.testing.assert_allclose(engine.run(program)["x"], alone, rtol=1e-9)
    batch = engine.batch(program, {"mean": np.array([0.0, 1.0])})["x"]
    np.testing.assert_allclose(batch.isel(run=1), alone, rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "mean", "deviation"),
    [
        ("RANDOM 0 1()", 0.5, 12**-0.5), ("RANDOM UNIFORM(2, 4, 1)", 3, 3**-0.5),
        ("RANDOM NORMAL(-99, 99, 5, 2, 1)", 5, 2), ("RANDOM EXPONENTIAL(0, 999, 1, 2, 1)", 3, 2),
        ("RANDOM LOGISTIC(-99, 99, 4, 1, 1)", 4, np.pi / 3**0.5), ("RANDOM WEIBULL(0, 999, 1, 0, 3, 1)", 3, 3),
        ("RANDOM TRIANGULAR(0, 9, 0, 3, 6, 1)", 3, 1.5**0.5), ("RANDOM NORMAL(0, 99, 0, 1, 1)", 0.7979, 0.6028),
        ("RANDOM POISSON(0, 999, 4, 1, 2, 1)", 9, 4), ("RANDOM POISSON(0, 999, 0.5, 0, 1, 1)", 0.5, 0.5**0.5),
        ("RANDOM BETA(0, 9, 2, 6, 1, 4, 1)", 2, (16 * 12 / (64 * 9)) ** 0.5),
        ("RANDOM GAMMA(0, 999, 4, 1, 2, 1)", 9, 4), ("RANDOM GAMMA(0, 999, 0.3, 0, 1, 1)", 1, 1),
        ("RANDOM BINOMIAL(0, 999, 0.2, 20, 1, 2, 1)", 9, 2 * 3.2**0.5),
        ("RANDOM BINOMIAL(0, 1, 0.2, 2, 0, 1, 1)", 1 / 3, (2 / 9) ** 0.5),
    ],
)
def test_draws_have_the_mean_and_spread_of_their_distribution(call: str, mean: float, deviation: float) -> None:
    drawn = np.array(values(model(f"x = {call} ~~|", final=4000), "x"))
    assert abs(drawn.mean() - mean) < 4 * deviation / len(drawn) ** 0.5
    assert drawn.std() == pytest.approx(deviation, rel=0.08)


@pytest.mark.parametrize("call", [
    "RANDOM BETA(1.5, 3, 2, 6, 1, 4, 1)", "RANDOM GAMMA(2, 9, 4, 1, 2, 1)", "RANDOM BINOMIAL(2, 9, 0.3, 20, 0, 1, 1)",
])
def test_both_backends_draw_the_same_within_the_limits(call: str) -> None:
    text = model(f"x = {call} ~~|", final=300)
    drawn = np.array(values(text, "x", "numpy"))
    np.testing.assert_allclose(values(text, "x", "jax"), drawn, rtol=1e-9)
    low, high = map(float, call.split("(")[1].split(",")[:2])
    assert low <= drawn.min() < low + 0.5
    assert high - 2.1 < drawn.max() <= high


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_present_value_is_the_sum_of_what_is_discounted(backend: str) -> None:
    text = model("y = NPV(10 + Time, 0.1, 3, 2) ~~|")
    expected = [2 * (3 + sum((10 + n) / 1.1**n for n in range(t + 1))) for t in range(11)]
    np.testing.assert_allclose(values(text, "y", backend), expected, rtol=1e-12)


def test_a_measure_of_time_other_than_the_models_own_is_refused() -> None:
    with pytest.raises(StudyError, match="GET TIME VALUE"):
        engine.compile("model.mdl", text=model("x = GET TIME VALUE(0, 1, 4) ~~|"))
