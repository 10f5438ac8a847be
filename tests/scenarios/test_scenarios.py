"""Scenario files and settings on the command line become paths of levers and assumptions."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.errors import StudyError
from xiancheng.model import clock, places, roles
from xiancheng.scenarios import assumptions, levers, ramp, scenario
from xiancheng.study import Study
from xiancheng.texts import in_language


@pytest.fixture
def study(root: Path) -> Study:
    return Study(root / "tests" / "mini")


@pytest.fixture
def shandong(root: Path) -> Study:
    return Study(root)


def test_baseline_comes_first_and_files_of_subfolders_are_found(study: Study) -> None:
    assert list(scenario.files(study)) == ["baseline", "stay", "stress_births"]


def test_the_baseline_pulls_no_lever(study: Study) -> None:
    found = scenario.read(study, "baseline")
    assert (found.levers, found.assumptions, found.notes) == ({}, {}, ())


def test_points_are_reached_on_the_first_of_january_from_the_baseline_of_2025(study: Study) -> None:
    grant = scenario.read(study, "stay").levers["grant"][0]
    points = {2025: 0, 2026: 5000, 2030: 20000}
    assert grant.path == tuple((clock.new_year(year), value) for year, value in points.items())


def test_places_may_bear_their_old_names(study: Study) -> None:
    assert scenario.read(study, "stay").levers["grant"][0].places == ("p371503", "p371522")


TWICE = """title = { zh = "两地", en = "Two places" }
sentence = { zh = "两地不同。", en = "One value here, another there." }

[[levers.grant]]
points = { 2026 = 1000 }
places = "68"

[[levers.grant]]
points = { 2026 = 2000 }
places = ["莘县"]
"""


def test_a_lever_may_differ_between_places_and_each_entry_has_its_line(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "twice.toml"
    file.write_text(TWICE, encoding="utf-8")
    assert [setting.where for setting in scenario.read(study, file).levers["grant"]] == ["68", "莘县"]
    file.write_text(TWICE.replace("莘县", "华县"), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        scenario.read(study, file)
    assert [problem.row for problem in error.value.problems] == [10]


def test_a_lever_for_the_whole_province_knows_no_place(study: Study) -> None:
    assert scenario.read(study, "stay").levers["tax_relief"][0].everywhere


def test_levers_with_a_cost_say_that_money_is_not_in_the_model(study: Study) -> None:
    notes = scenario.read(study, "stay").notes
    assert [note.key for note in notes] == ["lever.money_missing"]
    assert "grant" in notes[0]
    assert "资金" in in_language(notes[0], "zh")


def test_the_note_on_money_goes_when_the_equations_hold_public_investment(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.root, tmp_path / "rich")
    rich = Study(tmp_path / "rich")
    with rich.equations.open("a", encoding="utf-8") as text:
        text.write("\npublic investment[place] = 0\n\t~ yuan/year\n\t~ Money. |\n")
    with (rich.root / roles.FILE).open("a", encoding="utf-8") as text:
        text.write("public_finance,public investment\n")
    assert scenario.read(rich, "stay").notes == ()


def test_a_scenario_may_say_what_it_asks_and_what_it_trades_off(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "asks.toml"
    words = '\n[question]\nzh = "问？"\nen = "Which?"\n[trade_off]\nzh = "舍。"\nen = "Less of that."\n'
    file.write_text(TWICE + words, encoding="utf-8")
    found = scenario.read(study, file)
    assert (found.question["en"], found.trade_off["zh"]) == ("Which?", "舍。")


def test_a_scenario_may_go_by_a_second_id(shandong: Study) -> None:
    """`do_nothing` is the baseline: no copy, one id in results."""
    assert scenario.other_ids(shandong) == {"do_nothing": shandong.scenarios / "baseline.toml"}
    assert scenario.read(shandong, "do_nothing") == scenario.read(shandong, "baseline")


def test_a_second_id_must_be_free(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.root, tmp_path / "twice")
    file = tmp_path / "twice" / "scenarios" / "stay.toml"
    file.write_text('also_called = ["baseline"]\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StudyError, match="another scenario is called baseline already"):
        scenario.other_ids(Study(tmp_path / "twice"))


def test_a_lever_that_is_held_back_by_its_ramp_says_so_with_the_date(study: Study) -> None:
    found = scenario.from_settings(study, ["grant=20000"])
    late = found.notes[0]
    assert late.key == "lever.late"
    assert "10,000 by then" in late
    assert "20,000 is reached on 1 January 2027" in late
    assert "2027年1月1日达到 20,000" in in_language(late, "zh")


def test_a_setting_is_reached_in_2026_or_in_the_year_it_names(study: Study) -> None:
    now, later = (
        scenario.from_settings(study, [setting]).levers["grant"][0] for setting in ("grant=9000", "grant=9000@2030")
    )
    assert ramp.at(now.path, clock.new_year(2026)) == 9000
    assert ramp.at(later.path, clock.new_year(2030)) == 9000
    assert ramp.at(later.path, clock.new_year(2029)) < 9000


def test_settings_of_one_lever_at_the_same_places_make_one_path(study: Study) -> None:
    found = scenario.from_settings(study, ["grant=3000", "grant=9000@2030"])
    assert [dict(setting.points) for setting in found.levers["grant"]] == [{2026: 3000, 2030: 9000}]


@pytest.mark.parametrize("where", ["莘县", "Shenxian", "shenxian", "371522", "p371522"])
def test_a_place_goes_by_any_of_its_names(study: Study, where: str) -> None:
    found = scenario.from_settings(study, [f"grant=3000@2028:{where}"])
    assert found.levers["grant"][0].places == ("p371522",)


def test_places_may_be_several_or_a_group(study: Study) -> None:
    one = scenario.from_settings(study, ["grant=3000:莘县、茌平县,平阴县"]).levers["grant"][0]
    group = scenario.from_settings(study, ["grant=3000：68"]).levers["grant"][0]
    assert one.places == group.places == ("p370124", "p371503", "p371522")


def test_groups_are_columns_of_the_list_of_places(study: Study) -> None:
    own = places.read(study.tables)
    sizes = {group: len(own.choose(group)[0]) for group in places.GROUPS}
    assert sizes == {"all": 5, "68": 3, "poles": 2, "core": 1, "circle": 4}


@pytest.mark.parametrize("value", [3000, {2026: 3000}, {"points": {2026: 3000}}, [{"points": {"2026": 3000}}]])
def test_a_scenario_of_values_is_the_one_of_the_same_settings(study: Study, value: object) -> None:
    """Whether a lever is told as a value, by year or as a file writes it, what runs is the same."""
    made = scenario.of(study, levers={"grant": value}, constants={"leaving_rate": 0.02})
    written = scenario.from_settings(study, ["grant=3000", "leaving_rate=0.02"])
    assert {**made.plain(), "id": ""} == {**written.plain(), "id": ""}
    assert made.levers == written.levers
    assert made.id != "baseline"


def test_a_scenario_of_values_may_stand_on_another_and_names_places(study: Study) -> None:
    first = scenario.of(study, levers={"grant": {"points": {2028: 3000}, "places": ["莘县"]}})
    second = scenario.of(study, levers={"grant": {2030: 6000}}, base=first)
    assert second.levers["grant"][0].places == ("p371522",)
    assert [dict(setting.points) for setting in second.levers["grant"]] == [{2028: 3000}, {2030: 6000}]


def test_every_wrong_value_of_a_scenario_is_told_at_once(study: Study) -> None:
    constants = {"leaving_rats": 1, "leaving_rate": "x"}
    with pytest.raises(StudyError) as caught:
        scenario.of(study, levers={"grant": {1999: 3000}, "grand": 1}, constants=constants)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 4


def test_a_setting_may_be_an_assumption_or_a_constant(study: Study) -> None:
    found = scenario.from_settings(study, ["fertility_path=low", "mortality=1.1@2030", "leaving rate=0.02"])
    assert found.assumptions["fertility_path"].column == "low"
    assert found.assumptions["mortality"].path == ((clock.new_year(2025), 1.0), (clock.new_year(2030), 1.1))
    assert found.constants == {"leaving rate": 0.02}


def test_settings_go_on_top_of_their_scenario(study: Study) -> None:
    found = scenario.from_settings(study, ["grant=1000:莘县"], "stay")
    assert [setting.where for setting in found.levers["grant"]] == ["莘县, 茌平县", "莘县"]
    assert found.id.startswith("stay_")
    assert found.title["zh"] == "留人 + grant=1000:莘县"


def test_the_same_settings_have_the_same_id_and_others_another(study: Study) -> None:
    ids = [scenario.from_settings(study, [setting]).id for setting in ("grant=1000", "grant=1000", "grant=2000")]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("grant", "this is not a setting"),
        ("grnt=3", "did you mean grant?"),
        ("leaving_rat=3", "did you mean leaving_rate?"),
        ("residents=3", "no lever, assumption or constant"),
        ("leaving_rate=fast", "the value is fast"),
        ("leaving_rate=0.1@2030", "a constant takes no year"),
        ("mortality=1.1:莘县", "takes no place"),
        ("grant=3@2019", "2026 to 2050"),
        ("grant=3@2028:莘", "did you mean 莘县?"),
        ("fertility_path=lowest", "reference, low, stress"),
        ("grant=40000", "0 to 30,000"),
    ],
)
def test_a_wrong_setting_is_named(study: Study, setting: str, words: str) -> None:
    with pytest.raises(StudyError) as error:
        scenario.from_settings(study, [setting])
    assert words in str(error.value)
    assert all(problem.file == f"--set {setting}" for problem in error.value.problems)


def test_all_wrong_settings_are_told_at_once(study: Study) -> None:
    with pytest.raises(StudyError) as error:
        scenario.from_settings(study, ["grnt=3", "grant=x", "mortality=9", "nothing"])
    assert len(error.value.problems) == 4


@given(st.text(max_size=30))
def test_no_word_whatever_is_taken_for_a_setting_in_silence(word: str) -> None:
    study = Study(Path(__file__).parents[1] / "mini")
    with pytest.raises(StudyError):
        scenario.from_settings(study, [f"nothing at all{word}"])


def test_every_lever_of_the_province_names_the_indicator_it_moves(shandong: Study) -> None:
    found = levers.read(shandong)
    assert {"in_situ_settlement", "residence_based_services", "registration_ease"} <= set(found)
    with (shandong.outputs / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        indicators = {row["id"] for row in csv.DictReader(lines)}
    assert {lever.own_indicator for lever in found.values()} <= indicators


def test_a_lever_must_show_in_an_indicator_of_the_study(study: Study, tmp_path: Path) -> None:
    shutil.copytree(study.root, tmp_path / "blind")
    file = tmp_path / "blind" / "scenarios" / "levers.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",residents,+", ",residence,+", 1), encoding="utf-8")
    with pytest.raises(StudyError, match="did you mean residents") as error:
        levers.read(Study(tmp_path / "blind"))
    assert [problem.row for problem in error.value.problems] == [2]


def test_the_ramp_goes_from_low_to_high_in_its_years(shandong: Study) -> None:
    assert levers.read(shandong)["in_situ_settlement"].fastest == pytest.approx(50000 / 3)


def test_every_assumption_of_the_province_has_its_baseline(shandong: Study) -> None:
    found = assumptions.read(shandong)
    assert {"fertility_path", "outside_attractiveness", "mortality"} <= set(found)
    assert {"reference", "low", "high", "stress"} <= set(found["fertility_path"].columns)


def test_every_scenario_of_the_province_can_be_read(shandong: Study) -> None:
    names = scenario.files(shandong)
    assert next(iter(names)) == "baseline"
    assert {"stress_births", "stress_outmigration"} <= set(names)
    for name in names:
        assert scenario.read(shandong, name).id == name


def test_a_table_of_levers_with_a_slip_is_refused(study: Study, tmp_path: Path) -> None:
    good = (study.scenarios / "levers.csv").read_text(encoding="utf-8")
    bad = good.replace(",0,0,30000,3,", ",-1,0,30000,x,")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "levers.csv").write_text(bad.replace("tax_relief,", "grant,"), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        levers.read(Study(tmp_path))
    found = " ".join(problem.found for problem in error.value.problems)
    assert [problem.row for problem in error.value.problems] == [3, 2, 2]
    assert "grant stands here and in row 2" in found
    assert "low 0, baseline -1, high 30,000" in found
    assert "ramp_years is 'x'" in found


def test_the_example_of_the_readme_is_a_scenario(shandong: Study, tmp_path: Path) -> None:
    readme = (shandong.scenarios / "README.md").read_text(encoding="utf-8")
    file = tmp_path / "example.toml"
    file.write_text(readme.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    found = scenario.read(shandong, file)
    assert len(found.levers["in_situ_settlement"][0].places) == 68
    assert found.assumptions["fertility_path"].column == "low"
