"""A macro is its equations written out at each call: what it defines is its own, per call and per element."""

from __future__ import annotations

import numpy as np
import pytest
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.errors import StudyError

LAG = """:MACRO: LAG(input, delay)
LAG = INTEG(gap / delay, input) ~~|
gap = input - LAG ~~|
:END OF MACRO:
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_macro_gives_what_its_equations_give(backend: str) -> None:
    called, written = "a = LAG(x, 4) + LAG(2 * x, 2) ~~|", "b = SMOOTH(x, 4) + SMOOTH(2 * x, 2) ~~|"
    text = model(f"{LAG}x = 1 + STEP(2, 3) ~~|\n{called}\n{written}")
    np.testing.assert_allclose(values(text, "a", backend), values(text, "b", backend), rtol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_element_of_the_calling_equation_has_its_own(backend: str) -> None:
    text = model(LAG + """D: d1, d2 ~~|
x[D] = 1, 3 ~~|
wait[D] = 2, 5 ~~|
a[D] = LAG(x[D] * Time, wait[D]) ~~|
b[D] = SMOOTH(x[D] * Time, wait[D]) ~~|
first[d1] = LAG(x[d1] * Time, 2) ~~|""")
    result = simulate(text, backend)
    np.testing.assert_allclose(result["a"], result["b"], rtol=1e-12)
    np.testing.assert_allclose(result["first"].isel(D=0), result["a"].isel(D=0), rtol=1e-12)


def test_macros_call_macros_take_lookups_and_see_the_model() -> None:
    text = model("""f((0,0),(10,20)) ~~|
:MACRO: TWICE(x)
TWICE = 2 * x + base$ * 0 + TIME STEP$ * 0 ~~|
:END OF MACRO:
:MACRO: THROUGH(table, x)
THROUGH = TWICE(table(x)) ~~|
:END OF MACRO:
base = 7 ~~|
y = THROUGH(f, Time) ~~|""")
    assert values(text, "y") == [4.0 * t for t in range(11)]


def test_further_outputs_are_variables_of_the_model() -> None:
    text = model(""":MACRO: SPLIT(x : half, third)
SPLIT = x ~~|
half = x / 2 ~~|
third = x / 3 ~~|
:END OF MACRO:
y = SPLIT(6 * Time : h, t3) ~~|
z = h + t3 ~~|""")
    assert values(text, "z") == [5.0 * t for t in range(11)]


def test_what_a_macro_holds_is_not_among_the_results() -> None:
    result = simulate(model(LAG + "y = LAG(Time, 2) ~~|"))
    assert not [name for name in result.data_vars if str(name).startswith("#")]


@pytest.mark.parametrize(
    ("equations", "words"),
    [
        (LAG + "y = LAG(Time) ~~|", "LAG has 1 arguments"),
        (":MACRO: M(x)\nM = M(x) + 1 ~~|\n:END OF MACRO:\ny = M(2) ~~|", "calls itself"),
        (":MACRO: M(x)\nM = 2 + * x ~~|\n:END OF MACRO:\ny = M(2) ~~|", "cannot be read"),
        (":MACRO: broken\n:END OF MACRO:\ny = Time ~~|", "no name with parameters"),
    ],
)
def test_a_wrong_macro_is_named_and_hides_nothing_else(equations: str, words: str) -> None:
    with pytest.raises(StudyError, match=words) as refused:
        engine.compile("model.mdl", text=model(equations + "\nz = unheard of ~~|"))
    assert "unheard of" in str(refused.value)


def test_the_word_for_a_macro_in_a_note_of_the_sketch_opens_none() -> None:
    text = model("x = 2 ~~|", code="0").replace("*View 1", "*View 1\nOption 3. Use the :MACRO: version instead")
    assert values(text, "x") == [2] * 11
