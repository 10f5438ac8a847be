"""The optimum: Gauss-Newton with priors on an exact Jacobian, which serves a few steps before it is computed anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration.forward import Forward, Progress
from xiancheng.calibration.likelihood import Evidence
from xiancheng.calibration.store import StepStore

Tell = Callable[[str, float, Progress | None], None]
ENOUGH = 0.05
"""A search ends when the sum of squares falls by less."""
_STEPS = 12
_CHORDS = 4
_LED = 60
_SHORTEST = 0.05


class Runner(Protocol):
    """What a step needs of a model."""

    def run(self, theta: Floats) -> Floats:
        """Return what a run gives, from a vector in prior standard deviations."""
        ...


class Observations(Protocol):
    """What a step needs of data, whatever they speak of."""

    def misses(self, run: Floats) -> Floats:
        """Return the residuals of a run [standard deviations]."""
        ...

    def slopes(self, run: Floats, moved: Floats) -> Floats:
        """Return their derivative (residuals, components) from that of the run, its first axis the components."""
        ...


@dataclass(frozen=True)
class Still:
    """A model that was run already, at whatever vector.

    Attributes:
        figures: what the run gave.
    """

    figures: Floats

    def run(self, theta: Floats) -> Floats:
        """Return what the run gave."""
        return self.figures


@dataclass(frozen=True)
class Point:
    """A place in the search.

    Attributes:
        theta: the vector, in prior standard deviations.
        run: the table of the run there [persons].
        cost: sum of squared residuals, of the targets and of the priors.
    """

    theta: Floats
    run: Floats
    cost: float


@dataclass(frozen=True)
class Optimum:
    """Where the search ended.

    Attributes:
        point: the best place found.
        jacobian: derivative of its run, (components, places, columns), at the last exact evaluation.
        steps: exact Jacobians used.
        fitted: which components were free.
    """

    point: Point
    jacobian: Floats
    steps: int
    fitted: NDArray[np.bool_]


def at(forward: Runner, evidence: Observations, theta: Floats) -> Point:
    """Run the model at a vector."""
    run = forward.run(theta)
    with np.errstate(all="ignore"):
        misses = evidence.misses(run)
    cost = float(misses @ misses + theta @ theta)
    return Point(theta, run, cost if np.isfinite(cost) else np.inf)


def descend(
    forward: Runner, evidence: Observations, point: Point, jacobian: Floats, fitted: NDArray[np.bool_],
    most: int = _CHORDS,
) -> Point:
    """Take Gauss-Newton steps with one Jacobian of the run as long as they pay."""
    for _ in range(most):
        slope = evidence.slopes(point.run, jacobian)[:, fitted]
        rest = evidence.misses(point.run)
        normal = slope.T @ slope + np.eye(fitted.sum())
        direction = np.zeros(len(fitted))
        direction[fitted] = -np.linalg.solve(normal, slope.T @ rest + point.theta[fitted])
        better = _along(forward, evidence, point, direction)
        if better is None:
            return point
        gained, point = point.cost - better.cost, better
        if gained < ENOUGH:
            return point
    return point


def _along(forward: Runner, evidence: Observations, point: Point, direction: Floats) -> Point | None:
    """Return a better place on a line, the whole step if it is one, or None."""
    length = 1.0
    while length > _SHORTEST:
        tried = at(forward, evidence, point.theta + length * direction)
        if tried.cost < point.cost:
            return tried
        length /= 2
    return None


def optimise(
    forward: Forward, evidence: Evidence, start: Floats, *, store: StepStore | None = None, name: str = "start_00",
    begun: Callable[[int, float], Progress | None] | None = None, steps: int = _STEPS, earlier: Optimum | None = None,
) -> Optimum:
    """Search from one start until an exact Jacobian no longer gains anything.

    Args:
        forward: the model.
        evidence: the evidence.
        start: the vector to start from.
        store: where each step is kept, and taken from if it is there.
        name: of this search in the store.
        begun: called at each step with its number and the cost; what it returns is told the share that is done.
        steps: the most exact Jacobians.
        earlier: the end of another search: its Jacobian leads first, and arriving there ends this search.
    """
    store = store or StepStore()
    fitted = forward.space.free(evidence.training > 0)
    point, jacobian, number = at(forward, evidence, np.where(fitted, start, 0.0)), np.empty(0), 0
    if earlier is not None:
        point = _led(forward, evidence, point, earlier, fitted, store, name)
        if abs(point.cost - earlier.point.cost) < ENOUGH:
            return Optimum(point, earlier.jacobian, 0, fitted)
    for number in range(steps):
        record = store.load(f"{name}_step_{number:02d}")
        if record is None:
            progress = begun(number, point.cost) if begun is not None else None
            jacobian = forward.jacobian(point.theta, progress)
            after = descend(forward, evidence, point, jacobian, fitted)
            if earlier is not None:
                after = descend(forward, evidence, after, earlier.jacobian, fitted, _STEPS)
            store.save(f"{name}_step_{number:02d}", {"jacobian": jacobian, "theta": after.theta, "run": after.run})
        else:
            jacobian = record["jacobian"]
            misses = evidence.misses(record["run"])
            after = Point(record["theta"], record["run"], float(misses @ misses + record["theta"] @ record["theta"]))
        gained, point = point.cost - after.cost, after
        if gained < ENOUGH or (earlier is not None and abs(point.cost - earlier.point.cost) < ENOUGH):
            break
    return Optimum(point, jacobian, number + 1, fitted)


def _led(
    forward: Forward, evidence: Evidence, point: Point, earlier: Optimum, fitted: NDArray[np.bool_], store: StepStore,
    name: str
) -> Point:
    """Go as far as the Jacobian of another search leads, the length of each step chosen by the run itself."""
    record = store.load(f"{name}_led")
    if record is None:
        led = descend(forward, evidence, point, earlier.jacobian, fitted, _LED)
        store.save(f"{name}_led", {"theta": led.theta, "run": led.run})
        return led
    misses = evidence.misses(record["run"])
    return Point(record["theta"], record["run"], float(misses @ misses + record["theta"] @ record["theta"]))


def starts(size: int, common: int, count: int, seed: int) -> list[Floats]:
    """Return where to search from: the prior means, then draws from the prior of the study's parameters."""
    random = np.random.default_rng(seed)
    drawn = [np.concatenate([random.normal(size=common), np.zeros(size - common)]) for _ in range(count - 1)]
    return [np.zeros(size), *drawn]


def write_optima(file: Path, optima: Sequence[Optimum]) -> None:
    """Write where each search ended: its sum of squares, and its largest distance to the deepest [prior sd]."""
    best = min(optima, key=lambda optimum: optimum.point.cost)
    with whole_files.row_writer(file) as writer:
        writer.writerow(["start", "jacobians", "sum_of_squares", "above_deepest", "largest_distance"])
        for number, optimum in enumerate(optima):
            far = float(np.abs(optimum.point.theta - best.point.theta).max())
            above = optimum.point.cost - best.point.cost
            writer.writerow([number, optimum.steps, f"{optimum.point.cost:.3f}", f"{above:.3f}", f"{far:.3f}"])
