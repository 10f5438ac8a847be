"""The least setting that meets a target is the least: just below it the target is missed; none is said to be none."""

from __future__ import annotations

import numpy as np
import pytest

from xiancheng.errors import StudyError
from xiancheng.model import build as builder
from xiancheng.outputs import journey, places
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.sweeps import target


def residents(study: Study, value: float) -> float:
    """Residents of the list in 2035 with the tax relief at a value from 2026."""
    told = scenario.from_settings(study, [f"tax_relief={value}"])
    found = places.aggregate(journey.run(builder.build(study, told)), places.LIST)
    return float(found["residents"].sel(year=2035).values[0])


@pytest.fixture(scope="module")
def between(mini: Study) -> tuple[float, float]:
    """Residents at rest and with the whole relief."""
    return residents(mini, 0), residents(mini, 1)


def test_the_least_setting_meets_the_target_and_a_little_less_does_not(
    mini: Study, between: tuple[float, float]
) -> None:
    wanted = target.Goal("residents", True, 0.3 * between[0] + 0.7 * between[1], 2035, "68")
    found = target.find(mini, wanted, "tax_relief")
    assert found.setting is not None
    assert found.before == pytest.approx(between[0], rel=1e-6)
    assert residents(mini, found.setting + 1e-5) >= wanted.value > residents(mini, found.setting - 1.1 / 1024)


def test_out_of_reach_is_said_with_the_closest_value(mini: Study, between: tuple[float, float]) -> None:
    found = target.find(mini, target.Goal("residents", True, between[1] * 1.01, 2035, "68"), "tax_relief")
    assert found.setting is None
    assert found.reached == pytest.approx(between[1], rel=1e-6)


def test_a_target_that_is_met_anyway_needs_no_lever(mini: Study, between: tuple[float, float]) -> None:
    found = target.find(mini, target.Goal("residents", True, between[0] * 0.99, 2035, "68"), "tax_relief")
    assert found.setting == 0


def test_a_lever_that_has_to_fall_is_found_too(mini: Study, between: tuple[float, float]) -> None:
    """The relief may be negative: fewer residents is what was asked for."""
    found = target.find(mini, target.Goal("residents", False, between[0] * 0.98, 2035, "莘县"), "tax_relief")
    assert found.setting == 0
    found = target.find(mini, target.Goal("residents", False, between[0] * 0.98, 2035, "68"), "tax_relief")
    assert found.setting is not None
    assert -1 <= found.setting < 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("urban_share>=0.6", target.Goal("urban_share", True, 0.6, 2035, "68")),
        ("Urban share ≤ 1e3", target.Goal("urban_share", False, 1000.0, 2035, "68")),
    ],
)
def test_a_target_in_words(words: str, found: target.Goal) -> None:
    assert target.goal(words, 2035) == found


@pytest.mark.parametrize("words", ["urban_share", "urban_share>0.6", "urban_share>=much", ">=3"])
def test_other_words_are_refused_with_an_example(words: str) -> None:
    with pytest.raises(StudyError, match=r"such as urban_share>=0\.6"):
        target.goal(words, 2035)


def test_unknown_words_are_told_all_at_once(mini: Study) -> None:
    wanted = target.Goal("resident", True, 1.0, 2077, "68")
    with pytest.raises(StudyError) as error:
        target.find(mini, wanted, "tax_releif", under="baselin")
    assert len(error.value.problems) == 4
    assert np.all([problem.hint for problem in error.value.problems if problem.file != "--by"])
