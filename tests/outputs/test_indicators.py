"""The catalogue of indicators: every row whole, every problem named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.outputs import indicators
from xiancheng.outputs.indicators import COLUMNS
from xiancheng.study import Study

GOOD = "a,1,3,A,甲,b,乙,persons,neither,,,,,,,,sum,place; 68,county,measured,"


def catalogue_of(tmp_path: Path, *rows: str) -> Study:
    (tmp_path / "outputs").mkdir()
    text = "\n".join([",".join(COLUMNS), *rows]) + "\n"
    (tmp_path / "outputs" / "indicators.csv").write_text(text, encoding="utf-8")
    return Study(tmp_path)


def test_a_target_names_its_year_source_and_mark(study: Study) -> None:
    rows = [found.row for found in indicators.read(study).values() if found.row["target_value"]]
    assert rows
    assert all(row["target_year"] and row["target_source"] and row["target_evidence"] for row in rows)


def test_all_problems_of_a_catalogue_come_at_once(tmp_path: Path) -> None:
    bad = GOOD.replace("neither", "up").replace("sum", "mean").replace("place; 68", "moon").replace("甲", "")
    bad = bad.replace("county", "village")
    with pytest.raises(StudyError) as caught:
        indicators.read(catalogue_of(tmp_path, GOOD, bad.replace("a,1", "b,2", 1)))
    assert {problem.row for problem in caught.value.problems} == {3}
    assert len(caught.value.problems) == 6


def test_a_target_may_be_a_number_a_peak_or_never_rising(tmp_path: Path) -> None:
    rows = [GOOD.replace("a,", f"{name},", 1).replace("neither,,,,,", f"lower,{target},2030,s,measured,anticipated")
            for name, target in (("a", "0.5"), ("b", "peak"), ("c", "never rising"), ("d", "soon"))]
    with pytest.raises(StudyError) as caught:
        indicators.read(catalogue_of(tmp_path, *rows))
    assert [problem.row for problem in caught.value.problems] == [5]


def test_a_target_is_binding_or_anticipated_and_nothing_else_is(study: Study, tmp_path: Path) -> None:
    """What a text fixes with a number is binding; a figure without a target is neither."""
    kinds = {name: indicator.binding for name, indicator in indicators.read(study).items()}
    assert all(bool(kinds[name]) == bool(found.row["target_value"]) for name, found in indicators.read(study).items())
    assert {"binding", "anticipated"} <= set(kinds.values())
    none = GOOD.replace("neither,,,,,", "lower,1,2030,s,measured,")
    wrong = GOOD.replace("a,", "b,", 1).replace("neither,,,,,", "lower,,,,,binding")
    with pytest.raises(StudyError) as caught:
        indicators.read(catalogue_of(tmp_path, none, wrong))
    assert [problem.row for problem in caught.value.problems] == [2, 3]


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="row 2"):
        indicators.read(catalogue_of(tmp_path, GOOD, GOOD))


def test_an_unknown_id_brings_the_nearest(study: Study) -> None:
    with pytest.raises(StudyError, match="urban_share"):
        indicators.find(study, "urban_shar")
