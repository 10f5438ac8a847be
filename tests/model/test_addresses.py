"""Equations read figures by name: a table may grow anywhere, and `tables build` writes the cells anew."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import addresses, tables
from xiancheng.texts import in_language

EQUATIONS = Path("model", "urbanisation.mdl")
TABLES = Path("model", "tables")


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Path:
    """A copy of what blocks are made of, to be changed."""
    shutil.copytree(root / "model", tmp_path / "model")
    (tmp_path / "scenarios").mkdir()
    shutil.copy2(root / "scenarios" / "levers.csv", tmp_path / "scenarios")
    shutil.copytree(root / "scenarios" / "levers", tmp_path / "scenarios" / "levers")
    return tmp_path


def insert(file: Path, before: int, line: str) -> None:
    """Put a line in, before one counted from 1."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[: before - 1], line, *lines[before - 1 :]]), encoding="utf-8", newline="")


def constants(study: Path) -> dict[str, list[str]]:
    """What every constant of the equations reads, found by its cell alone: a number, or a column of them."""
    text = (study / EQUATIONS).read_text(encoding="utf-8")
    reads = re.findall(r"^([^\n~|]+?)=\s*GET DIRECT CONSTANTS\('([^']+)', ',', '([A-Z]+)(\d+)(\*?)'\)", text, re.M)
    assert len(reads) > 350
    return {name.strip(): cells(study / "model" / file, *place) for name, file, *place in reads}


def cells(file: Path, letters: str, row: str, down: str) -> list[str]:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[int(row) - 1 :]
    return [line[column - 1] for line in (rows if down else rows[:1])]


def test_the_equations_and_blocks_of_the_study_are_those_of_a_fresh_build(root: Path, study: Path) -> None:
    """Built again nothing changes; built from nothing it is the same."""
    assert tables.build(study) == ()
    shutil.rmtree(study / TABLES / "blocks")
    tables.build(study)
    assert (study / EQUATIONS).read_bytes() == (root / EQUATIONS).read_bytes()


@pytest.mark.parametrize("table", ["parameters.csv", "levers.csv", "parameters_by_element.csv"])
def test_a_row_put_in_anywhere_is_one_thing_to_do_and_then_harmless(table: str, study: Path) -> None:
    """Before the build one problem names the remedy in both languages; after it every constant reads what it read."""
    before = constants(study)
    file = study / ("scenarios" if table == "levers.csv" else TABLES) / table
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    if table == "parameters.csv":
        insert(file, 59, "parameter put in,1,dmnl,A constant that nothing reads.,assumed,0,2,A test,\n")
    elif table == "levers.csv":
        insert(file, 9, lines[8].replace(lines[8].split(",")[0], "lever_put_in", 1))
    else:
        for element in ("nitrogen_oxides", "sulphur_dioxide", "fine_particles"):
            insert(file, 2, f"pollutant,{element},figure put in,1,dmnl,Nothing reads it.,assumed,0,2,A test,\n")
    with pytest.raises(StudyError) as caught:
        tables.check(study)
    (problem,) = caught.value.problems
    assert "blocks are older than the tables" in in_language(problem.found, "en")
    assert "宽表早于整洁表" in in_language(problem.found, "zh")
    assert "xiancheng tables build" in in_language(problem.hint, "zh")
    assert EQUATIONS.as_posix() in tables.build(study)
    tables.check(study)
    assert constants(study) == before
    assert tables.build(study) == ()


def test_constants_of_elements_stand_in_the_order_of_the_equations(study: Path) -> None:
    """The rows of a dimension may stand in any order: a block is read by position, so the build puts it right."""
    file = study / TABLES / "parameters_by_element.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([header, *reversed(rows)]), encoding="utf-8", newline="")
    before = constants(study)
    tables.build(study)
    assert constants(study) == before


def test_a_programme_without_its_rows_is_named(study: Path) -> None:
    """A new element of a subscript needs its constants: the table, what is missing, and what has to be there."""
    equations = study / EQUATIONS
    text = equations.read_text(encoding="utf-8")
    equations.write_text(text.replace("\nprogramme: ", "\nprogramme: greenways, ", 1), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        tables.check(study)
    assert {problem.file for problem in caught.value.problems} == {"parameters_by_element.csv"}
    assert len(caught.value.problems) == 2
    for problem in caught.value.problems:
        assert "[greenways]" in problem.found
        assert "greenways, metro_links" in problem.allowed


def test_an_element_that_the_equations_do_not_have_is_named(study: Path) -> None:
    file = study / TABLES / "parameters_by_element.csv"
    insert(file, 2, "programme,tunnels,share,1,dmnl,A share.,assumed,,,A test,\n")
    insert(file, 2, "program,metro_links,share,1,dmnl,A.,assumed,,,A test,\n")
    with pytest.raises(StudyError) as caught:
        tables.build(study)
    first, second = caught.value.problems[:2]
    assert (first.row, "program" in first.found) == (2, True)
    assert (second.row, "tunnels" in second.found) == (3, True)


def test_a_constant_without_a_figure_is_named(study: Path) -> None:
    """Every constant whose table has no such row or column: the line of the equations, and the nearest names."""
    equations = study / EQUATIONS
    text = equations.read_text(encoding="utf-8")
    spoilt = text.replace("\nsize exponent =", "\nsize exponents =").replace("\npole[place] =", "\npoles[place] =")
    equations.write_text(spoilt, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        tables.build(study)
    lines = spoilt.splitlines()
    assert [lines[problem.row - 1].split(" ")[0] for problem in caught.value.problems] == ["poles[place]", "size"]
    assert all("did you mean" in problem.hint for problem in caught.value.problems)
    assert equations.read_text(encoding="utf-8") == spoilt


def test_the_miniature_study_reads_by_name_too(root: Path) -> None:
    """Any study: a row before the others moves every cell below it, and only the cells."""
    mini = root / "tests" / "mini"
    text = (mini / EQUATIONS).read_text(encoding="utf-8")
    ranges = addresses.members(text, "urbanisation.mdl")
    blocks = {
        path.relative_to(mini / "model").as_posix(): path.read_text(encoding="utf-8")
        for path in (mini / "model").rglob("blocks/**/*.csv")
    }
    assert addresses.addressed(text, "urbanisation.mdl", ranges, blocks) == text
    block = "tables/blocks/parameters.csv"
    header, rows = blocks[block].split("\n", 1)
    moved = addresses.addressed(text, "urbanisation.mdl", ranges, blocks | {block: f"{header}\nput in,1\n{rows}"})
    assert moved == text.replace(f"{block}', ',', 'B3'", f"{block}', ',', 'B4'").replace(
        f"{block}', ',', 'B2'", f"{block}', ',', 'B3'"
    )
