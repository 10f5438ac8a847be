"""The catalogue of indicators: every row whole, every row computed, every problem named at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.outputs import formulas, indicators
from xiancheng.outputs.indicators import COLUMNS, RATIO
from xiancheng.study import Study

GOOD = "a,1,3,A,甲,b,乙,persons,neither,,,,,,,sum,place; 68,measured,"


def catalogue_of(tmp_path: Path, *rows: str) -> Study:
    (tmp_path / "outputs").mkdir()
    text = "\n".join([",".join(COLUMNS), *rows]) + "\n"
    (tmp_path / "outputs" / "indicators.csv").write_text(text, encoding="utf-8")
    return Study(tmp_path)


def test_every_indicator_has_a_formula_and_every_formula_a_row(study: Study) -> None:
    assert set(indicators.read(study)) == set(formulas.FORMULAS)


def test_a_ratio_is_added_up_as_one(study: Study) -> None:
    """What is divided in the formula is a ratio of sums in the catalogue, and the other way round."""
    catalogue = indicators.read(study)
    assert {name for name, row in catalogue.items() if row.aggregation == RATIO} == {
        name for name, formula in formulas.FORMULAS.items() if formula.over
    }


def test_formulas_read_variables_of_the_equations(study: Study) -> None:
    text = study.equations.read_text(encoding="utf-8").lower()
    defined = set(re.findall(r"^([a-z][a-z0-9 ]*?)(?:\[[^\]]*\])? *=", text, flags=re.MULTILINE))
    assert {name.replace("_", " ") for name in formulas.needed(list(formulas.FORMULAS))} <= defined


def test_a_target_names_its_year_source_and_mark(study: Study) -> None:
    rows = [found.row for found in indicators.read(study).values() if found.row["target_value"]]
    assert rows
    assert all(row["target_year"] and row["target_source"] and row["target_evidence"] for row in rows)


def test_all_problems_of_a_catalogue_come_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("neither", "up").replace("sum", "mean").replace("place; 68", "moon").replace("甲", "")
    with pytest.raises(StudyError) as caught:
        indicators.read(catalogue_of(tmp_path, GOOD, bad.replace("a,1", "b,2", 1)))
    assert {problem.row for problem in caught.value.problems} == {3}
    assert len(caught.value.problems) == 5


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="row 2"):
        indicators.read(catalogue_of(tmp_path, GOOD, GOOD))


def test_an_unknown_id_brings_the_nearest(study: Study) -> None:
    with pytest.raises(StudyError, match="urban_share"):
        indicators.find(study, "urban_shar")
