"""A logarithm that is a whole number comes out as one, compiled and on the host, alone and in a batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import engine
from xiancheng.engine.compiling import import_jax
from xiancheng.engine.powers import logarithm_to

MODEL = """
power of[exponent] = base of ^ (exponent + 0 * Time) ~~|
base of = {base} ~~|
to variable base[exponent] = LOG(power of[exponent], base of) ~~|
to base[exponent] = LOG(power of[exponent], {number}) ~~|
whole[exponent] = INTEGER(to base[exponent]) ~~|
of constants = INTEGER(LOG({number} ^ 3, {number})) ~~|
exponent: (e1-e14) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 2 ~~|
TIME STEP = 1 ~~|
SAVEPER = TIME STEP ~~|
"""
SHOWN = ["to variable base", "to base", "whole", "of constants"]


@pytest.mark.parametrize("number", [2, 3, 5, 7, 10, 12])
@pytest.mark.parametrize("moving", [False, True])
def test_the_logarithm_of_a_power_is_its_exponent(tmp_path: Path, number: int, moving: bool) -> None:
    """LN(1000) / LN(10) is less than 3 in double precision, so that an INTEGER of it would be 2."""
    file = tmp_path / "model.mdl"
    base = f"{number} + 0 * Time" if moving else str(number)
    file.write_text(MODEL.format(base=base, number=number), encoding="utf-8")
    program = engine.compile(file, outputs=SHOWN)
    for run in (engine.run, engine.batch):
        for backend in ("jax", "numpy"):
            result = run(program, {}, backend=backend)
            for name in SHOWN[:-1]:
                assert np.array_equal(np.squeeze(result[name]), np.tile(np.arange(1.0, 15), (3, 1))), (name, backend)
            assert np.all(np.asarray(result["of constants"]) == 3)


@given(st.floats(1e-3, 1e12), st.floats(1.01, 50))
def test_other_logarithms_are_the_ratio_of_two(x: float, base: float) -> None:
    ratio = float(np.log(x) / np.log(base))
    found = float(logarithm_to(np, x, base))
    assert found == pytest.approx(ratio, rel=1e-15, abs=0)
    assert found == ratio or found == np.rint(ratio)


def test_no_number_beside_a_power_is_taken_for_one() -> None:
    assert logarithm_to(np, 1000 * (1 + 1e-13), 10) > 3 > logarithm_to(np, 1000 * (1 - 1e-13), 10)
    assert logarithm_to(np, 1 + 1e-15, 10) > logarithm_to(np, 1.0, 10) == 0


def test_the_slope_is_that_of_the_logarithm_where_it_is_whole() -> None:
    jax = import_jax()
    slope = jax.grad(lambda x: logarithm_to(jax.numpy, x, 10.0))(1000.0)
    assert slope == pytest.approx(1 / (1000 * np.log(10)), rel=1e-12)
