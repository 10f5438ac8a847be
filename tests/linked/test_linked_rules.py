"""Rules that hold for the whole linked model: people, floor area and money conserved, no stock below zero, shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.linked.linked_runs import (
    CUTS,
    PAIRS,
    PEOPLE,
    SHAPES,
    SHARES,
    STILL,
    columns,
    level,
    lever_rows,
    limits,
    path,
    program,
    run,
    stocks,
)
from xiancheng import engine

QUICK, LONG = 25, 200
SMALLEST = -1e-9
"""Rounding of a stock against the largest value it takes, or one unit where it is all but empty."""


def draw(seed: int) -> dict[str, Any]:
    """Half of the levers somewhere in their range, from 2026 on, another value at every place."""
    random = np.random.default_rng(seed)
    places = columns()["in list"].shape[0]
    return {
        lever: path(lever, random.uniform(level(lever, "low"), level(lever, "high"), places))
        for lever in lever_rows() if random.random() < 0.5
    }


def broken(found: xr.Dataset) -> list[str]:
    """Return every rule that a run breaks."""
    wrong = [name for name in found.data_vars if not np.isfinite(found[name].to_numpy()).all()]
    people = found["residents"].sum("place").max().item()
    booked = found["births total"] - found["deaths total"] + found["arrivals total"] - found["departures total"]
    change = found["residents"] - found["residents"].isel(time=0)
    if abs(change - booked).max() > 1e-11 * people:
        wrong.append("M1 people")
    if abs(found["money balance"]).max() > 1e-12 * found["money in"].sum("place").max():
        wrong.append("M1 money")
    if abs(found["floor area balance"]).max() > 1e-12 * found["town floor area"].sum("place").max():
        wrong.append("M1 floor area")
    moved = found["arrivals within province"].sum("place").max() * found.sizes["place"]
    if abs(found["migration balance"]).max() > 1e-12 * moved:
        wrong.append("M10 moves")
    for name in stocks():
        if float(found[name].min()) < SMALLEST * max(1.0, float(found[name].max())):
            wrong.append(f"M2 {name} {float(found[name].min()):.3g}")
    for name in SHARES:
        if float(found[name].min()) < -1e-12 or float(found[name].max()) > 1 + 1e-12:
            wrong.append(f"M3 {name} {float(found[name].min()):.3g} {float(found[name].max()):.3g}")
    return wrong


def test_the_baseline_keeps_the_rules(baseline: xr.Dataset) -> None:
    """M1, M2, M3, M10 without any lever."""
    assert broken(baseline) == []


@pytest.mark.parametrize("seed", range(QUICK))
def test_random_levers_keep_the_rules(seed: int) -> None:
    """M1, M2, M3, M10 whatever the levers do; a stock's minimum over draws is not below zero."""
    assert broken(run(draw(seed))) == []


@pytest.mark.study
@pytest.mark.parametrize("seed", range(QUICK, LONG))
def test_many_random_levers_keep_the_rules(seed: int) -> None:
    """The same over 200 draws."""
    assert broken(run(draw(seed))) == []


def test_limits_of_outflows_hardly_bind(baseline: xr.Dataset) -> None:
    """In the baseline an outflow is cut to what its stock holds in at most 1 % of place-years."""
    assert limits()
    for name in limits():
        assert float(baseline[name].mean()) <= 0.01, name


def test_levers_at_their_baseline_change_nothing_to_the_bit(baseline: xr.Dataset) -> None:
    """M7: paths that go elsewhere in time but stay at the baseline give the same bits, all levers at once."""
    times = np.array([2010.0, 2027.3, 2033.0])
    places = columns()["in list"].shape[0]
    stay = {
        lever: engine.TimePath(times, np.full((3, places), level(lever, "baseline"))) for lever in lever_rows()
    }
    found = run(stay)
    differing = [name for name in found.data_vars if not np.array_equal(found[name], baseline[name])]
    assert differing == []


@pytest.mark.study
def test_levers_left_alone_are_levers_at_their_baseline(baseline: xr.Dataset) -> None:
    """The equations' own constants give the same run as paths at the baseline, but for the order of sums."""
    plain = engine.run(program(2020), {})
    for name in FOLLOWED:
        np.testing.assert_allclose(plain[name], baseline[name], rtol=1e-10, err_msg=name)


def rearranged(order: np.ndarray) -> dict[str, Any]:
    """All that is known of the places, in another order."""
    known = columns()
    alone = {name: known[name][order] for name in (*PEOPLE, *SHAPES)}
    return alone | {name: known[name][np.ix_(order, order)] for name in PAIRS}


FOLLOWED = ("residents", "gross product", "explicit debt", "town floor area", "carbon dioxide total", "service quality")


def test_the_order_of_places_changes_nothing(baseline: xr.Dataset) -> None:
    """M4: the same places in another order give the same result for each."""
    order = np.random.default_rng(4).permutation(baseline.sizes["place"])
    shuffled = run(rearranged(order))
    for name in FOLLOWED:
        np.testing.assert_allclose(shuffled[name], baseline[name].to_numpy()[:, order], rtol=1e-9, err_msg=name)


def test_alike_places_stay_alike(baseline: xr.Dataset) -> None:
    """M4: two places alike in everything stay alike."""
    order = np.arange(baseline.sizes["place"])
    order[1] = order[0]
    known = rearranged(order)
    for name in PAIRS:
        known[name][0, 1] = known[name][1, 0] = known[name][0, 0]
    twins = run(known)
    for name in FOLLOWED:
        np.testing.assert_allclose(twins[name].isel(place=0), twins[name].isel(place=1), rtol=1e-9, err_msg=name)


PROPORTIONAL = {"size exponent": 1.0, "agglomeration elasticity": 0.0, "minimum school size": 0.0}


def test_everything_doubled_doubles_everything() -> None:
    """M5: with size exponent 1, no agglomeration and no minimum sizes, twice the people and outside is twice all."""
    once = run(PROPORTIONAL)
    doubled = {name: 2 * columns()[name] for name in PEOPLE}
    twice = run(PROPORTIONAL | doubled | {"outside inflow scale": 2.0})
    for name in ("residents", "gross product", "explicit debt", "town floor area", "carbon dioxide total", "jobs"):
        np.testing.assert_allclose(twice[name], 2 * once[name], rtol=1e-8, err_msg=name)


def halves(share: float) -> dict[str, Any]:
    """Place 0 and a twin of it, without moves between the two, that hold `share` and the rest of its people."""
    order = np.arange(columns()["in list"].shape[0])
    order[1] = 0
    known = rearranged(order)
    for name in PAIRS:
        known[name][0, 1] = known[name][1, 0] = known[name][0, 0]
    for name in PEOPLE:
        known[name] = known[name].copy()
        known[name][1] = (1 - share) * known[name][0]
        known[name][0] = share * known[name][0]
    number = columns()["place number"].copy()
    number[1] = number[0]
    return PROPORTIONAL | known | {"place number": number}


def test_a_place_split_in_two_keeps_its_sum() -> None:
    """M5: two halves with the same features are one place, whichever way it is cut."""
    uneven, even = run(halves(0.9)), run(halves(0.5))
    for name in ("residents", "gross product", "explicit debt", "town floor area", "carbon dioxide total"):
        first, second = (found[name].isel(place=[0, 1]).sum("place") for found in (uneven, even))
        np.testing.assert_allclose(first, second, rtol=1e-8, err_msg=name)


def test_with_loops_cut_only_births_deaths_and_ages_are_left() -> None:
    """M6: without moves and loops the linked model's people are those of the core, which equals a Leslie projection."""
    cut = run({**CUTS, **STILL})
    moved = run({**CUTS, **STILL, **draw(3)})
    np.testing.assert_allclose(moved["residents"], cut["residents"], rtol=1e-12)


def test_the_units_of_every_equation_of_all_sectors_agree() -> None:
    """M11: no equation is excused."""
    from tests.linked.linked_runs import EQUATIONS

    assert engine.check(EQUATIONS) == []
