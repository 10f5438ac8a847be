"""The pages on adding a lever, an indicator and an equation, done as a stranger would: their files, their commands."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xiancheng
from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.weaving import weave

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("model", "scenarios", "calibration", "outputs")
LEVER = Path("scenarios", "levers", "greenways")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scratch copy of the study, as working folder."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def files(name: str) -> dict[str, str]:
    """The contents that a page gives, by the file they belong to."""
    return dict(re.findall(r"\*\*`([^`]+)`\*\*\n\n```\w*\n(.*?)```", page(name), re.DOTALL))


def commands(name: str) -> list[list[str]]:
    """The commands of a page without the name of the program."""
    blocks = re.findall(r"```sh\n(.*?)```", page(name), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.strip().splitlines()]


def contents(study: Path) -> dict[str, bytes]:
    every = [file for room in ROOMS for file in (study / room).rglob("*") if file.is_file()]
    return {file.relative_to(study).as_posix(): file.read_bytes() for file in every}


def call(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """Call the program and return all that it says."""
    assert main(list(words)) == code, capsys.readouterr()
    out = capsys.readouterr()
    return out.out + out.err


def fill_in(study: Path) -> None:
    for file, text in files("adding_a_lever").items():
        assert Path(file).parent == LEVER
        (study / file).parent.mkdir(exist_ok=True)
        (study / file).write_text(text, encoding="utf-8")
    change_clause(study, "-", "+")


def change_clause(study: Path, before: str, after: str) -> None:
    """Put the line of the page that begins with `after` into the clauses for the one that begins with `before`."""
    lines = {line[0]: line[1:] for line in re.findall(r"^[-+]\d.*$", page("adding_a_lever"), re.MULTILINE)}
    table = study / "scenarios" / "clauses.csv"
    text = table.read_text(encoding="utf-8")
    assert f"{lines[before]}\n" in text
    table.write_text(text.replace(lines[before] + "\n", lines[after] + "\n"), encoding="utf-8", newline="")


def test_a_new_folder_names_all_that_it_owes_and_is_woven_nowhere(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages, each with its file and what it asks for; the build refuses it and writes nothing."""
    call(capsys, *commands("adding_a_lever")[0])
    before = contents(study)
    for words in (["check"], ["tables", "build"]):
        english, chinese = call(capsys, *words, "--lang", "en", code=3), call(capsys, *words, "--lang", "zh", code=3)
        for owed in ("title", "baseline", "cost", "case.0.setting", "greenways_shown.unit", "capital: value"):
            assert owed in english
            assert owed in chinese
        assert f"{LEVER.as_posix()}/lever.toml:" in english
        assert "the least value it may take" in english
        assert "最小值" in chinese
    assert contents(study) == before


def test_a_lever_of_one_folder_is_woven_and_taken_away_without_a_trace(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(study)
    fill_in(study)
    call(capsys, "check", code=3)
    call(capsys, "tables", "build")
    assert "right: equations" in call(capsys, "check", "--lang", "en")
    assert "greenways" in call(capsys, "list", "levers")
    shutil.rmtree(study / LEVER)
    change_clause(study, "+", "-")
    call(capsys, "tables", "build")
    assert contents(study) == before


def test_a_mistake_in_a_fragment_is_told_at_its_line_of_the_folder(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the equations are read, long after the fragment was woven into them."""
    fill_in(study)
    fragment = study / LEVER / "equations.mdl"
    before = len(fragment.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    wrong = "a slip[place] = residents[place] * nothing of that name\n\t~ person\n\t~ Wrong. |\n"
    fragment.write_text(fragment.read_text(encoding="utf-8").rstrip("\n") + "\n" + wrong, encoding="utf-8")
    call(capsys, "tables", "build")
    answer = call(capsys, "check", "--lang", "en", code=3)
    assert f"{LEVER.as_posix()}/equations.mdl:{before + 1}: " in answer
    assert "urbanisation.mdl:" not in answer


@pytest.mark.study
def test_a_lever_at_rest_changes_nothing_and_moves_its_indicator_for_money(study: Path) -> None:
    """At rest no figure of the baseline moves; set, greenways are there and cost public money."""
    names = ["residents", "public_money", "unfunded_money", "house_price", "co2_total"]
    before = xiancheng.run(study=Study(ROOT))  # all that there is: a program that other tests run too
    fill_in(study)
    weave.build(Study(study))
    names.append("greenway_per_resident")
    rest, pulled = (xiancheng.run(study=Study(study), settings=settings, variables=names)
                    for settings in ([], ["greenways=0.05@2030"]))
    for name in names[:-1]:
        np.testing.assert_allclose(rest[name].values, before[name].values, rtol=1e-12, atol=1e-5, err_msg=name)
    assert not rest["greenway_per_resident"].values.any()
    assert float(pulled["greenway_per_resident"].isel(year=-1).max()) > 0.05
    assert float((pulled["public_money"] - rest["public_money"]).isel(year=-1).sum()) > 1e8


def test_a_table_that_was_never_woven_is_not_written_over(study: Path) -> None:
    """A study of before, whose levers have no folders, loses none of them to the first folder."""
    file = study / "scenarios" / "levers.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[:, : "note"].to_csv(file, index=False)
    shutil.rmtree(study / "scenarios" / "levers" / "park_green")
    with pytest.raises(StudyError, match="levers without a folder: park_green"):
        weave.build(Study(study))


def test_an_indicator_is_a_row_of_two_tables(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file, row in files("adding_an_indicator").items():
        with (study / file).open("a", encoding="utf-8", newline="") as table:
            table.write(row)
    assert "right: indicators" in call(capsys, *commands("adding_an_indicator")[0], "--lang", "en")
    assert "village_share" in call(capsys, "show", "village_share")


def test_an_equation_stands_in_its_sector_with_its_constant_in_the_table(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file, text in files("adding_an_equation").items():
        path = study / file
        content = path.read_text(encoding="utf-8")
        head = content.find("\t|\n", content.find("\t.Jobs\n")) + 3 if path.suffix == ".mdl" else len(content)
        path.write_text(content[:head] + text + content[head:], encoding="utf-8", newline="")
    for words in commands("adding_an_equation"):
        assert call(capsys, *words)
