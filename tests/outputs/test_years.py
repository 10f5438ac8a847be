"""Stocks stand for 1 November; the year's end is Y + 1/6; a flow is the running total at Y + 1/6 less Y - 5/6."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.outputs import years

TIME = np.arange(2020, 2035.25 + 0.0625, 0.125)


def over_time(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims="time", coords={"time": TIME})


@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3))
def test_the_flow_of_a_steady_total_is_its_rate(start: float, rate: float) -> None:
    flow = years.flow(over_time(start + rate * (TIME - 2020)), range(2021, 2036))
    assert np.allclose(flow.values, rate, atol=1e-7)


@given(st.lists(st.floats(-1e9, 1e9), min_size=len(TIME), max_size=len(TIME)))
def test_a_census_day_takes_the_saved_value_to_the_bit(values: list[float]) -> None:
    found = years.census_day_value(over_time(np.array(values)), range(2020, 2036))
    assert found.values.tolist() == [values[8 * year] for year in range(16)]


def test_the_year_end_lies_between_the_saved_steps_around_it() -> None:
    found = years.year_end_value(over_time(TIME), [2020, 2030])
    assert found.values == pytest.approx([2020 + 1 / 6, 2030 + 1 / 6])


def test_flows_add_up_over_the_years() -> None:
    total = over_time(np.cumsum(np.sin(TIME) + 2))
    yearly = years.flow(total, range(2026, 2031)).sum()
    assert float(yearly) == pytest.approx(float(years.flow(total, [2030], 5)[0]))


def test_the_flow_of_the_year_of_the_start_is_missing() -> None:
    assert np.isnan(years.flow(over_time(TIME), [2020, 2021]).values).tolist() == [True, False]


def test_nothing_is_read_beyond_the_run() -> None:
    assert np.isnan(years.year_end_value(over_time(TIME), [2019, 2035, 2036]).values).tolist() == [True, False, True]


def test_the_mean_of_a_year_is_that_of_both_its_ends() -> None:
    found = years.mean_over_year(over_time(TIME), [2025])
    assert float(found[0]) == pytest.approx((2024 + 1 / 6 + 2025 + 1 / 6) / 2)


def test_a_lever_of_a_year_holds_from_its_first_day() -> None:
    assert years.lever_date(2026) == pytest.approx(2026 - 5 / 6)
