"""The years of a study are its own: another study may have other censuses, another policy, another end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import build, clock
from xiancheng.scenarios import scenario
from xiancheng.study import Study, study_of

YEARS = {"first_census": 2010, "last_census": 2020, "start": 2010, "baseline": 2021, "end": 2030, "last": 2040}


@pytest.fixture
def study(root: Path, tmp_path: Path) -> Study:
    return Study(Path(shutil.copytree(root / "tests" / "mini", tmp_path / "mini")))


def write(study: Study, years: dict[str, object]) -> None:
    rows = "".join(f"{name},{year},\n" for name, year in years.items())
    (study.root / "model" / "clock.csv").write_text(f"name,year,why\n{rows}", encoding="utf-8")


def test_a_study_of_other_years_runs_from_its_start_to_its_end(study: Study) -> None:
    write(study, YEARS)
    run = build.build(study, scenario.read(study, "baseline"))
    assert (run.start, run.end) == (2010, 2030)
    assert "FINAL TIME = 2030.25\n" in run.text


def test_its_levers_leave_their_baseline_when_its_policy_begins(study: Study) -> None:
    """On 1 January of the last year before the policy, for the first setting one year later."""
    write(study, YEARS)
    setting = scenario.from_settings(study, ["grant=1000"]).levers["grant"][0]
    assert list(setting.points) == [2022]
    assert setting.path[0] == (clock.new_year(2021), 0.0)


def test_its_settings_lie_between_its_policy_and_its_last_year(study: Study) -> None:
    write(study, YEARS)
    with pytest.raises(StudyError, match="2022 to 2040"):
        scenario.from_settings(study, ["grant=1000@2021"])
    with pytest.raises(StudyError, match="2022 to 2040"):
        scenario.from_settings(study, ["grant=1000@2041"])
    with pytest.raises(StudyError, match="up to 2040"):
        build.build(study, scenario.read(study, "baseline"), end=2041)


def test_another_year_is_another_data_hash(study: Study) -> None:
    """Levers move by the clock, so that two studies of other years are not the same model."""
    before = study.data_hash
    write(study, YEARS)
    assert Study(study.root).data_hash != before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"baseline": 2019}, "last_census is not before baseline"),
        ({"end": 2041}, "end is not before last"),
        ({"start": "soon"}, "'soon'"),
        ({"strat": 2010}, "strat"),
        ({"last": 20400}, "20400"),
    ],
)
def test_years_that_cannot_be_are_told(study: Study, change: dict[str, object], words: str) -> None:
    write(study, {**YEARS, **change})
    with pytest.raises(StudyError, match=words):
        clock.of(study)


def test_every_missing_year_is_told_at_once_and_a_missing_table_where_to_take_it_from(study: Study) -> None:
    write(study, {"start": 2010})
    with pytest.raises(StudyError) as caught:
        clock.of(study)
    assert len(caught.value.problems) == 5
    (study.root / "model" / "clock.csv").unlink()
    with pytest.raises(StudyError, match=r"model/clock\.csv"):
        clock.of(study)


def test_a_study_takes_its_folder_as_text_or_as_a_path(root: Path) -> None:
    by_text = Study(str(root))  # type: ignore[arg-type]
    assert by_text == Study(root)
    assert clock.of(by_text) == clock.of(Study(root))


def test_a_folder_that_is_no_study_is_told_whichever_way_it_is_named(tmp_path: Path) -> None:
    for named in (tmp_path, str(tmp_path), Study(tmp_path), Study(tmp_path / "nowhere")):
        with pytest.raises(StudyError) as refusal:
            study_of(named)
        assert str(tmp_path) in refusal.value.problems[0].file
