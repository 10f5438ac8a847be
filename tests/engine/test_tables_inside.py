"""A model reads tables below its own folder, and others only where its user says so; nothing of them is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng import engine
from xiancheng.engine import checks, tables
from xiancheng.errors import StudyError

CLOCK = "INITIAL TIME = 0 ~~|\nFINAL TIME = 2 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = TIME STEP ~~|\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "secret.csv").write_text("name,value\nx,42\nword,hidden words\n", encoding="utf-8")
    (tmp_path / "model").mkdir()
    return tmp_path / "model" / "m.mdl"


@pytest.mark.parametrize("name", ["../secret.csv", "{folder}/secret.csv", "inside/../../secret.csv", "link.csv"])
@pytest.mark.parametrize("cell", ["B2", "B3"])
def test_a_table_outside_is_not_opened(model: Path, name: str, cell: str) -> None:
    (model.parent / "inside").mkdir()
    (model.parent / "link.csv").symlink_to(model.parents[1] / "secret.csv")
    file = name.format(folder=model.parents[1])
    model.write_text(f"{{UTF-8}}\nx = GET DIRECT CONSTANTS('{file}', ',', '{cell}') ~~|\n{CLOCK}", encoding="utf-8")
    problems = checks.check(model)
    assert any("not opened" in problem.found for problem in problems)
    assert "hidden" not in "".join(map(str, problems))
    with pytest.raises(StudyError, match="not opened"):
        engine.reference.run(model)
    with tables.anywhere():
        assert bool(checks.check(model)) == (cell == "B3")
    assert checks.check(model)


def test_a_workbook_outside_that_a_tag_names_is_not_opened(model: Path) -> None:
    equation = "x = GET XLS CONSTANTS('?book', 'sheet', 'B2') ~~|\n"
    settings = "\n\\\\\\---/// Sketch information\n///---\\\\\\\n:L\x7f<%^E!@\n30:?book=../secret.csv\n"
    model.write_text(f"{{UTF-8}}\n{equation}{CLOCK}{settings}", encoding="utf-8")
    assert any("not opened" in problem.found for problem in checks.check(model))


@pytest.mark.parametrize(
    "text", ["{\0-8}\nx = 1 ~~|\n", "{UTF-8}\nx = GET DIRECT CONSTANTS('a\0.csv', ',', 'B2') ~~|\n",
             f"{{UTF-8}}\nx = GET DIRECT CONSTANTS('{'9' * 400}.csv', ',', 'B2') ~~|\n"])
def test_a_name_that_no_file_can_have_is_told(model: Path, text: str) -> None:
    model.write_text(text + CLOCK, encoding="utf-8")
    assert checks.check(model)
