"""A point of a batch is the run of the scenario that says the same; its slopes are differences of batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import xiancheng
from xiancheng.errors import StudyError
from xiancheng.outputs import journey, places
from xiancheng.study import Study
from xiancheng.texts import in_language

SPOT = "residents@2035:68"
COLUMNS: dict[str, Any] = {
    "grant@2028:68": [3000.0, 12000.0, 0.0], "grant@2031:68": [9000.0, 12000.0, 100.0],
    "tax_relief": np.array([0, 0.2, 1], dtype=np.float32), "outside_attractiveness@2030": 0.1, "grant_scale": 9000,
}


def residents(study: Study, settings: list[str]) -> float:
    result = places.aggregate(journey.run(journey.prepare(study, settings=settings)), places.LIST)
    return float(result["residents"].sel(year=2035).values[0])


def test_a_point_is_the_run_of_the_same_settings_however_many_there_are(mini: Study) -> None:
    few = xiancheng.batch(COLUMNS, [SPOT, "residents"], study=mini)
    many = xiancheng.batch(pd.concat([pd.DataFrame(COLUMNS)] * 6), SPOT, study=mini)
    settings = ["grant=3000@2028:68", "grant=9000@2031:68", "tax_relief=0", "outside_attractiveness=0.1@2030",
                "grant_scale=9000"]
    assert float(few[SPOT][0]) == pytest.approx(residents(mini, settings), rel=1e-12)
    np.testing.assert_allclose(many[SPOT].values, np.tile(few[SPOT].values, 6), rtol=1e-12)
    np.testing.assert_array_equal(few["residents"].sel(year=2035, area="68"), few[SPOT])
    assert few[SPOT].attrs["units"] == "persons"


def test_slopes_are_central_differences_of_levers_assumptions_and_constants(mini: Study) -> None:
    point = {"grant:68": 5000.0, "tax_relief@2029": 0.3, "outside_attractiveness": 0.05, "grant_scale": 9000.0}
    slopes = xiancheng.batch(point, [SPOT, "residents@2030:province"], gradient=True, study=mini)["slope"]
    for column, value in point.items():
        width = 1e-4 * max(abs(value), 0.1)
        ends = {**point, column: np.array([value + width, value - width])}
        both = xiancheng.batch(ends, [SPOT, "residents@2030:province"], study=mini)
        for output in slopes["output"].values:
            difference = float(both[output][0] - both[output][1]) / (2 * width)
            assert float(slopes.sel(point=0, output=output, column=column)) == pytest.approx(difference, rel=1e-5)


def test_an_optimiser_of_scipy_drives_a_study(mini: Study) -> None:
    """The grant that gives so many residents is found with the slopes of the study."""
    target = float(xiancheng.batch({"grant:68": 7000.0}, SPOT, study=mini)[SPOT][0])

    def miss(value: Any) -> tuple[float, Any]:
        answer = xiancheng.batch({"grant:68": value}, SPOT, gradient=True, study=mini)
        gap = float(answer[SPOT][0]) - target
        return (gap / 100) ** 2, 2 * gap / 1e4 * answer["slope"].values[0, 0]

    answer = optimize.minimize(miss, [2000.0], jac=True, method="L-BFGS-B", bounds=[(0, 30000)])
    assert answer.x[0] == pytest.approx(7000, rel=1e-3)


# file -> words of what was found, in English and in Chinese
BAD = {
    "column_twice": ("stands there twice", "出现两次"),
    "constant_with_a_year": ("no lever", "不是政策工具"),
    "empty_cell": ("row 1", "第 1 行"),
    "lever_beyond_its_range": ("row 1", "第 1 行"),
    "named_path": ("named paths", "命名路径"),
    "no_number": ("no number", "非数值"),
    "no_points": ("columns of 0 rows", "各列行数为 0"),
    "no_such_lever": ("grnt", "grnt"),
    "no_such_place": ("Nowhere", "Nowhere"),
    "no_year": ("grant@soon", "grant@soon"),
    "place_of_a_lever_for_all": ("whole province", "全省"),
    "year_before_the_policy": ("2020", "2020 年"),
}
WRONG: dict[str, tuple[Any, Any, str, str]] = {
    "columns of two lengths": ({"grant": [1, 2], "tax_relief": [0, 0, 0]}, SPOT, "2, 3", "2, 3"),
    "not finite": ({"grant": [1.0, np.inf]}, SPOT, "row 1", "第 1 行"),
    "no such indicator": ({"grant": 1}, "resident@2035", "resident", "resident"),
    "no such year": ({"grant": 1}, "residents@2080", "2080", "2080"),
    "no such area": ({"grant": 1}, "residents@2035:mars", "mars", "mars"),
    "slope of a whole indicator": ({"grant": 1}, "residents", "slopes of residents", "无法求导"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_table_of_points_is_refused_in_both_languages(mini: Study, root: Path, name: str) -> None:
    points = pd.read_csv(root / "tests" / "bad" / "points" / f"{name}.csv")
    with pytest.raises(StudyError) as refused:
        xiancheng.batch(points, SPOT, study=mini)
    (problem,) = refused.value.problems
    for language, words in zip(("en", "zh"), BAD[name], strict=True):
        assert words in in_language(problem.found, language)
        assert in_language(problem.allowed, language)


def test_every_bad_table_of_points_is_tried(root: Path) -> None:
    assert {file.stem for file in (root / "tests" / "bad" / "points").glob("*.csv")} == set(BAD)


@pytest.mark.parametrize("case", WRONG)
def test_wrong_arrays_and_outputs_are_refused_in_both_languages(mini: Study, case: str) -> None:
    points, outputs, english, chinese = WRONG[case]
    with pytest.raises(StudyError) as refused:
        xiancheng.batch(points, outputs, gradient=case.startswith("slope"), study=mini)
    problem = refused.value.problems[0]
    assert english in in_language(problem.found, "en")
    assert chinese in in_language(problem.found, "zh")
