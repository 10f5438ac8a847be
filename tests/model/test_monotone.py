"""The monotone curve of tables is that of scipy, which takes too long to import for a few tables."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from xiancheng.interpolate import monotone

heights = st.lists(st.floats(-100, 100).map(lambda height: round(height, 3)), min_size=3, max_size=12)


@given(heights, st.integers(0, 2**16))
def test_the_curve_is_that_of_scipy(values: list[float], seed: int) -> None:
    points = np.cumsum(np.random.default_rng(seed).uniform(0.5, 5.0, len(values)))
    moments = np.concatenate([np.linspace(points[0], points[-1], 40), points])
    own = np.stack([values, values[::-1]])
    np.testing.assert_allclose(monotone(points, own, moments), PchipInterpolator(points, own, axis=-1)(moments),
                               rtol=1e-12, atol=1e-10)


@given(heights)
def test_it_rises_where_its_points_rise(values: list[float]) -> None:
    points, rising = np.arange(len(values), dtype=float), np.sort(values)
    curve = monotone(points, rising, np.linspace(0, points[-1], 200))
    assert (np.diff(curve) >= -1e-9).all()
