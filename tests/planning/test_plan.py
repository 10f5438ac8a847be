"""The best setting of a plan is the best: known optima are hit, limits kept, and what cannot be is told as such."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xiancheng.errors import StudyError
from xiancheng.planning import answer as answers
from xiancheng.planning import climb, endurance, lagrange, search, target
from xiancheng.planning import plan as plans
from xiancheng.planning.endurance import MemberTrials
from xiancheng.planning.journal import Journal
from xiancheng.planning.landscape import ENOUGH
from xiancheng.planning.plan import Plan
from xiancheng.planning.pulls import Pulls
from xiancheng.planning.wish import Goal, Wish
from xiancheng.scenarios import document, scenario
from xiancheng.study import Study

WORDS = """[title]
zh = "试"
en = "Try"

[sentence]
zh = "小型研究的规划。"
en = "A plan on the miniature study."
"""
AIM = '\n[[aims]]\nindicator = "residents"\nyear = 2035\n'
MOST = '\n[[limits]]\nindicator = "residents"\narea = "province"\nyears = [2035]\nat_most = 3\n'
BOTH = "\n[levers.grant]\nyears = [2035]\n\n[levers.tax_relief]\nyears = [2035]\nlow = 0\n"


def plan(study: Study, text: str) -> Plan:
    """The plan of a text."""
    return plans.of(study, document.parse(WORDS + text, "try.toml"), "try")


class Hill:
    """Figures known in closed form: the aim sqrt(a) + 2 sqrt(b), the limited figure a + b, from shares a and b."""

    def __init__(self) -> None:
        self.runs = 0

    def values(self, rows: np.ndarray) -> np.ndarray:
        self.runs += len(rows)
        first, second = rows[:, 0] / 30000, rows[:, 1]
        return np.stack([5 + np.sqrt(first + 0.01) + 2 * np.sqrt(second + 0.01), 2.4 + first + second], 1)[:, None, :]


def test_a_known_optimum_is_hit_with_the_price_of_its_limit(mini: Study) -> None:
    """Lagrange: b + 0.01 is four times a + 0.01 where a + b = 0.6, and the price is the slope there."""
    answer = answers.solve(mini, plan(mini, AIM + MOST + BOTH), runner=Hill())
    first = 0.62 / 5 - 0.01
    assert answer.is_kept
    assert answer.values == pytest.approx([first * 30000, 0.6 - first], rel=5e-3)
    (limit,) = answer.limits
    assert limit.binds
    assert limit.room == pytest.approx(0, abs=1e-3)
    assert limit.price == pytest.approx(0.5 / np.sqrt(first + 0.01), rel=0.02)


def test_evolution_without_slopes_comes_to_the_same(mini: Study) -> None:
    search = '\n[search]\nmethod = "evolution"\nsteps = 60\npoints = 24\n'
    own = plan(mini, AIM + MOST + BOTH + search)
    by_slopes = answers.solve(mini, replace(own, search=own.search.model_copy(update={"method": "gradient"})),
                              runner=Hill())
    answer = answers.solve(mini, own, runner=Hill())
    assert answer.is_kept
    gains = [one.aims[0][2] - one.aims[0][1] for one in (answer, by_slopes)]
    assert gains[0] == pytest.approx(gains[1], rel=0.01)
    assert gains[0] <= gains[1] * (1 + 1e-3)


def test_limits_that_exclude_each_other_are_told(mini: Study) -> None:
    """More than 2.9 and less than 2.6 of one figure: both carry the conflict, the aim does not."""
    least = MOST.replace("at_most = 3", "at_least = 2.9")
    answer = answers.solve(mini, plan(mini, AIM + least + MOST.replace("= 3", "= 2.6") + BOTH), runner=Hill())
    assert not answer.is_kept
    assert {kept.row.limit for kept in answer.excluding} == {0, 1}
    assert answer.aims[0][0].indicator == "residents"


def test_what_the_equations_answer_is_what_a_target_answers(mini: Study) -> None:
    """Fewest residents that are still two per cent above no policy: the setting that just reaches them."""
    before = target.find(mini, Wish((Goal("residents", True, 1.0, 2035, "68"),), ("tax_relief",))).before[0]
    least = f'\n[[limits]]\nindicator = "residents"\nyears = [2035]\nat_least = {before * 1.02}\n'
    low = AIM + 'direction = "low"\n' + least + "\n[levers.tax_relief]\nyears = [2026]\nlow = 0\n"
    answer = answers.solve(mini, plan(mini, low))
    just = target.find(mini, Wish((Goal("residents", True, before * 1.02, 2035, "68"),), ("tax_relief",)))
    assert answer.is_kept
    assert answer.values[0] == pytest.approx(just.settings["tax_relief"], abs=2e-3)


def test_no_place_loses_and_the_answer_is_a_scenario(mini: Study, tmp_path: Path) -> None:
    """Each place has a limit of its own; places move one by one; the file says what the run was told."""
    each = ('\n[[limits]]\nindicator = "residents"\neach_of = "68"\nyears = [2035]\nat_least = 0\n'
            'against = "baseline"\nbeyond_least_change = true\n')
    own = plan(mini, AIM + each + '\n[levers.grant]\nyears = [2028, 2035]\nplaces = "68"\nby = "place"\n')
    assert own.moves.size == 2 * len(own.rows)
    answer = answers.solve(mini, own)
    assert answer.is_kept
    assert all(kept.room >= 0 for kept in answer.limits)
    assert answer.aims[0][2] > answer.aims[0][1]
    file = tmp_path / "answer.toml"
    file.write_text(answers.scenario_text(answer, "Made by a test."), encoding="utf-8")
    settings = scenario.read(mini, file).levers["grant"]
    points = [value for setting in settings for value in setting.points.values()]
    assert points == pytest.approx(answer.values.tolist())


def test_a_search_that_was_cut_off_goes_on_from_its_log(mini: Study, tmp_path: Path) -> None:
    """Cut in the middle of a line: what stands before is not run again, and the answer is the same."""
    own, log = plan(mini, AIM + MOST + BOTH), tmp_path / "log.jsonl"
    whole = Hill()
    answer = answers.solve(mini, own, log=log, runner=whole)
    lines = log.read_text(encoding="utf-8").split("\n")
    log.write_text("\n".join(lines[: len(lines) // 2]) + "\n" + lines[len(lines) // 2][:20], encoding="utf-8")
    rest = Hill()
    again = answers.solve(mini, own, log=log, runner=rest)
    assert again.values.tolist() == answer.values.tolist()
    assert 0 < rest.runs < whole.runs
    assert [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_log_of_another_plan_is_refused(mini: Study, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    Journal(Hill(), log, "one")
    with pytest.raises(StudyError, match="another plan"):
        Journal(Hill(), log, "two")


def test_a_front_has_settings_of_which_none_is_better_in_both(mini: Study) -> None:
    two = AIM + AIM.replace("2035", "2030") + 'direction = "low"\n'
    own = plan(mini, two + "\n[levers.tax_relief]\nyears = [2030, 2035]\n"
               '\n[search]\nmethod = "evolution"\nfront = true\nsteps = 8\npoints = 8\n')
    front = answers.front(mini, own)
    gains = [[figure[2] for figure in setting.aims] for setting in front]
    assert len(front) > 2
    assert gains == sorted(gains)
    assert [gain[1] for gain in gains] == sorted(gain[1] for gain in gains), "more of one is more of the other, the bad"


def test_what_an_answer_gains_has_a_band_over_members(mini: Study) -> None:
    answer = answers.solve(mini, plan(mini, AIM + "\n[levers.tax_relief]\nyears = [2026]\nlow = 0\n"))
    (low, middle, high), = MemberTrials.of(mini, answer.plan, "people:8").of_answer(answer).bands.values()
    assert 0 < low < middle < high


def test_many_limits_in_one_number_come_to_the_known_optimum(mini: Study) -> None:
    """The augmented Lagrangian sees slopes of weighted sums alone, and finds setting and multiplier all the same."""
    own = plan(mini, AIM + MOST + BOTH)
    landscape, _ = answers.landscape_of(mini, own, runner=Hill())

    def pull(shares: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        roots = np.sqrt(shares + 0.01)
        slopes = np.stack([[0.5, 1.0] / roots, [1.0, 1.0]])
        return landscape.figures(shares), weights[0] @ slopes

    best, by_steps = lagrange.search(landscape, pull), search.search(landscape)
    first = 0.62 / 5 - 0.01
    assert best.is_kept
    assert best.shares == pytest.approx([first, 0.6 - first], abs=5e-3)
    assert best.prices == pytest.approx(by_steps.prices, rel=0.02)


@pytest.mark.long
def test_slopes_of_one_way_back_are_those_of_differences(mini: Study) -> None:
    """By every point of every place, under two futures and limits that push."""
    least = '\n[[limits]]\nindicator = "residents"\nyears = [2030, 2035]\nat_least = 1.7e6\n'
    moves = ('\n[levers.grant]\nyears = [2028, 2033]\nplaces = "68"\nby = "place"\n'
             '\n[levers.tax_relief]\nyears = [2030]\n\n[futures]\nstresses = ["stress_births"]\n')
    own = plan(mini, AIM + least + moves)
    landscape, _ = answers.landscape_of(mini, own)
    shares = np.random.default_rng(1).uniform(0.2, 0.8, own.moves.size)
    pushes = np.array([0.7, 1.3])
    weights = landscape.weights(landscape.figures(shares), pushes)
    figures, slopes = Pulls.of(mini, own)(shares, weights)
    assert figures == pytest.approx(landscape.figures(shares), rel=1e-9)
    by_steps = landscape.slopes(shares)
    assert slopes == pytest.approx(by_steps.aim - pushes @ by_steps.over, rel=5e-3)


class Purse:
    """Figures known in closed form with a kink: the aim 0.8 a + b, and a cost of b that doubles above 0.3."""

    def __init__(self) -> None:
        self.runs = 0

    def values(self, rows: np.ndarray) -> np.ndarray:
        self.runs += len(rows)
        first, second = rows[:, 0] / 30000, rows[:, 1]
        cost = first + second + np.maximum(second - 0.3, 0)
        return np.stack([5 + 0.8 * first + second, 2.4 + cost], 1)[:, None, :]


def test_a_corner_at_a_kink_is_reached_in_a_few_steps(mini: Study) -> None:
    """Up to the kink b brings most for its cost, beyond it a does: 0.3 of each."""
    purse = Purse()
    answer = answers.solve(mini, plan(mini, AIM + MOST + BOTH), runner=purse)
    assert answer.is_kept
    assert answer.aims[0][2] - answer.aims[0][1] == pytest.approx(0.54, rel=2e-3)
    assert answer.values == pytest.approx([0.3 * 30000, 0.3], rel=0.02)
    assert purse.runs < 80


def test_a_step_that_oversteps_is_mended_with_the_same_slopes(mini: Study) -> None:
    """What bends is overstepped by a step; one run more keeps the limit."""
    landscape, _ = answers.landscape_of(mini, plan(mini, AIM + MOST + BOTH), runner=Bend())
    settings = list(climb.way(landscape, landscape.start))
    overs = [view.worst for _, view in settings]
    assert max(overs) > 100 * ENOUGH
    assert settings[-1][1].worst <= ENOUGH


class Bend(Hill):
    """As Hill, its limited figure a square."""

    def values(self, rows: np.ndarray) -> np.ndarray:
        figures = super().values(rows)
        return np.concatenate([figures[..., :1], 2.4 + 2 * (figures[..., 1:] - 2.4) ** 2], axis=-1)


class Steep(Hill):
    """The same in eight members, in which one more of a + b counts 0.8 to 1.5 for the limited figure."""

    def values(self, rows: np.ndarray) -> np.ndarray:
        aim, limited = np.moveaxis(super().values(rows)[:, 0], -1, 0)
        return np.stack([np.stack([aim, 2.4 + (limited - 2.4) * part], 1) for part in np.arange(8, 16) / 10], 1)


def test_an_answer_with_a_margin_keeps_its_limits_in_the_share_of_members(mini: Study) -> None:
    """Six of eight members: the sixth counts 1.3, so a + b is 0.6 / 1.3; without a margin three keep the limit."""
    own = plan(mini, AIM + MOST.replace("at_most = 3", 'at_most = 0.6\nagainst = "baseline"') + BOTH)
    answer = answers.solve(mini, own, runner=Hill())
    members = MemberTrials.of(mini, own, "people:8", Steep())
    bare = members.of_answer(answer)
    assert (bare.together, bare.shares.tolist()) == (3 / 8, [3 / 8])
    safe, outcome = endurance.enduring(mini, answer, bare, members, 0.75, runner=Hill())
    assert outcome.together == 6 / 8
    assert safe.values[0] / 30000 + safe.values[1] == pytest.approx(0.6 / 1.3, rel=5e-3)
    assert safe.limits[0].room == pytest.approx(0.6 - 0.6 / 1.3, rel=0.01)
    assert safe.aims[0][2] < answer.aims[0][2]
