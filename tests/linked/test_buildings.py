"""What levers on buildings share is shared once: run down homes, idle rooms, refuge area, materials, money."""

from __future__ import annotations

from functools import cache

import numpy as np
import xarray as xr

from tests.linked import linked_runs
from tests.linked.linked_runs import columns, level, lever_rows, path

RENEWAL = ("urban village rebuild", "old estate renovation", "self rebuild", "slab house treatment")
IDLE = ("urban renewal", "use conversion")
MATERIALS = ("prefabricated construction", "green materials")
@cache
def run(levers: tuple[str, ...] = (), times: float = 1.0) -> xr.Dataset:
    """Levers at the upper end of their range, or a multiple of it, everywhere; all others at their baseline."""
    places = columns()["in list"].shape[0]
    values = {name: level(name, "baseline") for name in lever_rows()}
    values |= {name: times * level(name, "high") for name in levers}
    return linked_runs.run({name: path(name, np.full(places, value)) for name, value in values.items()})


def end(levers: tuple[str, ...], name: str) -> float:
    """A variable of the province at the end of a run."""
    return float(run(levers)[name].isel(time=-1).sum())


def end_of_shelter(levers: tuple[str, ...]) -> float:
    """Refuge area of the province at the end [m2]."""
    return float(run(levers)["service capacity"].sel(service="shelter").isel(time=-1).sum())


def test_a_square_metre_of_run_down_homes_is_renewed_once() -> None:
    """What all programmes together renew in a year is never more than there is, however much they want."""
    result = run(RENEWAL, 30.0)
    renewed = result["homes pulled down for renewal"] + result["renovated floor area"]
    run_down = result["floor area"].sel(dwelling="run_down")
    assert (renewed <= run_down * (1 + 1e-9)).all()
    assert (run_down >= 0).all()
    assert float(result["share of renewal possible"].min()) < 0.5


def test_unsafe_and_slab_homes_are_parts_of_the_homes_there_are() -> None:
    for result in (run(), run(RENEWAL, 30.0)):
        old = result["floor area"].sel(dwelling="run_down")
        unsafe = result["unsafe floor area found"] + result["unsafe floor area not found"]
        assert (unsafe <= old).all()
        assert (result["slab floor area"] <= old + result["floor area"].sel(dwelling="standard")).all()
        assert min(float(unsafe.min()), float(result["slab floor area"].min())) >= 0


def test_an_idle_square_metre_is_used_once() -> None:
    """Renewal of sites and conversion share the idle rooms, and never use more than there are."""
    result = run(IDLE, 30.0)
    used = result["sites renewed"] + result["idle floor area converted"]
    assert (used <= result["idle non residential floor area"] * (1 + 1e-9)).all()
    alone = run(("urban renewal",), 30.0)
    assert (result["sites renewed"].isel(time=-1) < alone["sites renewed"].isel(time=-1)).all()


def test_town_floor_area_is_what_its_flows_explain() -> None:
    """Homes made of idle rooms, rebuilt by owners or bought with cash are booked once."""
    result = run((*RENEWAL, *IDLE, "resettlement cash"))
    assert float(abs(result["floor area balance"] / result["town floor area"]).max()) < 1e-9


def test_cash_builds_no_home_and_pulls_down_as_many() -> None:
    """With cash for all, fewer homes are built for those that are pulled down, and as many are pulled down."""
    cash, rest = run(("resettlement cash",)), run()
    late = {"time": slice(2033, None)}
    assert float((cash["homes built for renewal"] / rest["homes built for renewal"]).sel(late).mean()) < 0.35
    assert 0.97 < float((cash["housing demolition"] / rest["housing demolition"]).sel(late).mean()) < 1.03


def test_refuge_area_in_public_buildings_takes_the_place_of_shelters() -> None:
    """No ground twice: of the refuge area that dual use brings, shelters built elsewhere give back most."""
    lever = ("dual use facilities",)
    opened = run(lever)["capacity opened in public buildings"].sum(["place", "service"])
    brought = float(opened.integrate("time"))
    gained = end_of_shelter(lever) - end_of_shelter(())
    assert brought > 0
    assert 0 <= gained < 0.2 * brought


def test_a_tonne_of_materials_is_saved_once() -> None:
    """Prefabrication acts on homes, green materials on public works: together they save what each saves alone."""
    name = "embodied carbon dioxide running total"
    alone = [end((), name) - end((lever,), name) for lever in MATERIALS]
    assert min(alone) > 0
    np.testing.assert_allclose(end((), name) - end(MATERIALS, name), sum(alone), rtol=1e-3)


def test_what_the_safety_fund_pays_nobody_else_pays() -> None:
    result = run(("housing safety fund", "building safety"))
    others = result["wanted programme investment"].sel({"invested programme": "mended_homes"}, drop=True)
    bill = float(result["cost of mending"].max()) * result["mending wanted"]
    xr.testing.assert_allclose(others + result["mending paid by the fund"], bill.transpose(*others.dims), rtol=1e-9)
    assert float(result["balance of the safety fund"].min()) >= 0
