"""Town and village: both margins of a place are met, and the ages differ as the regression says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.model import ages, settlement

CELLS = 2 * 86


@given(
    st.lists(st.integers(0, 40_000), min_size=CELLS, max_size=CELLS),
    st.floats(0, 1),
    st.floats(-2, 2),
)
def test_both_margins_are_met(cells: list[int], share: float, slope: float) -> None:
    """Any place, any share in town: cells add up, the town total holds to 1e-12 of the place, nobody is negative."""
    persons = np.array(cells, dtype=float).reshape(1, 2, 86)
    total = ages.exact(share * persons.sum(axis=(1, 2)))
    odds = slope * np.linspace(-1, 1, 86) * np.ones((2, 1))
    town, village = settlement.split(persons, total, odds)
    np.testing.assert_array_equal(town + village, persons)
    assert town.sum() == pytest.approx(total[0], rel=1e-12, abs=1e-12 * max(persons.sum(), 1))
    assert (town >= 0).all()
    assert (village >= 0).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_place_without_town_or_without_village(share: float) -> None:
    persons = np.arange(1.0, CELLS + 1).reshape(1, 2, 86)
    town, village = settlement.split(persons, share * persons.sum(axis=(1, 2)), np.ones((2, 86)))
    assert (town.sum(), village.sum()) == (share * persons.sum(), (1 - share) * persons.sum())


def test_the_odds_between_two_ages_hold_in_every_place() -> None:
    """Iterative proportional fitting keeps odds ratios: town/village at an age against another is what was given."""
    persons = np.full((3, 2, 86), 1000.0)
    odds = np.linspace(0.5, -0.5, 86) * np.ones((2, 1))
    town, village = settlement.split(persons, np.array([0.2, 0.5, 0.8]) * 172_000, odds)
    ratio = town / village
    np.testing.assert_allclose(np.log(ratio[:, :, 10] / ratio[:, :, 70]), odds[0, 10] - odds[0, 70], rtol=1e-6)


def test_the_regression_finds_the_ages_of_two_pure_settlements() -> None:
    """Units that mix one town and one village pyramid give back their log odds, shrunk."""
    chance = np.random.default_rng(7)
    town, village = (chance.dirichlet(np.full(38, 20.0)).reshape(2, 19) for _ in range(2))
    share = chance.uniform(0.1, 1.0, 60)[:, None, None]
    persons = chance.uniform(1e5, 1e6, 60)[:, None, None] * (share * town + (1 - share) * village)
    found = settlement.town_log_odds(persons, share.ravel())
    wanted = settlement.SHRINKAGE * np.log(town / village)
    middle = np.array([0.5, 7.5, 22.5, 72.5])
    at_middle = np.stack([np.interp(middle, np.arange(86) + 0.5, row) for row in found])
    np.testing.assert_allclose(at_middle, wanted[:, [0, 2, 5, 15]], atol=1e-9)
