"""Forms that a forgiving grammar takes for something else are told by the text alone, in time that grows with it."""

from __future__ import annotations

import pytest
from small_models import model

from xiancheng import engine
from xiancheng.engine import form


@pytest.mark.parametrize(
    "equation",
    ["x = INTEG(1, 2)", "y[A] = SMOOTH(x[A], MAX(1, 2))", "f([(0,0)-(9,9),(5,5),(1,1)],(0,0),(1,2),(2,1))",
     "x = WITH LOOKUP(Time, ([(0,0)-(2,2)],(0,0),(2,2)))", "rate == 3", "rate[A] == 1, 2; 3, 4;",
     "rate[A] == TABBED ARRAY(1 2 3)", "x = IF THEN ELSE(a = b, 1, 0)",
     "x = GET DIRECT CONSTANTS('tables/a.csv', ',', 'B2*')", "x = a * (1, 2)", "first order smooth = a (b)"])
def test_right_forms_pass(equation: str) -> None:
    assert list(form.faults(equation)) == []


@pytest.mark.parametrize(
    "equation",
    ["x = a == b", "x == 2 * Time",
     "x = GET DIRECT DATA('a.csv', ',', 'A')", "x = GET DIRECT DATA('a.csv', ',', A, 'B2')"])
def test_wrong_forms_are_told(equation: str) -> None:
    assert list(form.faults(equation))


@pytest.mark.parametrize(("equation", "count"), [
    ("f((0,0),(2,1),(1,2))", 1), ("x = WITH LOOKUP(Time, ([(0,0)-(9,9)],(3,0),(2,2)))", 1),
    ("f([(0,0)-(9,9),(5,5),(1,1)],(0,0),(1,2),(2,1))", 0)])
def test_points_that_go_back_are_doubted_and_not_refused(equation: str, count: int) -> None:
    """Vensim sorts them in published models."""
    assert len(list(form.doubts(equation))) == count
    assert list(form.faults(equation)) == []


def test_points_that_go_back_are_noted() -> None:
    program = engine.compile("model.mdl", text=model("f((0,0),(2,2),(1,1)) ~~|\nx = f(Time) ~~|"))
    assert ["from 2 to 1" in note.found for note in program.notes] == [True]


def test_the_time_grows_with_the_text_and_not_beyond() -> None:
    """Texts that make a careless pattern try every way to split them: it would not come back."""
    points = ",".join(f"({x}.{x}{x},1{x}.5)" for x in range(400))
    for text in (f"f({points}", "x = " + "a_" * 5_000, "f(" + "(1,1" * 3_000, "x = " + "1 " * 9_000 + "(", '"' * 5_001):
        assert list(form.faults(text)) == [] == list(form.doubts(text))
