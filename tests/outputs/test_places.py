"""Places put together: sums are sums, ratios are ratios of sums, and the list never passes for the official one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import synthetic
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from xiancheng.model.build import BuiltRun
from xiancheng.outputs import places, result
from xiancheng.texts import in_language

SUMS = ("residents", "town_residents", "births", "net_migration", "women_20_34")
RATIOS = ("urban_share", "share_65", "registered_urban_share", "gross_out_rate")


def test_prefectures_add_up_to_the_province(found: xr.Dataset) -> None:
    parts, whole = places.aggregate(found, "prefecture"), places.aggregate(found, "province")
    assert parts.sizes["area"] == 16
    for name in SUMS:
        assert np.allclose(parts[name].sum("area", skipna=False), whole[name].isel(area=0), equal_nan=True), name


def test_a_ratio_of_the_province_is_that_of_the_sums(found: xr.Dataset) -> None:
    whole = places.aggregate(found, "province").isel(area=0)
    assert np.allclose(whole["urban_share"], found["town_residents"].sum("place") / found["residents"].sum("place"))
    moves = found["village_moves"].sum("place", skipna=False)
    in_place = (found["in_county_moves_share"] * found["village_moves"]).sum("place", skipna=False)
    assert np.allclose(whole["in_county_moves_share"], in_place / moves, equal_nan=True)


@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_a_ratio_of_several_places_lies_among_theirs(built: BuiltRun, seed: int) -> None:
    found = result.result(synthetic.run(built, seed), built, variables=list(RATIOS))
    whole = places.aggregate(found, "province").isel(area=0)
    for name in RATIOS:
        low, high = found[name].min("place"), found[name].max("place")
        inside = (whole[name] >= low - 1e-12) & (whole[name] <= high + 1e-12)
        assert bool(inside.where(low.notnull(), True).all()), name


def test_the_listed_places_are_those_of_the_list(found: xr.Dataset) -> None:
    listed = places.aggregate(found, "68")
    expected = found["residents"].where(found["in_68"], 0).sum("place")
    assert np.allclose(listed["residents"].isel(area=0), expected)
    assert listed["area"].values.tolist() == ["68"]


def test_the_core_gains_are_those_of_three_cities(found: xr.Dataset) -> None:
    assert found["core_gain"].notnull().any("year").sum() == 3
    assert "core_gain" not in places.aggregate(found, "68")
    total = places.aggregate(found, "province")["core_gain"].isel(area=0)
    assert np.allclose(total[1:], found["core_gain"].sum("place")[1:])


def test_shrinking_counties_are_counted_without_cities(found: xr.Dataset) -> None:
    share = places.aggregate(found, "68")["shrinking_share"].sel(year=2030).item()
    growth = found["residents"].sel(year=2030, drop=True) / found["residents"].sel(year=2029, drop=True) - 1
    assert share == pytest.approx(float((growth < -0.01).where(found["in_68"]).mean()))
    assert found["shrinking_share"].where(found["kind"] == "pole", drop=True).isnull().all()


def test_a_share_of_moves_has_a_value_where_towns_shrink(built: BuiltRun, engine_run: xr.Dataset) -> None:
    falling = engine_run.assign({"town net migration total": engine_run["town net migration total"] - 1e6
                                 * (engine_run["time"] - 2020)})
    found = result.result(falling, built, variables=["in_county_moves_share", "town_growth"])
    assert bool((found["town_growth"].sel(year=2030) < 0).all())
    later = found["in_county_moves_share"].sel(year=slice(2021, None))
    assert bool(((later > 0) & (later < 1)).all())


def test_another_list_is_never_called_the_68(built: BuiltRun) -> None:
    ten = replace(built.places, rows=built.places.rows[:10])
    assert "68" not in str(ten.list_label)
    assert "本研究" in in_language(ten.list_label, "zh")
