"""Levers for people and communities together: a child, a bed, a home and a yuan count once, shares stay shares."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.linked import linked_runs as linked
from tests.linked.outcomes import AREAS, outcome

BIRTHS_PER_TEN_PLACES_USED = 0.01
"""Rise of births per ten places used per hundred children, its centre (Germany and Norway, 0 to 0.03)."""
LARGEST_RISE_OF_BIRTHS = 0.05
BEDS_OF_A_CENTRE = 20
COST_OF_A_HOME = 4000
"""Yuan per square metre of affordable homes."""
CHILDCARE = ("childcare_fee_cut=1500", "childcare_places=50", "kindergarten_conversion=20")
SHARES = {
    "insured_share": "social_insurance=50", "provident_fund_coverage": "provident_fund=2000",
    "assistance_coverage": "social_assistance=1", "age_friendly_share": "age_friendly_retrofit=0.5",
    "community_health_coverage": "community_health=1", "child_friendly_share": "child_friendly_works=0.9",
    "checkup_share": "city_checkup=1", "design_coverage": "townscape_design=1", "platform_adoption": "smart_city=0.95",
}


def end(name: str, *settings: str, area: str = "province") -> float:
    """The last figure of an indicator under settings."""
    return float(outcome(settings)[area, name][-1])


def added(name: str, *settings: str, area: str = "province") -> float:
    """What settings add to the last figure of an indicator."""
    return end(name, *settings, area=area) - end(name, area=area)


def spent(name: str, *settings: str) -> float:
    """What settings add to the money of the years from 2026 [yuan]."""
    return float((outcome(settings)["province", name] - outcome()["province", name])[6:].sum())


# --- children


@pytest.mark.parametrize("settings", [CHILDCARE[:1], CHILDCARE[:2], CHILDCARE])
def test_births_follow_places_used_whatever_brings_the_children(settings: tuple[str, ...]) -> None:
    rise = added("births", *settings) / end("births")
    used = added("childcare_use", *settings)
    mothers = added("women_20_34", *settings) / end("women_20_34")
    assert 0 < rise < LARGEST_RISE_OF_BIRTHS
    assert rise == pytest.approx(10 * BIRTHS_PER_TEN_PLACES_USED * used + mothers, abs=0.002)


def test_no_child_takes_two_places_and_no_place_two_children() -> None:
    for area in AREAS:
        used = end("childcare_use", *CHILDCARE, area=area)
        assert used <= min(1, end("childcare_places_per_100", *CHILDCARE, area=area) / 100)


def test_a_childcare_place_out_of_a_kindergarten_is_not_built_besides() -> None:
    """Planned places that come from kindergartens are cheaper and sooner there, hardly more of them."""
    built, opened = CHILDCARE[1:2], CHILDCARE[1:]
    assert end("kindergarten_capacity", *opened) < end("kindergarten_capacity", *built)
    assert spent("public_money", *opened) < spent("public_money", *built)
    assert end("childcare_places_per_100", *opened) == pytest.approx(end("childcare_places_per_100", *built), rel=0.1)


# --- beds


def test_a_bed_of_a_health_centre_counts_once_and_the_plan_for_beds_counts_it() -> None:
    beds = BEDS_OF_A_CENTRE * added("community_health_coverage", "community_health=1") * end("subdistricts")
    more_beds = "health_beds=8"
    assert 0 < added("bed_capacity", "community_health=1") < beds
    assert added("bed_capacity", "community_health=1", more_beds) < added("bed_capacity", more_beds) + beds


# --- homes


def test_the_money_of_the_fund_builds_no_more_than_it_pays_for() -> None:
    fund, public = "provident_fund_housing_money=60", "affordable_housing=0.25"
    by_fund, by_purse = added("affordable_floor_area", fund), added("affordable_floor_area", public)
    assert 0 < by_fund * COST_OF_A_HOME < spent("private_money", fund)
    assert added("affordable_floor_area", fund, public) == pytest.approx(by_fund + by_purse, rel=0.01)


# --- work and income


@pytest.mark.parametrize("name", SHARES)
def test_a_share_stays_a_share(name: str) -> None:
    for area in AREAS:
        figures = outcome((SHARES[name],))[area, name]
        assert (figures >= 0).all()
        assert (figures <= 1).all()


def test_assistance_reaches_the_income_of_those_who_receive_it() -> None:
    """What the purse pays beyond the start is income of residents, mostly of villagers, and not much more than that."""
    full = "social_assistance=1"
    received = added("village_income_per_resident", full, area="68") * end("village_residents", area="68")
    assert 0 < received < 1.2 * added("public_money", full, area="68")


@cache
def grants() -> tuple[xr.Dataset, xr.Dataset]:
    """A run with the largest grant for young graduates in the list, and one without."""
    where = linked.columns()["in list"] > 0.5
    values: Any = np.where(where, linked.level("youth talent", "high"), linked.level("youth talent", "baseline"))
    return linked.run({"youth talent": linked.path("youth talent", values)}), linked.run()


def test_what_a_grant_wins_for_one_place_another_loses() -> None:
    with_it, without = grants()
    gain = (with_it["residents"] - without["residents"]).isel(time=-1).to_numpy()
    where = linked.columns()["in list"] > 0.5
    assert gain[where].sum() > 0 > gain[~where].sum()
    assert abs(gain.sum()) < 0.1 * gain[where].sum()
