"""The study stays out of the instrument: no indicator, lever, assumption, place or year of it stands in code.

Another study has other ones: what the program shows or asks for by name is a row of a table.
"""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from xiancheng.model import catalogue
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "xiancheng"
CENSUS = "the preparation of a census names the columns of its tables and blocks, which are its own"
FIT = "the fit names what a census says of a place, as targets.csv does"
ORDINARY = {
    "residents": "what a census counts: a column of its tables and a kind of target",
    "births": "the first word of units such as births a year, which are rounded to persons",
    "persons": "a unit that is rounded to whole ones",
    "jobs": "a unit that is rounded to whole ones",
    "distance": "a kilometre figure of the fit's recovery, in standard deviations",
    "coverage": "the share of cases that a box of discovery holds",
    "pole": "a kind of place, beside county and district",
    "final_time": "a name of Vensim's own for the clock", "initial_time": "likewise", "time_step": "likewise",
    "saveper": "likewise", "FINAL TIME": "likewise", "INITIAL TIME": "likewise", "TIME STEP": "likewise",
}
"""Words that are the program's own though a study may use them too."""
ROOMS = {"model": CENSUS, "calibration": FIT}
"""Rooms that may name a figure of a census, and why; levers, assumptions and places of the study no room names."""
YEARS = {
    "baseline_2020": "a column of indicators.csv", "target_2035": "a kind of lever in levers.csv",
    "agriculture share of jobs in 2010": "a column that the preparation of a census writes",
    "registered outside share in 2010": "likewise", "urban share 2010": "likewise", "child sex ratio 2010": "likewise",
    "https://json-schema.org/draft/2020-12/schema": "the address of a standard",
    "http://www.w3.org/2000/svg": "likewise",
}
"""Words with a year in them that code may hold, and why."""
COUNTED = {"outputs/profile.py": "what the blocks of a census hold, beside what a run says of the same"}


def rows(*parts: str) -> list[dict[str, str]]:
    with ROOT.joinpath(*parts).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def constants_of_code() -> list[tuple[str, int, object]]:
    """Every number and string of the source that is no docstring, with its file and line."""
    found = []
    for file in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            (file.relative_to(SOURCE).as_posix(), node.lineno, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in sentences
        ]
    return found


CONSTANTS = constants_of_code()
WORDS = [(file, line, word) for file, line, word in CONSTANTS if isinstance(word, str)]


@pytest.mark.parametrize("table", ["levers", "assumptions"])
def test_no_lever_or_assumption_stands_in_code(table: str) -> None:
    names = {row["id"] for row in rows("scenarios", f"{table}.csv")}
    paths = {"fertility_path": "a table of the census room", "outside_attractiveness": "likewise"}
    assert not [word for word in WORDS if word[2] in names - set(paths)]


def test_no_place_stands_in_code() -> None:
    units, places = rows("model", "tables", "units.csv"), rows("model", "tables", "places.csv")
    codes = {row[column] for row in [*units, *places] for column in ("code", "prefecture_code")}
    codes |= {row["code"] for row in rows("model", "tables", "prefectures.csv")}
    names = {row[column] for row in [*units, *places] for column in ("name_zh", "name_en", "prefecture_zh")}
    assert not [word for word in WORDS if word[2].removeprefix("p") in codes or word[2] in names]


def test_no_indicator_or_variable_stands_in_code() -> None:
    names = {row["id"] for row in rows("outputs", "indicators.csv")}
    names |= {name for one in catalogue.read(Study(ROOT)) for name in (one.id, one.name)}
    assert not [
        (file, line, word)
        for file, line, word in WORDS
        if word in names - set(ORDINARY) and file.partition("/")[0] not in ROOMS and file not in COUNTED
    ]


def test_no_year_stands_in_code() -> None:
    """Years are rows of model/clock.csv: neither a number nor a word holds one from 1990 to 2100."""
    assert not [
        (file, line, constant)
        for file, line, constant in CONSTANTS
        if any(1990 <= int(digits) <= 2100 for digits in re.findall(r"(?<!\d)\d{4}(?!\d)", str(constant)))
        and constant not in YEARS
    ]


def test_what_is_allowed_is_needed() -> None:
    """A word or a file that no longer breaks the rule leaves the list."""
    said = {word for _, _, word in WORDS}
    assert set(ORDINARY) | set(YEARS) <= said
    assert set(COUNTED) <= {file for file, _, _ in WORDS}
