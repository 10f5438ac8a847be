"""Checks of a fit: how flat the evidence is along a parameter, which go together, whether known truths come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration.fit import Optimum, at, descend
from xiancheng.calibration.forward import Forward, Progress
from xiancheng.calibration.likelihood import AGES, ARRIVED_FROM_OUTSIDE, DEPARTED, DEPARTED_TO_OUTSIDE, TOWN, Evidence
from xiancheng.calibration.likelihood import slopes as residual_slopes
from xiancheng.calibration.priors import Space
from xiancheng.calibration.store import StepStore

OFFSETS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Distances from the optimum at which a profile is taken [prior sd]."""
_INSIDE_90 = 1.6448536269514722
_STEPS = 10
_AGAIN = 2


@dataclass(frozen=True)
class Profile:
    """The evidence along one parameter, all others free.

    Attributes:
        parameter: its name.
        values: the parameter at each offset [its unit].
        rises: how much the sum of squares rises above the optimum there, the parameter's own prior left out.
    """

    parameter: str
    values: Floats
    rises: Floats


def least_informed(space: Space, spread: Floats, always: str, count: int = 5) -> list[int]:
    """Return the components of the parameters that shrink least, and that of the parameter `always`."""
    widths = np.sqrt(np.diag(spread))[: len(space.common)]
    chosen = list(np.argsort(-widths)[:count])
    names = [prior.parameter for prior in space.common]
    if always in names and names.index(always) not in chosen:
        chosen.append(names.index(always))
    return [int(item) for item in chosen]


def profile(
    forward: Forward, evidence: Evidence, best: Optimum, component: int, progress: Progress | None = None
) -> Profile:
    """Hold one parameter off the optimum and search again for all others.

    Args:
        forward: the model.
        evidence: the evidence.
        best: the optimum.
        component: of the parameter.
        progress: told the share of the offsets that is done.
    """
    costs, values = [], []
    for position, offset in enumerate(OFFSETS):
        theta = best.point.theta.copy()
        theta[component] += offset
        free = best.fitted.copy()
        free[component] = False
        point = descend(forward, evidence, at(forward, evidence, theta), best.jacobian, free, _STEPS)
        costs.append(point.cost - theta[component] ** 2)
        values.append(float(forward.space.common[component].value(theta[component])))
        if progress is not None:
            progress((position + 1) / len(OFFSETS))
    sure = np.array(costs)
    return Profile(forward.space.common[component].parameter, np.array(values), sure - sure[OFFSETS.index(0.0)])


def write_profiles(file: Path, profiles: Sequence[Profile]) -> None:
    """Write profiles, one offset a row."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["parameter", "offset_in_prior_sd", "value", "rise_of_sum_of_squares"])
        for profile in profiles:
            writer.writerows([profile.parameter, f"{offset:g}", f"{value:.5g}", f"{rise:.3f}"]
                             for offset, value, rise in zip(OFFSETS, profile.values, profile.rises, strict=True))


def correlated(space: Space, spread: Floats, least: float = 0.6) -> list[tuple[str, str, float]]:
    """Return pairs of parameters of the study whose posteriors go together, the closest first."""
    count = len(space.common)
    widths = np.sqrt(np.diag(spread))[:count]
    correlations = spread[:count, :count] / np.outer(widths, widths)
    names = [prior.parameter for prior in space.common]
    pairs = [(names[i], names[j], float(correlations[i, j])) for i in range(count) for j in range(i)]
    return sorted([pair for pair in pairs if abs(pair[2]) >= least], key=lambda pair: -abs(pair[2]))


@dataclass(frozen=True)
class Recovery:
    """One invented world.

    Attributes:
        number: of the world, which is also its seed.
        common: share of the parameters of the study inside their 90 % bands.
        local: share of the residuals of fitted places inside theirs.
        standardised: mean square of the distance in standard deviations, near 1 if the spread is honest.
    """

    number: int
    common: float
    local: float
    standardised: float


def world(forward: Forward, evidence: Evidence, number: int) -> tuple[Floats, Evidence]:
    """Return a truth drawn from the priors, and the census it would have left, with errors as the targets state them.

    The errors are drawn once for each cell; those of totals and sums follow from them.
    """
    random = np.random.default_rng([20, number])
    theta = random.normal(size=forward.space.size)
    theta[~forward.space.free(np.asarray(evidence.total_weights) > 0)] = 0.0
    run = forward.run(theta)
    ages = run[:, AGES]
    error = np.where(evidence.age_weights > 0, 1 / np.maximum(evidence.age_weights, 1e-9), 0.0)
    counted = ages * np.exp(error * random.normal(size=ages.shape))
    share = run[:, TOWN] / ages.sum(axis=1)
    blur = np.where(evidence.urban_weights > 0, 1 / np.maximum(evidence.urban_weights, 1e-9), 0.0)
    logit = np.log(share / (1 - share)) + blur * random.normal(size=share.shape)
    listed = evidence.sum_places[1]
    rate = (listed @ run[:, DEPARTED]) / (evidence.years * (listed @ (evidence.start + counted.sum(axis=1))) / 2)
    net = (run[:, ARRIVED_FROM_OUTSIDE] - run[:, DEPARTED_TO_OUTSIDE]).sum() / evidence.years
    noisy = [value + random.normal() / weight if weight else value
             for value, weight in ((rate, evidence.departures[1]), (net, evidence.net_outside[1]))]
    return theta, replace(evidence, ages=counted, urban=1 / (1 + np.exp(-logit)),
                          departures=(float(noisy[0]), evidence.departures[1]),
                          net_outside=(float(noisy[1]), evidence.net_outside[1]))


def recover(
    forward: Forward, evidence: Evidence, led: Floats, count: int, *, store: StepStore,
    begun: Callable[[int], Progress | None] | None = None,
) -> list[Recovery]:
    """Fit invented worlds from the prior means and count how often the truth lies inside the bands.

    Args:
        forward: the model.
        evidence: the evidence, whose errors and weights are used.
        led: a Jacobian that leads the first steps, and serves for the residuals of places throughout; that of the
            parameters of the study is computed anew in each world.
        count: of worlds.
        store: where each world is kept, and taken from if it is there.
        begun: called before each with its number.
    """
    recoveries = []
    free = forward.space.free(np.asarray(evidence.total_weights) > 0)
    common = len(forward.space.common)
    for number in range(count):
        record = store.load(f"truth_{number:02d}")
        if record is None:
            truth, invented = world(forward, evidence, number)
            progress = begun(number) if begun is not None else None
            jacobian = led.copy()
            point = at(forward, invented, np.zeros(len(truth)))
            for _ in range(_AGAIN):
                point = descend(forward, invented, point, jacobian, np.ones(len(truth), bool), _STEPS)
                jacobian[:common] = forward.jacobian(point.theta, progress, common)
            point = descend(forward, invented, point, jacobian, np.ones(len(truth), bool), _STEPS)
            slope = residual_slopes(point.run, jacobian, invented)
            inverse = np.linalg.inv(slope.T @ slope + np.eye(len(truth)))
            record = {"distance": (point.theta - truth) / np.sqrt(np.diag(inverse)), "truth": truth,
                    "theta": point.theta}
            store.save(f"truth_{number:02d}", record)
        distance = record["distance"]
        inside = np.abs(distance) < _INSIDE_90
        recoveries.append(Recovery(number, float(inside[:common].mean()), float(inside[common:][free[common:]].mean()),
                              float((distance[free] ** 2).mean())))
    return recoveries


def write_recoveries(file: Path, recoveries: Sequence[Recovery]) -> None:
    """Write what came back of each world, and their mean in the last row."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["world", "parameters_inside_90", "residuals_inside_90", "mean_square_distance_in_sd"])
        rows = [(recovery.common, recovery.local, recovery.standardised) for recovery in recoveries]
        for recovery, row in zip(recoveries, rows, strict=True):
            writer.writerow([recovery.number, *(f"{value:.3f}" for value in row)])
        writer.writerow(["mean", *(f"{value:.3f}" for value in np.mean(rows, axis=0))])
