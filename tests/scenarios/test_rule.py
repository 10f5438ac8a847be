"""Places by a rule: what a place loses in a year of the baseline says where its lever heads in the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import build, clock
from xiancheng.model.clock import new_year
from xiancheng.model.settings import LeverSetting, Scenario
from xiancheng.scenarios import ramp, rule, scenario
from xiancheng.study import Study

YEARS = range(2025, 2035)
CLOCK = clock.of(Study(Path(__file__).resolve().parents[1] / "mini"))
RULE = """title = { zh = "收缩", en = "Shrink" }
sentence = { zh = "人口流失的县。", en = "Where people leave." }

[levers.grant]
points = { 2026 = 1000, 2030 = 9000 }
places = { losing_more_than = 0.01 }
"""


@pytest.fixture
def study(root: Path) -> Study:
    return Study(root / "tests" / "mini")


@pytest.fixture
def waiting(study: Study, tmp_path: Path) -> Scenario:
    file = tmp_path / "shrink.toml"
    file.write_text(RULE, encoding="utf-8")
    return scenario.read(study, file)


def losing(*years: int, share: float = 0.02) -> dict[int, float]:
    """A place that loses a share of its residents in some years and none in the others."""
    return {year: -share if year in years else 0.0 for year in YEARS}


def grants(found: Scenario) -> dict[str, LeverSetting]:
    return {place: setting for setting in found.levers["grant"] for place in setting.places}


def test_a_rule_waits_for_the_run_it_is_read_off(study: Study, waiting: Scenario) -> None:
    assert waiting.awaits
    assert waiting.levers["grant"][0].places == ()
    with pytest.raises(StudyError, match="places of a rule are not worked out yet"):
        build.build(study, waiting)


def test_places_that_lose_in_the_same_years_share_a_path_and_others_stay_at_the_baseline(waiting: Scenario) -> None:
    found = rule.settle(waiting, {"a": losing(*YEARS), "b": losing(*YEARS), "c": losing(2030), "d": losing()}, CLOCK)
    assert not found.awaits
    assert [setting.places for setting in found.levers["grant"]] == [("a", "b"), ("c",)]


def test_the_loss_of_a_year_moves_the_lever_in_the_next(waiting: Scenario) -> None:
    """Nothing before the first check is over; a year's value is reached on 1 January of the year after the move."""
    path = grants(rule.settle(waiting, {"a": losing(*YEARS)}, CLOCK))["a"].path
    asked = waiting.levers["grant"][0].path
    assert ramp.at(path, new_year(2026)) == 0
    for year in range(2027, 2037):
        assert ramp.at(path, new_year(year)) == pytest.approx(ramp.at(asked, new_year(year)))


def test_a_place_that_stops_losing_returns_to_the_baseline(waiting: Scenario) -> None:
    path = grants(rule.settle(waiting, {"a": losing(2028, 2029)}, CLOCK))["a"].path
    assert [ramp.at(path, new_year(year)) for year in (2029, 2032, 2036)] == [0, 0, 0]
    assert ramp.at(path, new_year(2031)) == pytest.approx(9000)


def test_the_ramp_holds_both_ways(waiting: Scenario) -> None:
    slow = replace(waiting.levers["grant"][0], points={2026: 9000.0}, fastest=1000.0)
    told = replace(waiting, levers={"grant": (slow,)})
    path = grants(rule.settle(told, {"a": losing(2025, 2026)}, CLOCK))["a"].path
    assert [ramp.at(path, new_year(year)) for year in (2027, 2028, 2029, 2030)] == [1000, 2000, 1000, 0]


def test_a_loss_of_just_the_share_is_not_more_than_it(waiting: Scenario) -> None:
    found = rule.settle(waiting, {"a": losing(*YEARS, share=0.01), "b": losing(*YEARS, share=0.0101)}, CLOCK)
    assert set(grants(found)) == {"b"}


def test_nobody_loses_and_the_lever_rests(waiting: Scenario) -> None:
    found = rule.settle(waiting, {"a": losing()}, CLOCK)
    assert [setting.places for setting in found.levers["grant"]] == [()]


def test_the_run_says_whom_the_rule_names(waiting: Scenario) -> None:
    notes = rule.settle(waiting, {"a": losing(2025), "b": losing(2034), "c": losing(2034), "d": losing()}, CLOCK).notes
    assert "3 of 4 counties in at least one year; 1 by the loss of 2025, 2 by that of 2034" in notes[-1]


def test_a_manifest_repeats_the_rule_and_not_the_places(waiting: Scenario) -> None:
    before, after = waiting.plain(), rule.settle(waiting, {"a": losing(2025), "b": losing(2034)}, CLOCK).plain()
    assert before == after
    assert before["levers"]["grant"][0]["places"] == {"losing_more_than": 0.01}
