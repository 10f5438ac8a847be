"""The lessons of docs/notebooks run from their first cell to their last, and what their solutions say is so."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

import xiancheng
from xiancheng.outputs import indicators
from xiancheng.scenarios import levers
from xiancheng.study import Study

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
LESSONS = sorted(FOLDER.glob("*.ipynb"), key=lambda file: file.name)
WHOLE = "whole"
"""Tag of cells that run the shipped study, which takes minutes the first time."""
PUBLIC = {"xiancheng", "numpy", "scipy", "scipy.stats"}


def cells(file: Path, kind: str = "code") -> list[dict[str, Any]]:
    book = json.loads(file.read_text(encoding="utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == kind]


def source(file: Path, *, whole: bool) -> list[str]:
    """The code of a lesson on its own small model, or on the shipped study."""
    return ["".join(cell["source"]) for cell in cells(file)
            if (WHOLE in cell["metadata"].get("tags", ())) is whole]


def carried_out(file: Path, *, whole: bool) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for text in source(file, whole=whole):
        exec(compile(text, file.name, "exec"), scope)
    return scope


def test_there_are_six_lessons_each_with_exercises_solutions_and_the_whole_model() -> None:
    assert [file.name[0] for file in LESSONS] == list("123456")
    for file in LESSONS:
        book = json.loads(file.read_text(encoding="utf-8"))
        assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
        words = "\n".join("".join(cell["source"]) for cell in cells(file, "markdown"))
        heads = re.findall(r"^## (.+)$", words, flags=re.MULTILINE)
        assert heads == ["Exercises", "Solutions", "In the whole model"]
        assert set(re.findall(r"^(\d)\. ", words, flags=re.MULTILINE)) == set("12345")
        assert sum(text.count("assert ") for text in source(file, whole=False)) >= 3
        assert source(file, whole=True)


def test_what_was_printed_is_not_kept() -> None:
    kept_outputs = [file.name for file in LESSONS for cell in cells(file)
                    if cell["outputs"] or cell["execution_count"] is not None]
    assert kept_outputs == []


def test_lessons_name_what_the_study_and_the_door_have() -> None:
    study = Study(FOLDER.parents[1])
    shown, movable = indicators.read(study), levers.read(study)
    names = set()
    for file in LESSONS:
        text = "\n".join(source(file, whole=False) + source(file, whole=True))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names.add(node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        whole = "\n".join(source(file, whole=True))
        assert set(re.findall(r"xiancheng\.(\w+)\(", whole)) <= set(xiancheng.__all__)
        assert set(re.findall(r'(?:listed|baseline)\["(\w+)"\]', whole)) - {"in_68", "name_en"} <= set(shown)
        moved = re.findall(r'levers=\{"(\w+)"', whole) + re.findall(r'"(\w+)": \(\d', whole)
        assert set(moved) <= set(movable)
    assert names == PUBLIC


@pytest.mark.long
@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_the_small_model_of_a_lesson_does_what_its_solutions_say(file: Path) -> None:
    assert carried_out(file, whole=False)


@pytest.mark.study
@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_runs_on_the_whole_model(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert carried_out(file, whole=True)


@pytest.mark.parametrize("page", ["teaching.md", "teaching.zh.md"])
def test_the_page_for_lecturers_names_every_lesson(page: str) -> None:
    words = (FOLDER.parent / page).read_text(encoding="utf-8")
    assert re.findall(r"\(notebooks/(\w+\.ipynb)\)", words) == [file.name for file in LESSONS]
