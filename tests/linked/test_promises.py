"""A package does what it is named for, or says what it misses: figures of the policy text, not of the model."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr

from tests.linked.outcomes import by_place

ALL_SHELTERS = 1.0
AREA_EACH = 2.5
"""Opinion of 27 January 2026, article 14: by 2035 a shelter in every sub-district and community, 2.5 m² a person."""
DUE = 2035
DUTIFUL = ("austerity", "balanced_text", "shelter_safety_2035")
"""Packages that take on the duty everywhere."""
NAMES = (
    "communities_with_shelter", "subdistricts_with_shelter", "refuge_area", "housing_burden", "price_to_income",
    "entitled_share", "registered_elsewhere",
)


@cache
def outcome(name: str) -> xr.Dataset:
    """A package, by place and year."""
    return by_place(name=name)[list(NAMES)]


def mean(name: str, indicator: str, weight: str = "registered_elsewhere") -> float:
    """A figure of the year of the duty over all places, by how many it is of."""
    last = outcome(name).sel(year=DUE)
    return float((last[indicator] * last[weight]).sum() / last[weight].sum())


@pytest.mark.parametrize("name", DUTIFUL)
def test_a_duty_with_a_date_is_met_by_the_date_at_every_place(name: str) -> None:
    last = outcome(name).sel(year=DUE)
    for kind in ("communities_with_shelter", "subdistricts_with_shelter"):
        assert np.allclose(last[kind].values, ALL_SHELTERS, atol=1e-9), kind
    assert float(last["refuge_area"].min()) >= AREA_EACH


def test_a_duty_that_nobody_takes_on_is_not_met() -> None:
    last = outcome("baseline").sel(year=DUE)
    assert float(last["communities_with_shelter"].max()) < ALL_SHELTERS
    assert float(last["refuge_area"].max()) < AREA_EACH


def test_housing_first_makes_homes_no_dearer_and_burdens_lighter() -> None:
    """Cutting land makes homes scarce: who is to be able to live in a town must not pay for it by the price."""
    assert mean("housing_first", "housing_burden") < mean("baseline", "housing_burden") - 0.01
    assert mean("housing_first", "price_to_income") <= 1.005 * mean("baseline", "price_to_income")


def test_services_by_residence_leaves_out_only_those_who_just_came() -> None:
    """Whoever moved within the last year or so waits: with 14.1 million from elsewhere that is a few per cent."""
    assert mean("services_by_residence", "entitled_share") > 0.95
