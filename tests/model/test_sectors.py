"""Sectors of the equations have a title in both languages, and a table that names others says which it names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import catalogue, sectors
from xiancheng.study import Study


def test_every_sector_of_the_equations_has_a_title_in_both_languages(root: Path) -> None:
    study = Study(root)
    titles = sectors.titles(study)
    assert set(titles) == {variable.group for variable in catalogue.read(study)}
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in title["zh"]) for title in titles.values())


def test_a_sector_that_the_equations_do_not_have_is_told(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "model", tmp_path / "model", ignore=shutil.ignore_patterns("*.md"))
    with (tmp_path / sectors.FILE).open("a", encoding="utf-8") as table:
        table.write("Housin,Housing,住房\n")
    with pytest.raises(StudyError, match="Housin"):
        sectors.titles(Study(tmp_path))


def test_a_study_without_the_table_has_no_titles(root: Path, tmp_path: Path) -> None:
    assert sectors.titles(Study(tmp_path)) == {}
