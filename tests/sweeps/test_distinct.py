"""Paths that several scenarios have in common are kept once, and each scenario still gets its own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.engine.parameters import TimePath
from xiancheng.sweeps.distinct import Distinct

TIMES = np.array([0.0, 5.0])


@given(st.lists(st.sampled_from([(0.0, 1.0), (0.0, 2.0), (-0.0, 1.0)]), min_size=1, max_size=9), st.data())
def test_each_scenario_gets_its_own_path(ends: list[tuple[float, float]], data: st.DataObject) -> None:
    paths = [TimePath(TIMES, np.array(values)) for values in ends]
    distinct = Distinct.of(paths, lambda path: path.values)
    chosen = data.draw(st.lists(st.integers(0, len(ends) - 1), min_size=1, max_size=5))
    assert np.array_equal(distinct[np.array(chosen)], np.array([ends[number] for number in chosen]))
    assert len(distinct.values) == len({np.array(values).tobytes() for values in ends})


def test_what_is_laid_over_a_path_leaves_it_as_it_was() -> None:
    """Runs of a block change the paths they were given; the next block starts from the scenario's own."""
    distinct = Distinct.of([TimePath(TIMES, np.array([1.0, 2.0]))] * 2, lambda path: path.values)
    for scenarios in (np.array([0]), [0, 1]):
        distinct[scenarios][0] = 99.0
        assert distinct.values.tolist() == [[1.0, 2.0]]


def test_paths_with_other_times_are_others() -> None:
    later = TimePath(TIMES + 1, np.array([1.0, 2.0]))
    distinct = Distinct.of([TimePath(TIMES, np.array([1.0, 2.0])), later], lambda path: path.times)
    assert distinct[[0, 1]].tolist() == [[0.0, 5.0], [1.0, 6.0]]
