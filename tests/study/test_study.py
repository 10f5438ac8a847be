"""A study is found where the user expects it, and says what it is made of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xiancheng import __version__, study
from xiancheng.errors import StudyError


@pytest.fixture
def mini(root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(root / "tests" / "mini", tmp_path / "mini"))


def test_the_folder_a_user_names_comes_first(mini: Path, root: Path) -> None:
    found = study.find(mini, working=root / "tests" / "mini")
    assert found.root == mini.resolve()
    assert found.origin == "named by --study"


@pytest.mark.parametrize("inside", [".", "model", "model/tables/blocks", "scenarios"])
def test_the_working_folder_or_a_parent_comes_next(mini: Path, inside: str) -> None:
    found = study.find(working=mini / inside)
    assert (found.root, found.origin) == (mini.resolve(), "working folder")


def test_elsewhere_the_packaged_copy_is_taken_or_the_checkout(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package lies in src/xiancheng of a checkout, or carries a copy of the study."""
    package = tmp_path / "checkout" / "src" / "xiancheng"
    shutil.copytree(mini, tmp_path / "checkout", dirs_exist_ok=True)
    monkeypatch.setattr(study, "__file__", str(package / "study.py"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert study.find(working=elsewhere).root == (tmp_path / "checkout").resolve()
    shutil.copytree(mini, package / "study")
    found = study.find(working=elsewhere)
    assert (found.root, found.origin) == ((package / "study").resolve(), "copy inside the package")


@pytest.mark.parametrize("name", ["model", "nowhere"])
def test_a_named_folder_that_is_no_study_is_refused(mini: Path, name: str) -> None:
    with pytest.raises(StudyError, match=r"model/urbanisation\.mdl") as error:
        study.find(mini / name, working=mini)
    assert error.value.problems[0].file == str(mini / name)


def test_no_study_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "__file__", str(tmp_path / "src" / "xiancheng" / "study.py"))
    with pytest.raises(StudyError, match="--study DIR"):
        study.find(working=tmp_path)


def test_the_version_names_program_model_and_data(mini: Path) -> None:
    found = study.find(mini)
    assert found.version == f"{__version__} · model {found.equations_hash[:8]} · data {found.data_hash[:8]}"


def test_another_number_in_a_table_is_another_data_hash_and_line_endings_are_none(mini: Path) -> None:
    before = study.find(mini)
    equations, data = before.equations_hash, before.data_hash
    table = mini / "model" / "tables" / "blocks" / "parameters.csv"
    text = table.read_bytes()
    hashes = []
    for content in (text.replace(b"\n", b"\r\n"), text.replace(b"0.006", b"0.007")):
        table.write_bytes(content)
        hashes.append(study.find(mini).data_hash)
    assert hashes[0] == data != hashes[1]
    assert study.find(mini).equations_hash == equations


def test_a_study_is_the_same_wherever_it_lies(mini: Path, root: Path) -> None:
    assert study.find(mini).version == study.find(root / "tests" / "mini").version
