"""What is left out stays out of sight, and what is said of it is scored as written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import benchmarks, discrepancy, fit, folds, measures, scores
from xiancheng.calibration.benchmarks import Forecast
from xiancheng.calibration.likelihood import AGES, TOWN
from xiancheng.calibration.store import StepStore
from xiancheng.calibration.theil import theil
from xiancheng.model.members import LEVELS

SEEN = toy.observed(toy.Toy().run(toy.truth(1)))
SEXES = toy.by_sex(toy.Toy().run(toy.truth(1)))[1]


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
    first = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES, store=StepStore(tmp_path))
    (tmp_path / "fold_3.npz").unlink()
    model = toy.Toy()
    again = folds.leave_out(model, SEEN, toy.PREFECTURES, store=StepStore(tmp_path))
    assert 1 <= model.calls.count("jacobian") <= 5
    np.testing.assert_allclose(again.run, first.run, rtol=1e-10, atol=1e-10)


def test_benchmarks_never_see_the_prefecture_they_speak_of() -> None:
    out = np.array([code == "2" for code in toy.PREFECTURES])
    start, urban = toy.START, np.full(10, 0.4) + np.linspace(0, 0.2, 10)
    run, clean = toy.Toy().run(np.zeros(toy.SPACE.size)), np.ones(10, bool)
    before = benchmarks.all_ways(SEEN, SEXES, start, urban, toy.by_sex(run), toy.PREFECTURES, clean)
    shifted = np.where(out[:, None, None], 2.0, 1.0) * SEXES
    after = benchmarks.all_ways(folds.shifted(SEEN, out, 2.0), shifted, start, urban, toy.by_sex(run),
                                toy.PREFECTURES, clean)
    for name, said in before.items():
        for one, other in ((said.residents, after[name].residents), (said.urban, after[name].urban),
                           (said.sexes, after[name].sexes)):
            if one is not None and other is not None:
                np.testing.assert_allclose(one[out], other[out], rtol=1e-12, err_msg=name)


def test_measures_are_what_their_names_say() -> None:
    chosen = np.arange(10) < 4
    ages, shares = SEEN.ages * 1.1, SEEN.urban + np.array([0.03, -0.03] * 5)
    said = Forecast(ages.sum(axis=1), shares, ages, SEXES * 1.2)
    assert scores.score(said, SEEN, SEXES, chosen, "residents_mape") == pytest.approx(10)
    assert scores.score(said, SEEN, SEXES, chosen, "residents_bias") == pytest.approx(10)
    assert scores.score(said, SEEN, SEXES, chosen, "residents_rmse") == pytest.approx(
        0.1 * np.sqrt((SEEN.residents[:4] ** 2).mean()))
    assert scores.score(said, SEEN, SEXES, chosen, "urban_rmse") == pytest.approx(3)
    assert scores.score(said, SEEN, SEXES, chosen, "urban_bias") == pytest.approx(0, abs=1e-9)
    assert scores.score(said, SEEN, SEXES, chosen, "share_65_rmse") == pytest.approx(0, abs=1e-9)
    for measure in ("sex_cells_mape", "sex_cells_45_79_mape", "sum_cells_mape", "sum_cells_worst"):
        assert scores.score(said, SEEN, SEXES, chosen, measure) == pytest.approx(20)
    assert np.isnan(scores.score(Forecast(), SEEN, SEXES, chosen, "residents_mape"))
    assert scores.summed(said, SEEN, toy.PREFECTURES) == pytest.approx(10)


def test_features_of_the_census_are_those_of_a_run_that_meets_it() -> None:
    table = toy.Toy().run(toy.truth(1))
    np.testing.assert_allclose(measures.observed(SEEN), measures.features(table), rtol=1e-12)
    assert measures.features(table)[0, 1] == pytest.approx(table[0, TOWN] / table[0, AGES].sum())


def test_one_step_without_a_prefecture_comes_near_its_fold() -> None:
    """The ratios of a fit to all places are those of the folds: each prefecture seen by the others."""
    model = toy.Toy()
    answer = folds.leave_out(model, SEEN, toy.PREFECTURES)
    best = fit.optimise(model, SEEN, np.zeros(toy.SPACE.size))
    jacobian = model.jacobian(best.point.theta)
    near = discrepancy.ratios(best.point.theta, best.point.run, jacobian, SEEN, toy.SPACE, toy.PREFECTURES)
    widths = measures.with_noise(answer.spread, SEEN)
    exact = (measures.observed(SEEN) - measures.features(answer.run)) / widths
    np.testing.assert_allclose(near[:, 0], exact[:, 0], atol=0.35)
    assert np.corrcoef(near[:, 0], exact[:, 0])[0, 1] > 0.98


def test_what_a_fold_learns_of_its_misses_never_comes_from_the_place_left_out() -> None:
    planted = folds.shifted(SEEN, np.array([code == "2" for code in toy.PREFECTURES]), 2.0)
    before = folds.leave_out(toy.Toy(), SEEN, toy.PREFECTURES).folds["2"]
    after = folds.leave_out(toy.Toy(), planted, toy.PREFECTURES).folds["2"]
    np.testing.assert_allclose(after.reach, before.reach, rtol=1e-9)


def test_the_reach_of_a_band_holds_its_share_of_new_places() -> None:
    random = np.random.default_rng(4)
    inside = []
    for _ in range(300):
        drawn = 2 * random.standard_t(4, size=(61, 1))
        wide = discrepancy.reach(drawn[:60], np.ones(60, bool))
        inside.append([abs(drawn[60, 0]) <= wide[level, 0] for level in range(2)])
    np.testing.assert_allclose(np.mean(inside, axis=0), LEVELS, atol=0.07)


def test_theil_parts_add_up_and_know_a_bias() -> None:
    random = np.random.default_rng(5)
    true = random.normal(size=50)
    parts = theil("x", true + 0.5, true)
    assert parts.bias == pytest.approx(1)
    assert parts.correlation == pytest.approx(1)
    noisy = theil("x", 0.5 * true + random.normal(size=50), true)
    assert noisy.bias + noisy.variation + noisy.covariance == pytest.approx(1)


def test_bands_count_what_falls_inside() -> None:
    """Errors of one standard deviation drawn at random: a band of 90 % holds about 90 %, one half as wide fewer."""
    random = np.random.default_rng(3)
    count = 2000
    true = random.normal(size=(count, 4))
    codes = [str(number % 8) for number in range(count)]
    zero, one, everywhere = np.zeros((count, 4)), np.ones((count, 4)), np.ones(count, bool)
    reach = np.stack([0.674 * one, 1.645 * one])
    honest = scores.bands(zero, one, reach, true, zero, everywhere, codes)[0]
    narrow = scores.bands(zero, one / 2, reach, true, zero, everywhere, codes)[0]
    assert honest.inside == pytest.approx(0.9, abs=0.03)
    assert honest.inside_half == pytest.approx(0.5, abs=0.05)
    assert honest.inside_fit == honest.inside
    assert narrow.inside < 0.7
    assert narrow.interval_score > honest.interval_score


def test_a_parameter_held_stays_where_it_is_and_the_others_make_up_for_it() -> None:
    model = toy.Toy()
    chord = fit.optimise(model, SEEN, np.zeros(toy.SPACE.size)).jacobian
    free = folds.leave_out(model, SEEN, toy.PREFECTURES, chord=chord)
    held = folds.leave_out(model, SEEN, toy.PREFECTURES, chord=chord, frozen={1: -1.5})
    for code, fold in held.folds.items():
        assert fold.theta[1] == -1.5
        assert abs(fold.theta[0] - free.folds[code].theta[0]) > 1e-3
