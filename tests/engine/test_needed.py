"""Only what is asked for has to be right: a problem elsewhere is a note, and a value set over an equation is told."""

from __future__ import annotations

import pytest
from effort import calls
from small_models import model

from xiancheng import engine
from xiancheng.errors import Problem, StudyError

MIXED = """good = INTEG(rate, 0) ~~|
rate = 2 * base ~~|
base = 3 ~~|
bad = QUEUE ATTRIB AVG(good) ~~|
worse = bad + 1 ~~|
broken = 2 + * 3 ~~|
needs broken = broken ~~|
tied = other ~~|
other = tied ~~|"""


def test_a_refused_equation_outside_what_is_asked_is_a_note() -> None:
    program = engine.compile("model.mdl", text=model(MIXED), outputs=["good"])
    assert float(engine.run(program)["good"].values[-1]) == 60
    told = " ".join(note.found for note in program.notes)
    assert all(f"'{name}'" in told for name in ("bad", "broken"))
    assert "tied" in told


@pytest.mark.parametrize("name", ["bad", "worse", "broken", "needs broken", "tied", "other"])
def test_what_is_asked_for_is_refused_with_its_cause(name: str) -> None:
    with pytest.raises(StudyError):
        engine.compile("model.mdl", text=model(MIXED), outputs=[name])


def test_all_is_asked_for_where_nothing_is_named() -> None:
    with pytest.raises(StudyError) as refused:
        engine.compile("model.mdl", text=model(MIXED))
    assert len(refused.value.problems) >= 3


def test_a_value_set_over_an_equation_is_told_and_over_a_constant_is_not() -> None:
    program = engine.compile("model.mdl", text=model(MIXED), outputs=["good"], inputs=["rate"])
    assert any("'rate' has an equation" in note.found for note in program.notes)
    assert float(engine.run(program, {"rate": 1.0})["good"].values[-1]) == 10
    program = engine.compile("model.mdl", text=model(MIXED), outputs=["good"], inputs=["base"])
    assert not any("has an equation" in note.found for note in program.notes)


def test_no_engine_sets_a_variable_that_moves() -> None:
    text = model("s = INTEG(1, 0) ~~|\nx = s + 1 ~~|")
    with pytest.raises(StudyError, match="'x' cannot be replaced"):
        engine.compile("model.mdl", text=text, inputs=["x"])
    with pytest.raises(StudyError, match="'x' cannot be replaced"):
        engine.reference.run("model.mdl", {"x": 3.0}, text=text)


def test_a_model_with_a_problem_is_checked_in_time_that_grows_with_its_variables() -> None:
    """Ten times the variables take some ten times the work, counted in calls, not a hundred."""

    def work(count: int) -> int:
        chain = "\n".join(f"x{n} = x{n - 1} + 1 ~~|" for n in range(1, count))
        text = model(f"x0 = 1 ~~|\n{chain}\nbad = unheard of ~~|")
        problems: list[Problem] = []
        spent = calls(lambda: problems.extend(engine.check("model.mdl", text)))
        assert len(problems) == 1
        return spent

    work(20)
    assert 5 < work(1000) / work(100) < 15
