"""Shares of variance by group and the worth of knowing equal the known answers of models that can be worked out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.comparison import shares

MEMBERS = 4_000
WEIGHTS = np.array([1.0, 2.0, 0.0, 0.5])


def frozen(model: Callable[[Floats], Floats], groups: int, count: int = MEMBERS) -> tuple[Floats, Floats]:
    """Run a model of independent standard normals, one for each group, and again with one from the partner."""
    drawn = np.random.default_rng(5).standard_normal((groups, count))
    mixed = []
    for group in range(groups):
        own = drawn.copy()
        own[group] = drawn[group, shares.partners(count)]
        mixed.append(model(own))
    return model(drawn), np.array(mixed)


def additive(drawn: Floats) -> Floats:
    return np.asarray(7.0 + WEIGHTS @ drawn)


def test_first_orders_of_an_additive_model_are_its_weights_and_sum_to_one() -> None:
    found = shares.of(*frozen(additive, 4))
    assert found is not None
    known = WEIGHTS**2 / (WEIGHTS**2).sum()
    assert (np.abs(found.first - known) <= 2 * found.first_error + 0.02).all()
    assert (np.abs(found.total - known) <= 2 * found.total_error + 0.02).all()
    assert found.first.sum() == pytest.approx(1.0, abs=0.06)
    assert found.together == pytest.approx(0.0, abs=0.06)
    assert found.parts.sum() == pytest.approx(1.0)
    assert (found.first_error < 0.06).all()


def test_what_groups_do_together_is_told_apart() -> None:
    """Of a + b + ab each makes a third by itself and two thirds with the other."""
    found = shares.of(*frozen(lambda drawn: np.asarray(drawn[0] + drawn[1] + drawn[0] * drawn[1]), 2))
    assert found is not None
    assert (np.abs(found.first - 1 / 3) <= 2 * found.first_error).all()
    assert (np.abs(found.total - 2 / 3) <= 2 * found.total_error).all()
    assert found.together == pytest.approx(1 / 3, abs=0.12)


def test_nothing_is_told_of_few_members_or_of_what_never_moves() -> None:
    assert shares.of(*frozen(additive, 4, shares.LEFT - 1)) is None
    assert shares.of(np.ones(50), np.ones((4, 50))) is None
    assert shares.worth(np.ones(50), np.ones((4, 50)), higher=True) is None


@pytest.mark.parametrize("higher", [True, False])
def test_knowing_is_worth_the_loss_of_a_normal_choice(higher: bool) -> None:
    """The difference of two options is normal: what knowing a group gains is the unit loss of its part of it."""
    sign = 1.0 if higher else -1.0
    found = shares.worth(*frozen(lambda drawn: np.asarray(sign * (0.5 + WEIGHTS @ drawn)), 4), higher=higher)
    assert found is not None

    def loss(spread: float) -> float:
        return float(spread * stats.norm.pdf(0.5 / spread) - 0.5 * stats.norm.sf(0.5 / spread)) if spread else 0.0

    spread = float(np.sqrt((WEIGHTS**2).sum()))
    assert found.other == pytest.approx(stats.norm.sf(0.5 / spread), abs=0.02)
    assert found.everything == pytest.approx(loss(spread), rel=0.06)
    for group, weight in enumerate(WEIGHTS):
        assert found.groups[group] == pytest.approx(loss(abs(float(weight))), abs=2 * found.errors[group] + 0.01)
    assert not found.is_told(2)
    assert found.is_told(1)


def test_each_member_takes_a_group_from_another_and_gives_to_one() -> None:
    partners = shares.partners(7)
    assert sorted(partners) == list(range(7))
    assert all(other != own for own, other in enumerate(partners))
