"""How a range is read: value is the median, low and high the points of 5 and 95 %, on the support of the family."""

from __future__ import annotations

import numpy as np
import pytest
import scipy
from hypothesis import assume, given
from hypothesis import strategies as st

from xiancheng.calibration import families
from xiancheng.calibration.families import POSITIVE, SHARE, SIGNED, Range, family_of

SHARES = np.linspace(0.0005, 0.9995, 2001)
BOUNDS = {POSITIVE: (0.0, np.inf), SHARE: (0.0, 1.0), SIGNED: (-np.inf, np.inf)}


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """Any range of any family, with values at an end and ends at the bound of the family among them."""
    family = draw(st.sampled_from([POSITIVE, SHARE, SIGNED]))
    span = {POSITIVE: (0.001, 1e6), SHARE: (0.001, 0.999), SIGNED: (-1e3, 1e3)}[family]
    one = st.floats(*span)
    numbers = sorted(draw(st.tuples(one, one, one)))
    if family != SIGNED and draw(st.booleans()):
        numbers[0] = 0.0
    if family == SHARE and draw(st.booleans()):
        numbers[2] = 1.0
    middle = draw(st.sampled_from(["inside", "low", "high"]))
    numbers[1] = {"inside": numbers[1], "low": numbers[0], "high": numbers[2]}[middle]
    return Range(numbers[0], numbers[1], numbers[2], family)


@given(ranges())
def test_draws_rise_with_the_probability_and_stay_on_the_support(given_range: Range) -> None:
    values = given_range.at(SHARES)
    least, most = BOUNDS[given_range.family]
    assert np.isfinite(values).all()
    assert (values >= least).all()
    assert (values <= most).all()
    assert (np.diff(values) >= -1e-9 * np.abs(values).max()).all()


@given(ranges())
def test_low_value_and_high_are_the_points_of_5_50_and_95_per_cent(given_range: Range) -> None:
    low, value, high = given_range.low, given_range.value, given_range.high
    assume(low < value < high)
    assume(given_range.family == SIGNED or (low > 0 and (high < 1 or given_range.family != SHARE)))
    np.testing.assert_allclose(given_range.at(np.array([0.05, 0.5, 0.95])), [low, value, high], rtol=1e-6, atol=1e-9)


@given(ranges())
def test_a_value_at_an_end_never_passes_it(given_range: Range) -> None:
    low, value, high = given_range.low, given_range.value, given_range.high
    assume(low < high and value in (low, high))
    values = given_range.at(SHARES)
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    assert (values >= low - slack).all() if value == low else (values <= high + slack).all()
    inside = ((values >= low - slack) & (values <= high + slack)).mean()
    assert inside == pytest.approx(0.95, abs=0.002) or inside == 1.0


@pytest.mark.parametrize(("given_range", "end", "part"), [
    (Range(0.0, 0.1, 0.3, POSITIVE), 0.0, 0.05),
    (Range(0.0, 0.2, 0.6, SHARE), 0.0, 0.05),
    (Range(0.4, 0.9, 1.0, SHARE), 1.0, 0.05),
    (Range(0.0, 0.0, 0.5, POSITIVE), 0.0, 0.5),
    (Range(0.8, 1.0, 1.0, SHARE), 1.0, 0.5),
])
def test_an_end_that_the_family_cannot_reach_has_its_own_mass(given_range: Range, end: float, part: float) -> None:
    values = given_range.at(SHARES)
    assert (values == end).mean() == pytest.approx(part, abs=0.002)
    rest = [given_range.low, given_range.high][end == 0.0]
    at = 0.95 if end == 0.0 else 0.05
    assert given_range.at(np.array([at]))[0] == pytest.approx(rest, rel=1e-6)


def test_unequal_sides_have_half_of_the_mass_each() -> None:
    values = Range(1.0, 2.0, 20.0, POSITIVE).at(SHARES)
    assert (values < 2.0).mean() == pytest.approx(0.5, abs=0.002)
    assert np.median(values) == pytest.approx(2.0)


def test_equal_low_and_high_leave_nothing_open() -> None:
    assert (Range(3.0, 3.0, 3.0, POSITIVE).at(SHARES) == 3.0).all()


@pytest.mark.parametrize(("name", "unit", "low", "high", "family"), [
    ("cost of a home", "yuan", 1.0, 2.0, POSITIVE), ("public share", "dmnl", 0.2, 1.0, SHARE),
    ("elasticity", "dmnl", 0.0, 1.5, POSITIVE), ("log odds", "dmnl", -1.0, 1.0, SIGNED),
    ("share of product", "dmnl", 0.5, 2.0, POSITIVE),
])
def test_the_family_follows_unit_and_name(name: str, unit: str, low: float, high: float, family: str) -> None:
    assert family_of(name, unit, low, high) == family


def test_ends_of_a_range_are_those_of_the_normal_curve() -> None:
    """The points of 95 %, and of 95 % of its half, are SciPy's to the last bit."""
    assert scipy.special.ndtri(families.HIGH) == families.END
    assert scipy.special.ndtri((1 + families.HIGH) / 2) == families.HALF_END
