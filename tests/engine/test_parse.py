"""Expressions are read by Vensim's order of signs, and what cannot be read is named near its place."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import model, values

from xiancheng import engine
from xiancheng.engine import parse
from xiancheng.engine.syntax import Call, Node, Number, Reference, Refused
from xiancheng.errors import StudyError

SIGNS = (":OR:", ":AND:", "=", "+", "-", "*", "/", "^")


def written(node: Node) -> str:
    """An expression with all its parentheses."""
    if isinstance(node, Number):
        return f"{node.value:g}"
    if isinstance(node, Reference):
        return node.name
    assert isinstance(node, Call)
    if len(node.arguments) == 1:
        return f"({node.function} {written(node.arguments[0])})"
    return f"({written(node.arguments[0])} {node.function} {written(node.arguments[1])})"


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("-2^2", "(negative (2 ^ 2))"),
        ("a^b^c", "(a ^ (b ^ c))"),
        ("2^-1", "(2 ^ -1)"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("-a * b", "((negative a) * b)"),
        ("a :OR: b :AND: c", "(a :OR: (b :AND: c))"),
        ("a :and: b :or: c", "((a :AND: b) :OR: c)"),
        (":NOT: a = b :AND: c", "((:NOT: (a = b)) :AND: c)"),
        ("a + b > c * d", "((a + b) > (c * d))"),
    ],
)
def test_signs_bind_in_the_order_of_vensim(text: str, order: str) -> None:
    assert written(parse.expression(text)) == order


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Two expressions with a sign between them, in parentheses."""
    return st.tuples(inner, st.sampled_from(("+", "-", "*")), inner).map(lambda parts: f"({' '.join(parts)})")


@given(st.recursive(st.integers(1, 9).map(str), joined, max_leaves=8))
@settings(max_examples=40, deadline=None)
def test_parentheses_leave_no_choice(text: str) -> None:
    assert values(model(f"y = {text} ~~|", final=1), "y")[0] == pytest.approx(eval(text))


@pytest.mark.parametrize("text", ["1 +", "2 * / 3", "f(1, 2", "(1 + 2", "1 2", "a[b", "", "3 & 4"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse.expression(text)


def test_the_reference_run_refuses_an_order_of_signs_that_pysd_takes_otherwise(tmp_path: Path) -> None:
    for equation in ("y = -2 ^ 2", "y = 2 ^ 3 ^ 2", "y = IF THEN ELSE(1 :OR: 0 :AND: 0, 1, 2)"):
        with pytest.raises(StudyError, match="PySD"):
            engine.reference.run(tmp_path / "model.mdl", text=model(f"{equation} ~~|"))


@pytest.mark.parametrize(
    ("points", "at", "value"),
    [
        ("(0,0),(2,4)", 1, 2), ("[(0,0)-(9,9)],(0,0),(2,4)", 3, 4), ("0,2,0,4", 1, 2), ("(5,3)", 9, 3),
        ("(0,0),(1,1),(1,5),(2,6)", 1, 1), ("(0,0),(1,1),(1,5),(2,6)", 1.5, 5.5), ("(2,4),(0,0)", 1, 2),
    ],
)
def test_points_are_pairs_or_all_x_then_all_y_and_jump_after_an_equal_x(points: str, at: float, value: float) -> None:
    assert values(model(f"f({points}) ~~|\ny = f({at}) ~~|"), "y")[0] == value


def test_reality_checks_and_notes_change_nothing() -> None:
    equations = """{ a note { in a note } } y = 3 {half} * 2 ~~|
never :THE CONDITION: y = 0 :IMPLIES: y = 1 ~~|
try :TEST INPUT: y = RC STEP(y, 0) ~~|"""
    assert values(model(equations), "y")[0] == 6


def test_a_function_that_vensim_has_is_named_as_such_and_a_slip_of_spelling_as_such() -> None:
    with pytest.raises(StudyError, match="Vensim has the function"):
        engine.compile("model.mdl", text=model("y = FIND ZERO(1, 2, 3, 4, 5) ~~|"))
    with pytest.raises(StudyError, match="did you mean 'SMOOTH'"):
        engine.compile("model.mdl", text=model("y = SMOTH(Time, 3) ~~|"))
    assert not math.isnan(values(model("y = GAMMA LN(5) ~~|"), "y")[0])
