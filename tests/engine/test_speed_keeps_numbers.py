"""What makes compiled code faster changes no number: equations as written, sums over several axes, runs in chunks."""

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


WRITTEN = """
a[place] = place + Time ~~|
b[place] = 61 - place ~~|
c[place] = place * place / 10 ~~|
huge = 1e+200 + Time ~~|
{equations}
place: (p1-p60) ~~|
INITIAL TIME = 2001 ~~|
FINAL TIME = 2021 ~~|
TIME STEP = 0.1 ~~|
SAVEPER = TIME STEP ~~|
"""
EQUATIONS = {
    "quotient of quotient": "a[place] / (b[place] / c[place])",
    "quotient of two": "a[place] / b[place] / c[place]",
    "two quotients": "(a[place] / b[place]) / (c[place] / (a[place] + 2))",
    "factors": "a[place] * 0.1 * 10",
    "terms": "(a[place] + 0.3) - 0.3",
    "by a root": "a[place] / SQRT(b[place])",
    "large": "huge / (huge * 1e+50 / huge)",
    "small": "1e-150 / (1 / huge) / (1 / huge)",
}


@pytest.mark.parametrize("many", [False, True])
def test_equations_are_computed_as_they_are_written(tmp_path: Path, many: bool) -> None:
    """A compiler would write them anew, to other last bits or to infinity.

    Left out is a product that is added: processors round it once, with the sum.
    """
    written = [f"{name}[place] = {text} ~~|" for name, text in EQUATIONS.items()]
    whole = [f"whole {name}[place] = INTEGER({text}) ~~|" for name, text in EQUATIONS.items()]
    file = tmp_path / "model.mdl"
    file.write_text(WRITTEN.format(equations="\n".join(written + whole)), encoding="utf-8")
    names = [*EQUATIONS, *(f"whole {name}" for name in EQUATIONS)]
    program = engine.compile(file, outputs=names)
    run = engine.batch if many else engine.run
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", engine.NotFiniteWarning)
        compiled, host = (run(program, {}, backend=backend) for backend in ("jax", "numpy"))
    differing = [name for name in names if not np.array_equal(compiled[name], host[name], equal_nan=True)]
    assert differing == []
    assert np.isfinite(compiled[["large", "small"]].to_array()).all()


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
