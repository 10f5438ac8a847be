"""A distribution is scored by how near it lies to what was counted, and right ones are spread evenly."""

from __future__ import annotations

import numpy as np
import pytest
import toy
from scipy import stats

from xiancheng.calibration import density, measures, probabilities
from xiancheng.calibration.benchmarks import Forecast
from xiancheng.calibration.density import Distribution
from xiancheng.calibration.scores import CLEAN, LISTED

SEEN = toy.observed(toy.Toy().run(toy.truth(1)))


def _one(value: float) -> np.ndarray:
    return np.array([value])


def test_the_score_of_a_normal_is_that_of_the_closed_form() -> None:
    """At its mean a standard normal scores sqrt(2/pi) - sqrt(1/pi); far off the score is nearly the error."""
    assert density.crps_normal(_one(0.0))[0] == pytest.approx(0.2336949773, abs=1e-9)
    assert density.crps_normal(_one(1.0))[0] == pytest.approx(0.6024414, abs=1e-7)
    assert density.crps_normal(_one(50.0))[0] == pytest.approx(50 - 1 / np.sqrt(np.pi), abs=1e-9)
    said = density.normal(_one(10.0), _one(2.0))
    assert said.crps(_one(12.0))[0] == pytest.approx(2 * 0.6024414, abs=1e-6)


def test_the_score_is_the_mean_distance_less_half_of_that_between_draws() -> None:
    random = np.random.default_rng(2)
    for freedom in (3.0, 8.0, np.inf):
        said = Distribution(_one(1.0), _one(0.5), _one(freedom))
        drawn = stats.t.rvs(min(freedom, 1e9), 1.0, 0.5, size=(2, 400_000), random_state=random)
        for true in (0.4, 1.0, 3.0):
            by_draws = np.abs(drawn[0] - true).mean() - np.abs(drawn[0] - drawn[1]).mean() / 2
            assert said.crps(_one(true))[0] == pytest.approx(by_draws, abs=0.005)


def test_a_score_is_least_for_the_right_distribution() -> None:
    true = np.random.default_rng(3).normal(size=4000)
    scores = {spread: density.normal(np.zeros(4000), np.full(4000, spread)).crps(true).mean()
              for spread in (0.5, 1.0, 2.0)}
    assert min(scores, key=lambda spread: scores[spread]) == 1.0


def test_the_distribution_of_bands_has_them() -> None:
    """Its middle 50 and 90 % are the bands, and a normal keeps the outer one where the inner is no narrower."""
    reach = np.array([[[0.9, 0.6745, 0.8]], [[2.6, 1.6449, 1.7]]])
    widths = np.array([[2.0, 3.0, 1.0]])
    said = density.of_bands(np.zeros((1, 3)), widths, reach)
    np.testing.assert_allclose(said.pit(reach[1] * widths), 0.95, rtol=1e-9)
    assert said.pit(reach[0] * widths)[0, 0] == pytest.approx(0.75, abs=1e-9)
    assert 3 < said.freedom[0, 0] < 10
    assert np.isinf(said.freedom[0, 1:]).all()
    assert said.scale[0, 1] == pytest.approx(3.0, rel=1e-4)


def test_probabilities_of_known_draws() -> None:
    """By hand: 0, ±0.6745 and 1.6449 standard deviations have 50, 25, 75 and 95 % below them."""
    said = density.normal(np.full(4, 5.0), np.full(4, 2.0))
    pit = said.pit(5.0 + 2.0 * np.array([0.0, -0.67448975, 0.67448975, 1.64485363]))
    np.testing.assert_allclose(pit, [0.5, 0.25, 0.75, 0.95], atol=1e-8)
    found = density.even(pit)
    assert found.counts == (0, 0, 1, 0, 0, 1, 0, 1, 0, 1)
    assert found.distance == pytest.approx(0.25)


def test_right_distributions_are_spread_evenly_and_narrow_ones_are_not() -> None:
    true = np.random.default_rng(4).normal(size=2000)
    right = density.even(density.normal(np.zeros(2000), np.ones(2000)).pit(true))
    narrow = density.even(density.normal(np.zeros(2000), np.full(2000, 0.5)).pit(true))
    assert sum(right.counts) == 2000
    assert right.probability > 0.05
    assert narrow.probability < 1e-6
    assert narrow.counts[0] > 2 * right.counts[0]


def test_a_simple_way_is_as_wide_as_it_missed_elsewhere() -> None:
    """Its own prefecture never goes in."""
    said, true = np.zeros((4, 1)), np.array([[3.0], [4.0], [1.0], [7.0]])
    found = density.missed_elsewhere(said, true, np.ones(4, bool), ["a", "a", "b", "b"])
    np.testing.assert_allclose(found[:, 0], [5.0, 5.0, np.sqrt(12.5), np.sqrt(12.5)])


def test_what_stands_in_the_table_is_the_mean_score_of_the_places() -> None:
    true, begun = measures.observed(SEEN), measures.observed(SEEN) - 0.02 * np.arange(1, 11)[:, None]
    widths, chosen = np.full(true.shape, 0.01), {CLEAN: np.arange(10) != 3, LISTED: np.ones(10, bool)}
    normal = np.stack([np.full(true.shape, float(stats.norm.ppf(q))) for q in (0.75, 0.95)])
    ways = {"model": Forecast(SEEN.residents), "no_change": Forecast(SEEN.residents * np.exp(-0.02), SEEN.urban - 0.02)}
    table, found = probabilities.judged(true + 0.01, widths, normal, true, begun, ways, chosen, toy.PREFECTURES)
    reached = {(bar.measure, bar.places): values for bar, values in table}
    assert reached["residents_crps", CLEAN]["model"] == pytest.approx(0.6024414, abs=1e-5)
    assert reached["residents_crps", CLEAN]["no_change"] == pytest.approx(2 * 0.6024414, abs=1e-5)
    assert reached["urban_crps", LISTED]["no_change"] == pytest.approx(2 * 0.6024414, abs=1e-5)
    assert np.isnan(reached["share_65_crps", CLEAN]["no_change"])
    model = next(one for one in found if one.way == "model" and one.places == CLEAN)
    assert model.even.counts == (0, 9, 0, 0, 0, 0, 0, 0, 0, 0)
    assert {one.way for one in found} == {"model", "fit_alone", "mean_change"}
