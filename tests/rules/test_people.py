"""Rules that hold for people always: conserved, never negative, shares within 0 and 1, order of no matter."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.rules.conftest import EQUATIONS, LEVERS, OUTPUTS, PAIR_COLUMNS, PLACE_COLUMNS, ROOT, Run
from tests.truth.leslie import project
from xiancheng import engine

TABLES = ROOT / "model" / "tables"
CUT = {"migration on": 0.0, "in place on": 0.0, "reclassification on": 0.0}


def cells(result: xr.Dataset, years: int) -> np.ndarray:
    """Persons (year, place, settlement, sex, age) at census days."""
    start = float(result["time"][0])
    days = [start + year for year in range(years + 1)]
    return result["persons"].sel(time=days).transpose("time", "place", "settlement", "sex", "age").to_numpy()


@functools.cache
def columns() -> dict[str, np.ndarray]:
    """What the model reads of its places, in the model's own order."""
    names = (*PLACE_COLUMNS, *PAIR_COLUMNS, *LEVERS)
    found = engine.run(engine.compile(EQUATIONS, outputs=names), {})
    still = {name: found[name].isel(time=0) if "time" in found[name].dims else found[name] for name in names}
    return {name: value.to_numpy() for name, value in still.items()}


def column(name: str) -> np.ndarray:
    """The values of one of them."""
    return columns()[name]


def draw(seed: int) -> dict[str, Any]:
    """Levers and rates far from their usual values."""
    random = np.random.default_rng(seed)
    places = column("in list").shape[0]
    return {
        "migration rate": random.uniform(0, 0.15),
        "student rate": random.uniform(0, 0.8),
        "outside migration rate": random.uniform(0, 0.05),
        "in place rate": random.uniform(0, 0.5),
        "mortality multiplier": random.uniform(0, 5),
        "outside attractiveness": random.uniform(-1, 2),
        "reclassification level": random.uniform(-0.5, 0.5),
        "income switch": float(random.integers(0, 2)),
        "in situ settlement": random.uniform(0, 50000, places),
        "registration ease": random.uniform(0.005, 0.1, places),
        "residence based services": random.uniform(0.3, 1, places),
    }


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_m1_people_are_conserved_at_every_step(run_2020: Run, seed: int | None) -> None:
    """M1: residents change by births, deaths and moves and by nothing else; who leaves a place arrives in another."""
    run = run_2020(draw(seed) if seed else {})
    change = run["residents"] - run["residents"].isel(time=0)
    booked = run["births total"] - run["deaths total"] + run["arrivals total"] - run["departures total"]
    assert abs(change - booked).max() <= 1e-12 * float(run["residents"].sum("place").max())
    inside = run["arrivals total"] - run["arrivals from outside total"] - run["departures within province total"]
    assert abs(inside.sum("place")).max() <= 1e-12 * float(run["residents"].sum("place").max())


@pytest.mark.parametrize("seed", range(3, 8))
def test_m2_no_class_of_persons_falls_below_zero(run_2020: Run, seed: int) -> None:
    """M2: outflows are hazards times exposure, so no stock can be emptied below zero, whatever the rates."""
    run = run_2020(draw(seed))
    for stock in ("persons", "newborns", "registered elsewhere stock", "students elsewhere", "students outside"):
        rounding = 1e-12 * float(run[stock].max())
        assert float(run[stock].min()) >= -rounding, stock


@pytest.mark.parametrize("seed", [None, 8, 9])
def test_m3_shares_stay_within_zero_and_one(run_2020: Run, seed: int | None) -> None:
    """M3: every share lies within 0 and 1 and destination shares add up to 1."""
    run = run_2020(draw(seed) if seed else {})
    for share in ("urban share", "entitled share", "destination share", "arrival town share"):
        assert float(run[share].min()) >= 0, share
        assert float(run[share].max()) <= 1 + 1e-12, share
    np.testing.assert_allclose(run["destination share"].sum("destination"), 1, rtol=1e-12)


def place_columns(order: np.ndarray) -> dict[str, np.ndarray]:
    """All that is known of the places, in another order."""
    alone = {name: column(name)[order] for name in PLACE_COLUMNS}
    return alone | {name: column(name)[np.ix_(order, order)] for name in PAIR_COLUMNS}


def test_m4_the_order_of_places_does_not_matter(run_2020: Run, baseline: xr.Dataset) -> None:
    """M4: the same places in another order give the same result for each."""
    order = np.random.default_rng(4).permutation(baseline.sizes["place"])
    shuffled = run_2020(place_columns(order))
    for name in ("residents", "urban share", "registered population"):
        np.testing.assert_allclose(shuffled[name].to_numpy(), baseline[name].to_numpy()[:, order], rtol=1e-10)


def test_m4_twins_stay_twins(run_2020: Run, baseline: xr.Dataset) -> None:
    """M4: two places alike in everything stay alike."""
    order = np.arange(baseline.sizes["place"])
    order[1] = order[0]
    known = place_columns(order)
    for name in PAIR_COLUMNS:
        known[name][0, 1] = known[name][1, 0] = known[name][0, 0]
    twins = run_2020(known)
    for name in ("residents", "urban share"):
        np.testing.assert_allclose(twins[name].isel(place=0), twins[name].isel(place=1), rtol=1e-10)


def test_m6_loops_cut_the_model_is_a_leslie_projection(run_2010: Run) -> None:
    """M6: without moves the 25 years from 2010 equal an independent projection, cell by cell."""
    truth = project(TABLES, 2010, 25, 8)
    np.testing.assert_allclose(cells(run_2010(CUT), 25), truth, rtol=1e-8)


def test_constant_births_without_deaths_fill_classes_alike(run_2020: Run) -> None:
    """Five years of equal births and no deaths leave five equal classes, and nobody is a newborn on a census day."""
    run = run_2020(CUT | {"deaths on": 0.0, "total fertility rate": 0.0, "births on": 0.0, "constant births": 8000.0})
    assert abs(run["newborns"].sel(time=[2021.0, 2025.0])).max() < 1e-6
    young = cells(run, 5)[-1][..., :5].sum(axis=(0, 1))
    np.testing.assert_allclose(young, np.broadcast_to(young[:, :1], young.shape), rtol=1e-12)
    assert young.sum() == pytest.approx(5 * 8000.0 * run.sizes["place"] * run.sizes["settlement"], rel=1e-12)


def test_the_cohort_of_20_to_24_arrives_whole_at_30_to_34(run_2010: Run) -> None:
    """Exact ageing: without deaths and moves the cohort of 2010 stands whole in 2020, ten classes on."""
    found = cells(run_2010(CUT | {"deaths on": 0.0}), 10)
    np.testing.assert_allclose(found[10][..., 30:35], found[0][..., 20:25], rtol=1e-12)


def test_m7_levers_at_baseline_change_nothing_to_the_bit(run_2020: Run, baseline: xr.Dataset) -> None:
    """M7: a path that stays at the baseline gives the same bits as no path."""
    still = {}
    for name in LEVERS:
        value = column(name)
        still[name] = engine.TimePath(np.array([2025.2, 2030.2, 2035.2]), np.stack([value] * 3))
    run = run_2020(still)
    for name in OUTPUTS:
        assert np.array_equal(run[name].to_numpy(), baseline[name].to_numpy()), name


@pytest.mark.parametrize("seed", [None, 10, 11])
def test_m10_net_migration_over_all_places_and_the_outside_is_zero(run_2020: Run, seed: int | None) -> None:
    """M10: at every step, sex and age, what the places win the outside and other places lose."""
    run = run_2020(draw(seed) if seed else {})
    moved = float(run["arrivals within province"].sum("place").max())
    assert abs(run["migration balance"]).max() <= 1e-12 * moved * run.sizes["place"]


def test_m11_the_units_of_every_equation_agree() -> None:
    """M11: no equation is excused."""
    assert engine.check(EQUATIONS) == []
