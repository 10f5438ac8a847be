"""Stocks stand for 1 November; the year's end is Y + 1/6; a flow is the running total at Y + 1/6 less Y - 5/6."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.model import clock
from xiancheng.outputs.moments import Calendar

TIME = np.arange(2020, 2035.25 + 0.0625, 0.125)


def read(values: np.ndarray, years: Sequence[int], kind: str) -> np.ndarray:
    return Calendar.of(years, TIME).read(values, kind)


def ends(values: np.ndarray, years: Sequence[int]) -> np.ndarray:
    return Calendar.of(years, TIME).at_ends(values)


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3))
def test_the_flow_of_a_steady_total_is_its_rate(start: float, rate: float) -> None:
    flow = read(start + rate * (TIME - 2020), range(2021, 2036), "flow")
    assert np.allclose(flow, rate, atol=1e-7)


@given(st.lists(st.floats(-1e9, 1e9), min_size=len(TIME), max_size=len(TIME)))
def test_a_census_day_takes_the_saved_value_to_the_bit(values: list[float]) -> None:
    stocks = read(np.array(values), range(2020, 2036), "stock")
    assert stocks.tolist() == [values[8 * year] for year in range(16)]


def test_the_year_end_lies_between_the_saved_steps_around_it() -> None:
    assert ends(TIME, [2020, 2030]) == pytest.approx([2020 + 1 / 6, 2030 + 1 / 6])


def test_flows_add_up_over_the_years() -> None:
    total = np.cumsum(np.sin(TIME) + 2)
    yearly = read(total, range(2026, 2031), "flow").sum()
    assert yearly == pytest.approx(read(total, [2030], "flow of 5 years")[0])


def test_the_flow_of_the_year_of_the_start_is_missing() -> None:
    assert np.isnan(read(TIME, [2020, 2021], "flow")).tolist() == [True, False]


def test_nothing_is_read_beyond_the_run() -> None:
    assert np.isnan(ends(TIME, [2019, 2035, 2036])).tolist() == [True, False, True]


def test_the_mean_of_a_year_is_that_of_both_its_ends() -> None:
    (mean,) = read(TIME, [2025], "mean of year")
    assert mean == pytest.approx((2024 + 1 / 6 + 2025 + 1 / 6) / 2)


def test_a_lever_of_a_year_holds_from_its_first_day() -> None:
    assert clock.new_year(2026) == pytest.approx(2026 - 5 / 6)
