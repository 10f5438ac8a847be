"""Every wrong table ends with exit code 3 and names its file, in Chinese too, and leaves nothing behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from calls import Call

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "bad" / "tables"
STANDS_FOR = {
    "census_age_sex.csv": ("negative_people", "another_years_table", "unknown_age_group", "unknown_sex"),
    "places.csv": (
        *("duplicate_place", "place_that_is_no_unit", "place_in_the_wrong_prefecture", "rest_of_no_prefecture"),
        *("in_68_is_a_word", "gbk", "byte_order_mark"),
    ),
    "units.csv": ("unit_of_unknown_kind", "county_without_a_point"),
    "fertility_path.csv": ("no_such_day", "impossible_fertility"),
    "prefecture_gdp.csv": ("year_in_words",),
    "census_coverage.csv": ("coverage_out_of_reach",),
    "sources.csv": ("empty",),
}
TABLE = {name: table for table, names in STANDS_FOR.items() for name in names}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the study whose tables are spoiled one at a time."""
    study = tmp_path_factory.mktemp("study")
    for room in ("model", "scenarios", "outputs"):
        shutil.copytree(ROOT / room, study / room)
    return study


@pytest.mark.parametrize("file", sorted(BAD.glob("*.csv")), ids=lambda file: file.stem)
def test_a_wrong_table_ends_with_exit_code_3(file: Path, spoiled: Path, call: Call) -> None:
    """Exit 3, nothing on stdout, the table named on stderr, the blocks as they were."""
    table = TABLE.get(file.stem, "census_units.csv")
    target = spoiled / "model" / "tables" / table
    before = {path: path.read_bytes() for path in (spoiled / "model").rglob("*") if path.is_file() and path != target}
    shutil.copyfile(file, target)
    answer = call("--lang", "zh", "tables", "build", "--study", str(spoiled))
    shutil.copyfile(ROOT / "model" / "tables" / table, target)
    assert answer.code == 3
    assert answer.out == ""
    assert table in answer.err
    assert "Traceback" not in answer.err
    after = {path: path.read_bytes() for path in (spoiled / "model").rglob("*") if path.is_file() and path != target}
    assert after == before
