"""Whether draws hold a truth is counted so that a truth of their own kind is held nine times in ten."""

from __future__ import annotations

import numpy as np

from benchmarks import recovery

DRAWS, TRUTHS = 40, 4000


def test_a_truth_that_is_one_of_the_draws_is_held_nine_times_in_ten() -> None:
    values = np.random.default_rng(1).normal(size=(DRAWS + 1, TRUTHS, 1))
    error = np.sqrt(0.9 * 0.1 / TRUTHS)
    assert abs(recovery.inside(values).mean() - 0.9) < 3 * error


def test_a_truth_beyond_all_draws_is_not_held_and_one_without_a_value_does_not_count() -> None:
    values = np.random.default_rng(2).normal(size=(DRAWS + 1, 3, 1))
    values[0, 0], values[0, 1], values[7, 2] = 9.0, 0.0, np.nan
    np.testing.assert_array_equal(recovery.inside(values)[:, 0], [0.0, 1.0, np.nan])
