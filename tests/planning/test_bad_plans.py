"""A wrong plan is refused with its line, what stands there, what may stand there and the next move."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from xiancheng.errors import StudyError
from xiancheng.planning import plan
from xiancheng.scenarios import document
from xiancheng.study import Study
from xiancheng.texts import in_language

# file -> (line, words of what was found, words of what is allowed, words of the hint)
BAD = {
    "area_and_each": (13, "of each of some places", "either area or each_of", ""),
    "duty_without_target": (1, "residents has no target", "a number for a target and a year", ""),
    "front_of_one_aim": (18, "a front without two aims", "two [[aims]]", ""),
    "low_above_high": (13, "low 900 is not below high 100", "low < high", ""),
    "no_aims": (None, "aims is missing", "one or more [[aims]]", ""),
    "no_bound": (13, "no bound or with two", "either at_least or at_most", ""),
    "no_levers": (13, "no lever may move", "[levers.grant]", ""),
    "no_starts": (17, "search.starts: 0 is out of range", "1 to 100", ""),
    "open_quotation": (3, "not TOML", "", "quotation mark"),
    "point_of_no_year": (14, "'soon'", "2026 to 2050", ""),
    "share_above_one": (17, "futures.hold_for is 1.5", "a share of them", ""),
    "two_bounds": (13, "no bound or with two", "either at_least or at_most", ""),
    "unknown_area": (17, "no area 68x", "68, province", "did you mean 68?"),
    "unknown_base": (1, "no scenario baselin", "a scenario of the study", "did you mean baseline?"),
    "unknown_indicator": (10, "no indicator resident", "indicators.csv", "did you mean residents?"),
    "unknown_key": (15, "unknown key levers.grant.hihg", "years, places, by, low, high", "did you mean high?"),
    "unknown_lever": (13, "no lever grnt", "levers.csv", "did you mean grant?"),
    "unknown_method": (17, "'gradients'", "gradient, evolution", "did you mean gradient?"),
    "unknown_place": (15, "no place 莘線", "prefectures, or type:ID", "莘县"),
    "unknown_stress": (17, "no scenario stress_birth", "scenarios/stress", "did you mean stress_births?"),
    "unknown_type": (15, "no places of type specialized", "specialised", "did you mean specialised?"),
    "unknown_way_of_moving": (15, "'county'", "one, type, place", "one, type, place"),
    "value_beyond_the_lever": (15, "99,999,999 is out of range", "0 to 30,000 yuan per household", ""),
    "year_before_the_policy": (11, "2020 is out of range", "2026 to 2050", ""),
}
BY_THE_STUDY = {"duty_without_target", "front_of_one_aim", "low_above_high", "no_bound", "no_levers", "two_bounds",
                "area_and_each", "open_quotation", "unknown_area", "unknown_place", "unknown_type"}
"""What a schema of an editor does not see."""


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_plan_is_refused_where_it_is_wrong(name: str, root: Path, mini: Study) -> None:
    row, sentence, allowed, hint = BAD[name]
    file = root / "tests" / "bad" / "plans" / f"{name}.toml"
    with pytest.raises(StudyError) as error:
        plan.read(mini, file)
    (problem,) = error.value.problems
    assert (problem.file, problem.row) == (str(file), row)
    for words, part in ((sentence, problem.found), (allowed, problem.allowed), (hint, problem.hint)):
        assert words in part
    assert any("一" <= letter <= "鿿" for letter in str(in_language(problem.found, "zh")))


def test_every_bad_plan_is_tried(root: Path) -> None:
    assert {file.stem for file in (root / "tests" / "bad" / "plans").glob("*.toml")} == set(BAD)


def test_the_schema_sees_what_an_editor_can_see(root: Path, mini: Study) -> None:
    validator = Draft202012Validator(plan.schema(mini, "en"))
    for name in BAD.keys() - BY_THE_STUDY:
        values = document.read(root / "tests" / "bad" / "plans" / f"{name}.toml").values
        assert list(validator.iter_errors(values)), name


def test_plans_that_ship_fit_their_study_and_its_schema(root: Path) -> None:
    study = Study(root)
    validator = Draft202012Validator(plan.schema(study, "zh"))
    for file in plan.files(study).values():
        assert plan.read(study, file).rows
        assert not list(validator.iter_errors(document.read(file).values))


def test_a_plan_that_is_not_there_is_told_with_the_nearest(root: Path) -> None:
    with pytest.raises(StudyError, match="did you mean hold_residents"):
        plan.read(Study(root), "hold_resident")
