"""The price tag of a scenario against the baseline under the same assumptions, and the run it takes."""

from __future__ import annotations

from pathlib import Path

import pytest
import synthetic
import xarray as xr

from xiancheng.model import build
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import journey, pricetag
from xiancheng.study import Study

RULE = """title = { zh = "收缩", en = "Shrink" }
sentence = { zh = "人口流失的县。", en = "Where people leave." }
[levers.in_situ_settlement]
points = { 2026 = 0, 2030 = 8000 }
places = { losing_more_than = 0.01 }
"""


def with_money(result: xr.Dataset, yuan: float) -> xr.Dataset:
    """A result in which every place spends the same every year."""
    said = {"levels": "place; 68; prefecture; province", "units": "yuan a year", "title_en": "Money", "title_zh": "钱"}
    money = (result["residents"] * 0 + yuan).assign_attrs(aggregation="sum", **said)
    return result[["residents", "mean_residents"]].assign(public_money=money)


def test_the_tag_is_the_difference_over_the_years_of_the_policy(found: xr.Dataset, study: Study) -> None:
    listed, whole = pricetag.tag(with_money(found, 3e6), with_money(found, 1e6), study, "en")
    assert (listed.years, listed.area, whole.area) == ((2026, 2035), "68", "province")
    assert listed.extra == pytest.approx(2e6 * 68 * 10)
    assert whole.scenario == pytest.approx(3e6 * 84 * 10)
    people = found["mean_residents"].sel(year=slice(2026, 2035)).where(found["in_68"], 0).sum().item()
    assert listed.per_resident == pytest.approx(2e6 * 68 * 10 / people)


def test_a_scenario_that_spends_less_saves(found: xr.Dataset, study: Study) -> None:
    assert pricetag.tag(with_money(found, 1e6), with_money(found, 3e6), study, "en")[0].extra < 0


def test_without_money_there_is_no_tag(found: xr.Dataset, study: Study) -> None:
    poor = found[["residents", "mean_residents"]]
    assert not pricetag.is_priced(poor, study)
    assert pricetag.tag(poor, poor, study, "en") == []
    assert pricetag.is_priced(with_money(found, 1.0), study)


def test_what_is_left_unpaid_is_told_by_year_and_not_added_up(found: xr.Dataset, study: Study) -> None:
    """A place that leaves 1 yuan more unpaid every year leaves 5.5 more a year in the mean of ten, 10 in the last."""
    rise = (found["year"] - 2025).clip(0)
    money = with_money(found, 1.0)["public_money"]
    short = money.assign_attrs(direction="lower")
    poor = found[["residents", "mean_residents"]].assign(unfunded_money=short * 0, missing_capacity=short * 0)
    for name in ("unfunded_money", "missing_capacity"):
        poor[name].attrs = dict(short.attrs)
    worse = poor.assign(unfunded_money=(short * rise).assign_attrs(short.attrs),
                        missing_capacity=(short * 3).assign_attrs(short.attrs))
    listed, whole = pricetag.left(worse, poor, study, "en")
    assert (listed.mean, listed.last, listed.missing) == pytest.approx((5.5 * 68, 10 * 68, 3 * 68))
    assert whole.mean == pytest.approx(5.5 * 84)
    assert pricetag.left(poor[["residents", "mean_residents"]], poor, study, "en") == []


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[BuiltRun]:
    """Runs that are made, each of them synthetic."""
    made: list[BuiltRun] = []

    def simulate(built: BuiltRun, **_: object) -> xr.Dataset:
        made.append(built)
        return synthetic.run(built)

    monkeypatch.setattr(build, "simulate", simulate)
    journey.forget()
    return made


def test_what_a_scenario_is_held_against_has_its_assumptions_and_no_lever(
    study: Study, counted: list[BuiltRun]
) -> None:
    told = ["in_situ_settlement=20000", "mortality=1.1", "migration rate=0.02"]
    journey.run_baseline(journey.prepare(study, "stress_births", told))
    (below,) = counted
    assert below.scenario.levers == {}
    assert below.scenario.id == "baseline"
    assert set(below.scenario.assumptions) == {"fertility_path", "mortality"}
    assert below.scenario.constants == {"migration rate": 0.02}


def test_the_baseline_of_a_rule_and_of_a_price_tag_is_one_run(
    study: Study, counted: list[BuiltRun], tmp_path: Path
) -> None:
    (tmp_path / "shrink.toml").write_text(RULE, encoding="utf-8")
    built = journey.prepare(study, tmp_path / "shrink.toml")
    journey.run_baseline(built)
    assert len(counted) == 1
    chosen = {place for setting in built.scenario.levers["in_situ_settlement"] for place in setting.places}
    assert 0 < len(chosen) < 68
    assert not any(place.startswith("rest_") for place in chosen)


def test_the_rule_reads_the_loss_of_a_calendar_year(study: Study, counted: list[BuiltRun], tmp_path: Path) -> None:
    """A place is named by its residents at both ends of a calendar year, as the run of the baseline has them."""
    (tmp_path / "shrink.toml").write_text(RULE, encoding="utf-8")
    built = journey.prepare(study, tmp_path / "shrink.toml")
    residents = synthetic.run(built)["residents"]
    ends = residents.interp(time=[year + 1 / 6 for year in range(2024, 2035)])
    loses = (ends.diff("time") / ends.values[:-1] < -0.01).any("time")
    counties = [place.element for place in built.places if place.row["kind"] != "pole"]
    expected = {place for place in counties if bool(loses.sel(place=place))}
    assert {place for setting in built.scenario.levers["in_situ_settlement"] for place in setting.places} == expected
