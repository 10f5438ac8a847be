"""Changes, money, places and confidence of a comparison whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest

from xiancheng.comparison import changes, confidence, money, people, turnings
from xiancheng.comparison.changes import BETTER, DIFFERENT, SAME, WORSE
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.long_table import COLUMNS
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs.least_changes import labelled

UNDER = [REFERENCE, "stress_births", "stress_land_revenue"]


def test_every_change_is_that_of_the_same_stress_and_member(pair: Comparison) -> None:
    """A member scales baseline and option alike, so that paired changes are a tenth of the level, whatever it is."""
    lines = changes.lines(pair.areas, list(pair.areas.data_vars), stresses=UNDER)
    assert len(lines) == len(pair.areas.data_vars) * 2 * 2 * 3
    for line in lines:
        sign = (1 if line.option == "A" else -1) * (-1 if line.stress == "stress_land_revenue" else 1)
        assert line.change.median == pytest.approx(sign * 0.1 * line.baseline.median)
        assert line.level.median == pytest.approx((1 + sign * 0.1) * line.baseline.median)
        assert line.agreement == 1.0
        assert line.is_beyond_band
        assert not line.holds
        assert not line.robust


def test_a_verdict_follows_the_better_direction() -> None:
    assert changes.verdict(1.0, "higher") == changes.verdict(-1.0, "lower") == BETTER
    assert changes.verdict(-1.0, "higher") == changes.verdict(1.0, "lower") == WORSE
    assert changes.verdict(1.0, "neither") == DIFFERENT
    assert changes.verdict(0.0, "higher") == changes.verdict(float("nan"), "lower") == SAME


def moves(pair: Comparison, name: str, option: str, area: str) -> bool:
    """Whether an indicator moves by as much as anybody would act on."""
    values = pair.areas[name].sel(area=area, stress=REFERENCE).isel(year=-1)
    level = float(values.sel(scenario=BASELINE).median())
    change = float((values.sel(scenario=option) - values.sel(scenario=BASELINE)).median())
    return abs(change) >= labelled(pair.areas[name].attrs).at(level)


def test_side_effects_are_all_that_gets_worse_beyond_its_band_and_nothing_else(pair: Comparison) -> None:
    found = {(line.indicator, line.option, line.area) for line in pair.sides}
    wanted = {
        (str(name), option, area)
        for name, one in pair.areas.data_vars.items() for area in ("68", "province")
        for option, grows in (("A", True), ("B", False))
        if one.attrs["direction"] == ("lower" if grows else "higher") and moves(pair, str(name), option, area)
    }
    assert found == wanted


def test_equal_options_change_nothing_and_are_said_to_be_equal(alone: Comparison) -> None:
    assert alone.equal_pairs() == [(BASELINE, "A"), (BASELINE, "B"), ("A", "B")]
    assert {line.verdict for line in alone.lines()} == {SAME}
    assert alone.sides == []
    assert not any(tally.winners or tally.losers for tally in alone.tallies)
    assert not alone.has_bands


def test_different_options_are_not_said_to_be_equal(pair: Comparison) -> None:
    assert pair.equal_pairs() == []


def test_money_is_added_up_over_the_years_of_the_policy(pair: Comparison) -> None:
    own = pair.areas["public_money"].sel(area="68", stress=REFERENCE, year=slice(2026, 2035))
    wanted = (own.sel(scenario="A") - own.sel(scenario=BASELINE)).sum("year").median().item()
    payers = money.flows(pair.areas, "68", pair.accounts.payers, pair.accounts)
    flow = next(one for one in payers if (one.option, one.indicator) == ("A", "public_money"))
    assert flow.total.median == pytest.approx(wanted)
    assert sum(band.median for band in flow.extra.values()) == pytest.approx(wanted)
    assert list(flow.extra) == list(range(2026, 2036))


def test_a_lever_costs_what_the_option_costs_more_with_it_than_without(pair: Comparison) -> None:
    """Here every option without any one of its levers is the baseline."""
    whole = {flow.option: flow.total.median for flow in money.flows(pair.areas, "68", ("public_money",), pair.accounts)}
    found = money.by_lever(pair.areas, pair.runs.without, "68", pair.accounts)
    assert {one.lever for one in found if one.option == "A"} == set(pair.request.options[0].levers)
    assert all(one.public.median == pytest.approx(whole[one.option]) for one in found)


def test_debt_is_held_against_its_ceiling(pair: Comparison) -> None:
    for one in money.debt_room(pair.areas, "68", [2030, 2035], pair.accounts):
        assert one.used.median == pytest.approx(one.debt.median / one.ceiling.median)


def test_places_win_and_lose_by_name(pair: Comparison) -> None:
    tally = next(one for one in pair.tallies if (one.indicator, one.option) == ("urban_share", "B"))
    assert len(tally.losers) == tally.counted == 68
    assert {"莒县", "鄄城县", "郯城县", "沂水县"} <= {one.name["zh"] for one in tally.losers}
    losses = [abs(one.change.median) for one in tally.losers]
    assert losses == sorted(losses, reverse=True)


def test_a_place_loses_only_where_enough_members_agree(pair: Comparison) -> None:
    one = people.at_places(pair.places, "urban_share", "B")[0]
    assert one.verdict == WORSE
    assert people.PlaceChange(**{**vars(one), "agreement": people.SURE - 0.01}).verdict == SAME


def test_what_is_spread_evenly_has_no_places(pair: Comparison) -> None:
    assert not people.has_counties(pair.places, "co2_total")
    assert people.has_counties(pair.places, "urban_share")


def test_quintiles_hold_all_listed_places_once(pair: Comparison) -> None:
    found = next(one for one in people.quintiles(pair.places, ["urban_share"], "urban_share") if one.option == "A")
    assert len(found.changes) == people.QUINTILES
    medians = [band.median for band in found.changes]
    assert medians == sorted(medians)


def test_a_factor_for_all_places_leaves_inequality_as_it_was(pair: Comparison) -> None:
    for one in people.inequality(pair.places, ["urban_share"], "residents"):
        assert one.theil_change.median == pytest.approx(0, abs=1e-9)
        assert one.p90_p10_change.median == pytest.approx(0, abs=1e-9)


def test_the_unit_of_the_dots_is_the_spread_between_places(pair: Comparison) -> None:
    listed = pair.places["in_68"].values
    at = pair.places["urban_share"].sel(scenario=BASELINE, stress=REFERENCE).isel(year=-1).values[:, listed]
    assert people.standard_deviation(pair.places, "urban_share") == pytest.approx(np.median(at.std(axis=1)))


def test_a_stress_that_turns_a_claim_has_its_break_even_half_way(pair: Comparison) -> None:
    """The change is as large under the stress as in the reference, times 0.9, the other way round."""
    line = next(one for one in pair.lines(level=["68"]) if one.indicator == "urban_share" and one.option == "A")
    stresses = [item for item in turnings.of(pair.areas, line, []) if item.kind == turnings.STRESS]
    turning = next(one for one in stresses if one.name == "stress_land_revenue")
    assert turning.at == pytest.approx(1 / 1.9, rel=1e-6)
    assert not next(one for one in stresses if one.name == "stress_births").turns


def test_options_stand_against_each_other_member_by_member(pair: Comparison) -> None:
    found = confidence.duels(pair.areas, pair.shown, "68")
    assert found
    for one in found:
        wins = 1.0 if one.about["direction"] == "higher" else 0.0
        assert one.first_wins == wins
        assert one.apart.median < 0
        assert not one.holds


def test_a_target_is_met_by_scenarios_one_by_one(pair: Comparison) -> None:
    found = {(one.indicator, one.scenario): one for one in changes.targets_met(pair.areas, "68")}
    goal = pair.areas["urban_share"].sel(area="68", stress=REFERENCE)
    for letter in (BASELINE, "A", "B"):
        last = goal.sel(scenario=letter).isel(year=-1)
        assert found["urban_share", letter].share == pytest.approx(float((last >= 0.75).mean()))
        assert (found["urban_share", letter].met is None) == bool(last.median() < 0.75)


def test_the_long_table_holds_every_indicator_area_stress_and_option(pair: Comparison) -> None:
    table = pair.table()
    assert tuple(table.columns) == COLUMNS
    assert len(table) == len(pair.areas.data_vars) * 2 * 2 * 3
    row = table[(table.indicator == "urban_share") & (table.option == "A") & (table.area == "68")
                & (table.stress == REFERENCE)].iloc[0]
    values = pair.areas["urban_share"].sel(area="68", stress=REFERENCE).isel(year=-1)
    assert row.value == pytest.approx(float(values.sel(scenario="A").median()))
    assert row.change == pytest.approx(float((values.sel(scenario="A") - values.sel(scenario=BASELINE)).median()))


def test_a_target_that_is_missed_says_by_how_much(pair: Comparison) -> None:
    """The level stands in the year the target is for; what is met is short of nothing."""
    for met in changes.targets_met(pair.areas, "68"):
        goal = met.about["target"]
        if goal.replace(".", "").isdigit():
            level = pair.areas[met.indicator].sel(area="68", stress=REFERENCE, scenario=met.scenario, year=met.due)
            apart = float(goal) - float(level.median())
            short = max(apart if met.about["direction"] == "higher" else -apart, 0.0)
            assert met.short == pytest.approx(short)
            assert met.level.median == pytest.approx(float(level.median()))
        else:
            assert np.isnan(met.short)
    assert any(met.is_binding for met in changes.targets_met(pair.areas, "68"))
