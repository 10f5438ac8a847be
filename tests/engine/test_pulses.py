"""A step is in a pulse when its middle is: no rounding of times puts a pulse a step too long or too late."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import BACKENDS, model, values

from xiancheng import engine
from xiancheng.errors import StudyError

STEPS = st.sampled_from([0.1, 0.125, 0.25, 1 / 3, 0.2, 1.0])


@given(step=STEPS, first=st.integers(0, 30), count=st.integers(1, 20), start=st.sampled_from([0, 2020]))
@settings(max_examples=30, deadline=None)
def test_a_pulse_of_so_many_steps_lasts_so_many(step: float, first: int, count: int, start: float) -> None:
    text = model(f"p = PULSE({start + first * step!r}, {count * step!r}) ~~|", start=start, final=start + 60 * step,
                 step=step)
    assert values(text, "p") == [float(first <= n < first + count) for n in range(61)]


@given(step=STEPS, first=st.integers(0, 10), gap=st.integers(2, 9), count=st.integers(1, 9), last=st.integers(0, 50))
@settings(max_examples=30, deadline=None)
def test_a_train_repeats_until_the_step_that_holds_its_end(step: float, first: int, gap: int, count: int, last: int
                                                           ) -> None:
    call = f"PULSE TRAIN({first * step!r}, {count * step!r}, {gap * step!r}, {last * step!r})"
    text = model(f"p = {call} ~~|", final=60 * step, step=step)
    expected = [float(first <= n <= last and (n - first) % gap < count) for n in range(61)]
    assert values(text, "p") == expected


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("step", [0.1, 0.25, 1.0])
def test_a_pulse_of_no_width_is_one_step(backend: str, step: float) -> None:
    equations = "p = PULSE(3, 0) ~~|\nq = PULSE TRAIN(2, 0, 3, 20) ~~|"
    text = model(equations, step=step)
    assert sum(values(text, "p", backend)) == 1
    assert sum(values(text, "q", backend)) == 3


def test_the_reference_run_refuses_pulses_that_pysd_puts_elsewhere() -> None:
    with pytest.raises(StudyError, match="PULSE"):
        engine.reference.run("model.mdl", text=model("p = PULSE(3, 0) ~~|"))
    assert engine.reference.run("model.mdl", text=model("p = PULSE(3, 2) ~~|"))["p"].sum() == 2
