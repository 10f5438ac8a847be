"""A constant of a user's own is refused where it cannot be, and runs with a word where it is not plausible."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.comparison import request
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model import build, constants
from xiancheng.model.constant_rows import possible
from xiancheng.outputs import journey
from xiancheng.scenarios import files, scenario
from xiancheng.study import Study
from xiancheng.sweeps import design
from xiancheng.texts import in_language

ROOT = Path(__file__).parents[2]
STUDY = Study(ROOT)


@pytest.mark.parametrize(
    ("setting", "words"),
    [("mortality_factor_female=-5", "at least 0"), ("student_outside_share=5", "from 0 to 1"),
     ("in_place_rate=-0.01", "at least 0"), ("in_place_rate=1e999", "at least 0"), ("in_place_rate=nan", "at least 0"),
     ("in_place_rate=0.0_3", "a number"), ("in_place_rate=０.03", "a number")],
)
def test_what_cannot_be_is_refused(setting: str, words: str) -> None:
    """Nothing that is counted or measured is negative, no share is above 1, and a number is finite."""
    with pytest.raises(StudyError) as error:
        scenario.from_settings(STUDY, [setting])
    problem = error.value.problems[0]
    assert problem.file == f"--set {setting}"
    assert words in problem.allowed
    assert in_language(problem.found, "zh") != problem.found


def test_what_is_not_plausible_runs_with_a_word_in_screen_and_manifest() -> None:
    changed = scenario.from_settings(STUDY, ["mortality_factor_female=0.5"])
    assert [note.key for note in changed.notes] == ["constant.outside"]
    assert "0.85 to 0.93" in changed.notes[0]
    notes = build.build(STUDY, changed).manifest["notes"]
    assert any("0.85 to 0.93" in note for note in notes)
    assert any("0.85 至 0.93" in note for note in notes)


def test_what_is_plausible_runs_without_a_word() -> None:
    changed = scenario.of(STUDY, constants={"mortality_factor_female": 0.9})
    assert not changed.notes
    assert "notes" not in build.build(STUDY, changed).manifest


def test_one_number_for_a_constant_of_many_elements_is_told() -> None:
    changed = scenario.of(STUDY, constants={"labour_demand_elasticity": 1.0})
    assert "constant.one_for_all" in [note.key for note in changed.notes]


def test_every_constant_of_the_study_is_possible_and_its_range_is_silent() -> None:
    """Low and high of a table are plausible: neither is refused, and neither has a note."""
    rows = constants._rows_by_name(STUDY)
    for name, own in rows.items():
        least, most = constants.bounds_of(own)
        assert all(least <= float(row["value"]) <= most for row in own), name
    lowest = {name: float(own[0]["low"]) for name, own in rows.items() if len(own) == 1 and own[0]["low"]}
    highest = {name: float(own[0]["high"]) for name, own in rows.items() if len(own) == 1 and own[0]["high"]}
    assert len(lowest) > 100
    assert constants.judge(STUDY, lowest) == constants.judge(STUDY, highest) == constants.Judgement({}, ())
    assert key("migration rate") in rows


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(["year", "dmnl", "1/year", "yuan/person"]),
       st.sampled_from(["share of all", "log ratio", "effect of homes", "rate of moves", "building time"]))
def test_bounds_never_cut_into_the_plausible_range(low: float, high: float, unit: str, name: str) -> None:
    least, most = possible(name, unit, min(low, high), max(low, high))
    assert least <= min(low, high)
    assert max(low, high) <= most


def test_costs_of_a_users_own_are_held_against_the_same_bounds(tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    for text, row, words in (("building_time,-1", 2, "cannot be"), ("building_time,2\nbuilding_time,3", 3, "row 2"),
                             ("building_time,1,200", 2, "3 fields"), ('building_time,"1,200"', 2, "1,200")):
        file.write_text(f"name,value\n{text}\n", encoding="utf-8")
        with pytest.raises(StudyError) as error:
            request.read(STUDY, ["county_town_first"], costs=file, members=0)
        problem = error.value.problems[0]
        assert (problem.file, problem.row) == (str(file), row)
        assert words in problem.found


def test_a_design_draws_no_constant_that_cannot_be(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = { en = "t", zh = "题" }\nsentence = { en = "s", zh = "句" }\n[sampling]\nn = 8\n'
                    "[constants]\nstudent_outside_share = { low = 0.5, high = 5 }\n", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        design.read(STUDY, file)
    assert error.value.problems[0].row == 6
    assert "0" in error.value.problems[0].allowed


def test_two_files_of_one_id_are_refused_by_name(tmp_path: Path) -> None:
    """A second baseline never becomes the baseline."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    second = tmp_path / "scenarios" / "packages" / "baseline.toml"
    shutil.copyfile(ROOT / "scenarios" / "baseline.toml", second)
    with pytest.raises(StudyError) as error:
        files.files(Study(tmp_path))
    assert error.value.problems[0].file == str(second)
    assert str(tmp_path / "scenarios" / "baseline.toml") in error.value.problems[0].hint


@pytest.mark.parametrize("lost", [True, False])
def test_a_run_that_loses_its_figures_is_no_result(lost: bool) -> None:
    """Figures at the start and none at the end: nothing that a reader should take for a result."""
    built = build.build(STUDY, scenario.read(STUDY, scenario.BASELINE))
    values = np.array([[1.0, 2.0], [np.nan, np.nan if lost else 3.0]])
    data = xr.Dataset({"homes": (("time", "place"), values), "never": ("time", [np.nan, np.nan])})
    if not lost:
        journey._refuse_empty(data, built)
        return
    with pytest.raises(StudyError, match="homes"):
        journey._refuse_empty(data, built)
