"""What is left out stays out of sight, and what is said of it is scored as written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import benchmarks, folds, scores
from xiancheng.calibration.benchmarks import Said
from xiancheng.calibration.likelihood import AGES, TOWN
from xiancheng.calibration.store import Store

SEEN = toy.observed(toy.Toy().run(toy.truth(1)))


def test_a_shift_in_the_prefecture_left_out_moves_no_parameter() -> None:
    """Its people doubled, its urban share halved: the fold without it stays as it is, another does not."""
    planted = folds.shifted(SEEN, np.array([code == "2" for code in toy.PREFECTURES]), 2.0)
    before = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES).folds
    after = folds.leave_out(toy.Toy(), planted, toy.PREFECTURES).folds
    np.testing.assert_allclose(after["2"].theta, before["2"].theta, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(after["2"].run, before["2"].run, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(after["2"].spread, before["2"].spread, rtol=1e-10, atol=1e-10)
    assert np.abs(after["1"].theta - before["1"].theta).max() > 0.5


def test_residuals_of_places_left_out_stay_zero() -> None:
    for code, fold in folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES).folds.items():
        parts = {prior.parameter: fold.theta[part] for prior, part in toy.SPACE.parts()}
        out = np.array([one == code for one in toy.PREFECTURES])
        assert not parts["appeal residual"][out].any()
        assert parts["appeal residual"][~out].all()


def test_a_place_left_out_is_wider_than_one_that_is_seen() -> None:
    answer = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES)
    own = answer.folds["0"].spread
    assert (own[:2, 0] > 2 * own[2:, 0].max()).all()


def test_folds_go_on_where_they_were_stopped(tmp_path: Path) -> None:
    first = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES, store=Store(tmp_path))
    (tmp_path / "fold_3.npz").unlink()
    model = toy.Toy()
    again = folds.leave_out(model, SEEN, toy.PREFECTURES, store=Store(tmp_path))
    assert 1 <= model.calls.count("jacobian") <= 5
    np.testing.assert_allclose(again.run, first.run, rtol=1e-10, atol=1e-10)


def test_benchmarks_never_see_the_prefecture_they_speak_of() -> None:
    out = np.array([code == "2" for code in toy.PREFECTURES])
    start, urban = toy.START, np.full(10, 0.4) + np.linspace(0, 0.2, 10)
    run, clean = toy.Toy().run(np.zeros(toy.SPACE.size)), np.ones(10, bool)
    before = benchmarks.all_ways(SEEN, start, urban, run, toy.PREFECTURES, clean)
    after = benchmarks.all_ways(folds.shifted(SEEN, out, 2.0), start, urban, run, toy.PREFECTURES, clean)
    for name, said in before.items():
        for one, other in ((said.residents, after[name].residents), (said.urban, after[name].urban)):
            if one is not None and other is not None:
                np.testing.assert_allclose(one[out], other[out], rtol=1e-12, err_msg=name)


def test_measures_are_what_their_names_say() -> None:
    chosen = np.arange(10) < 4
    ages, shares = SEEN.ages * 1.1, SEEN.urban + np.array([0.03, -0.03] * 5)
    said = Said(ages.sum(axis=1), shares, ages)
    assert scores.score(said, SEEN, chosen, "residents_mape") == pytest.approx(10)
    assert scores.score(said, SEEN, chosen, "residents_bias") == pytest.approx(10)
    assert scores.score(said, SEEN, chosen, "residents_rmse") == pytest.approx(
        0.1 * np.sqrt((SEEN.residents[:4] ** 2).mean()))
    assert scores.score(said, SEEN, chosen, "urban_rmse") == pytest.approx(3)
    assert scores.score(said, SEEN, chosen, "urban_bias") == pytest.approx(0, abs=1e-9)
    assert scores.score(said, SEEN, chosen, "share_65_rmse") == pytest.approx(0, abs=1e-9)
    assert np.isnan(scores.score(Said(), SEEN, chosen, "residents_mape"))
    assert scores.summed(said, SEEN, toy.PREFECTURES) == pytest.approx(10)


def test_features_of_the_census_are_those_of_a_run_that_meets_it() -> None:
    table = toy.Toy().run(toy.truth(1))
    np.testing.assert_allclose(folds.observed(SEEN), folds.features(table), rtol=1e-12)
    assert folds.features(table)[0, 1] == pytest.approx(table[0, TOWN] / table[0, AGES].sum())


def test_bands_count_what_falls_inside() -> None:
    """Errors of one standard deviation drawn at random: a band of 90 % holds about 90 %, one half as wide fewer."""
    random = np.random.default_rng(3)
    count = 2000
    true = random.normal(size=(count, 4))
    codes = [str(number % 8) for number in range(count)]
    zero, one, everywhere = np.zeros((count, 4)), np.ones((count, 4)), np.ones(count, bool)
    honest = scores.bands(zero, one, true, zero, everywhere, codes)[0]
    narrow = scores.bands(zero, one / 2, true, zero, everywhere, codes)[0]
    assert honest.inside == pytest.approx(0.9, abs=0.03)
    assert narrow.inside < 0.7
    assert narrow.interval_score > honest.interval_score
