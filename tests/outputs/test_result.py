"""One Dataset by year and place: variables by id, each with unit, meaning in both languages, evidence and origin."""

from __future__ import annotations

import json

import numpy as np
import pytest
import synthetic
import xarray as xr

from xiancheng.errors import StudyError
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import indicators, result
from xiancheng.outputs.moments import Calendar
from xiancheng.study import Study

FLOWS = ("births", "deaths", "net_migration", "net_migration_rate", "gross_out_rate", "leaving_rate_18_34")


def test_dims_coordinates_and_order(found: xr.Dataset, study: Study) -> None:
    assert dict(found.sizes) == {"year": 16, "place": 84}
    assert list(found.data_vars) == list(indicators.read(study))
    assert {"adcode", "name_zh", "name_en", "prefecture", "in_68"} <= set(found.coords)
    assert int(found["in_68"].sum()) == 68


def test_every_variable_says_what_it_is(found: xr.Dataset) -> None:
    keys = ("units", "description_zh", "description_en", "evidence", "provenance", "title_zh", "title_en")
    assert not [(name, key) for name in found.data_vars for key in keys if not found[name].attrs.get(key)]


def test_stocks_of_the_start_are_those_of_the_run_to_the_bit(found: xr.Dataset, engine_run: xr.Dataset) -> None:
    assert found["residents"].sel(year=2020).values.tolist() == engine_run["residents"].isel(time=0).values.tolist()


def test_flows_of_the_year_of_the_start_are_missing_and_no_others(found: xr.Dataset) -> None:
    for name in FLOWS:
        missing = found[name].isnull().any("place")
        assert missing.values.tolist() == [True] + [False] * 15, name


def test_five_years_have_to_lie_in_the_run(found: xr.Dataset) -> None:
    assert found["in_place_moves"].isnull().any("place").values.tolist() == [True] * 5 + [False] * 11


def test_shares_are_parts_of_residents(found: xr.Dataset) -> None:
    parts = found["share_0_14"] + found["share_65"]
    assert float(parts.max()) < 1
    assert np.allclose(found["town_residents"] + found["village_residents"], found["residents"])
    assert np.allclose(found["urban_share"] * found["residents"], found["town_residents"])


def test_a_rate_divides_by_the_mean_of_the_year(found: xr.Dataset, engine_run: xr.Dataset) -> None:
    times = engine_run["time"].values
    ends = Calendar.of([2024, 2025], times).at_ends(engine_run["residents"].values).mean(axis=0)
    (departures,) = Calendar.of([2025], times).read(engine_run["departures total"].values, "flow")
    assert np.allclose(found["gross_out_rate"].sel(year=2025), departures / ends * 1000)


def test_people_by_age_and_sex_add_up(engine_run: xr.Dataset, built: BuiltRun) -> None:
    found = result.result(engine_run, built, variables=["residents"], details=["age", "sex"])
    assert found["persons"].dims == ("year", "place", "sex", "age")
    assert np.allclose(found["persons"].sum(["sex", "age"]), found["residents"])


def test_a_variable_of_the_equations_stands_beside_the_indicators(engine_run: xr.Dataset, built: BuiltRun) -> None:
    found = result.result(engine_run, built, variables=["residents", "coverage factor"])
    assert list(found.data_vars) == ["residents", "coverage_factor"]


def test_a_ratio_brings_what_it_is_divided_by(engine_run: xr.Dataset, built: BuiltRun) -> None:
    assert set(result.result(engine_run, built, variables=["urban_share"]).data_vars) == {"urban_share", "residents"}


def test_an_unknown_name_brings_the_nearest(study: Study) -> None:
    with pytest.raises(StudyError, match="urban_share"):
        result.requested(study, ["urban_sharee"])


def test_the_start_of_a_corrected_census_is_derived(engine_run: xr.Dataset, built: BuiltRun) -> None:
    counted = engine_run.assign({"coverage factor": engine_run["coverage factor"] * 0 + 1})
    marks = [
        result.result(data, built, variables=["residents"])["residents"].attrs["evidence_at_start"]
        for data in (engine_run, counted)
    ]
    assert marks == ["derived", "measured"]


def test_the_order_of_places_does_not_matter(engine_run: xr.Dataset, built: BuiltRun, found: xr.Dataset) -> None:
    turned = engine_run.isel(place=slice(None, None, -1))
    again = result.result(turned, built, engine="none").sel(place=found["place"])
    for name in found.data_vars:
        xr.testing.assert_allclose(again[name].drop_vars(set(again.coords) - {"year", "place"}),
                                   found[name].drop_vars(set(found.coords) - {"year", "place"}), rtol=1e-12)


def test_the_manifest_tells_what_ran(found: xr.Dataset, study: Study) -> None:
    told = json.loads(found.attrs["manifest"])
    assert told["equations_sha256"] == study.equations_hash
    assert told["engine"] == "none"
    assert told["scenario"]["id"] == "baseline"


def test_the_list_is_called_our_selection(found: xr.Dataset) -> None:
    assert found.attrs["list_label_zh"] == "68个县（市、区）为本项目选取，非官方名单"
    assert "not the official list" in found.attrs["list_label_en"]


def test_equations_without_registration_give_the_other_indicators(built: BuiltRun) -> None:
    less = synthetic.run(built).drop_vars(["registered population", "registered urban share"])
    names = set(result.result(less, built).data_vars)
    assert "registered_urban_share" not in names
    assert "urban_share" in names
