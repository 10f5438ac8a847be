"""Chains find a posterior that is known, say when they have not, and go on where they were stopped."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import chains, fit, nearby, posterior, sampling
from xiancheng.calibration.nearby import Excess, Frame
from xiancheng.calibration.store import StepStore

SIZE = 6
FRAME = Frame(np.linspace(-1, 1, SIZE), np.tril(np.random.default_rng(1).normal(size=(SIZE, SIZE))) + 2 * np.eye(SIZE))
SHIFT, SPREAD = np.linspace(-0.4, 0.4, SIZE), np.linspace(0.7, 1.3, SIZE)


def _planted(points: np.ndarray) -> np.ndarray:
    """The excess of a normal that is not the frame: moved, narrower in some directions and wider in others."""
    return ((((points - SHIFT) / SPREAD) ** 2).sum(axis=1) - (points**2).sum(axis=1)) / 2


def _frame(points: np.ndarray) -> np.ndarray:
    return np.zeros(len(points))


def _askew(points: np.ndarray) -> np.ndarray:
    """A stand-in that is wrong in its own way."""
    return _planted(points) + 0.8 * np.sin(points[:, 0]) + 0.3 * points[:, 1]


@pytest.mark.parametrize("near", [_frame, _planted, _askew])
def test_a_planted_normal_is_found_whatever_the_stand_in(near: Excess) -> None:
    found = sampling.sample(_planted, near, FRAME, 3000, seed=1)
    np.testing.assert_allclose(found.points.std(axis=(0, 1)), SPREAD, rtol=0.06)
    np.testing.assert_allclose(found.points.mean(axis=(0, 1)), SHIFT, atol=0.08)
    np.testing.assert_allclose(found.draws[0, 5], FRAME.mean + FRAME.root @ found.points[0, 5])


def test_the_warm_up_learns_what_the_stand_in_misses() -> None:
    """A stand-in that is off by a plane is put right, so that nearly all later proposals are taken."""
    def leaning(points: np.ndarray) -> np.ndarray:
        return _planted(points) + points @ np.linspace(-1, 1, SIZE)

    assert sampling.sample(_planted, leaning, FRAME, 200, seed=1).accepted > 0.9


def test_where_the_stand_in_is_right_every_proposal_is_taken() -> None:
    assert sampling.sample(_planted, _planted, FRAME, 100, seed=1).accepted == pytest.approx(1)
    assert sampling.sample(_planted, _askew, FRAME, 100, seed=1).accepted < 1


def test_a_wall_is_never_crossed() -> None:
    """Where a run fails the excess is infinite, also at the begin of a chain."""
    def excess(points: np.ndarray) -> np.ndarray:
        return np.where(points[:, 0] > 0, _planted(points), np.inf)

    assert (sampling.sample(excess, _planted, FRAME, 300, seed=1).points[:, :, 0] > 0).all()


def test_chains_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    """Blocks in the store are not computed again, more steps come after them, and the draws are the same."""
    counted = []

    def excess(points: np.ndarray) -> np.ndarray:
        counted.append(len(points))
        return _planted(points)

    store, whole = StepStore(tmp_path), sampling.sample(_planted, _askew, FRAME, 500, seed=3)
    sampling.sample(excess, _askew, FRAME, 300, seed=3, store=store)
    counted.clear()
    found = sampling.sample(excess, _askew, FRAME, 500, seed=3, store=store)
    assert len(counted) == 200
    np.testing.assert_array_equal(found.points, whole.points)
    assert not np.array_equal(sampling.sample(_planted, _askew, FRAME, 50, seed=4).points, whole.points[:, :25])


def test_independent_draws_agree_and_are_worth_their_number() -> None:
    drawn = np.random.default_rng(2).normal(size=(4, 1000))
    assert chains.r_hat(drawn) < 1.005
    assert chains.bulk_ess(drawn) == pytest.approx(4000, rel=0.1)


def test_draws_that_remember_are_worth_fewer() -> None:
    """With a correlation of 0.8 from step to step, one in nine: (1 - 0.8) / (1 + 0.8)."""
    drawn = np.random.default_rng(3).normal(size=(4, 8000))
    for step in range(1, drawn.shape[1]):
        drawn[:, step] += 0.8 * drawn[:, step - 1]
    assert chains.bulk_ess(drawn) == pytest.approx(32_000 / 9, rel=0.15)


@pytest.mark.parametrize("change", ["level", "spread", "drift"])
def test_chains_that_differ_are_told(change: str) -> None:
    drawn = np.random.default_rng(4).normal(size=(4, 1000))
    if change == "level":
        drawn[0] += 0.5
    elif change == "spread":
        drawn[0] *= 2
    else:
        drawn += np.linspace(-0.5, 0.5, 1000)
    assert chains.r_hat(drawn) > chains.MOST_R_HAT


def test_ranks_take_no_notice_of_the_scale() -> None:
    drawn = np.random.default_rng(5).normal(size=(4, 500))
    assert chains.r_hat(np.exp(drawn)) == pytest.approx(chains.r_hat(drawn), abs=2e-3)
    assert chains.bulk_ess(np.exp(3 * drawn)) == pytest.approx(chains.bulk_ess(drawn), rel=1e-9)


def test_chains_of_the_invented_places_find_what_weighted_draws_find(tmp_path: Path) -> None:
    """Draws from the frame, each weighted by posterior over frame, have the same means and spreads."""
    asked = _asked()
    found = sampling.sample(asked.excess, nearby.nearby(asked).excess, asked.frame, 600, seed=1)
    lines = sampling.beside(found, toy.SPACE, asked.best.fitted)
    assert [(one.parameter, one.place) for one in lines] == toy.SPACE.labels()
    points = 1.1 * np.random.default_rng(6).normal(size=(8_000, toy.SPACE.size))
    thetas = asked.frame.thetas(points)
    weights = (points**2).sum(axis=1) * (1 / 1.1**2 - 1) / 2 - asked.excess(points)
    weights = np.exp(weights - weights.max()) / np.exp(weights - weights.max()).sum()
    mean = weights @ thetas
    sd = np.sqrt(weights @ (thetas - mean) ** 2)
    np.testing.assert_allclose([one.mean for one in lines], mean, atol=0.15 * sd.max())
    np.testing.assert_allclose([one.sd for one in lines], sd, rtol=0.12)
    sampling.write(tmp_path / "sampled.csv", lines)
    with (tmp_path / "sampled.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == sampling.HEADER
    assert float(rows[0]["ratio"]) == pytest.approx(float(rows[0]["sd"]) / float(rows[0]["laplace_sd"]), abs=0.01)


def test_the_stand_in_is_the_model_to_second_order(tmp_path: Path) -> None:
    """It is exact where it was measured, nearer than the normal elsewhere, and is kept."""
    asked, store = _asked(), StepStore(tmp_path)
    near = nearby.nearby(asked, store)
    measured = np.concatenate([np.zeros((1, toy.SPACE.size)), np.eye(3, toy.SPACE.size)])
    np.testing.assert_allclose(near.excess(measured), asked.excess(measured), atol=0.05)
    points = 0.6 * np.random.default_rng(7).normal(size=(200, toy.SPACE.size)) * (np.arange(toy.SPACE.size) < 3)
    true = asked.excess(points)
    assert (true - near.excess(points)).std() < 0.3 * true.std()
    again = nearby.nearby(asked, store)
    np.testing.assert_array_equal(again.excess(points), near.excess(points))


def _asked() -> nearby.Asked:
    model = toy.Toy()
    seen = toy.observed(model.run(toy.truth(1)))
    best = fit.optimise(model, seen, np.zeros(toy.SPACE.size))
    return nearby.Asked(model, seen, best, nearby.frame_of(best, posterior.covariance(best, seen), StepStore()))


def test_chains_that_disagree_are_not_called_a_posterior() -> None:
    good = sampling.Beside("x", "", 0, 1, 0, 1, 1.009, 401)
    assert sampling.is_posterior([good])
    assert not sampling.is_posterior([good, sampling.Beside("x", "", 0, 1, 0, 1, 1.011, 401)])
    assert not sampling.is_posterior([good, sampling.Beside("x", "", 0, 1, 0, 1, 1.009, 399)])
