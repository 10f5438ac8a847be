"""A run refuses blocks whose rows stand in another order than the places: a swap of counties without a word."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import xiancheng
from xiancheng.errors import StudyError

ROOT = Path(__file__).parents[2]


def copied(folder: Path) -> Path:
    """A copy of the study's rooms that may be spoiled."""
    for room in ("model", "scenarios", "outputs"):
        shutil.copytree(ROOT / room, folder / room)
    return folder


def test_a_run_refuses_a_block_with_two_rows_swapped(tmp_path: Path) -> None:
    """Two counties swapped in one block: refused before the run, with file, row, found and allowed."""
    study = copied(tmp_path)
    block = study / "model" / "tables" / "blocks" / "start_2020" / "persons_town_female.csv"
    lines = block.read_text(encoding="utf-8").splitlines()
    lines[3], lines[4] = lines[4], lines[3]
    block.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    with pytest.raises(StudyError) as told:
        xiancheng.run(study=study)
    problem = told.value.problems[0]
    assert "persons_town_female.csv" in problem.file
    assert problem.row == 4
    assert problem.found
    assert problem.allowed
