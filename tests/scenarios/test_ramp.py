"""A lever moves in a straight line between its points and never faster than its ramp allows."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.model import clock
from xiancheng.scenarios import ramp

targets = st.lists(
    st.tuples(st.integers(1, 40).map(lambda step: step / 8), st.floats(-100, 100)), min_size=1, max_size=8
).map(lambda steps: [(sum(years for years, _ in steps[: i + 1]), value) for i, (_, value) in enumerate(steps)])
speeds = st.floats(0.1, 1000)


def test_slow_points_are_met_exactly() -> None:
    points = [(2024.0, 0.0), (2025.0, 5.0), (2029.0, 15.0)]
    assert ramp.follow(points, 20.0) == points


def test_a_point_too_far_is_reached_later_at_full_speed() -> None:
    path = ramp.follow([(2024.0, 0.0), (2025.0, 3.0)], 1.2)
    assert path[:2] == [(2024.0, 0.0), (2025.0, 1.2)]
    assert path[2] == pytest.approx((2026.5, 3.0))


def test_a_late_lever_catches_up_with_its_line_before_the_next_point() -> None:
    path = ramp.follow([(2024.0, 0.0), (2025.0, 3.0), (2035.0, 3.0)], 1.5)
    assert ramp.at(path, 2026.0) == pytest.approx(3.0)
    assert path[-1] == (2035.0, 3.0)


def test_a_late_lever_meets_a_line_that_comes_down_and_follows_it_down_at_its_own_speed() -> None:
    path = ramp.follow([(0.0, 0.0), (1.0, 10.0), (2.0, -10.0)], 2.0)
    assert ramp.at(path, 1.0) == 2.0
    assert max(value for _, value in path) < 3.0
    assert path[-1][1] == -10.0


def test_without_a_ramp_the_line_is_the_path() -> None:
    points = [(2024.0, 0.0), (2025.0, 1.0), (2026.0, -1.0)]
    assert ramp.follow(points, float("inf")) == points


@given(targets, speeds)
def test_never_faster_than_the_ramp(points: list[ramp.Point], fastest: float) -> None:
    for (first, lower), (second, upper) in pairwise(ramp.follow(points, fastest)):
        assert second >= first
        assert abs(upper - lower) <= fastest * (second - first) * (1 + 1e-9) + 1e-9


@given(targets, speeds)
def test_the_last_value_is_reached_and_kept(points: list[ramp.Point], fastest: float) -> None:
    path = ramp.follow(points, fastest)
    assert path[0] == points[0]
    assert path[-1][1] == pytest.approx(points[-1][1])
    assert ramp.at(path, 1e6) == path[-1][1]


@given(targets, speeds)
def test_the_path_stays_within_the_values_asked_for(points: list[ramp.Point], fastest: float) -> None:
    asked = [value for _, value in points]
    for _, value in ramp.follow(points, fastest):
        assert min(asked) - 1e-9 <= value <= max(asked) + 1e-9


@given(targets)
def test_a_lever_at_its_baseline_never_moves(points: list[ramp.Point]) -> None:
    still = [(time, 7.5) for time, _ in points]
    assert {value for _, value in ramp.follow(still, 1.0)} == {7.5}


def test_a_levers_year_is_its_first_of_january() -> None:
    assert clock.new_year(2026) == pytest.approx(2026 - 5 / 6)
    assert clock.day(clock.new_year(2026)) == datetime.date(2026, 1, 1)
    assert clock.day(clock.census_day(2020)) == datetime.date(2020, 11, 1)
    assert clock.day(clock.year_end(2024)) == datetime.date(2025, 1, 1)


def test_the_end_of_a_year_is_the_first_of_january_of_the_next() -> None:
    assert clock.year_end(2024) == pytest.approx(clock.new_year(2025))
