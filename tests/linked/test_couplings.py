"""Who reacts to what, by how much: figures of the literature and identities of the accounts, coupling by coupling."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from tests.linked.linked_runs import ROOT, columns, level, path, run
from xiancheng import engine
from xiancheng.outputs import indicators, least_changes
from xiancheng.study import Study

LAST = 2035.25
"""The end of 2035 [model time]."""
ALONE = {
    **dict.fromkeys(("economic feedback on", "size exponent", "childcare births on"), 0.0),
    **dict.fromkeys(("public capital on", "price of debt on"), 0.0),
    **{f"loop {loop} on": 0.0 for loop in ("R1", "R3", "R4", "R6", "B3", "B5", "B6", "B9", "B10")},
}
"""Every other feedback cut, the pull of size too: only homes (B1) and services (R2, R5, B2) act on people."""
LASTING = {"displacement share": 0.0, "share of posts that would come anyway": 0.0, "programme post loss rate": 0.0}
"""Posts that are all new and stay."""
BILLION = 1e9


def listed() -> np.ndarray:
    """Places of the list (place)."""
    return columns()["in list"] > 0.5


def set_in(lever: str, value: float, where: np.ndarray) -> dict[str, engine.TimePath]:
    """A lever at `value` in the unit of the equations from 2028 on where it is told, at its baseline elsewhere."""
    return {lever: path(lever, np.where(where, value, level(lever, "baseline")))}


def far(lever: str, where: np.ndarray) -> dict[str, engine.TimePath]:
    """A lever at the upper end of its range."""
    return set_in(lever, level(lever, "high"), where)


def at_end(result: xr.Dataset, name: str) -> np.ndarray:
    """Values at the end."""
    return np.asarray(result[name].isel(time=-1).to_numpy())


def added(name: str, with_it: Mapping[str, Any], without: Mapping[str, Any] | None = None) -> np.ndarray:
    """What a change adds to a variable by the end (place …)."""
    return at_end(run(with_it), name) - at_end(run(without or {}), name)


def people(parameters: Mapping[str, Any], cut: Mapping[str, float] | None = None) -> float:
    """Residents of the list that a change holds by the end [person]."""
    return float(added("residents", {**(cut or {}), **parameters}, cut)[listed()].sum())


def money(parameters: Mapping[str, Any], without: Mapping[str, Any] | None = None) -> float:
    """Public money that a change takes in the list [yuan]."""
    return float(added("public cost of programmes total", parameters, without)[listed()].sum())


# --- homes


def test_owners_villagers_and_people_over_60_do_not_react_to_rents() -> None:
    """Rents push tenants (household surveys): villagers and ages without tenants leave as if rents stood still."""
    factor = run(far("rent support", listed()))["rent leaving factor"]
    assert (factor.sel(settlement="village") == 1).all()
    over_60 = [f"a{age}" for age in range(60, 85)] + ["a85_plus"]
    assert (factor.sel(settlement="town", age=over_60) == 1).all()
    assert (factor.sel(settlement="town", age="a25").isel(time=-1) != 1).any()


def test_no_more_households_receive_an_allowance_than_are_tenants_of_low_income() -> None:
    result = run(far("rent support", listed()))
    assert (result["households with rent allowance"] <= result["low income tenants"] * (1 + 1e-9)).all()


def test_allowances_hold_less_than_40_000_people_for_100_thousand_to_1_5_million_yuan_each() -> None:
    """Census 2020: tenants are 2.4 % of the households of the list, a quarter of them poor."""
    lever = far("rent support", listed())
    held = people(lever)
    assert 0 < held < 40_000
    assert 0.1e6 < money(lever) / held < 1.5e6


# --- entitlement


def test_entitlement_in_the_list_alone_holds_half_a_point_to_three_of_its_outside_workers() -> None:
    """China Family Panel Studies 2012-18: 1.5 points (0.5 to 3) of 1.82 million; 1.4 to 9 million yuan each."""
    lever = set_in("residence based services", 1.0, listed())
    held = people(lever)
    assert 0.005 * 1.82e6 < held < 0.03 * 1.82e6
    assert 1.4e6 < money(lever) / held < 9e6


def test_entitlement_everywhere_alike_moves_hardly_anybody() -> None:
    lever = set_in("residence based services", 1.0, np.full(listed().shape, True))
    change = added("residents", lever)
    assert abs(float(change[listed()].sum())) < 0.0002 * float(at_end(run(), "residents").sum())


def test_natives_leave_as_before_where_newcomers_are_entitled() -> None:
    """A place without anybody registered elsewhere has nobody who could react."""
    result = run(set_in("residence based services", 1.0, listed()))
    share = result["registered elsewhere"] / result["residents"]
    gap = result["entitled share"] - level("residence based services", "baseline")
    who_stay = share * (1 - np.exp(-result["entitlement leaving response"] * gap))
    np.testing.assert_allclose(result["entitlement leaving factor"], 1 - who_stay, rtol=1e-9)


# --- services


def test_capacity_beyond_need_holds_nobody() -> None:
    """No study found that a service beyond what is needed moves people."""
    met = run(far("health beds", listed()))["need met"]
    assert float(met.max()) <= 1


def test_care_of_the_old_moves_nobody_under_50() -> None:
    """With the need that movers see held, nothing holds or draws younger people, and the oldest stay.

    A hundred thousandth of a log point is left: residents are the weights of the province's mean.
    """
    alone = {**ALONE, "loop B1 on": 0.0, "loop B2 on": 0.0}
    with_it, without = run({**alone, **far("elderly care beds", listed())}), run(alone)
    young = [f"a{age}" for age in range(50)]
    for name, choice in (("leaving pull at age", {"age": young}), ("movers pull", {"age group": ["young", "family"]})):
        np.testing.assert_allclose(with_it[name].sel(choice), without[name].sel(choice), rtol=0, atol=1e-5)
    oldest = (with_it["persons"] - without["persons"]).isel(time=-1, age=slice(75, None))
    assert float(oldest.sel(place=oldest["place"][listed()]).sum()) > 0


def test_schools_move_nobody_of_60_and_over() -> None:
    poor = set_in("school places", level("school places", "low"), listed())
    change = added("persons", {**ALONE, **poor}, ALONE).sum(axis=(1, 2))
    assert np.abs(change[:, 60:]).sum() < 0.01 * np.abs(change[:, :50]).sum()


def test_what_fewer_hospital_beds_save_by_resident_lost_lies_in_the_range_of_the_response() -> None:
    """1 % better services: 0.17 % more choose a city (CLDS 2016), 0.05 to 0.3; 0.8 to 10 million yuan a resident.

    By itself the effect takes 17 million at 0.17, for health counts in full for those of 60 and over alone, who hardly
    move, and 9.7 million at 0.3. In a run of everything what is saved pays for other works, and hardly anybody is lost.
    """
    fewer = set_in("health beds", level("health beds", "low"), listed())
    lost = {response: -people(fewer, {**ALONE, "service response": response}) for response in (0.17, 0.3)}
    saved = {response: -money({**ALONE, "service response": response, **fewer},
                              {**ALONE, "service response": response}) for response in lost}
    low, high = saved[0.3] / lost[0.3], saved[0.17] / lost[0.17]
    assert low < 10e6
    assert high > 0.8e6
    assert 0 < -people(fewer) < lost[0.17]


def test_doubled_care_beds_hold_less_than_8_000_people() -> None:
    held = people(set_in("elderly care beds", 2 * level("elderly care beds", "baseline"), listed()))
    assert abs(held) < 8_000


def test_what_a_stage_of_life_looks_for_adds_up_to_one_at_most() -> None:
    result = run()
    names = ("schooling weight", "child care weight", "health weight", "network weight")
    weights = sum(np.atleast_2d(result[name].to_numpy())[0] for name in names)
    assert weights.shape == (10,)
    assert weights.max() <= 1
    assert weights[2] == 0.25


# --- money


def test_half_the_transfers_cost_the_list_residents() -> None:
    """What is measured at the start is no gain when it comes back: fewer services, fewer people."""
    assert people({"transfer level": 0.5}) < 0


def test_without_bonds_product_is_lower_by_at_most_two_percent() -> None:
    """Elasticity of output to public capital of 0 to 0.12 (Bom & Ligthart 2014)."""
    lever = set_in("special bonds", 0.0, np.full(listed().shape, True))
    product = at_end(run(lever), "gross product").sum() / at_end(run(), "gross product").sum()
    assert -0.018 < product - 1 < 0


@cache
def by_the_dark(kept: tuple[tuple[str, float], ...] = ()) -> float:
    """What borrowing outside the budget everywhere adds to the product of the province by the end, as a share."""
    lever, other = set_in("debt discipline", 0.0, np.full(listed().shape, True)), dict(kept)
    return float(added("gross product", {**other, **lever}, other).sum() / at_end(run(other), "gross product").sum())


def test_borrowing_in_the_dark_does_not_make_the_province_richer_by_a_change_that_counts() -> None:
    """What is borrowed builds public capital, which at central values weighs about what debt crowds out: +0.16 %."""
    study = Study(ROOT)
    assert by_the_dark() < least_changes.of(indicators.read(study)["gross_product"], least_changes.read(study)).part


def test_debt_in_the_dark_takes_product_and_what_it_builds_gives_it_back() -> None:
    """Debt crowds private manufacturing out (Huang, Pagano & Panizza 2020): -0.15 % without what public capital adds.

    Public capital alone adds (Bom & Ligthart 2014): +0.33 % where debt had no price.
    """
    assert by_the_dark((("public capital on", 0.0),)) < 0 < by_the_dark((("price of debt on", 0.0),))


def test_a_duty_with_a_date_is_paid_before_all_else() -> None:
    result = run(far("shelter building", listed()))
    duties, growth = result["funded share of duties"], result["funded share of growth"]
    assert (duties >= growth - 1e-12).all()
    assert (growth >= result["funded share of other investment"] - 1e-12).all()


def test_debt_twice_as_high_costs_more_than_twice() -> None:
    """Lenders ask for more where debt has grown beyond that of the start; nowhere for less."""
    everywhere = np.full(listed().shape, True)
    result = run({**set_in("debt discipline", 0.0, everywhere), **far("special bonds", everywhere)})
    grown = result["debt to product"] > result["start debt to product"]
    assert bool((result["interest margin"].where(grown, 1.0) > 0).all())
    assert bool((result["interest margin"].where(~grown, 0.0) == 0).all())
    assert bool(grown.any())


# --- work


@cache
def pulse() -> tuple[xr.Dataset, xr.Dataset]:
    """Runs with and without a thousand lasting posts, opened in 2026 in the listed county nearest the mean size."""
    residents = at_end(run(), "residents")
    county = int(np.argmin(np.where(listed(), np.abs(residents - residents[listed()].mean()), np.inf)))
    workers = float(run()["persons"].isel(place=county).sel(time=2026)[..., 16:60].sum())
    still = np.zeros(listed().shape)
    share = still.copy()
    share[county] = 1_000 / workers
    times = np.array([2010.0, 2025 + 1 / 6, 2025.25, 2026.25, 2026.25 + 1 / 12])
    lever = engine.TimePath(times, np.stack([still, still, share, share, still]))
    with_it, without = run({**LASTING, "county industry": lever}), run(LASTING)
    return with_it.isel(place=county), without.isel(place=county)


def in_pulse(name: str, time: float) -> np.ndarray:
    """What the thousand posts add at a time."""
    with_it, without = pulse()
    return np.asarray((with_it[name] - without[name]).sel(time=time, method="nearest").to_numpy())


def test_a_thousand_lasting_posts_hold_50_to_500_people_of_working_age() -> None:
    """China 2000-05 (Facchini et al. 2019) above, East Germany (Siegloch et al. 2025) below."""
    assert 50 < in_pulse("persons", LAST)[..., 16:60].sum() < 500


def test_moves_for_work_take_years() -> None:
    early, late = (in_pulse("persons", time)[..., 16:60].sum() for time in (2029.0, LAST))
    assert early <= 0.6 * late


def test_children_come_along_with_those_who_move_for_work() -> None:
    gained = in_pulse("persons", LAST)
    assert 1.1 < gained.sum() / gained[..., 16:60].sum() < 1.6


def test_seekers_take_a_fifth_of_new_posts_at_most_and_villagers_near_half() -> None:
    jobs, force = in_pulse("jobs", LAST), in_pulse("labour force", LAST)
    beside_farms = jobs[1:].sum()
    assert 0 < jobs.sum() - force <= 0.2 * beside_farms
    assert 0.3 * beside_farms < -jobs[0] < 0.65 * beside_farms


def test_industrial_posts_bring_few_service_posts() -> None:
    """No local multiplier in counties in 2010-20 (Cheng 2025): services over industry within -0.2 and 0.4."""
    jobs = in_pulse("jobs", LAST)
    assert -0.2 < jobs[3] / jobs[1] < 0.4


def test_county_posts_cost_200_thousand_to_5_million_yuan_a_person() -> None:
    lever = far("county industry", listed())
    assert 0.2e6 < money(lever) / people(lever) < 5e6
