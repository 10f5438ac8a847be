"""A file that is too much to read is refused before much has been done, with its line: nothing brings it down."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from effort import soon_refused

from xiancheng.errors import StudyError
from xiancheng.scenarios import document, scenario
from xiancheng.study import Study

HEAD = 'title = {zh = "门", en = "Door"}\nsentence = {zh = "句。", en = "A sentence."}\n'
GRANT = HEAD + "[levers.grant]\n"
# what stands there -> (text, line, words of what was found)
HOSTILE = {
    "a value of 400 digits": (GRANT + f"points = {{2026 = {'9' * 400}}}\n", 4, "more than 18 digits"),
    "a value of 19 digits below zero": (GRANT + f"points = {{2026 = -{'9' * 19}}}\n", 4, "more than 18 digits"),
    "a number of 4,500 digits over two lines": (
        GRANT + f"points = {{2026 = 1}}\nplaces = [\n{'1' * 4000},\n0x{'f' * 4000}]\n", 5, "more than 18 digits"),
    "a number of 5,000 digits": (GRANT + f"points = {{2026 = {'9' * 5000}}}\n", 4, "a line of 5,018 characters"),
    "a hexadecimal place of 3,000 digits": (
        GRANT + f"points = {{2026 = 1}}\nplaces = 0x{'f' * 3000}\n", 5, "more than 18 digits"),
    "lists 1,000 deep": (HEAD + "x = " + "[" * 1000 + "]" * 1000 + "\n", 3, "too deep"),
    "lists 1,000 deep over as many lines": (HEAD + "x = " + "[\n" * 1000 + "]\n" * 1000, 19, "too deep"),
    "lists 20 deep": (HEAD + "x = " + "[" * 20 + "]" * 20 + "\n", 3, "too deep"),
    "a key of 50,000 points": (HEAD + ".".join("a" * 50_001) + " = 1\n", 3, "50,000 points"),
    "a key of 60 points": (HEAD + ".".join("a" * 61) + " = 1\n", 3, "too deep"),
    "many lines of many points": (HEAD + (".".join("a" * 100) + " = 1\n") * 500, 4, "not TOML"),
    "a line of blanks": (HEAD + " " * 50_000 + "x\n", 3, "a line of 50,001 characters"),
    "a file of a megabyte": (HEAD + "# nothing\n" * 100_000, None, "bytes"),
    "other digits in a year": (GRANT + 'points = {"2026" = 1, "２０２６" = 2}\n', 4, "not a year"),
    "a year without its first digits": (GRANT + 'points = {"26" = 1}\n', 4, "not a year"),
    "a list for another id": ('also_called = [["old"]]\n' + HEAD, 1, "also_called.0 is ['old']"),
    "an infinite value": (GRANT + "points = {2026 = inf}\n", 4, "points.2026 is inf"),
    "a time for a value": (GRANT + "points = {2026 = 2026-01-01}\n", 4, "points.2026 is datetime.date"),
    "a key with a line in it": (HEAD + '"a\\nb" = 1\n', None, "unknown key"),
}


@pytest.fixture
def study(root: Path) -> Study:
    return Study(root / "tests" / "mini")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_too_much_gets_a_sentence_with_its_line(name: str, study: Study, tmp_path: Path) -> None:
    text, row, words = HOSTILE[name]
    file = tmp_path / "hostile.toml"
    file.write_text(text, encoding="utf-8")
    first = soon_refused(lambda: scenario.read(study, file))[0]
    assert (first.file, first.row) == (str(file), row)
    assert words in first.found
    assert first.allowed
    assert len(str(first)) < 600


def test_as_much_as_a_file_may_hold_is_read(tmp_path: Path) -> None:
    """The limits are those that are stated: one step inside each of them nothing is refused."""
    deep = ".".join("a" * (document.DEEPEST - 1))
    text = f"{deep} = {document.LARGEST}\nlong = '{'x' * (document.LONGEST_LINE - 9)}'\nnumbers = [{'0.5, ' * 99}0.5]\n"
    file = tmp_path / "full.toml"
    file.write_text(text + "# comment\n" * 5000, encoding="utf-8")
    assert set(document.read(file).values) == {"a", "long", "numbers"}


@pytest.mark.parametrize("folder", ["packages", "stress"])
def test_two_files_of_one_id_are_refused_for_the_second(root: Path, tmp_path: Path, folder: str) -> None:
    """A second baseline would run in the place of the first without a word."""
    shutil.copytree(root / "tests" / "mini", tmp_path / "twice")
    study = Study(tmp_path / "twice")
    second = study.scenarios / folder / "baseline.toml"
    second.parent.mkdir(exist_ok=True)
    second.write_text(HEAD, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        scenario.read(study, "baseline")
    (problem,) = error.value.problems
    assert problem.file == str(second)
    assert "baseline" in problem.found
    assert str(study.scenarios / "baseline.toml") in problem.hint


def test_a_wrong_list_of_other_ids_hides_no_other_mistake(root: Path, tmp_path: Path) -> None:
    """It is told where its file is checked; an unknown scenario stays an unknown scenario."""
    shutil.copytree(root / "tests" / "mini", tmp_path / "odd")
    study = Study(tmp_path / "odd")
    (study.scenarios / "odd.toml").write_text('also_called = [["old"], "older"]\n' + HEAD, encoding="utf-8")
    assert set(scenario.other_ids(study)) == {"older"}
    with pytest.raises(StudyError, match="no scenario nobody"):
        scenario.read(study, "nobody")
