"""A study names its own units: how a number in them reads, in both languages, stands in a table of the study."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from shutil import copytree

import pytest

from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.outputs import units
from xiancheng.outputs.headline import bare, unit_column
from xiancheng.study import Study
from xiancheng.texts import Language, in_language, number, unit_name

NEW = "{text}lamps per street,{{number}} lamps per street,每条街{{number}}盏,lamps per street,盏/条\n"


@pytest.fixture
def mini(root: Path, tmp_path: Path) -> Study:
    copytree(root / "tests" / "mini", tmp_path / "mini")
    return Study(tmp_path / "mini")


def named(study: Study) -> Study:
    file = study.root / units.FILE
    file.write_text(NEW.format(text=file.read_text(encoding="utf-8")), encoding="utf-8")
    return study


@pytest.mark.parametrize("folder", [".", "tests/mini"])
def test_every_unit_of_a_study_reads_in_both_languages(root: Path, folder: str) -> None:
    units.check(Study(root / folder))


def test_a_new_unit_of_a_study_reads_in_both_languages(mini: Study) -> None:
    study = named(mini)
    told = {name: units.spoken(study, name) for name in ("zh", "en")}
    assert number(1234.0, "lamps per street", told["en"]) == "1,234 lamps per street"
    assert number(12.5, "lamps per street", told["zh"]) == "每条街12.50盏"
    assert bare(12.5, "lamps per street", told["zh"]) == "12.50"
    assert unit_column("lamps per street", told["zh"]) == "盏/条"
    assert in_language(unit_name("lamps per street"), told["zh"]) == "每条街盏"


def test_without_words_a_unit_stands_as_its_table_writes_it() -> None:
    assert number(12.5, "lamps per street", "zh") == "12.50 lamps per street"
    assert unit_column("lamps per street", "zh") == "lamps per street"


def test_the_command_line_speaks_the_units_of_the_study(mini: Study, capsys: pytest.CaptureFixture[str]) -> None:
    for name, place in (("indicators", mini.outputs / "indicators.csv"), ("levers", mini.scenarios / "levers.csv")):
        text = place.read_text(encoding="utf-8")
        place.write_text(text.replace(",persons,neither", ",lamps per street,neither")
                         .replace("yuan per household,0,0", "lamps per street,0,0"), encoding="utf-8")
        assert main(["list", name, "--study", str(named(mini).root) if name == "indicators" else str(mini.root),
                     "--lang", "zh"]) == 0
        assert "盏/条" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("lamps,{number} lamps,,,", "one language only"),
        ("lamps,lamps,盏,,", "no place for the number"),
        ("lamps,,,lamps,", "one language only"),
    ],
)
def test_a_row_in_half_is_told(mini: Study, row: str, told: str) -> None:
    (mini.root / units.FILE).write_text(f"unit,en,zh,column_en,column_zh\n{row}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=told):
        units.words(mini)


def test_a_unit_that_nobody_named_is_told_by_name(mini: Study) -> None:
    file = mini.outputs / "indicators.csv"
    text = file.read_text(encoding="utf-8").replace(",persons,neither", ",lamps per street,neither")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="lamps per street"):
        units.check(mini)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_language_travels_with_its_words(again: object) -> None:
    language = Language("zh", {"unit.lamps": {"zh": "{number}盏", "en": "{number} lamps"}})
    assert number(2.0, "lamps", again(language)) == "2盏"  # type: ignore[operator]
