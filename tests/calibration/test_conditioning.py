"""What is not known given data: exact where the model is linear, weighed by the model where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.calibration import conditioning, fit, importance
from xiancheng.calibration.conditioning import Approximation, Conditioned
from xiancheng.calibration.fit import Optimum

RANDOM = np.random.default_rng(3)
MATRIX = np.concatenate([RANDOM.normal(size=(5, 4)), np.zeros((5, 6))], axis=1)
"""Five figures that four of ten components move."""
ERROR = 0.4
PEOPLE = {1: 0.3, 2: -0.2, 3: 0.0, 4: 0.1}
"""What each member of people adds to every figure."""


@dataclass(frozen=True)
class Figures:
    """Data with one error."""

    values: Floats

    def misses(self, run: Floats) -> Floats:
        return (run - self.values) / ERROR

    def slopes(self, run: Floats, moved: Floats) -> Floats:
        return moved.T / ERROR


@dataclass(frozen=True)
class Toy:
    """Figures that bend with the components by `curve`."""

    curve: float = 0.0

    def run(self, theta: Floats) -> Floats:
        return self.runs(theta[None], (3,))[0]

    def runs(self, thetas: Floats, people: Sequence[int]) -> Floats:
        straight = thetas @ MATRIX.T
        return straight + self.curve * straight**2 + np.array([PEOPLE[number] for number in people])[:, None]

    def jacobian(self, theta: Floats) -> Floats:
        return np.asarray((MATRIX * (1 + 2 * self.curve * (MATRIX @ theta))[:, None]).T)


def fitted(toy: Toy, figures: Figures) -> Approximation:
    return conditioning.approximate(searched(toy, figures), figures)


def searched(toy: Toy, figures: Figures) -> Optimum:
    """The optimum with people as they are, by two Jacobians."""
    theta = np.zeros(10)
    for _ in range(2):
        jacobian = toy.jacobian(theta)
        theta = conditioning.descend_together(toy.runs, [figures], theta[None], jacobian, (3,))[0]
    return Optimum(fit.at(toy, figures, theta), jacobian, 2, np.ones(10, dtype=bool))


def conditioned(toy: Toy, figures: Figures, each: int) -> tuple[Approximation, Conditioned]:
    approximation = fitted(toy, figures)
    people = [number for number in PEOPLE for _ in range(each)]
    chance = np.random.default_rng(8).normal(size=(len(people), 10))
    return approximation, conditioning.drawn(approximation, people, chance, figures, toy.runs)


def exact(figures: Figures, shift: float) -> tuple[Floats, Floats]:
    """Mean and covariance of a linear model, from the textbook."""
    precision = MATRIX.T @ MATRIX / ERROR**2 + np.eye(10)
    covariance = np.linalg.inv(precision)
    return covariance @ MATRIX.T @ (figures.values - shift) / ERROR**2, covariance


def test_a_linear_model_gets_the_posterior_of_the_textbook_and_equal_weights() -> None:
    figures = Figures(MATRIX @ RANDOM.normal(size=10))
    approximation, draws = conditioned(Toy(), figures, 4000)
    np.testing.assert_allclose(approximation.spread, np.sqrt(np.diag(exact(figures, 0.0)[1])), rtol=1e-9)
    own = np.array(draws.people) == 3  # the people that the search had
    mean, covariance = exact(figures, 0.0)
    np.testing.assert_allclose(draws.thetas.mean(axis=0), mean, atol=0.05)
    np.testing.assert_allclose(np.cov(draws.thetas.T), covariance, atol=0.05)
    np.testing.assert_allclose(draws.logarithms[own], draws.logarithms[own][0], atol=1e-8)


def test_weights_bring_in_the_people_that_the_search_had_not() -> None:
    figures = Figures(MATRIX @ RANDOM.normal(size=10))
    _, draws = conditioned(Toy(), figures, 20_000)
    for number, shift in PEOPLE.items():
        own = np.array(draws.people) == number
        weighted = importance.shares(draws.logarithms[own]) @ draws.thetas[own]
        np.testing.assert_allclose(weighted, exact(figures, shift)[0], atol=0.05)


def test_people_are_not_moved_by_the_data() -> None:
    """One draw is taken for each member, whatever the data say of the member."""
    _, draws = conditioned(Toy(), Figures(MATRIX @ np.ones(10) + 5.0), 10)
    assert [draws.people[row] for row in draws.chosen(1)] == list(PEOPLE)


def test_what_the_data_do_not_tell_stays_the_draw_of_the_prior_to_the_bit() -> None:
    approximation = fitted(Toy(), Figures(np.ones(5)))
    chance = RANDOM.normal(size=(20, 10))
    np.testing.assert_array_equal(approximation.narrowed(chance)[:, 4:], chance[:, 4:])
    assert (approximation.spread[4:] == 1).all()
    assert len(approximation.singular) == 4


def test_weights_mend_what_the_approximation_gets_wrong_where_it_is_near() -> None:
    """A bent model: the weighted mean of a figure is nearer to that of a long run of the prior, weighed."""
    toy, figures = Toy(0.06), Figures(MATRIX @ np.array([0.8, -0.5, 0.4, 0.3, 0, 0, 0, 0, 0, 0]))
    _, draws = conditioned(toy, figures, 5000)
    own = np.array(draws.people) == 3
    assert importance.pareto_shape(draws.logarithms[own]) < importance.USABLE
    weighted = importance.shares(draws.logarithms[own]) @ draws.thetas[own][:, :4]
    prior = np.random.default_rng(5).normal(size=(400_000, 10))
    misses = figures.misses(toy.runs(prior, [3] * len(prior)))
    truth = importance.shares(-(misses**2).sum(axis=1) / 2) @ prior[:, :4]
    np.testing.assert_allclose(weighted, truth, atol=0.04)
    assert np.abs(draws.thetas[own][:, :4].mean(axis=0) - truth).max() > 0.04


def test_a_draw_without_numbers_gets_no_weight() -> None:
    shares = importance.shares(np.array([0.0, np.nan, 0.0, -np.inf]))
    np.testing.assert_allclose(shares, [0.5, 0, 0.5, 0])
    assert importance.effective_count(shares) == pytest.approx(2)


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_shape_of_a_tail_that_is_known_is_found(shape: float) -> None:
    weights = stats.genpareto.rvs(shape, size=20_000, random_state=4) + 1
    assert importance.pareto_shape(np.log(weights)) == pytest.approx(shape, abs=0.12)


def test_too_few_weights_have_no_shape() -> None:
    assert importance.pareto_shape(np.zeros(8)) == np.inf


def test_components_that_move_no_figure_are_left_out_of_the_search() -> None:
    chance = np.random.default_rng(2).normal(size=(2000, 10))
    figures = Toy().runs(chance, [1] * 2000)
    figures[7, 0] = np.nan
    seen = np.array([True, True, True, True, False])
    assert conditioning.sensitive(chance, figures, seen, 0.12).tolist() == [0, 1, 2, 3]


def test_bands_hold_nine_in_ten_of_invented_truths() -> None:
    """Recovery in a small world: truths from the prior, data with their error, 90 % bands of what the data inform."""
    random, inside = np.random.default_rng(11), []
    for _ in range(60):
        truth = random.normal(size=10)
        toy = Toy(0.02)
        figures = Figures(toy.run(truth) + ERROR * random.normal(size=5))
        approximation = fitted(toy, figures)
        informed = approximation.spread < 0.7
        distance = (truth - approximation.optimum.point.theta) / approximation.spread
        inside += (np.abs(distance[informed]) < stats.norm.ppf(0.95)).tolist()
    assert len(inside) > 100
    assert 0.8 <= np.mean(inside) <= 0.97


def test_several_sets_of_data_are_searched_at_once_each_as_alone() -> None:
    toy, sets = Toy(0.02), [Figures(np.full(5, value)) for value in (-0.5, 0.3, 1.0)]
    jacobian = toy.jacobian(np.zeros(10))
    together = conditioning.descend_together(toy.runs, sets, np.zeros((3, 10)), jacobian, (1, 2, 3), 8)
    for number, figures in enumerate(sets):
        alone = conditioning.descend_together(toy.runs, [figures], np.zeros((1, 10)), jacobian, (number + 1,), 8)
        np.testing.assert_allclose(together[number], alone[0], atol=1e-9)
    linear = conditioning.descend_together(Toy().runs, sets, np.zeros((3, 10)), Toy().jacobian(np.zeros(10)), (3,) * 3)
    np.testing.assert_allclose(linear[1], exact(sets[1], 0.0)[0], atol=1e-9)


def test_a_step_that_overshoots_is_taken_half_as_long() -> None:
    toy, figures = Toy(0.3), Figures(np.full(5, 2.0))
    theta = conditioning.descend_together(toy.runs, [figures], np.zeros((1, 10)), toy.jacobian(np.zeros(10)) / 3, (3,),
                                          12)[0]
    assert fit.at(toy, figures, theta).cost < fit.at(toy, figures, np.zeros(10)).cost
