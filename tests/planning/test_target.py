"""The least setting that meets targets is the least: just below it one is missed; none is said to be none."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.model import build as builder
from xiancheng.model import tables
from xiancheng.outputs import journey, places
from xiancheng.outputs.reader import Reader
from xiancheng.planning import target, wish
from xiancheng.planning.least import Aim, search
from xiancheng.planning.wish import Goal, Wish
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.web import targets as web_targets
from xiancheng.web.service import Service
from xiancheng.web.simulator import CompiledSimulator


def residents(study: Study, value: float, **levers: float) -> float:
    """Residents of the list in 2035 with the tax relief at a value from 2026."""
    settings = [f"tax_relief={value}", *(f"{name}={own}" for name, own in levers.items())]
    run = journey.run(builder.build(study, scenario.from_settings(study, settings)))
    return float(places.aggregate(run, places.LIST)["residents"].sel(year=2035).values[0])


@pytest.fixture(scope="module")
def between(mini: Study) -> tuple[float, float]:
    """Residents at rest and with the whole relief."""
    return residents(mini, 0), residents(mini, 1)


def alone(value: float, *, at_least: bool = True, area: str = "68") -> Wish:
    """What is asked of the tax relief alone."""
    return Wish((Goal("residents", at_least, value, 2035, area),), ("tax_relief",))


def test_the_least_setting_meets_the_target_and_a_little_less_does_not(
    mini: Study, between: tuple[float, float]
) -> None:
    asked = alone(0.3 * between[0] + 0.7 * between[1])
    answer = target.find(mini, asked)
    assert answer.is_met
    assert answer.before == pytest.approx((between[0],), rel=1e-6)
    value = asked.goals[0].value
    assert residents(mini, answer.settings["tax_relief"] + 1e-5) >= value
    assert value > residents(mini, answer.settings["tax_relief"] - 2.2 / 1024)


def test_out_of_reach_is_said_with_the_closest_value_and_what_binds(mini: Study, between: tuple[float, float]) -> None:
    answer = target.find(mini, alone(between[1] * 1.01))
    assert not answer.is_met
    assert answer.met == 0
    assert answer.reached == pytest.approx((between[1],), rel=1e-6)
    assert answer.barriers == (target.Barrier("tax_relief", at_bound=True, by_ramp=None, moves=True),)


def test_a_target_that_is_met_anyway_needs_no_lever(mini: Study, between: tuple[float, float]) -> None:
    answer = target.find(mini, alone(between[0] * 0.99))
    assert answer.settings == {"tax_relief": 0}


def test_a_lever_that_has_to_fall_falls(mini: Study, between: tuple[float, float]) -> None:
    """The relief may be negative: fewer residents is what was asked for."""
    assert target.find(mini, alone(between[0] * 0.98, at_least=False, area="莘县")).settings["tax_relief"] == 0
    answer = target.find(mini, alone(between[0] * 0.98, at_least=False))
    assert answer.is_met
    assert -1 <= answer.settings["tax_relief"] < 0


def test_of_two_levers_the_one_that_weighs_less_moves(mini: Study, between: tuple[float, float]) -> None:
    """Both help; a weight of a hundred on one leaves the work to the other."""
    goal = Goal("residents", True, 0.5 * sum(between), 2035, "68")
    for light, heavy in (("grant", "tax_relief"), ("tax_relief", "grant")):
        answer = target.find(mini, Wish((goal,), ("grant", "tax_relief"), weights={heavy: 100.0}))
        assert answer.is_met
        assert answer.settings[heavy] == pytest.approx(0, abs=1e-9)
        assert answer.settings[light] > 0


def test_nine_in_ten_members_ask_for_more_than_half_of_them(mini: Study, between: tuple[float, float]) -> None:
    """The members differ in births and leaving; each share is met, and by no more members than it has to be."""
    asked = replace(alone(between[0] * 0.98), members="people")
    few, many = (target.find(mini, replace(asked, share=share)) for share in (0.5, 0.9))
    assert few.is_met
    assert many.is_met
    assert 0 < few.settings["tax_relief"] < many.settings["tax_relief"]
    assert few.met == 0.5
    assert many.met == 1.0, "nine in ten of eight members are all of them"


def test_a_known_optimum_of_two_targets_is_met_at_the_corner() -> None:
    """Least a + b with a + 2b >= 4 and 2a + b >= 5: a = 2, b = 1, whatever smooth scale bends the figures."""
    bend = np.array([[1.0, 2.0], [2.0, 1.0]])

    def run(rows: np.ndarray) -> np.ndarray:
        return np.exp(rows @ bend.T / 4)[:, None, :]

    aim = Aim(np.zeros(2), np.full(2, 4.0), np.zeros(2), np.ones(2), np.ones(2), np.exp([1.0, 1.25]))
    outcome = search(run, aim)
    assert outcome.is_met
    assert outcome.values == pytest.approx([2, 1], abs=8e-3)
    assert outcome.runs < 20


def test_targets_that_exclude_each_other_are_missed_and_told() -> None:
    def run(rows: np.ndarray) -> np.ndarray:
        return np.stack([rows[:, 0], -rows[:, 0]], axis=1)[:, None, :]

    outcome = search(run, Aim(np.zeros(1), np.ones(1), np.zeros(1), np.ones(1), np.ones(2), np.array([0.8, -0.2])))
    assert not outcome.is_met


@pytest.mark.parametrize(
    ("words", "goal"),
    [
        ("urban_share>=0.6", Goal("urban_share", True, 0.6, 2035, "68")),
        ("Urban share ≤ 1e3", Goal("urban_share", False, 1000.0, 2035, "68")),
        ("urban_share@2030:莘县>=0.6", Goal("urban_share", True, 0.6, 2030, "莘县")),
    ],
)
def test_a_target_in_words(words: str, goal: Goal) -> None:
    assert wish.goal(words, 2035) == goal


@pytest.mark.parametrize("words", ["urban_share", "urban_share>0.6", "urban_share>=much", ">=3"])
def test_other_words_are_refused_with_an_example(words: str) -> None:
    with pytest.raises(StudyError, match=r"such as urban_share>=0\.6"):
        wish.goal(words, 2035)


def test_unknown_words_are_told_all_at_once(mini: Study) -> None:
    goals = (Goal("resident", True, 1.0, 2077, "68"), Goal("residents", True, 1.0, 2035, "莘线"))
    asked = Wish(goals, ("tax_releif",), "baselin", since=1999, where="type:smal", small="monye",
                 weights={"grant": 2.0}, share=1.5)
    with pytest.raises(StudyError) as error:
        target.find(mini, asked)
    files = [problem.file for problem in error.value.problems]
    assert sorted(files) == sorted(["", "--by", "", "--using", "--weight", "--from", "", "--in", "--least", "--places"])


def test_the_warm_model_of_the_page_answers_the_same_within_few_runs(mini: Study, between: tuple[float, float]) -> None:
    """The page's own program does the runs, none of them twice."""
    built = builder.build(mini, scenario.read(mini, "baseline"))
    reader = Reader.of(built)
    engine = CompiledSimulator(built, tuple(reader.needed(["residents"])))
    asked = alone(0.3 * between[0] + 0.7 * between[1])
    warm = web_targets.find(Service(built, engine, reader), asked)
    assert warm.settings == pytest.approx(target.find(mini, asked).settings, rel=1e-9)
    assert warm.runs <= 9


@pytest.mark.parametrize(("language", "words"), [("zh", "受限于财力"), ("en", "The purse binds")])
def test_a_purse_that_binds_is_told(
    mini: Study, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str,
    words: str,
) -> None:
    """What the study names as unfunded need rises with the lever while the target stays out of reach."""
    monkeypatch.setattr(tables, "check", lambda root: None)
    shutil.copytree(mini.root, tmp_path / "mini")
    with (tmp_path / "mini" / "outputs" / "views.csv").open("a", encoding="utf-8") as views:
        views.write("unfunded,residents\n")
    assert main(["target", "residents>=9e9", "--using", "tax_relief", "--by", "2035", "--study", str(tmp_path / "mini"),
                 "--lang", language]) in (0, 4)
    assert words in capfd.readouterr().out
    assert main(["target", "residents>=1", "--using", "tax_relief", "--by", "2035", "--study", str(tmp_path / "mini"),
                 "--lang", language]) == 0
    assert words not in capfd.readouterr().out
