"""Milestones are years of a study, each once; a study without them has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.outputs import milestones
from xiancheng.study import Study


def test_milestones_rise(study: Study) -> None:
    years = milestones.read(study)
    assert years == tuple(sorted(years))
    assert years


@pytest.mark.parametrize(("table", "words"), [
    ("year,why\n2027,a\n2027,b\n", r"milestones\.csv:3"), ("year,why\nsoon,a\n", r"milestones\.csv:2: .*soon"),
    ("year,why\n27,a\n", r"milestones\.csv:2: .*27"),
])
def test_a_wrong_milestone_is_told_with_its_row(tmp_path: Path, table: str, words: str) -> None:
    file = tmp_path / milestones.FILE
    file.parent.mkdir()
    assert milestones.read(Study(tmp_path)) == ()
    file.write_text(table, encoding="utf-8")
    with pytest.raises(StudyError, match=words):
        milestones.read(Study(tmp_path))
