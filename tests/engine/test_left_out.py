"""Where nothing is named, what cannot be had is left out with what reads it, told once a kind; the rest runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_models import model

from xiancheng import engine
from xiancheng.cli import main
from xiancheng.engine import checks
from xiancheng.errors import StudyError

LACKING = """s = INTEG(2, 0) ~~|
a ~~|
b ~~|
c = a + b + s ~~|
d = QUEUE ATTRIB AVG(s) ~~|
e := GET XLS DATA('nowhere.xlsx', 'Sheet', 'A', 'B2') ~~|
f = e + c ~~|
g = INTEG(0, f) ~~|
h = s + 1 ~~|"""
KINDS = [("5 variables are left out: they need 2 data variables without values (a, b)", "a"),
         ("1 variables are left out: they need 1 functions that this engine does not have (QUEUE ATTRIB AVG)", "d"),
         ("3 variables are left out: they need 1 tables that are not there", "e")]


def test_the_rest_runs_and_a_note_of_each_kind_says_what_is_left_out() -> None:
    program = engine.compile("model.mdl", text=model(LACKING))
    result = engine.run(program, backend="numpy")
    assert set(map(str, result.data_vars)) == {"s", "h", "INITIAL TIME", "FINAL TIME", "TIME STEP", "SAVEPER"}
    assert float(result["h"].values[-1]) == 21
    told = [note.found for note in program.notes]
    assert [sum(text.startswith(words) for text in told) for words, _ in KINDS] == [1, 1, 1]
    assert len(program.lacks) == 4


@pytest.mark.parametrize("name", ["a", "c", "d", "e", "f", "g"])
def test_what_is_asked_for_by_name_is_refused(name: str) -> None:
    with pytest.raises(StudyError):
        engine.compile("model.mdl", text=model(LACKING), outputs=[name])


def test_an_input_that_would_be_left_out_is_refused() -> None:
    with pytest.raises(StudyError, match="without values"):
        engine.compile("model.mdl", text=model(LACKING), inputs=["a"])


@pytest.mark.parametrize("text", [
    model("a ~~|\nc = a + 1 ~~|"),
    model("a ~~|\nc = 1 + ~~|\nd = 1 ~~|"),
    "{UTF-8}\na ~~|\nb = 1 ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = a ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|",
], ids=["nothing_left", "another_fault", "clock"])
def test_a_model_of_which_nothing_is_left_or_that_is_wrong_otherwise_is_refused(text: str) -> None:
    with pytest.raises(StudyError, match="without values"):
        engine.compile("model.mdl", text=text)


def test_a_macro_takes_its_caller_away() -> None:
    text = model(":MACRO: M(x)\nM = SIMULTANEOUS(x, 1) ~~|\n:END OF MACRO:\ny = M(3) ~~|\nz = y ~~|\nk = 2 ~~|")
    program = engine.compile("model.mdl", text=text)
    assert {"y", "z"}.isdisjoint(program.outputs)
    assert any(note.found.startswith("2 variables are left out") for note in program.notes)


def test_a_study_is_held_to_what_it_lacks_and_units_are_still_compared() -> None:
    assert len(engine.check("model.mdl", model(LACKING))) >= 4
    assert checks.examine("model.mdl", model(LACKING)).problems == []


def test_the_command_line_says_it_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lacking.mdl"
    file.write_text(model(LACKING), encoding="utf-8")
    assert main(["engine", "check", str(file)]) == 5
    assert "without values (a, b)" in "".join(capsys.readouterr())
    output = tmp_path / "out.nc"
    assert main(["engine", "run", str(file), "-o", str(output), "--strict"]) == 3
    assert not output.exists()
    assert main(["engine", "run", str(file), "-o", str(output)]) == 5
    assert output.exists()
    assert main(["engine", "run", str(file), "-o", str(tmp_path / "h.nc"), "--variables", "h"]) == 0
