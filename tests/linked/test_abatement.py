"""What it costs to avoid a tonne: the same rule for all measures, held against figures of the literature."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr

from tests.linked.linked_runs import columns, run
from tests.linked.test_couplings import far

MEASURES = {
    "industry": "industry efficiency", "heat pump": "clean heating homes", "retrofit": "building heat retrofit",
    "ultra-low": "ultra low energy buildings",
}
SINCE = 2025 + 1 / 6
"""First of January 2026 [model time]."""


@cache
def with_lever(measure: str) -> xr.Dataset:
    """The run with the lever of a measure at the upper end of its range everywhere."""
    return run(far(MEASURES[measure], np.full(columns()["in list"].shape, True)))


@cache
def prices() -> Mapping[str, tuple[float, float, float]]:
    """Whole cost, public cost and energy bills saved by tonne avoided in 2026-35 against the baseline [yuan/t]."""

    def change(measure: str, name: str) -> float:
        gap = (with_lever(measure)[name] - run()[name]).sum("place")
        return float(gap.isel(time=-1) - gap.sel(time=SINCE, method="nearest"))

    names = ("abatement cost total", "public abatement cost total", "energy bills saved total")
    return {
        measure: tuple(change(measure, name) / change(measure, "avoided carbon dioxide total") for name in names)
        for measure in MEASURES
    }


def test_no_two_measures_differ_by_more_than_twenty_times_and_none_is_free() -> None:
    """Gross of savings 190, 785, 1,465 and 1,670 yuan a tonne at the centre of the literature."""
    gross = [price[0] for price in prices().values()]
    assert min(gross) > 0
    assert max(gross) < 20 * min(gross)


def test_industry_is_cheapest_and_the_measures_of_homes_are_of_one_order() -> None:
    """Industry < heat pump, retrofit, ultra-low, which lie within one power of two around their middle, or so."""
    industry, *homes = (price[0] for price in prices().values())
    assert industry < min(homes)
    assert max(homes) < 4 * min(homes)


def test_saved_energy_is_credited_to_whoever_saves_it_apart_from_cost() -> None:
    """Industry: between -250 and 300 yuan a tonne when saved energy is taken off; clean heat saves no bill."""
    whole, _, bills = prices()["industry"]
    assert -250 < whole - bills < 300
    assert abs(prices()["heat pump"][2]) < 0.01 * prices()["heat pump"][0]


def test_the_public_tenth_of_industry_pays_for_what_would_have_come_anyway_too() -> None:
    """A tenth of all works, of which half are additional: a fifth of the cost of the additional ones."""
    whole, public, _ = prices()["industry"]
    assert public / whole == pytest.approx(0.1 / 0.5, rel=1e-3)


def test_programmes_add_12_percent_of_saving_in_industry_at_most() -> None:
    """Plan of 2011-15, half of which would come anyway: 3, 6 and 12 % by 2035."""
    energy, product = (
        [float(one["industry energy use" if of == 0 else "gross product"].isel(time=-1).sum())
         for one in (with_lever("industry"), run())]
        for of in (0, 1)
    )
    saved = 1 - energy[0] / energy[1] * product[1] / product[0]
    assert 0.01 < saved < 0.12


def test_a_yearly_cost_pays_the_first_cost_back_with_interest_over_the_life() -> None:
    """Present value of an annuity: sum of a / (1 + r)^k over the years is 1."""
    result = run()
    names = ("annuity of measure", "interest of measure", "life of measure")
    for yearly, interest, life in zip(*(np.atleast_2d(result[name])[0] for name in names), strict=True):
        assert sum(yearly / (1 + interest) ** year for year in range(1, round(life) + 1)) == pytest.approx(1)


def test_works_of_the_start_hold_what_they_save() -> None:
    """At the pace of the start as much is built as wears out, but for what the purse cannot pay."""
    result = run()
    start, end = (np.asarray(result[name].isel(time=-1) if "time" in result[name].dims else result[name])
                  for name in ("start energy saved by works", "energy saved by works"))
    assert (end <= start + 1e-12).all()
    assert (end > 0.9 * start).all()
