"""Bands, signs and shares of members."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.comparison import bands

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@given(numbers)
def test_a_band_is_what_numpy_says_in_order_and_within_the_members(values: list[float]) -> None:
    found = bands.band(np.array(values))
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    assert (found.low, found.median, found.high) == pytest.approx((low, median, high), rel=1e-9, abs=1e-6)
    assert min(values) - 1e-6 <= found.low <= found.median + 1e-6
    assert found.median - 1e-6 <= found.high <= max(values) + 1e-6


@given(numbers, st.permutations(range(3)))
def test_missing_members_are_left_out_wherever_they_stand(values: list[float], order: list[int]) -> None:
    parts = [np.array(values), np.array([np.nan]), np.array([np.inf])]
    assert bands.band(np.concatenate([parts[one] for one in order])) == bands.band(np.array(values))


@given(numbers)
def test_what_is_compared_with_itself_does_not_change(values: list[float]) -> None:
    same = np.array(values)
    assert not bands.change(same, same).any()
    assert bands.beats(same, same, "higher") == 0.5


@given(numbers, numbers)
def test_one_beats_the_other_as_often_as_the_other_is_beaten(first: list[float], second: list[float]) -> None:
    size = min(len(first), len(second))
    one, other = np.array(first[:size]), np.array(second[:size])
    assert bands.beats(one, other, "lower") == pytest.approx(1 - bands.beats(other, one, "lower"))
    assert bands.beats(one, other, "lower") == pytest.approx(1 - bands.beats(one, other, "higher"))


def test_no_member_gives_no_band() -> None:
    found = bands.band(np.array([np.nan]))
    assert found.members == 0
    assert np.isnan(found.median)
    assert not found.is_apart_from_zero


def test_rounding_of_stored_runs_is_no_change() -> None:
    base = np.array([1e7, 0.57])
    assert not bands.change((base.astype(np.float32)).astype(float), base).any()
    assert bands.change(base * 1.0001, base).all()


def test_many_rows_have_the_bands_that_each_has_alone() -> None:
    rows = np.random.default_rng(5).normal(size=(3, 4, 7))
    rows[0, 1, 2], rows[2, 3, :], rows[1, 1, 1:] = np.nan, np.nan, np.inf
    found = bands.Ordered.of(rows)
    for place in np.ndindex(3, 4):
        alone, present = bands.band(rows[place]), rows[place][np.isfinite(rows[place])]
        np.testing.assert_array_equal(np.array(list(vars(found.bands()[place]).values())), list(vars(alone).values()))
        assert len(present) == alone.members == found.counts[place]
        if len(present):
            assert found.medians()[place] == np.median(present)
            assert found.agreements()[place] == (np.sign(present) == np.sign(np.median(present))).mean()
    assert np.isnan(found.medians()[2, 3])


def test_agreement_is_the_share_with_the_sign_of_the_median() -> None:
    assert bands.Ordered.of(np.array([1.0, 2.0, 3.0, -1.0])).agreements() == 0.75
    assert bands.Ordered.of(np.zeros(4)).agreements() == 1.0


def test_a_sign_is_robust_only_if_every_stress_has_it_and_it_counts_in_each() -> None:
    changes = np.array([[[1.0, 2.0], [0.5, 3.0]], [[1.0, 2.0], [-0.5, -3.0]], [[1.0, 2.0], [0.0, 0.0]],
                        [[0.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [np.nan, np.nan]]])
    found = bands.Ordered.of(changes)
    assert bands.robust(found, np.array([1.5, 1.75])).tolist() == [True, False, False, False, False]
    assert bands.robust(found, np.array([1.5, 1.8])).tolist() == [False] * 5
    assert bands.keeps_sign(found.medians()).tolist() == [True, False, False, False, False]


def test_what_has_no_better_direction_has_no_winner() -> None:
    assert np.isnan(bands.beats(np.array([1.0]), np.array([2.0]), "neither"))
