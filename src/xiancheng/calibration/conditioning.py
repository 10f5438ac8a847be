"""All that is not known given what was published of other sectors: optimum, spread, draws with weights.

People are cut off: each draw keeps its member of the posterior of people, which these data do not move; the rest is
conditioned given it. In directions that the data inform a draw is moved and narrowed (Laplace at the optimum of its own
people); elsewhere it is the draw of the prior, to the bit. The model itself then says how much each draw counts.
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
    def spread(self) -> Floats:
        """Posterior standard deviations of the components [prior standard deviations]."""
        gone = self.singular**2 / (1 + self.singular**2)
        return np.asarray(np.sqrt(1 - (self.directions**2) @ gone))

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
        logarithms: of importance weights, level of each member of people taken out (draw,).
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


def sensitive(chance: Floats, figures: Floats, seen: NDArray[np.bool_], least: float) -> NDArray[np.int_]:
    """Return the components that move any figure that is looked at, by their correlation over draws of the prior.

    Args:
        chance: draws of the prior (draw, component).
        figures: what their runs say (draw, figure).
        seen: which figures are looked at.
        least: correlation below which a component counts as chance.
    """
    usable = np.isfinite(figures[:, seen]).all(axis=1)
    moves, says = chance[usable], figures[usable][:, seen]
    moves, says = ((values - values.mean(axis=0)) / values.std(axis=0) for values in (moves, says))
    correlations = moves.T @ says / usable.sum()
    return np.flatnonzero(np.abs(correlations).max(axis=1) >= least)


def approximate(optimum: Optimum, published: Observations) -> Approximation:
    """Return the normal distribution at an optimum (Laplace, Gauss-Newton)."""
    slope = published.slopes(optimum.point.run, optimum.jacobian)
    _, singular, rows = np.linalg.svd(slope, full_matrices=False)
    informed = singular > _INFORMED
    return Approximation(optimum, rows[informed].T, singular[informed])


def search(
    forward: fit.Runner, published: Observations, jacobian: Callable[[Floats], Floats], size: int, steps: int = 2
) -> Optimum:
    """Return the optimum with people as the equations read them, from the medians of the tables.

    Args:
        forward: the model.
        published: the figures.
        jacobian: of the model at a vector (component, figure).
        size: of the vector.
        steps: the most Jacobians.
    """
    free, point = np.ones(size, dtype=bool), fit.at(forward, published, np.zeros(size))
    moved, used = np.empty(0), 0
    while used < steps:
        moved, used = jacobian(point.theta), used + 1
        after = fit.descend(forward, published, point, moved, free)
        gained, point = point.cost - after.cost, after
        if gained < fit.ENOUGH:
            break
    return Optimum(point, moved, used, free)


def centres(approximation: Approximation, published: Observations, runs: Floats) -> tuple[Floats, Floats]:
    """Return the optimum of each member of people by one more step, and the logarithm of what the data say there.

    By the second, members of people would be weighed if they were not cut off.

    Args:
        approximation: around the optimum with people as the equations read them.
        published: the figures.
        runs: figures at that optimum with each member of people (member, figure).

    Returns:
        Vectors (member, component), and logarithms (member,).
    """
    theta, jacobian = approximation.optimum.point.theta, approximation.optimum.jacobian
    slope = published.slopes(approximation.optimum.point.run, jacobian)
    normal = slope.T @ slope + np.eye(len(theta))
    misses = np.stack([published.misses(run) for run in runs])
    middles = theta - np.linalg.solve(normal, slope.T @ misses.T + theta[:, None]).T
    rest = misses + (middles - theta) @ slope.T
    return np.asarray(middles), -((rest**2).sum(axis=1) + (middles**2).sum(axis=1)) / 2


def drawn(
    approximation: Approximation, middles: tuple[Floats, Floats], people: Sequence[int], chance: Floats,
    published: Observations, runs: Runs,
) -> Conditioned:
    """Return draws around the optimum of their people, run and weighed.

    Args:
        approximation: around the optimum.
        middles: of `centres`, for the people of each draw.
        people: the member of each draw.
        chance: draws of the prior (draw, component).
        published: the figures.
        runs: the model.
    """
    thetas = middles[0] + approximation.narrowed(chance)
    figures = runs(thetas, people)
    misses = np.stack([published.misses(run) for run in figures])
    target = -((misses**2).sum(axis=1) + (thetas**2).sum(axis=1)) / 2
    logarithms = target + (chance**2).sum(axis=1) / 2 - middles[1]
    return Conditioned(thetas, tuple(people), figures, logarithms)
