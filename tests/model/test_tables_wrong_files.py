"""A wrong table is refused with file, row, what was found, what is allowed and a hint; nothing is left behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.texts import in_language

TABLES = Path("model", "tables")

# wrong file -> (table it stands for, row, words of what was found, words of what is allowed, words of the hint)
WRONG = {
    "missing_column": ("census_units.csv", 1, "column missing: unit", "quantity, value, unit", "first line"),
    "unknown_column": ("census_units.csv", 1, "unknown column: remark", "source, licence", "fixed"),
    "columns_out_of_order": ("census_units.csv", 1, "in the order year, place", "place, year", "fixed"),
    "only_a_header": ("census_units.csv", None, "only a header", "at least one row", "restore"),
    "too_few_fields": ("census_units.csv", 2, "7 fields", "8 fields", "comma"),
    "negative_people": ("census_age_sex.csv", 3, "value is -23", "at least 0", "sign"),
    "share_above_one": ("census_units.csv", 3, "value is 43.59", "from 0 to 1", "fractions of 1"),
    "duplicate_row": ("census_units.csv", 4, "371522, 2010, residents stands here and in row 2", "once", "take one"),
    "duplicate_place": ("places.csv", 3, "371522 stands here and in row 2", "once", "take one"),
    "text_in_a_number": ("census_units.csv", 2, "'about 960000'", "at least 0", "digits"),
    "thousands_separator": ("census_units.csv", 2, "'965,034'", "at least 0", "no separator"),
    "blank_for_a_number": ("census_units.csv", 2, "value is ''", "at least 0", "digits"),
    "not_a_number": ("census_units.csv", 2, "value is nan", "at least 0", "blank"),
    "infinite_number": ("census_units.csv", 2, "value is inf", "at least 0", "decision"),
    "unknown_place": ("census_units.csv", 3, "unknown place 379999", "units.csv", "check the code"),
    "another_years_table": ("census_age_sex.csv", 2, "year is '2000'", "2010, 2020", "another year"),
    "unknown_age_group": ("census_age_sex.csv", 2, "age is '85-89'", "85+", "spelling"),
    "unknown_sex": ("census_age_sex.csv", 2, "sex is 'women'", "female, male", "spelling"),
    "wrong_unit": ("census_units.csv", 2, "unit is '10,000 persons'", "persons", "convert"),
    "unknown_quantity": ("census_units.csv", 2, "quantity is 'dogs'", "residents", "spelling"),
    "unknown_mark": ("census_units.csv", 2, "evidence is 'guessed'", "assumed, calibrated", "spelling"),
    "unknown_source": ("census_units.csv", 2, "source is 'my_notebook'", "census_2010", "sources.csv"),
    "unit_of_unknown_kind": ("units.csv", 2, "kind is 'village'", "county, county_level_city", "spelling"),
    "county_without_a_point": ("units.csv", 2, "lon is ''", "from 70 to 140", "digits"),
    "place_that_is_no_unit": ("places.csv", 2, "unknown place 371599", "units.csv", "check the code"),
    "place_in_the_wrong_prefecture": ("places.csv", 2, "prefecture_code is 371600", "371500", "swapped rows"),
    "rest_of_no_prefecture": ("places.csv", 3, "rest_379900 holds nothing", "not listed", "take the row out"),
    "in_68_is_a_word": ("places.csv", 2, "in_68 is 'yes'", "0, 1", "spelling"),
    "no_such_day": ("fertility_path.csv", 2, "2030-02-30", "2020-11-01", "mend"),
    "impossible_fertility": ("fertility_path.csv", 2, "value is 115", "from 0.1 to 10", "unit"),
    "year_in_words": ("prefecture_gdp.csv", 2, "'last' is no whole number", "digits", "mend"),
    "coverage_out_of_reach": ("census_coverage.csv", 2, "value is 11.3", "from 0.5 to 2", "unit"),
    "negative_carbon": ("unit_carbon_dioxide.csv", 2, "value is -3.2", "at least 0", "sign"),
    "carbon_in_another_unit": ("unit_carbon_dioxide.csv", 2, "unit is 'kt'", "Mt", "convert"),
    "empty": ("sources.csv", None, "the file is empty", "a header and at least one row", "restore"),
    "gbk": ("places.csv", 2, "not UTF-8", "UTF-8 without byte order mark", "save the file as UTF-8"),
    "byte_order_mark": ("places.csv", 1, "BOM", "UTF-8 without byte order mark", "save the file as UTF-8"),
}


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = tmp_path_factory.mktemp("study")
    shutil.copytree(root / TABLES, study / TABLES)
    shutil.copy2(root / "model" / "clock.csv", study / "model")
    shutil.copytree(root / "scenarios", study / "scenarios")
    return study


@pytest.fixture
def study(copy: Path, root: Path) -> Iterator[Path]:
    """A study to spoil; mended after the test."""
    yield copy
    for path in copy.rglob("*"):
        original = root / path.relative_to(copy)
        if path.is_file() and path.read_bytes() != original.read_bytes():
            shutil.copy2(original, path)
    for original in (root / TABLES).rglob("*.csv"):
        if not (copy / original.relative_to(root)).exists():
            shutil.copy2(original, copy / original.relative_to(root))


def refusal(study: Path, refuse: Callable[[Path], object]) -> tuple[Problem, ...]:
    """Return the problems, and make sure that nothing was written."""
    before = {path: path.stat().st_mtime_ns for path in study.rglob("*")}
    with pytest.raises(StudyError) as error:
        refuse(study)
    assert {path: path.stat().st_mtime_ns for path in study.rglob("*")} == before
    return error.value.problems


def says(problems: tuple[Problem, ...], file: str, row: int | None, found: str, allowed: str, hint: str) -> bool:
    return any(
        problem.file == file
        and problem.row == row
        and found in problem.found
        and allowed in problem.allowed
        and hint in problem.hint
        for problem in problems
    )


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_table_is_refused(name: str, study: Path, root: Path) -> None:
    file, *expected = WRONG[name]
    shutil.copyfile(root / "tests" / "bad" / "tables" / f"{name}.csv", study / TABLES / file)
    problems = refusal(study, tables.build)
    assert says(problems, file, *expected), "\n".join(map(str, problems))


def test_every_wrong_table_has_its_case(root: Path) -> None:
    assert {file.stem for file in (root / "tests" / "bad" / "tables").glob("*.csv")} == set(WRONG)


def test_problems_are_told_in_chinese_too(study: Path, root: Path) -> None:
    shutil.copyfile(root / "tests" / "bad" / "tables" / "share_above_one.csv", study / TABLES / "census_units.csv")
    problem = refusal(study, tables.build)[0]
    assert [in_language(part, "zh") for part in (problem.found, problem.allowed)] == [
        "value 为 43.59",
        "0 至 1 之间的数",
    ]


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(change(lines)), encoding="utf-8", newline="")


def without(word: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [line for line in lines if not line.startswith(word)]


def swapped(first: int, second: int) -> Callable[[list[str]], list[str]]:
    """Exchange two lines, counted from 1."""

    def change(lines: list[str]) -> list[str]:
        lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]
        return lines

    return change


def replaced(old: str, new: str) -> Callable[[list[str]], list[str]]:
    """Replace a word that must be there, once."""

    def change(lines: list[str]) -> list[str]:
        text = "".join(lines)
        assert old in text
        return [text.replace(old, new, 1)]

    return change


def written(name: str, column: int, value: str) -> Callable[[list[str]], list[str]]:
    """Write a value into a column, counted from 0, of the row of that name."""

    def change(lines: list[str]) -> list[str]:
        rows = [line.split(",") for line in lines]
        for row in rows:
            if row[0] == name:
                row[column] = value
        return [",".join(row) for row in rows]

    return change


# case -> (table, change, row, found, allowed, hint)
SPOILT = {
    "place_missing_from_the_ages": (
        *("census_age_sex.csv", without("371522,2010"), None),
        *("place 371522 is missing (2010)", "every unit", "restore"),
    ),
    "place_missing_from_a_quantity": (
        *("census_units.csv", without("371522,2020,urban_share"), None),
        *("place 371522 is missing (urban_share 2020)", "every unit", "restore"),
    ),
    "ages_that_do_not_add_up": (
        *("census_age_sex.csv", replaced("370102,2010,female,0,2094", "370102,2010,female,0,2095"), None),
        *("ages of 370102 in 2010 add up to 754137", "754136 residents", "slip"),
    ),
    "more_townspeople_than_residents": (
        *("census_units.csv", replaced("370102,2010,urban_residents,754136", "370102,2010,urban_residents,754137")),
        *(None, "754137 townspeople", "at most its 754136", "slip"),
    ),
    "rest_missing_from_the_places": (
        *("places.csv", without("rest_371500"), None),
        *("no row rest_371500, but 1 units", "one place", "rest of the prefecture"),
    ),
    "vital_rates_without_an_age": (
        *("china_vital_rates.csv", without("china,2015-2020,death_rate,male,60"), None),
        *("death_rate, 2015-2020, male lacks ages 60", "every age group", "restore"),
    ),
    "migration_schedule_without_a_parameter": (
        *("migration_schedule.csv", without("fundamental,mu2"), None),
        *("no row for mu2", "alpha2, mu2", "restore"),
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_table_is_refused(case: str, study: Path) -> None:
    file, change, *expected = SPOILT[case]
    edit(study / TABLES / file, change)
    problems = refusal(study, tables.build)
    assert says(problems, file, *expected), "\n".join(map(str, problems))


def test_a_missing_table_is_refused(study: Path) -> None:
    (study / TABLES / "census_units.csv").unlink()
    problems = refusal(study, tables.build)
    assert says(problems, "census_units.csv", None, "no such file", "must exist", "restore")


# case -> (block, change, the first line that differs)
SPOILT_BLOCKS = {
    "swapped_rows": ("start_2020/persons_town_female.csv", swapped(3, 4), 3),
    "row_missing": ("places_measured.csv", without("p371522"), 54),
    "row_twice": ("start_2010/places.csv", lambda lines: [*lines, lines[-1]], 86),
    "unknown_row": ("distance.csv", replaced("\np370115,", "\np999999,"), 2),
    "wrong_header": ("start_2020/places.csv", replaced("employment share", "jobs"), 1),
    "columns_swapped": ("start_2020/persons_town_male.csv", replaced("a3,a4", "a4,a3"), 1),
    "negative_people": ("start_2020/persons_village_male.csv", replaced("\np370115,", "\np370115,-"), 2),
    "text_in_a_number": ("ages.csv", replaced("a1,1,", "a1,one,"), 3),
    "field_too_many": ("ages.csv", replaced("a1,1,", "a1,1,1,"), 3),
    "share_above_one": ("places_measured.csv", written("p370115", 6, "81.8"), 2),
    "edited_by_hand": ("fertility_path.csv", replaced("1.15", "1.25"), 15),
}


def refused_once(study: Path, file: str, row: int | None, found: str) -> None:
    """Before a run, blocks that are not what the tables give are one problem with one remedy."""
    problems = refusal(study, tables.check)
    assert len(problems) == 1, "\n".join(map(str, problems))
    assert "older than the tables" in problems[0].found
    assert says(problems, file, row, found, "tidy tables", "tables build"), str(problems[0])


@pytest.mark.parametrize("case", SPOILT_BLOCKS)
def test_a_spoilt_block_is_refused_before_a_run(case: str, study: Path) -> None:
    file, change, row = SPOILT_BLOCKS[case]
    edit(study / TABLES / "blocks" / file, change)
    refused_once(study, f"blocks/{file}", row, "86 lines" if case == "row_twice" else f"line {row} differs")


def test_the_block_of_another_year_is_refused(study: Path) -> None:
    """The people of a start are those the census of that year counted."""
    blocks = study / TABLES / "blocks"
    for name in ("persons_town_female.csv", "persons_town_male.csv"):
        shutil.copyfile(blocks / "start_2010" / name, blocks / "start_2020" / name)
    refused_once(study, "blocks/start_2020/persons_town_female.csv", 2, "other files")


def test_figures_swapped_between_places_are_refused(study: Path) -> None:
    """Names in order do not save figures that stand with the wrong place."""

    def change(lines: list[str]) -> list[str]:
        (name_a, _, figures_a), (name_b, _, figures_b) = (line.partition(",") for line in lines[1:3])
        return [lines[0], f"{name_a},{figures_b}", f"{name_b},{figures_a}", *lines[3:]]

    edit(study / TABLES / "blocks" / "start_2020" / "persons_village_female.csv", change)
    refused_once(study, "blocks/start_2020/persons_village_female.csv", 2, "line 2 differs")


def test_a_missing_block_is_found_by_the_check(study: Path) -> None:
    (study / TABLES / "blocks" / "ages.csv").unlink()
    refused_once(study, "blocks/ages.csv", None, "missing")
