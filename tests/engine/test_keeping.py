"""What is kept between processes changes no result: spoilt, forbidden or missing, the text is parsed again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.engine import keeping, read

EQUATIONS = """{UTF-8}
level = INTEG(inflow, 1) ~ person ~ A stock. |
inflow = 2 ~ person/year ~ A constant. |
INITIAL TIME = 0 ~ year ~ . |
FINAL TIME = 1 ~ year ~ . |
TIME STEP = 1 ~ year ~ . |
SAVEPER = 1 ~ year ~ . |
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what is kept, whatever the length of a text."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(keeping, "LONG", 0)
    return tmp_path / "kept" / "parsed"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for every equation that is parsed."""
    parse: Callable[..., object] = read._parse
    done: list[str] = []

    def counted(entry: object, *rest: object) -> object:
        done.append(str(entry))
        return parse(entry, *rest)

    monkeypatch.setattr(read, "_parse", counted)
    return done


def test_the_second_reading_parses_nothing_and_is_the_same(folder: Path, parses: list[str]) -> None:
    first = read.read("model.mdl", EQUATIONS)
    assert len(parses) == 6
    assert len(list(folder.iterdir())) == 1
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(first)
    assert len(parses) == 6


def test_another_text_is_parsed(folder: Path, parses: list[str]) -> None:
    read.read("model.mdl", EQUATIONS)
    other = read.read("model.mdl", EQUATIONS.replace("inflow = 2", "inflow = 3"))
    assert len(parses) == 12
    assert other.variable("inflow").equation.endswith("3")


def test_a_spoilt_file_is_made_again(folder: Path, parses: list[str]) -> None:
    first = read.read("model.mdl", EQUATIONS)
    kept = next(folder.iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(first)
    assert len(parses) == 12
    assert kept.read_bytes() == whole


def test_a_text_with_a_fault_is_not_kept(folder: Path) -> None:
    model, problems = read.survey("model.mdl", EQUATIONS.replace("inflow = 2", "inflow = 2 +"))
    assert model is not None
    assert problems
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("named", ["", "/dev/null/nowhere"])
def test_without_a_folder_everything_works(named: str, monkeypatch: pytest.MonkeyPatch, parses: list[str]) -> None:
    monkeypatch.setattr(keeping, "LONG", 0)
    monkeypatch.setenv(keeping.VARIABLE, named)
    assert keeping.folder() is None
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(read.read("model.mdl", EQUATIONS))
    assert len(parses) == 12


def test_the_oldest_files_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_MOST_FILES", 2)
    for number in range(4):
        read.read("model.mdl", EQUATIONS.replace("inflow = 2", f"inflow = {number}"))
    assert len(list(folder.iterdir())) == 2
