"""What a claim rests on, how sure it is and what turns it, on runs whose numbers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, changes, confidence, grounds, turnings
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.grounds import Drawn, Loss
from xiancheng.comparison.money import LeverCost
from xiancheng.comparison.runs import BASELINE

MEMBERS = 40


def drawn(name: str, values: Floats, lever: str = "", group: str = "levers") -> Drawn:
    return Drawn(name, "share", group, lever, "assumed", values)


def ran(change: Floats, without: dict[str, float] | None = None) -> tuple[xr.Dataset, xr.Dataset, Line]:
    """One indicator of a baseline at 1 and of an option A that changes it, member by member."""
    about = {"direction": "higher", "units": "share", "evidence_at_start": "measured"}
    labels = {"stress": ["reference"], "member": range(1, len(change) + 1), "year": [2035], "area": ["68"]}
    values = np.stack([np.ones(len(change)), 1 + change])[:, None, :, None, None]
    areas = xr.Dataset({"good": (("scenario", "stress", "member", "year", "area"), values, about)},
                       {"scenario": [BASELINE, "A"], **labels})
    rest = np.array([np.full(4, level) for level in (without or {}).values()]).reshape(-1, 4, 1, 1)
    less = xr.Dataset({"good": (("scenario", "member", "year", "area"), rest, about)},
                      {"scenario": [f"A-{name}" for name in without or {}], "member": range(1, 5), "year": [2035],
                       "area": ["68"]})
    return areas, less, changes.lines(areas, ["good"])[0]


@pytest.fixture(scope="module")
def chance() -> Floats:
    return np.random.default_rng(3).standard_normal((200, MEMBERS))


def test_an_effect_of_a_lever_that_moves_a_claim_across_zero_is_named(chance: Floats) -> None:
    numbers = [drawn(f"noise {row}", values) for row, values in enumerate(chance)]
    effect = drawn("reach", np.linspace(0.0, 1.0, MEMBERS), "grants")
    areas, less, line = ran(0.1 * (effect.values - 0.25) + 0.001 * chance[0])
    (turning,) = turnings.of(areas, line, [*numbers, effect], less)
    assert (turning.kind, turning.name, turning.lever) == (turnings.PARAMETER, "reach", "grants")
    assert turning.at == pytest.approx(0.25, abs=0.02)
    assert turning.pull == pytest.approx(0.1 * effect.values.std(), rel=0.05)


def test_among_many_numbers_that_do_nothing_none_is_named(chance: Floats) -> None:
    """Two hundred numbers tried: chance alone has ten of them below 5 %."""
    numbers = [drawn(f"noise {row}", values) for row, values in enumerate(chance[1:])]
    areas, less, line = ran(0.1 + 0.01 * chance[0])
    assert turnings.of(areas, line, numbers, less) == []


def test_few_members_name_nothing() -> None:
    values = np.linspace(0.0, 1.0, grounds.FEWEST - 1)
    assert grounds.leans(values, [drawn("itself", values)]) == []


def test_a_lever_turns_a_claim_at_the_part_of_its_effect_that_leaves_nothing() -> None:
    """Without the lever the option is 0.1 below the baseline, with it 0.3 above: a quarter of its effect is nothing."""
    areas, less, line = ran(np.full(MEMBERS, 0.3), {"grants": 0.9, "roads": 1.2, "alone": 1.0})
    found = {item.name: item for item in turnings.of(areas, line, [], less)}
    assert found["grants"].at == pytest.approx(0.25)
    assert found["grants"].pull == pytest.approx(0.4)
    assert not found["roads"].turns
    assert not found["alone"].turns


def test_only_numbers_that_can_bear_on_an_option_are_tried() -> None:
    values = np.zeros(3)
    numbers = [drawn("own", values, "grants"), drawn("of another", values, "roads"), drawn("shared", values)]
    assert [item.name for item in grounds.bearing(numbers, ["grants"])] == ["own", "shared"]


def test_evidence_weighs_levers_by_what_is_lost_without_them(chance: Floats) -> None:
    effects = {"grants": "measured", "roads": "assumed"}
    lost = {"grants": Loss(0.9, 0.0), "roads": Loss(-0.1, 0.0)}
    assert grounds.marks(lost, [], effects) == [("measured", pytest.approx(0.9)), ("assumed", pytest.approx(0.1))]
    leaning = grounds.leans(chance[0], [drawn("itself", chance[0])])
    assert grounds.marks(lost, leaning, effects)[-1] == ("assumed", pytest.approx(1.0))


def money_of(option: str, lever: str, money: float) -> LeverCost:
    half = Band(money / 2, money / 2, money / 2, 1)
    return LeverCost(option, lever, "68", half, half)


def test_doubled_unit_costs_may_turn_the_order_by_money() -> None:
    costs = [money_of("A", "dear", 40.0), money_of("A", "small", 5.0), money_of("B", "cheap", 80.0)]
    both = turnings.doubled({"A": 110.0, "B": 90.0, "C": 1.0}, costs)
    assert [(cost.option, cost.levers, cost.now, cost.then) for cost in both] == [
        ("A", 45.0, 110.0, 155.0), ("B", 80.0, 90.0, 170.0)]
    assert turnings.cheapest_first(both) == (("B", "A"), ("A", "B"))
    assert turnings.doubled({"A": 110.0}, []) == []


def test_the_nearest_unit_cost_at_which_two_options_cost_the_same_is_named() -> None:
    costs = [money_of("A", "dear", 40.0), money_of("A", "small", 5.0), money_of("B", "cheap", 100.0),
             money_of("B", "tiny", 1.0)]
    (turning,) = turnings.of_costs({"A": 110.0, "B": 90.0}, costs)
    assert (turning.dear, turning.cheap, turning.gap) == ("A", "B", 20.0)
    assert (turning.lever, turning.times) == ("cheap", pytest.approx(1.2))
    assert turnings.of_costs({"A": 90.0, "B": 90.0}, costs) == []
    assert turnings.of_costs({"A": 900.0, "B": 90.0}, costs) == []


def test_robust_takes_nearly_all_members_and_a_change_that_counts_under_every_condition() -> None:
    sure = np.full((2, 40), 0.2)
    mixed = sure.copy()
    mixed[1, :3] = -0.2
    found = bands.Ordered.of(np.array([sure, sure * np.array([[1], [-1]]), mixed]))
    assert bands.robust(found, np.array([0.1, 0.1])).tolist() == [True, False, False]
    assert not bands.robust(found, np.array([0.1, 0.3])).any()
    assert bands.keeps_sign(found.medians()).tolist() == [True, False, True]
    assert not bands.robust(bands.Ordered.of(sure[:, :1]), np.array([0.1, 0.1]))


def test_two_options_that_differ_by_less_than_counts_are_not_set_against_each_other(pair: Comparison) -> None:
    duel = confidence.duels(pair.areas, pair.shown, "68")[0]
    assert duel.counts
    assert not replace(duel, least=2 * abs(duel.apart.median)).counts


def test_a_claim_that_a_stress_turns_is_never_sure(pair: Comparison) -> None:
    line = pair.lines(level=["68"])[0]
    turned = confidence.certainty(line, [("measured", 1.0)])
    assert (turned.evidence, turned.agreement, turned.confidence) == ("robust", "low", "medium")
    assert confidence.certainty(replace(line, holds=True), [("measured", 1.0)]).confidence == "very_high"
    assert confidence.certainty(replace(line, holds=True), [("assumed", 1.0)]).confidence == "medium"


def test_without_members_no_claim_is_sure(alone: Comparison) -> None:
    line = replace(alone.lines()[0], holds=True)
    sure = confidence.certainty(line, [("measured", 1.0)])
    assert (sure.agreement, sure.likelihood) == ("low", "")
