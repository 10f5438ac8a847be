"""The table of a plan holds levels at the milestones and their growth; that of prefectures sums of their places."""

from __future__ import annotations

import numpy as np
import pytest

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import plan, prefectures
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE

YEARS = [2025, 2027, 2030, 2035]


def test_a_plan_names_level_growth_and_kind(pair: Comparison) -> None:
    assert plan.years(pair) == YEARS
    first, option, _ = plan.tables(pair, "en")
    assert [table.id for table in (first, option)] == ["plan-baseline", "plan-A"]
    assert list(option.heads[2:6]) == [str(year) for year in YEARS]
    at = pair.areas.sel(area="province", stress=REFERENCE, scenario="A").median("member")
    rows = dict(zip(pair.shown, option.rows, strict=True))
    for name in ("residents", "refuge_area", "urban_share"):
        levels = [float(at[name].sel(year=year)) for year in YEARS]
        assert [cell.value for cell in rows[name][2:6]] == pytest.approx(levels)
    rate = (levels[-1] - levels[0]) / 10
    assert rows["urban_share"][6].value == pytest.approx(rate)
    residents = [float(at["residents"].sel(year=year)) for year in (2025, 2035)]
    assert rows["residents"][6].value == pytest.approx((residents[1] / residents[0]) ** 0.1 - 1)
    assert (rows["refuge_area"][7].words, rows["urban_share"][7].words) == ("binding", "anticipated")


def test_a_prefecture_holds_all_its_places(pair: Comparison) -> None:
    first, second = prefectures.tables(pair, "zh")
    assert (first.id, second.id) == ("prefectures-A", "prefectures-B")
    last = pair.places["residents"].sel(stress=REFERENCE).isel(year=-1)
    apart = (last.sel(scenario="A") - last.sel(scenario=BASELINE)).transpose("member", "place").values
    owners = np.array([str(name) for name in pair.places["prefecture_zh"].values])
    column = first.heads.index(str(pair.places["residents"].attrs["title_zh"]))
    assert len(first.rows) == len(set(owners))
    for row in first.rows:
        total = np.median(apart[:, owners == row[0].words].sum(axis=1))
        assert row[column].value == pytest.approx(total, rel=1e-6)
        assert row[column].words.startswith("◆")
