"""Targets with the year they are met, inequality between places, and what areas make of indicators that are no sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.outputs import equity, formulas, indicators, places, targets
from xiancheng.outputs.aggregations import Aggregation, with_parts
from xiancheng.outputs.reader import aggregation
from xiancheng.outputs.targets import year_met
from xiancheng.study import Study

YEARS = list(range(2024, 2030))
NAN = float("nan")
positive = st.lists(st.floats(0.1, 100), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("values", "target", "direction", "year"),
    [
        ([0.1, 0.2, 0.5, 0.6, 0.7, 0.8], "0.5", "higher", 2026),
        ([0.6, 0.4, 0.5, 0.6, 0.7, 0.8], "0.5", "higher", 2026),
        ([0.6, 0.7, 0.8, 0.7, 0.6, 0.4], "0.5", "higher", None),
        ([0.6, 0.6, 0.6, 0.6, 0.6, 0.6], "0.5", "higher", 2024),
        ([0.9, 0.8, 0.5, 0.4, 0.3, 0.2], "0.5", "lower", 2026),
        ([NAN, 0.1, 0.4, 0.5, 0.6, 0.7], "0.5", "higher", 2027),
        ([1.0, 2.0, 3.0, 2.5, 2.0, 1.5], "peak", "lower", 2026),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "peak", "lower", None),
        ([1.0, 2.0, 2.0, 2.0, 1.0, 1.0], "never rising", "lower", 2024),
        ([1.0, 1.0, 1.0, 2.0, 1.0, 1.0], "never rising", "lower", 2028),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 2.0], "never rising", "lower", None),
    ],
)
def test_a_target_is_met_from_the_year_it_is_kept_to_the_end(
    values: list[float], target: str, direction: str, year: int | None
) -> None:
    assert year_met(np.array(values), YEARS, target, direction, since=2026) == year


def test_what_is_not_met_says_by_when_not(found: xr.Dataset) -> None:
    share = found["urban_share"]
    low = found.assign(urban_share=share.copy(data=share.values * 0 + 0.1))
    outcomes = {one.indicator: one for one in targets.outcomes(low, "en", ("province",))}
    assert outcomes["urban_share"].met is None
    assert outcomes["urban_share"].words("en") == "not by 2035"
    assert outcomes["urban_share"].words("zh") == "到2035年未达到"


def test_what_is_missing_is_told_in_the_year_it_is_for(found: xr.Dataset) -> None:
    """0.1 short of the target, nothing above it; levels stand for every year that some target is due in."""
    about = found["urban_share"].attrs
    aim = float(about["target"])
    for level, gap in ((aim - 0.1, 0.1), (aim + 0.1, 0.0)):
        share = found["urban_share"]
        flat = found.assign(urban_share=share.copy(data=share.values * 0 + level))
        outcome = {one.indicator: one for one in targets.outcomes(flat, "en", ("province",))}["urban_share"]
        assert outcome.gap == pytest.approx(gap)
        assert outcome.levels[int(about["target_year"])] == pytest.approx(level)


def test_members_are_counted_that_meet_a_target_in_time() -> None:
    """Of four members two reach 0.5 by 2027 and keep it in the first area; in the second none does."""
    first = [[0.1, 0.2, 0.5, 0.6, 0.7, 0.8], [0.6] * 6, [0.1, 0.1, 0.1, 0.1, 0.1, 0.6], [0.6, 0.6, 0.6, 0.6, 0.6, 0.4]]
    values = np.stack([np.array(first), np.full((4, 6), 0.2)], axis=-1)
    about = {"target": "0.5", "target_year": "2027", "target_from": "2024", "direction": "higher"}
    marked = targets.meeting(values, YEARS, ["68", "province"], about)
    assert targets.share_meeting(marked, "68") == 0.5
    assert targets.share_meeting(marked, "province") == 0.0
    assert targets.share_meeting(marked, "370124") is None
    assert targets.meeting(values, YEARS, ["68", "province"], {"direction": "higher"}) == {}


def test_every_target_of_the_study_has_an_outcome_in_both_areas(found: xr.Dataset) -> None:
    aims = [name for name in found.data_vars if "target" in found[name].attrs]
    aims = [name for name in aims if found[name].attrs["direction"] != "neither"]
    assert {"urban_share", "entitled_share"} <= set(aims)
    outcomes = {(one.area, one.indicator) for one in targets.outcomes(found, "zh")}
    assert outcomes == {(area, name) for area in ("68", "province") for name in aims}


def test_a_working_range_has_no_year(found: xr.Dataset) -> None:
    ranged = found.assign(urban_share=found["urban_share"].assign_attrs(direction="neither"))
    assert "urban_share" not in {one.indicator for one in targets.outcomes(ranged, "en")}


def test_targets_are_written_in_the_readers_words() -> None:
    assert targets.written("0.75", "share", "en") == "75.00%"
    assert targets.written("never rising", "yuan", "zh") == "不再上升"


@given(positive, st.floats(0.1, 10))
def test_equal_places_are_equal_and_the_unit_does_not_matter(values: list[float], factor: float) -> None:
    array, weights = np.array(values), np.arange(1.0, len(values) + 1)
    assert equity.theil(np.full_like(array, values[0]), weights) == pytest.approx(0, abs=1e-12)
    assert equity.theil(array * factor, weights) == pytest.approx(equity.theil(array, weights), abs=1e-9)
    assert equity.theil(array, weights) >= -1e-12


def test_theil_by_hand_and_of_two_halves() -> None:
    """All at one of two equal places: ln 2. A place split in two of the same kind changes nothing."""
    assert equity.theil(np.array([0.0, 2.0]), np.array([1.0, 1.0])) == pytest.approx(np.log(2))
    whole = equity.theil(np.array([1.0, 3.0]), np.array([2.0, 4.0]))
    assert equity.theil(np.array([1.0, 1.0, 3.0]), np.array([1.0, 1.0, 4.0])) == pytest.approx(whole)


def test_percentiles_need_some_places() -> None:
    assert equity.p90_p10(np.arange(1.0, 12.0)) == pytest.approx(10 / 2)
    assert np.isnan(equity.p90_p10(np.arange(1.0, 5.0)))
    assert np.isnan(equity.p90_p10(np.full(9, NAN)))


def test_missing_places_do_not_count() -> None:
    assert equity.theil(np.array([1.0, NAN, 1.0]), np.array([1.0, 5.0, 1.0])) == pytest.approx(0, abs=1e-12)


@pytest.fixture
def mixed(found: xr.Dataset) -> xr.Dataset:
    """Indicators of every other aggregation beside those of the study."""
    base = found[["residents", "urban_share"]]
    levels = {"levels": "place; 68; prefecture; province", "units": "share"}
    nowhere = xr.full_like(base["urban_share"], NAN)

    def indicator(values: xr.DataArray, **attributes: str) -> xr.DataArray:
        return values.copy().assign_attrs({**levels, **attributes, "over": ""})

    return base.assign(
        mean=indicator(base["urban_share"], aggregation="population-weighted mean", weight="residents"),
        lowest=indicator(base["urban_share"], aggregation="minimum"),
        theil=indicator(nowhere, aggregation="Theil index", of="urban_share", weight="residents"),
        spread=indicator(nowhere, aggregation="P90/P10", of="urban_share"),
    )


def test_a_mean_of_places_is_weighed_by_people(mixed: xr.Dataset) -> None:
    whole = places.aggregate(mixed, "province").isel(area=0)
    assert np.allclose(whole["mean"], whole["urban_share"])


def test_a_quotient_of_two_ratios_is_that_of_the_areas_ratios(found: xr.Dataset) -> None:
    levels = {"levels": "place; 68; prefecture; province", "units": "ratio", "aggregation": "quotient of ratios"}
    mixed = found.assign(
        odds=(found["share_65"] / found["share_0_14"]).assign_attrs(of="share_65", over="share_0_14", **levels)
    )
    table = places.table_of(mixed, ["odds"], ("province",))["province"].isel(area=0)
    assert np.allclose(table["odds"], table["share_65"] / table["share_0_14"])


def test_a_minimum_is_that_of_the_lowest_place(mixed: xr.Dataset) -> None:
    for level, inside in (("province", mixed["residents"] > 0), ("68", mixed["in_68"])):
        lowest = places.aggregate(mixed, level)["lowest"].isel(area=0)
        assert np.allclose(lowest, mixed["urban_share"].where(inside).min("place"))


def test_inequality_is_worked_out_for_each_area_and_never_averaged(mixed: xr.Dataset) -> None:
    whole, listed = (places.aggregate(mixed, level).isel(area=0, year=5) for level in ("province", "68"))
    share, people = (mixed[name].isel(year=5).values for name in ("urban_share", "residents"))
    inside = mixed["in_68"].values
    assert float(whole["theil"]) == pytest.approx(equity.theil(share, people))
    assert float(listed["theil"]) == pytest.approx(equity.theil(share[inside], people[inside]))
    counties = mixed["kind"].values != "pole"
    assert float(whole["spread"]) == pytest.approx(equity.p90_p10(share[counties]))
    assert np.isnan(places.aggregate(mixed, "prefecture")["spread"]).any()


def test_a_table_brings_all_that_its_indicators_are_made_of(mixed: xr.Dataset) -> None:
    assert with_parts(places.aggregations(mixed), ["theil"]) == ["theil", "urban_share", "residents"]


def test_the_labels_of_a_result_lose_nothing(found: xr.Dataset, study: Study) -> None:
    """What a file says of how places go together is what the study says, to the last digit of the scale."""
    catalogue, table = indicators.read(study), formulas.read(study)
    written = places.aggregations(found)
    assert set(written) == set(catalogue)
    for name, own in written.items():
        told = aggregation(catalogue[name], table[name])
        assert own == (told if told.over else replace(told, scale=1.0)), name


@given(st.floats(1e-9, 1e12))
def test_a_scale_keeps_every_digit_in_a_label(scale: float) -> None:
    own = Aggregation("ratio of sums", ("place", "68"), over="residents", scale=scale)
    assert Aggregation.labelled(own.labels) == own


def test_a_share_has_its_number_beside_it(found: xr.Dataset) -> None:
    table = places.table_of(found, ["urban_share", "births"], ("68",))["68"].isel(area=0)
    behind = places.behind(table, "urban_share")
    assert behind is not None
    assert np.allclose(behind, found["town_residents"].where(found["in_68"], 0).sum("place"))
    assert behind.attrs["units"] == "persons"
    assert places.behind(table, "births") is None
