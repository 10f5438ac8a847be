"""The search finds what is there, says what is not, and goes on where it was stopped."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import checks, fit, posterior
from xiancheng.calibration.likelihood import residuals, slopes
from xiancheng.calibration.store import StepStore
from xiancheng.errors import StudyError

ZERO = np.zeros(toy.SPACE.size)


def test_the_jacobian_of_the_residuals_is_that_of_differences() -> None:
    model, theta, step = toy.Toy(), toy.truth(3) / 2, 1e-5
    seen = toy.observed(toy.Toy().run(toy.truth(4)))
    exact = slopes(model.run(theta), model.jacobian(theta), seen)
    for component in range(0, len(theta), 5):
        moved = np.eye(len(theta))[component] * step
        up, down = (residuals(model.run(theta + sign * moved), seen) for sign in (1, -1))
        np.testing.assert_allclose(exact[:, component], (up - down) / (2 * step), atol=1e-5)


def test_the_optimum_is_the_least_of_residuals_and_priors() -> None:
    """At the optimum the gradient of the cost vanishes, wherever the search began."""
    model = toy.Toy()
    seen = toy.observed(model.run(toy.truth(1)))
    found = [fit.optimise(model, seen, start) for start in fit.starts(len(ZERO), 3, 3, seed=2)]
    point = found[0].point
    slope = slopes(point.run, model.jacobian(point.theta), seen)
    gradient = slope.T @ residuals(point.run, seen) + point.theta
    assert np.abs(gradient).max() < 0.05 * np.abs(slope).max()
    for other in found[1:]:
        assert other.point.cost == pytest.approx(point.cost, abs=0.1)
        np.testing.assert_allclose(other.point.theta, point.theta, atol=0.1)


def test_known_truths_are_found_again() -> None:
    """Of 20 worlds drawn from the priors, parameters lie inside their 90 % band about as often as that says."""
    inside, model = [], toy.Toy()
    random = np.random.default_rng(7)
    for seed in range(20):
        theta = toy.truth(seed)
        seen = toy.observed(model.run(theta))
        noise = np.exp(0.05 * random.normal(size=seen.ages.shape))
        seen = replace(seen, ages=seen.ages * noise, total_weights=0 * seen.total_weights,
                       sum_weights=0 * seen.sum_weights, departures=(0.0, 0.0))
        best = fit.optimise(model, seen, ZERO)
        width = np.sqrt(np.diag(posterior.covariance(best, seen)))[:13]
        inside.append(np.abs(best.point.theta - theta)[:13] < 1.645 * width)
    assert 0.8 < np.mean(inside) < 0.98


def test_what_the_targets_do_not_tell_keeps_its_prior() -> None:
    model = toy.Toy()
    seen = toy.observed(model.run(toy.truth(1)))
    blind = replace(seen, urban_weights=0 * seen.urban_weights, sum_weights=0 * seen.sum_weights)
    best = fit.optimise(model, blind, ZERO)
    lines = posterior.lines(toy.SPACE, best, posterior.covariance(best, blind), {"in place rate": 0.03})
    named = {(line.parameter, line.place): line for line in lines}
    assert named["in place rate", ""].shrinkage == pytest.approx(0, abs=1e-9)
    assert named["in place rate", ""].difference == pytest.approx(0, abs=1e-6)
    assert named["fertility residual", "p3"].shrinkage > 0.2
    assert posterior.identification(best, blind).singular[-1] < 1e-6


def test_a_search_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    """Steps that lie in the store are not computed again, and the end is the same."""
    seen = toy.observed(toy.Toy().run(toy.truth(1)))
    whole = fit.optimise(toy.Toy(), seen, ZERO, store=StepStore(tmp_path))
    steps = sorted(tmp_path.glob("start_00_step_*.npz"))
    assert len(steps) == whole.steps
    steps[-1].unlink()
    model = toy.Toy()
    again = fit.optimise(model, seen, ZERO, store=StepStore(tmp_path))
    assert model.calls.count("jacobian") == 1
    np.testing.assert_allclose(again.point.theta, whole.point.theta, rtol=1e-10, atol=1e-10)


def test_draws_have_the_spread_of_the_fit() -> None:
    seen = toy.observed(toy.Toy().run(toy.truth(1)))
    best = fit.optimise(toy.Toy(), seen, ZERO)
    spread = posterior.covariance(best, seen)
    drawn = posterior.members(toy.SPACE, best, spread, 4000, seed=1)
    assert drawn == posterior.members(toy.SPACE, best, spread, 4000, seed=1)
    values = np.array([row["pole appeal"] for row in drawn])
    line = next(one for one in posterior.lines(toy.SPACE, best, spread, {}) if one.parameter == "pole appeal")
    assert values.mean() == pytest.approx(line.optimum, abs=0.1 * line.sd)
    assert values.std() == pytest.approx(line.sd, rel=0.1)


def test_a_profile_is_flat_where_the_targets_say_nothing() -> None:
    """Along a parameter without evidence the sum of squares stays; along one with evidence it rises."""
    model = toy.Toy()
    seen = toy.observed(model.run(toy.truth(1)))
    blind = replace(seen, urban_weights=0 * seen.urban_weights, sum_weights=0 * seen.sum_weights)
    best = fit.optimise(model, blind, ZERO)
    spread = posterior.covariance(best, blind)
    names = [prior.parameter for prior in toy.SPACE.common]
    assert names[checks.least_informed(toy.SPACE, spread, "migration rate", 1)[0]] == "in place rate"
    flat = checks.profile(model, blind, best, names.index("in place rate"))
    np.testing.assert_allclose(flat.rises, 0, atol=0.01)
    told = checks.profile(model, blind, best, names.index("pole appeal"))
    assert told.rises[0] > 5
    assert told.rises[-1] > 5
    assert told.values[2] == pytest.approx(float(toy.SPACE.common[1].value(best.point.theta[1])))


def test_invented_worlds_come_back_and_are_kept(tmp_path: Path) -> None:
    model, store = toy.Toy(), StepStore(tmp_path)
    seen = toy.observed(model.run(ZERO))
    led = model.jacobian(ZERO)
    found = checks.recover(model, seen, led, 12, store=store)
    assert 0.75 < np.mean([one.common for one in found]) <= 1
    assert 0.8 < np.mean([one.local for one in found]) < 0.98
    assert 0.6 < np.mean([one.standardised for one in found]) < 1.5
    model.calls.clear()
    assert checks.recover(model, seen, led, 12, store=store) == found
    assert model.calls == []


def test_pairs_that_go_together_are_named() -> None:
    spread = np.eye(toy.SPACE.size)
    spread[0, 2] = spread[2, 0] = -0.8
    assert checks.correlated(toy.SPACE, spread) == [("in place rate", "migration rate", pytest.approx(-0.8))]


def test_an_accepted_optimum_stands_in_the_table_with_its_mark(tmp_path: Path) -> None:
    file = tmp_path / "parameters.csv"
    source = Path(__file__).resolve().parents[2] / "model" / "tables" / "parameters.csv"
    file.write_bytes(source.read_bytes())

    def line(name: str, optimum: float, shrinkage: float) -> posterior.Marginal:
        return posterior.Marginal(name, "", "linear", 0, 1, optimum, 0.1, shrinkage, 0.5, 0)

    assert posterior.accepted(file, []) == []
    assert file.read_bytes() == source.read_bytes()
    told = [line("pole appeal", 0.71234, 0.8), line("graduate return share", 0.611, 0.02)]
    assert posterior.accepted(file, told) == ["pole appeal", "graduate return share"]
    with file.open(encoding="utf-8") as lines:
        rows = {row["name"]: row for row in csv.DictReader(lines)}
    assert (rows["pole appeal"]["value"], rows["pole appeal"]["evidence"]) == ("0.712", "calibrated")
    assert (rows["graduate return share"]["value"], rows["graduate return share"]["evidence"]) == ("0.611", "assumed")
    before = file.read_bytes()
    with pytest.raises(StudyError, match=r"parameters\.csv:"):
        posterior.accepted(file, [line("pole appeal", 99.0, 0.8)])
    assert file.read_bytes() == before
