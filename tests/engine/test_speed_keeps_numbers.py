"""What makes compiled code faster changes no number: quotients by constants, sums over several axes, runs in chunks."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import engine
from xiancheng.engine import batches
from xiancheng.engine.arrays import Array, sum_over
from xiancheng.engine.compiling import import_jax
from xiancheng.engine.functions import is_power_of_two

MODEL = """
series[place] = place + Time ~~|
quotient[place] = series[place] / {divisor} ~~|
or none[place] = ZIDZ(series[place], {divisor}) ~~|
or other[place] = XIDZ(series[place], {divisor}, 5) ~~|
whole[place] = INTEGER(series[place] / {divisor}) ~~|
steps[place] = QUANTUM(series[place], {divisor}) ~~|
rest[place] = MODULO(series[place], {divisor}) ~~|
place: (p1-p120) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 30 ~~|
TIME STEP = 0.25 ~~|
SAVEPER = TIME STEP ~~|
"""
SHOWN = ["quotient", "or none", "or other", "whole", "steps"]
TOGETHER = range(batches._FEWEST_TURNS, batches._MOST_TURNS + 1)


@pytest.mark.parametrize("divisor", ["0.125", "8", "3", "49", "0.1", "TIME STEP", "0", "(3 + 4)", "place"])
@pytest.mark.parametrize("many", [False, True])
def test_a_quotient_by_a_constant_is_to_the_bit_that_of_the_host(tmp_path: Path, divisor: str, many: bool) -> None:
    """A compiler would multiply by the inverse, which puts the integer part of 49 / 49 at 0; alone and in a batch."""
    file = tmp_path / "model.mdl"
    file.write_text(MODEL.format(divisor=divisor), encoding="utf-8")
    program = engine.compile(file, outputs=[*SHOWN, "rest"])
    run = engine.batch if many else engine.run
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", engine.NotFiniteWarning)
        compiled, host = (run(program, {}, backend=backend) for backend in ("jax", "numpy"))
    for name in SHOWN:
        assert np.array_equal(compiled[name], host[name], equal_nan=True), name
    np.testing.assert_allclose(compiled["rest"], host["rest"], atol=1e-12)  # a product and a difference meet


@given(st.integers(-40, 40), st.sampled_from([1.0, -1.0]))
def test_powers_of_two_are_told_from_other_numbers(power: int, sign: float) -> None:
    exact = sign * 2.0**power
    for numbers in (exact, np.array([exact, 2.0])):
        assert is_power_of_two(numbers)
    for numbers in (1.5 * exact, np.array([exact, 3.0]), 0.0, np.inf, 2.0**-1074):
        assert not is_power_of_two(numbers)


@pytest.mark.parametrize("marked", [("c",), ("b", "c"), ("a", "b", "c"), ("a", "c"), ("a", "b"), ("a",)])
def test_a_compiled_sum_is_that_of_the_host_whatever_axes_it_takes(marked: tuple[str, ...]) -> None:
    jax = import_jax()
    numbers = np.random.default_rng(5).normal(size=(7, 4, 9))

    def total(data: object) -> object:
        return sum_over(jax.numpy, Array(data, ("a", "b", "c")), marked).data

    host = sum_over(np, Array(numbers, ("a", "b", "c")), marked)
    assert host.dims == tuple(dim for dim in ("a", "b", "c") if dim not in marked)
    np.testing.assert_allclose(jax.jit(total)(numbers), host.data, rtol=1e-13, atol=1e-13)


@given(st.integers(1, 2_000), st.integers(1, 64))
def test_no_other_number_of_chunks_a_call_computes_fewer_runs_too_many(runs: int, size: int) -> None:
    turns, chunks = batches._turns(runs, size), -(-runs // size)

    def computed(several: int) -> int:
        return -(-chunks // several) * several

    assert turns == chunks or turns in TOGETHER
    assert computed(turns) >= chunks
    assert chunks <= batches._MOST_TURNS or computed(turns) == min(map(computed, TOGETHER))
