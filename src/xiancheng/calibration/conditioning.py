"""All that is not known given what was published of other sectors: optimum, spread, draws with weights.

People are cut off: each draw keeps its member of the posterior of people, which these data do not move. In directions
that the data inform a draw is moved and narrowed (Laplace at the optimum with people as the equations read them);
elsewhere it is the draw of the prior, to the bit. The model itself then says how much each draw counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration import fit, importance
from xiancheng.calibration.fit import Observations, Optimum

Progress = Callable[[float], None]
Runs = Callable[[Floats, Sequence[int]], Floats]
"""Figures of many vectors, each with its member of the posterior of people (run, figure)."""
_STEPS = 3
_INFORMED = 0.05
"""Singular value of a direction that the data tell something of: its spread falls by a thousandth."""


@dataclass(frozen=True)
class Approximation:
    """A normal distribution around an optimum, narrower than the prior in a few directions.

    Attributes:
        optimum: where the search ended, with people as the equations read them.
        directions: (component, direction), of length 1, in which the data say something.
        singular: how far a step of one prior standard deviation moves the misses along each (direction,).
    """

    optimum: Optimum
    directions: Floats
    singular: Floats

    @property
    def _gone(self) -> Floats:
        """Share of the variance along each direction that the data take away (direction,)."""
        return np.asarray(self.singular**2 / (1 + self.singular**2))

    @property
    def spread(self) -> Floats:
        """Posterior standard deviations of the components [prior standard deviations]."""
        return np.asarray(np.sqrt(1 - (self.directions**2) @ self._gone))

    @property
    def covariance(self) -> Floats:
        """Posterior covariance of the components (component, component) [prior standard deviations squared]."""
        return np.asarray(np.eye(len(self.directions)) - (self.directions * self._gone) @ self.directions.T)

    def narrowed(self, chance: Floats) -> Floats:
        """Return draws of the prior (draw, component) as those of a distribution of this width around 0."""
        along = chance @ self.directions
        return np.asarray(chance + (along * (1 / np.sqrt(1 + self.singular**2) - 1)) @ self.directions.T)


@dataclass(frozen=True)
class Conditioned:
    """Draws and what the model says of them.

    Attributes:
        thetas: vectors (draw, component); people: the member of each.
        figures: what their runs say (draw, figure).
        logarithms: of importance weights, up to a constant (draw,).
    """

    thetas: Floats
    people: tuple[int, ...]
    figures: Floats
    logarithms: Floats

    @property
    def pareto_shape(self) -> float:
        """Pareto shape of the largest weights."""
        return importance.pareto_shape(self.logarithms)

    def chosen(self, seed: int) -> NDArray[np.int_]:
        """Return one draw for each member of people, by its weight among those of that member."""
        random, people = np.random.default_rng(seed), np.array(self.people)
        rows = []
        for number in dict.fromkeys(self.people):
            own = np.flatnonzero(people == number)
            usable = own[np.isfinite(self.logarithms[own])]
            if usable.size:
                rows.append(random.choice(usable, p=importance.shares(self.logarithms[usable])))
        return np.array(rows, dtype=int)


def sensitive(chance: Floats, figures: Floats, fitted: NDArray[np.bool_], least: float) -> NDArray[np.int_]:
    """Return the components that move any figure that is looked at, by their correlation over draws of the prior.

    Args:
        chance: draws of the prior (draw, component).
        figures: what their runs say (draw, figure).
        fitted: which figures are looked at.
        least: correlation below which a component counts as chance.
    """
    usable = np.isfinite(figures[:, fitted]).all(axis=1)
    moves, says = chance[usable], figures[usable][:, fitted]
    moves, says = ((values - values.mean(axis=0)) / values.std(axis=0) for values in (moves, says))
    correlations = moves.T @ says / usable.sum()
    return np.flatnonzero(np.abs(correlations).max(axis=1) >= least)


def approximate(optimum: Optimum, published: Observations) -> Approximation:
    """Return the normal distribution at an optimum (Laplace, Gauss-Newton)."""
    slope = published.slopes(optimum.point.run, optimum.jacobian)
    _, singular, rows = np.linalg.svd(slope, full_matrices=False)
    informed = singular > _INFORMED
    return Approximation(optimum, rows[informed].T, singular[informed])


def descend_together(
    runs: Runs, data: Sequence[Observations], thetas: Floats, jacobian: Floats, people: Sequence[int],
    steps: int = _STEPS,
) -> Floats:
    """Return the optima of several sets of data at once, by Gauss-Newton steps with one Jacobian (set, component).

    Args:
        runs: the model.
        data: sets of figures.
        thetas: where each search begins (set, component).
        jacobian: of the model near there (component, figure).
        people: the member of people of each set; none keep people as the equations read them.
        steps: the most steps; one that does not pay is taken half as long in the next.
    """
    points = [fit.at(fit.Still(run), published, theta)
              for run, published, theta in zip(runs(thetas, people), data, thetas, strict=True)]
    lengths = np.ones(len(points))
    for _ in range(steps):
        directions = [direction(point, published, jacobian) for point, published in zip(points, data, strict=True)]
        tries = np.stack([point.theta + length * way
                          for point, length, way in zip(points, lengths, directions, strict=True)])
        after = [fit.at(fit.Still(run), published, theta)
                 for run, published, theta in zip(runs(tries, people), data, tries, strict=True)]
        gains = np.array([point.cost - other.cost for point, other in zip(points, after, strict=True)])
        points = [other if gain > 0 else point for point, other, gain in zip(points, after, gains, strict=True)]
        lengths = np.where(gains > 0, 1.0, lengths / 2)
        if (np.abs(gains) < fit.ENOUGH).all():
            break
    return np.stack([point.theta for point in points])


def direction(point: fit.Point, data: Observations, jacobian: Floats) -> Floats:
    """Return the Gauss-Newton step from a point (component,), solved among the figures, which are fewer."""
    slope = data.slopes(point.run, jacobian)
    start = data.misses(point.run) - slope @ point.theta
    return np.asarray(-slope.T @ np.linalg.solve(slope @ slope.T + np.eye(len(slope)), start) - point.theta)


def drawn(
    approximation: Approximation, people: Sequence[int], chance: Floats, published: Observations, runs: Runs
) -> Conditioned:
    """Return draws around the optimum, run and weighed.

    Args:
        approximation: around the optimum.
        people: the member of each draw, which weighs in too: among draws of one member it makes no difference.
        chance: draws of the prior (draw, component).
        published: the figures.
        runs: the model.
    """
    thetas = approximation.optimum.point.theta + approximation.narrowed(chance)
    figures = runs(thetas, people)
    misses = np.stack([published.misses(run) for run in figures])
    target = -((misses**2).sum(axis=1) + (thetas**2).sum(axis=1)) / 2
    return Conditioned(thetas, tuple(people), figures, target + (chance**2).sum(axis=1) / 2)
