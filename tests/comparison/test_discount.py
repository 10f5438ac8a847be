"""Money of later years is worth less by the rate a year; a rate that is none is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xiancheng.comparison import money, request
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import money as chapter
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.errors import StudyError
from xiancheng.study import Study


def test_a_present_value_weighs_each_year_by_its_distance(pair: Comparison) -> None:
    at = pair.areas["public_money"].sel(area="68", stress=REFERENCE, year=list(range(2026, 2036)))
    apart = (at.sel(scenario="A") - at.sel(scenario=BASELINE)).transpose("member", "year").values
    expected = float(np.median(sum(apart[:, year] / 1.04**year for year in range(10))))
    flow = next(item for item in money.flows(pair.areas, "68", ("public_money",), pair.accounts, discount=0.04)
                if item.option == "A")
    assert flow.present.median == pytest.approx(expected)
    plain = next(item for item in money.flows(pair.areas, "68", ("public_money",), pair.accounts) if item.option == "A")
    assert plain.present == plain.total


def test_the_report_shows_a_present_value_where_a_rate_is_given(pair: Comparison) -> None:
    rated = replace(pair, request=replace(pair.request, discount=0.04))
    for comparison, columns in ((pair, 3), (rated, 4)):
        table = next(block for block in chapter.costs(comparison, "zh").blocks if getattr(block, "id", "") == "payers")
        assert len(table.heads) == columns
        assert all(len(row) == columns for row in table.rows)
    assert "4.00%" in table.heads[-1]


@pytest.mark.parametrize("rate", ["four", "-1%", "30%", "nan"])
def test_a_rate_that_is_none_is_told(study: Study, rate: str) -> None:
    with pytest.raises(StudyError, match="--discount: .*" + rate):
        request.read(study, ["austerity"], members=0, discount=rate)


def test_per_cent_and_share_say_the_same(study: Study) -> None:
    rates = {request.read(study, ["austerity"], members=0, discount=rate).discount for rate in ("4%", "4％", 0.04)}
    assert rates == {0.04}
