"""A unit of a stated goal costs what the levers that serve it take, over what is gained there, member by member."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from xiancheng.comparison import goals
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE

GOAL = ("A", "urban_share", "68")
POLICY = list(range(2026, 2036))


@pytest.fixture(scope="module")
def apart(pair: Comparison) -> xr.Dataset:
    """Without its first lever A loses a half of its gain and all its money, without any other nothing."""
    without = pair.runs.without.copy(deep=True).load()
    own = pair.areas.sel(scenario="A", stress=REFERENCE)
    names = [str(name) for name in without["scenario"].values if str(name).startswith("A-")]
    for name in names[1:]:
        for indicator in ("urban_share", "public_money", "private_money"):
            without[indicator].loc[{"scenario": name}] = own[indicator].transpose("member", "year", "area").values
    base = pair.areas.sel(scenario=BASELINE, stress=REFERENCE)["urban_share"]
    half = (own["urban_share"] + base) / 2
    without["urban_share"].loc[{"scenario": names[0]}] = half.transpose("member", "year", "area").values
    return without


def test_only_levers_without_which_the_goal_is_lost_pay_for_it(pair: Comparison, apart: xr.Dataset) -> None:
    (cost,) = goals.of(pair.areas, apart, [GOAL], pair.accounts)
    assert cost.levers == (next(iter(pair.request.options[0].levers)),)
    at = pair.areas.sel(stress=REFERENCE, area="68")
    gained = (at.sel(scenario="A") - at.sel(scenario=BASELINE))["urban_share"].sel(year=2035).values
    both = at["public_money"] + at["private_money"]
    spent = (both.sel(scenario="A") - both.sel(scenario=BASELINE)).sel(year=POLICY).sum("year").values
    assert cost.gained.median == pytest.approx(np.median(gained))
    assert cost.money.median == pytest.approx(np.median(spent))
    assert cost.each.median == pytest.approx(np.median(spent / gained))
    assert cost.each.low == pytest.approx(np.quantile(spent / gained, 0.05))
    assert cost.is_gained


def test_a_goal_that_gets_worse_has_no_unit_cost(pair: Comparison) -> None:
    (cost,) = goals.of(pair.areas, pair.runs.without, [("B", "urban_share", "68")], pair.accounts)
    assert not cost.is_gained
    assert cost.each.members == 0


def test_without_the_runs_without_levers_nothing_is_said(pair: Comparison) -> None:
    none = pair.runs.without.isel(scenario=[])
    assert goals.of(pair.areas, none, [GOAL], pair.accounts) == []
