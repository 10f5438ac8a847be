"""The stored draws against the targets: how many of them lie inside the band of what the draws say, by kind of target.

What is fitted lies inside nearly always; this is a check of the draws (posterior predictive), not a proof: that is made
out of fold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.likelihood import AGES, Evidence
from xiancheng.calibration.measures import features as features_of
from xiancheng.calibration.measures import observed, with_noise
from xiancheng.calibration.priors import RESIDUALS, Space

LOW, HIGH = 0.05, 0.95
PYRAMID = "list by age"


@dataclass(frozen=True)
class Checked:
    """Targets of one kind.

    Attributes:
        kind: a feature of places, their age groups, or the age groups of the list in all.
        targets: how many.
        inside: share of them inside the 5 to 95 % band of the draws, errors of the targets included.
        half_width: half of the mean width of the band, in % of residents or in points.
    """

    kind: str
    targets: int
    inside: float
    half_width: float


def vectors(
    space: Space, drawn: Sequence[Mapping[str, float | Floats]], optimum: Mapping[tuple[str, str], float]
) -> list[Floats]:
    """Return the vectors of stored draws [prior sd]; residuals that no draw holds stand at the optimum.

    Args:
        space: what was fitted.
        drawn: parameters of each draw in their units, those of places as arrays.
        optimum: value by parameter and place.
    """
    vectors = []
    for draw in drawn:
        parts = []
        for prior, _ in space.parts():
            if prior.parameter in RESIDUALS and prior.parameter not in draw:
                values = np.array([optimum[prior.parameter, place] for place in space.places])
            else:
                values = np.atleast_1d(np.asarray(draw[prior.parameter], dtype=float))
            parts.append(np.array([prior.theta(value) for value in values]))
        vectors.append(np.concatenate(parts))
    return vectors


def checked(
    runs: Sequence[Floats], evidence: Evidence, clean: NDArray[np.bool_], seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Checked]:
    """Return how many targets of the places whose boundary did not change lie inside the band of the draws.

    Args:
        runs: table of each draw [persons].
        evidence: the evidence.
        clean: the places.
        seed: of the errors of the targets, added once to each draw.
        progress: called with 1 when done.
    """
    random = np.random.default_rng(seed)
    features, true = np.stack([features_of(run) for run in runs]), observed(evidence)
    noise = with_noise(np.zeros_like(true), evidence)
    forecasts = features + noise * random.normal(size=features.shape)
    checkeds = [
        _checked(name, 100 * forecasts[:, clean, place], 100 * true[clean, place])
        for place, name in enumerate(("residents", "urban share", "share 65+", "share 0-14"))
    ]
    ages = np.log(np.stack([run[:, AGES] for run in runs]))
    weights = np.where(evidence.age_weights > 0, evidence.age_weights, np.inf)
    noisy = ages + random.normal(size=ages.shape) / weights
    checkeds.append(_checked("age groups", 100 * noisy[:, clean], 100 * np.log(evidence.ages[clean])))
    listed = evidence.sum_places[1] > 0
    total = np.log(np.exp(ages)[:, listed].sum(axis=1))
    error = np.where(evidence.sum_weights[1, :-1] > 0, 1 / np.maximum(evidence.sum_weights[1, :-1], 1e-9), 0.0)
    total = total + random.normal(size=total.shape) * error
    checkeds.append(_checked(PYRAMID, 100 * total, 100 * np.log(evidence.ages[listed].sum(axis=0))))
    if progress is not None:
        progress(1.0)
    return checkeds


def _checked(kind: str, forecasts: Floats, true: Floats) -> Checked:
    low, high = np.quantile(forecasts, (LOW, HIGH), axis=0)
    inside = (low <= true) & (true <= high)
    return Checked(kind, int(true.size), float(inside.mean()), float((high - low).mean() / 2))
