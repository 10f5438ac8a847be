"""Stocks move by the method that the settings of a model name; other states change at whole steps, whatever it is."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError

ORDERS = {"0": 1, "2": 1, "3": 2, "4": 2, "1": 4, "5": 4}


def decay(rate: float, step: float, code: str) -> str:
    return model(f"s = INTEG(-{rate!r} * s, 100) ~~|", final=4 * step, step=step, code=code)


@pytest.mark.parametrize("code", sorted(ORDERS))
@given(rate=st.floats(0.01, 1.5), step=st.sampled_from([0.125, 0.25, 0.5, 1.0]))
@settings(max_examples=10, deadline=None)
def test_a_step_of_order_p_is_the_exponential_series_up_to_its_p_th_term(code: str, rate: float, step: float) -> None:
    factor = sum((-rate * step) ** n / math.factorial(n) for n in range(ORDERS[code] + 1))
    got = values(decay(rate, step, code), "s")
    np.testing.assert_allclose(got, [100 * factor**n for n in range(5)], rtol=1e-9)


@pytest.mark.parametrize("code", sorted(ORDERS))
def test_both_backends_and_a_batch_take_the_same_method(code: str) -> None:
    text = decay(0.3, 0.5, code).replace("INTEG(-0.3", "INTEG(-rate").replace("FINAL", "rate = 0.3 ~~|\nFINAL")
    program = engine.compile("model.mdl", text=text, inputs=["rate"])
    single = engine.run(program, backend="numpy")
    np.testing.assert_allclose(engine.run(program)["s"], single["s"], rtol=1e-12)
    batch = engine.batch(program, {"rate": np.array([0.3, 0.4])})
    np.testing.assert_allclose(batch["s"].isel(run=0), single["s"], rtol=1e-12)


@pytest.mark.parametrize("code", ["4", "5"])
def test_halving_the_step_divides_the_error_by_two_to_the_order(code: str) -> None:
    def error(step: float) -> float:
        text = model("s = INTEG(s * (1 - s / 10), 1) ~~|", final=2, step=step, code=code)
        return abs(values(text, "s")[-1] - 10 / (1 + 9 * math.exp(-2)))

    assert error(0.25) / error(0.125) == pytest.approx(2 ** ORDERS[code], rel=0.25)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("code", ["0", "4", "5"])
def test_delays_smooths_and_stocks_are_one_system(backend: str, code: str) -> None:
    """A smooth is a stock that closes its gap: written either way it moves alike."""
    text = model("x = 1 + STEP(3, 2) ~~|\na = SMOOTH(x, 4) ~~|\nb = INTEG((x - b) / 4, 1) ~~|", step=0.5, code=code)
    np.testing.assert_allclose(values(text, "a", backend), values(text, "b", backend), rtol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("code", ["0", "4", "5"])
def test_what_samples_or_waits_changes_at_whole_steps_alone(backend: str, code: str) -> None:
    equations = "late = DELAY FIXED(Time, 2, -1) ~~|\nseen = SAMPLE IF TRUE(MODULO(Time, 3) = 0, Time, -1) ~~|"
    text = model(equations, final=5, code=code)
    assert values(text, "late", backend) == [-1, -1, 0, 1, 2, 3]
    assert values(text, "seen", backend) == [0, 0, 0, 3, 3, 3]


def test_an_automatic_step_is_told_and_an_unheard_of_method_refused() -> None:
    assert not engine.compile("model.mdl", text=decay(0.5, 1, "5")).notes
    (note,) = engine.compile("model.mdl", text=decay(0.5, 1, "1")).notes
    assert "RK4" in note.found
    assert note.row == decay(0.5, 1, "1").split("15:")[0].count("\n") + 1
    with pytest.raises(StudyError, match="method 7"):
        engine.compile("model.mdl", text=decay(0.5, 1, "7"))


def test_the_reference_run_refuses_a_method_that_pysd_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="RK4"):
        engine.reference.run(tmp_path / "model.mdl", text=decay(0.5, 1, "5"))
    assert simulate(decay(0.5, 1, "0"))["s"].values[1] == 50
