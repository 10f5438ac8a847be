"""A wrong scenario file is refused with its line, what stands there, what may stand there and the next move."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.texts import in_language

# file -> (line, words of what was found, words of what is allowed, words of the hint)
BAD = {
    "unknown_lever": (9, "no lever grnt", "levers.csv", "did you mean grant?"),
    "unknown_assumption": (10, "no assumption mortalty", "assumptions.csv", "did you mean mortality?"),
    "value_above_range": (10, "points.2030: 900,000 is out of range", "0 to 30,000 yuan per household", ""),
    "year_before_the_policy": (10, "2019", "2026 to 2050", ""),
    "year_no_year": (10, "soon", "2026 to 2050", ""),
    "text_for_a_number": (10, "'much'", "0 to 30,000", ""),
    "true_for_a_number": (10, "True", "0 to 30,000", ""),
    "not_a_number": (10, "nan", "0 to 30,000", ""),
    "unknown_place": (11, "no place 华县", "names or codes of places", "莘县"),
    "empty_places": (11, "levers.grant.places is []", "names or codes of places", ""),
    "unknown_rule_for_places": (11, "unknown key levers.grant.places.loosing", "losing_more_than", "losing_more_than?"),
    "rule_of_two_hundred_per_cent": (11, "losing_more_than is 2", "a share from 0 to below 1", ""),
    "unknown_type_of_places": (11, "no places of type specialized", "specialised", "did you mean specialised?"),
    "two_rules_for_places": (11, "one thing", "specialised", ""),
    "no_rule_for_places": (11, "one thing", "losing_more_than", ""),
    "named_for_no_indicator": (10, "no indicator resident", "indicators.csv", "did you mean residents?"),
    "named_for_another_area": (10, "named_for.residents is 'Jinan'", "68, province", ""),
    "question_in_one_language": (12, "question.en is missing", "zh and en", ""),
    "province_lever_in_one_place": (11, "one value for the whole province", "all", ""),
    "no_points": (9, "levers.grant.points is missing", "points for every lever", ""),
    "empty_points": (10, "levers.grant.points is {}", "2026", ""),
    "unknown_key_of_a_lever": (11, "unknown key levers.grant.place", "points, places", "did you mean places?"),
    "lever_is_a_number": (10, "levers.grant is 5000", "keys and values", ""),
    "unknown_table": (9, "unknown key lever", "levers", "did you mean levers?"),
    "unknown_path_of_fertility": (10, "fertility_path is 'lowest'", "reference, low, stress", "low"),
    "multiplier_out_of_range": (10, "mortality.2030: 9 is out of range", "0.5 to 2", ""),
    "text_for_a_path": (10, "'double'", "-1.5 to 1.5", ""),
    "no_english_title": (1, "title.en is missing", "zh and en", ""),
    "title_is_a_number": (2, "title.zh is 3", "quotation marks", ""),
    "no_sentence": (None, "sentence is missing", "zh and en", ""),
    "malformed": (10, "not TOML", "points = {2026", "bracket"),
    "lever_twice": (12, "not TOML", "points = {2026", ""),
    "open_quotation": (7, "not TOML", "", "quotation mark"),
    "empty": (None, "title is missing", "zh and en", ""),
    "per_cent_for_a_number": (10, "'30%'", "", "30 where the unit is a per cent, 0.3 where it is a share"),
    "ten_thousands_for_a_number": (10, "'1.2万'", "0 to 30,000 yuan", "write the number alone: 12000"),
    "full_width_signs": (10, "not TOML", "points = {2026", "full-width signs stand in this line (＝): write ="),
    "chinese_key": (9, "not TOML", "", "a key in Chinese stands in quotation marks"),
    "chinese_name_of_a_lever": (9, "no lever 补助", "levers.csv", "did you mean grant?"),
    "byte_order_mark": (1, "BOM", "without byte order mark", "UTF-8"),
    "gbk": (2, "not UTF-8", "UTF-8", "UTF-8"),
}


@pytest.fixture
def study(root: Path) -> Study:
    return Study(root / "tests" / "mini")


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_is_refused_where_it_is_wrong(name: str, study: Study, root: Path) -> None:
    file = root / "tests" / "bad" / "scenarios" / f"{name}.toml"
    with pytest.raises(StudyError) as error:
        scenario.read(study, file)
    row, found, allowed, hint = BAD[name]
    first = error.value.problems[0]
    assert (first.file, first.row) == (str(file), row)
    assert found in first.found
    assert allowed in first.allowed
    assert hint in first.hint


def test_every_bad_file_has_its_case(root: Path) -> None:
    assert {file.stem for file in (root / "tests" / "bad" / "scenarios").glob("*.toml")} == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_a_problem_can_be_read_in_chinese(name: str, study: Study, root: Path) -> None:
    with pytest.raises(StudyError) as error:
        scenario.read(study, root / "tests" / "bad" / "scenarios" / f"{name}.toml")
    for problem in error.value.problems:
        assert any("一" <= letter <= "鿿" for letter in in_language(problem.found, "zh"))


def test_all_problems_of_a_file_are_told_at_once_in_reading_order(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "many.toml"
    lines = [
        "[title]", 'zh = "多处"', "[sentence]", 'zh = "多处错误。"', 'en = "Many."', "more = 1",
        "[levers.grnt]", "points = {2026 = 1}",
        "[levers.grant]", "points = {1999 = -1, 2030 = 99999}", 'places = ["华县"]',
        "[assumptions]", "fertility_path = 3",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        scenario.read(study, file)
    assert [problem.row for problem in error.value.problems] == [1, 6, 7, 10, 10, 10, 11, 13]


def test_an_unknown_scenario_is_met_with_the_nearest_name(study: Study) -> None:
    with pytest.raises(StudyError, match="did you mean baseline"):
        scenario.read(study, "basline")
