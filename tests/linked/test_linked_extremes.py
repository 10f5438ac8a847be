"""Extreme conditions: the model stays sensible where no county has ever been."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.linked.linked_runs import CUTS, PEOPLE, columns, level, path, run
from tests.linked.test_linked_rules import broken

SMALL = 5
"""A place of the list that the tests empty."""


def changed(name: str, place: int, factor: float) -> dict[str, Any]:
    """A start figure of one place times a factor."""
    values = columns()[name].copy()
    values[place] = factor * values[place]
    return {name: values}


def test_without_births_the_last_children_grow_up() -> None:
    """No births: fifteen years on kindergartens serve the few who move in from outside."""
    found = run({"births on": 0.0})
    assert broken(found) == []
    assert float(found["residents"].isel(time=-1).sum()) < float(found["residents"].isel(time=0).sum())
    small = found["service need"].sel(service=["kindergarten", "childcare"]).sum(["place", "service"])
    assert float(small.isel(time=-1)) < 0.05 * float(small.isel(time=0))


def test_without_moves_nobody_arrives() -> None:
    """No hazard, no flow."""
    found = run({"migration on": 0.0})
    assert float(found["arrivals in place"].max()) == 0
    assert broken(found) == []


def test_all_jobs_gone_people_leave() -> None:
    """A place that loses its work loses people against the baseline and never falls below zero."""
    found = run(changed("initial jobs", SMALL, 0.0))
    assert broken(found) == []


def test_jobs_that_fade_push_people_out(baseline: xr.Dataset) -> None:
    """Jobs destroyed by policy year after year cost a place people."""
    values = np.full(columns()["in list"].shape[0], level("county industry", "baseline"))
    values[SMALL] = -0.02
    found = run({"county industry": path("county industry", values)})
    last, before = found["residents"].isel(time=-1, place=SMALL), baseline["residents"].isel(time=-1, place=SMALL)
    assert 0 < float(last) < float(before)
    assert broken(found) == []


def test_a_debt_ceiling_of_zero_leaves_saving_and_private_money() -> None:
    """No room for debt: bonds only swap hidden debt, all debt falls, nothing is built unpaid."""
    found = run({"debt ceiling ratio": 0.0})
    debt = (found["explicit debt"] + found["hidden debt"]).sum("place")
    assert (debt.diff("time") <= 0).all()
    assert broken(found) == []


def test_works_beyond_all_range_save_no_more_than_there_is_to_save() -> None:
    """Efficiency beyond all range: what works add comes near what there is to save and never passes it."""
    everywhere = np.full(columns()["in list"].shape[0], 5.0)
    found = run({"industry efficiency": path("industry efficiency", everywhere)})
    added = found["energy saved by works"].isel(time=-1) - found["start energy saved by works"].isel(time=-1)
    assert 0.1 < float(added.max()) <= 0.12 + 1e-12
    assert float(found["energy per value added"].min()) >= 0


@pytest.mark.parametrize("start", [pytest.param(2010, marks=pytest.mark.study), 2020])
def test_a_county_of_one_person(start: int) -> None:
    """One resident in one county: all runs, nothing is undefined."""
    one = {}
    for name in PEOPLE:
        values = columns(start)[name].copy()
        values[SMALL] = values[SMALL] / max(values[SMALL].sum(), 1.0)
        one[name] = values
    assert broken(run(one, start=start)) == []


def test_a_county_without_villagers() -> None:
    """Everybody lives in town: all runs."""
    values = columns()["initial persons"].copy()
    values[SMALL, 0] += values[SMALL, 1]
    values[SMALL, 1] = 0.0
    share = columns()["start urban share"].copy()
    share[SMALL] = 1.0
    assert broken(run({"initial persons": values, "start urban share": share})) == []


def test_a_dead_county_stays_empty_of_nonsense() -> None:
    """Nobody at the start: the first who come find a place that is defined."""
    empty = {}
    for name in PEOPLE:
        values = columns()[name].copy()
        values[SMALL] = 0.0
        empty[name] = values
    assert broken(run(empty)) == []


def test_with_loops_cut_incomes_do_not_matter(baseline: xr.Dataset) -> None:
    """Every loop cut, a place made ten times as productive draws nobody."""
    usual = run(CUTS)
    rich = run(CUTS | changed("productivity at start", SMALL, 10.0))
    np.testing.assert_allclose(rich["residents"], usual["residents"], rtol=1e-12)
    assert not np.allclose(rich["gross product"].isel(place=SMALL), usual["gross product"].isel(place=SMALL))


def test_dear_homes_keep_people_away(baseline: xr.Dataset) -> None:
    """The more rents weigh with tenants, the fewer people end where rent over income rises most."""
    light, heavy = run({"rent response": 0.0}), run({"rent response": 10.0})
    rise = baseline["rent change"].isel(time=-1)
    dearest = rise > rise.mean()
    gain = (heavy["residents"] - light["residents"]).isel(time=-1)
    assert float(gain.where(dearest, 0).sum()) < 0
    assert broken(heavy) == []
