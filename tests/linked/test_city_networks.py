"""Networks and safety of towns: what policy keeps or builds is a part of what stands, and no tonne is saved twice."""

from __future__ import annotations

import numpy as np
import pytest

from tests.linked.outcomes import by_place, outcome

PARTS = ("surge_beds", "monitored_share", "sponge_share", "street_cleaned_share", "hazard_sites_mended",
         "gigabit_share", "clean_network_share", "water_restored", "drains_to_standard")
"""Shares of what stands: beds, mains, built-up area, roads, sites, households, floor area, rivers, drains."""
TOP = ("medical_reserve=0.15", "lifeline_safety=0.9", "sponge_city=8", "street_cleaning=1", "source_safety=1",
       "digital_infrastructure=0.9", "clean_heating_network=0.25", "water_body_restoration=15", "drainage=5",
       "drain_standard=1")
"""The levers of these shares, as high as they go."""
SHRINKING = ("health_beds=5.5", "county_town_investment=300")
"""What lets the base of some of them shrink."""
NETWORK, RETROFIT, VILLAGES = "clean_heating_network=0.25", "building_heat_retrofit=3", "clean_heating_homes=0.98"


def end(indicator: str, *settings: str) -> float:
    """An indicator of the province in the last year."""
    return float(outcome(settings)["province", indicator][-1])


def added(indicator: str, setting: str, *others: str) -> float:
    """What a setting adds to it, others being as they are."""
    return end(indicator, setting, *others) - end(indicator, *others)


@pytest.mark.parametrize("poor", [False, True], ids=["money", "empty purse"])
@pytest.mark.study
def test_a_part_of_what_stands_is_never_more_than_all_of_it(poor: bool) -> None:
    """A bed is convertible once, a main watched once, a road cleaned once: at every place, in every year."""
    result = by_place((*TOP, *SHRINKING), poor=poor)
    for name in PARTS:
        values = result[name].values
        assert np.isfinite(values).all(), name
        assert values.min() >= 0, name
        assert values.max() <= 1 + 1e-12, name


def test_drain_works_move_drains_between_classes_and_add_none() -> None:
    lengths = outcome(("drainage=5", "drain_standard=1"))["province", "drain_length"]
    np.testing.assert_allclose(lengths, lengths[0], rtol=1e-9)


def test_drains_are_overloaded_as_often_as_their_return_periods_say() -> None:
    """Half once a year, four tenths every second year, a tenth every third; a tenth less if all were sponge city."""
    at_start = outcome()["68", "drain_overload"][0]
    expected = (0.5 / 1 + 0.4 / 2 + 0.1 / 3) * (1 - 0.1 * 0.23)
    assert at_start == pytest.approx(expected, rel=2e-3)


def test_a_standard_for_new_drains_acts_through_works_alone() -> None:
    """Three times the works, three times the drains at the upper limit, wear apart."""
    usual = added("drains_to_standard", "drain_standard=1")
    many = added("drains_to_standard", "drain_standard=1", "drainage=5")
    assert 2.4 < many / usual < 3.1


def test_heat_that_is_not_used_is_not_saved_again_by_a_clean_source() -> None:
    """Insulated homes and clean networks together save less than each alone, and more than either."""
    network, retrofit = added("indirect_co2", NETWORK), added("indirect_co2", RETROFIT)
    both = end("indirect_co2", NETWORK, RETROFIT) - end("indirect_co2")
    assert network < 0
    assert retrofit < 0
    assert network + retrofit < both < min(network, retrofit)


def test_clean_heat_of_villages_and_of_town_networks_are_different_tonnes() -> None:
    """What networks save does not depend on how villages heat."""
    assert added("indirect_co2", NETWORK, VILLAGES) == pytest.approx(added("indirect_co2", NETWORK), rel=0.02)


def test_homes_that_take_electricity_do_not_wait_for_gas() -> None:
    """Short gas keeps a part of the homes waiting, less than the gas that is missing."""
    missing = 1 - end("gas_adequacy", "gas_capacity=90", VILLAGES) / 100
    waiting = -added("clean_heat_share", "gas_capacity=90", VILLAGES) / end("clean_heat_share", VILLAGES)
    assert 0 < waiting < missing
