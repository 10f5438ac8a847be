"""What a study takes as given may change from a year on; what it measured at the start stays what it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.linked.outcomes import Outcome, outcome, study
from xiancheng.outputs import indicators, least_changes
from xiancheng.scenarios import assumptions, scenario

FIRST, LAST = 2020, 2035
TURN = 2024
"""Last year before anything that a scenario sets: from the baseline of 2025 on a path goes towards its points."""
SINCE = TURN + 2 - FIRST
"""Row of the first year of settings."""
FLEETS = ("diesel", "electric")
TONNES_OF_MT = 1e6
PEOPLE = ("residents", "town_residents", "births", "net_migration")


def same_until(turn: int, other: Outcome) -> bool:
    """Whether every figure is that of the baseline up to a year."""
    rows = turn - FIRST + 1
    return all(np.array_equal(values[:rows], other[key][:rows], equal_nan=True) for key, values in outcome().items())


@pytest.mark.parametrize("setting", ["transfer_level=0.5", "growth_level=0.4@2028", "land_income_level=0.5@2027"])
def test_an_assumption_from_a_year_on_leaves_the_years_before_as_they_were(setting: str) -> None:
    assert same_until(TURN, outcome((setting,)))


def test_a_reference_of_the_start_is_not_shifted_by_what_comes_later() -> None:
    """Half the transfers gain a county nobody: what its services lose is lost against the start as measured.

    Were the reference that of the poorer run, the loss would count as nothing and each step back as a gain.
    """
    poorer = outcome(("transfer_level=0.5",))
    for area in ("68", "province"):
        gained = poorer[area, "residents"] - outcome()[area, "residents"]
        assert gained[LAST - FIRST] <= 0, area
    unfunded = poorer["68", "unfunded_money"] - outcome()["68", "unfunded_money"]
    assert unfunded[LAST - FIRST] > 0


def test_a_constant_that_becomes_an_assumption_takes_its_old_name() -> None:
    """A call that set the constant sets the assumption: from a year on, never at the start."""
    wish = scenario.from_settings(study(), ["transfer level=0.5"])
    assert [setting.assumption for setting in wish.assumptions.values()] == ["transfer_level"]


def test_slow_growth_takes_from_incomes_and_leaves_homes_dear() -> None:
    """Compounding alone: output per job at four tenths of 4 to 6 % a year is 15 to 22 % lower after seven years.

    1 less (1.016 / 1.04) to the power of 7 is 0.15, 1 less (1.024 / 1.06) to the power of 7 is 0.22.
    """
    slow, usual = outcome(("growth_level=0.4@2028",)), outcome()
    row = LAST - FIRST
    lost = 1 - slow["68", "income_per_resident"][row] / usual["68", "income_per_resident"][row]
    assert 0.1 < lost < 0.4
    assert slow["68", "price_to_income"][row] > usual["68", "price_to_income"][row]
    assert slow["province", "co2_total"][row] < usual["province", "co2_total"][row]


def test_more_buses_of_diesel_burn_more_than_cars_save_and_electric_ones_take_power_instead() -> None:
    """Rides of county buses replace walking and electric bicycles more than cars: 5 to 30 % of new riders came by car.

    Per ride electric buses bring nothing to 5 kg less fuel (elasticity of rides of 0.16 to 1: UK ministry; TRL 2004).
    What they burn less than diesel ones is told in the power they take, half as much at the factors of the grid.
    """
    # fuels of homes and transport, where the lever acts: what buses displace elsewhere is not theirs
    fuel = {fleet: added_by_more_buses(fleet, "co2_per_resident") for fleet in FLEETS}
    assert -fuel["diesel"] < fuel["electric"] <= 0 < fuel["diesel"]
    burnt, power = (difference_of_fleets(burnt_or_not) for burnt_or_not in (fuel_of_homes_and_transport, power_used))
    assert 0 < -power < burnt


def test_what_buses_run_on_changes_all_emissions_by_fuel_and_power_alone() -> None:
    """Diesel buses burn 14.6 Mt more in ten years, electric ones take 7.5 Mt of power: 7.0 Mt between them."""
    burnt, power, everything = (difference_of_fleets(emissions) for emissions in (
        fuel_of_homes_and_transport, power_used, lambda run: run["province", "co2_total"]))
    assert everything == pytest.approx(burnt + power, rel=0.01)


def test_what_buses_cost_displaces_other_works_whatever_they_run_on() -> None:
    """Other works are left undone, less is produced and emitted by industry: 3.5 Mt in ten years, with any fleet."""
    industry = {fleet: added_by_more_buses(fleet, "industrial_co2") for fleet in FLEETS}
    assert industry["diesel"] == pytest.approx(industry["electric"], rel=1e-6)
    assert industry["diesel"] < 0 > added_by_more_buses("diesel", "gross_product")


def test_buses_are_no_climate_measure_whatever_they_run_on() -> None:
    """All emissions change by less than what counts: +4.4 Mt of diesel and -2.6 Mt of electric ones in 8,760 Mt.

    Of the -2.6 Mt cars save 1.9, the power of buses adds 7.5, and 8.2 are emitted less for works that are displaced.
    """
    least = least_changes.of(indicators.read(study())["co2_total"], least_changes.read(study()))
    for fleet in FLEETS:
        level = float(outcome((f"bus_fleet={fleet}",))["province", "co2_total"][SINCE:].sum())
        assert abs(added_by_more_buses(fleet, "co2_total")) < least.part * level, fleet


def fuel_of_homes_and_transport(run: Outcome) -> np.ndarray:
    """Carbon dioxide of fuels of homes, services and transport by year [Mt a year]."""
    return run["province", "co2_per_resident"] * run["province", "mean_residents"] / TONNES_OF_MT


def power_used(run: Outcome) -> np.ndarray:
    """Carbon dioxide of power and bought heat by year [Mt a year]."""
    return run["province", "indirect_co2"]


def with_and_without_more_buses(fleet: str) -> tuple[Outcome, Outcome]:
    """Runs with many more rides of county buses, and without, of a fleet."""
    few, many = (outcome((f"bus_fleet={fleet}", *more)) for more in ((), ("public_transport=50",)))
    return many, few


def added_by_more_buses(fleet: str, indicator: str) -> float:
    """What more buses add to an indicator of the province, from two years after the turn on, all years together."""
    many, few = with_and_without_more_buses(fleet)
    return float((many["province", indicator] - few["province", indicator])[SINCE:].sum())


def difference_of_fleets(emissions: Callable[[Outcome], np.ndarray]) -> float:
    """What more buses of diesel emit beyond more electric ones, from two years after the turn on [Mt]."""
    diesel, electric = ((emissions(many) - emissions(few))[SINCE:].sum()
                        for many, few in map(with_and_without_more_buses, FLEETS))
    return float(diesel - electric)


def test_every_assumption_that_is_a_path_rests_at_its_baseline() -> None:
    rows = assumptions.read(study())
    assert {"growth_level", "transfer_level"} <= set(rows)
    resting = scenario.book(study()).resting()
    for name, row in rows.items():
        if row.kind == "path":
            assert float(row.baseline) in [value for setting in resting if getattr(setting, "assumption", "") == name
                                           for _, value in setting.path]
