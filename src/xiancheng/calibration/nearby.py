"""A posterior that is quick to ask: residuals to second order in the parameters of the study around the optimum.

It proposes steps to chains whose acceptance the model itself decides, so that it bears on their pace alone. Residuals
of places enter to first order: around the optimum they are nearly normal, given the parameters of the study.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration.fit import Optimum
from xiancheng.calibration.forward import Forward, Progress
from xiancheng.calibration.likelihood import Evidence, residuals, slopes
from xiancheng.calibration.store import StepStore

Excess = Callable[[Floats], Floats]
_TOGETHER = 32
_TRUSTED = 2.0
"""How far above its value at the origin the polynomial is believed; beyond, where it would bar chains from places that
the model allows, it grows as a logarithm."""


@dataclass(frozen=True)
class Frame:
    """The normal that the fit says, in whose coordinates chains move: its mean the origin, its covariance the unit.

    Attributes:
        mean: (components,) [prior sd].
        root: lower triangle whose square is the covariance, the same.
    """

    mean: Floats
    root: Floats

    def thetas(self, points: Floats) -> Floats:
        """Return vectors [prior sd] of points in the coordinates of the frame, (…, components)."""
        return np.asarray(self.mean + points @ self.root.T)


@dataclass(frozen=True)
class Asked:
    """The model in the coordinates of a frame.

    Attributes:
        forward: the model.
        seen: the evidence.
        best: the optimum; components that it did not fit stay there.
        frame: the frame.
    """

    forward: Forward
    seen: Evidence
    best: Optimum
    frame: Frame

    def residuals(self, points: Floats) -> Floats:
        """Return residuals and, as further ones, the vector itself [prior sd], (points, residuals + components)."""
        fitted = self.frame.thetas(points)
        thetas = np.tile(self.best.point.theta, (len(points), 1))
        thetas[:, self.best.fitted] = fitted
        with np.errstate(all="ignore"):
            misses = np.stack([residuals(run, self.seen) for run in self.forward.runs(thetas)])
        return np.concatenate([misses, fitted], axis=1)

    def excess(self, points: Floats) -> Floats:
        """Return how much less likely points are than the frame has them (logarithm); infinite where a run fails."""
        with np.errstate(all="ignore"):
            excess = ((self.residuals(points) ** 2).sum(axis=1) - (points**2).sum(axis=1)) / 2
        return np.where(np.isfinite(excess), excess, np.inf)


@dataclass(frozen=True)
class Nearby:
    """The excess of a frame as a polynomial: half of x G x + 2 b x + c with x the point and products of its first part.

    Attributes:
        square, slope, level: G, b and c.
        curved: how many components, the first ones, enter with their products.
    """

    square: Floats
    slope: Floats
    level: float
    curved: int

    def excess(self, points: Floats) -> Floats:
        """Return how much less likely points are than the frame has them, as a logarithm, (points,)."""
        x = np.concatenate([points, _products(points[:, : self.curved])], axis=1)
        above = ((x @ self.square) * x).sum(axis=1) / 2 + x @ self.slope
        return np.asarray(self.level / 2 + np.minimum(above, _TRUSTED) + np.log1p(np.maximum(above - _TRUSTED, 0)))


def frame_of(best: Optimum, spread: Floats, store: StepStore) -> Frame:
    """Return the frame of a fit; the one that chains in the store began with stays theirs."""
    record = store.load("sample_frame")
    if record is None:
        covariance = spread[np.ix_(best.fitted, best.fitted)]
        record = {"mean": best.point.theta[best.fitted], "root": np.linalg.cholesky(covariance)}
        store.save("sample_frame", record)
    return Frame(record["mean"], record["root"])


def nearby(request: Asked, store: StepStore | None = None, progress: Progress | None = None) -> Nearby:
    """Return the polynomial, from differences of runs one standard deviation from the optimum.

    Args:
        request: the model.
        store: where it is kept, and taken from if it is there.
        progress: told the share of the runs that is done.
    """
    store, curved = store or StepStore(), len(request.forward.space.common)
    record = store.load("sample_nearby")
    if record is None:
        size = len(request.frame.mean)
        slope = slopes(request.best.point.run, request.best.jacobian, request.seen)[:, request.best.fitted]
        first = np.concatenate([slope, np.eye(size)]) @ request.frame.root
        origin, second = _differences(request, curved, progress)
        matrix = np.concatenate([first, second.T], axis=1)
        square = matrix.T @ matrix
        square[:size, :size] -= np.eye(size)
        record = {"square": square, "slope": matrix.T @ origin, "level": origin @ origin}
        store.save("sample_nearby", record)
    return Nearby(record["square"], record["slope"], float(record["level"]), curved)


def _differences(request: Asked, curved: int, progress: Progress | None) -> tuple[Floats, Floats]:
    """Return residuals at the origin, and their coefficients of the products; 0 where a run fails."""
    steps = np.eye(curved, len(request.frame.mean))
    rows, columns = np.tril_indices(curved)
    points = np.concatenate([np.zeros((1, steps.shape[1])), *(
        sign * part for part in (steps, steps[rows] + steps[columns]) for sign in (1, -1))])
    differences = []
    for start in range(0, len(points), _TOGETHER):
        differences.append(request.residuals(points[start : start + _TOGETHER]))
        if progress is not None:
            progress(min(1.0, (start + _TOGETHER) / len(points)))
    values = np.concatenate(differences)
    origin, ends = values[0], [1 + curved, 1 + 2 * curved, 1 + 2 * curved + len(rows)]
    up, down, both, neither = np.split(values[1:], np.array(ends) - 1)
    single = up + down - 2 * origin
    mixed = both + neither - 2 * origin - single[rows] - single[columns]
    coefficients = np.where((rows == columns)[:, None], single[rows] / 2, mixed / 2)
    return origin, np.nan_to_num(coefficients, nan=0.0, posinf=0.0, neginf=0.0)


def _products(points: Floats) -> Floats:
    """Return the products of all pairs of components, each pair once."""
    rows, columns = np.tril_indices(points.shape[1])
    return np.asarray(points[:, rows] * points[:, columns])
