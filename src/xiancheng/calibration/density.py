"""What is said of a place as a whole distribution, and how good that is: CRPS and PIT (Gneiting & Raftery 2007).

The distribution of the model is the Student t whose middle 50 % and 90 % are the bands that are published; where those
lie no farther apart than the bands of a normal, it is the normal of the 90 % band. A simple way gets a normal around
what it says, as wide as what it missed in the other prefectures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from xiancheng.arrays import Floats
from xiancheng.model.members import LEVELS

Places = NDArray[np.bool_]
BINS = 10
_INNER, _OUTER = (0.5 + level / 2 for level in LEVELS)
_LEAST_FREEDOM, _MOST_FREEDOM = 1.05, 200.0
"""Below the first the score would not be finite; above the second a Student t is a normal."""


@dataclass(frozen=True)
class Distribution:
    """Student t distributions, one for each entry.

    Attributes:
        middle: of each.
        scale: in the same unit; that of a normal is its standard deviation.
        freedom: degrees of freedom, infinite for a normal.
    """

    middle: Floats
    scale: Floats
    freedom: Floats

    def crps(self, true: Floats) -> Floats:
        """Return the continuous ranked probability score of each in the unit of the middle; smaller is better."""
        distance = (true - self.middle) / self.scale
        return np.asarray(self.scale * np.where(
            np.isinf(self.freedom), crps_normal(distance),
            crps_student(distance, np.where(np.isinf(self.freedom), _MOST_FREEDOM, self.freedom))))

    def pit(self, true: Floats) -> Floats:
        """Return the probability that each gives to less than what was counted: evenly spread if all are right."""
        return np.asarray(stats.t.cdf((true - self.middle) / self.scale, self.freedom))


def crps_normal(distance: Floats) -> Floats:
    """Return the score of a standard normal.

    Args:
        distance: of the outcome from its mean [standard deviations].
    """
    return np.asarray(distance * (2 * stats.norm.cdf(distance) - 1) + 2 * stats.norm.pdf(distance) - 1 / np.sqrt(np.pi))


def crps_student(distance: Floats, freedom: Floats) -> Floats:
    """Return the score of a Student t with scale 1 (Jordan, Krüger & Lerch 2019).

    Args:
        distance: of the outcome from its middle [scales].
        freedom: degrees of freedom, above 1.
    """
    tails = 2 * np.sqrt(freedom) / (freedom - 1) * np.exp(
        special.betaln(0.5, freedom - 0.5) - 2 * special.betaln(0.5, freedom / 2))
    return np.asarray(distance * (2 * stats.t.cdf(distance, freedom) - 1)
                      + 2 * stats.t.pdf(distance, freedom) * (freedom + distance**2) / (freedom - 1) - tails)


def normal(middle: Floats, spread: Floats) -> Distribution:
    """Return normal distributions from means and standard deviations."""
    return Distribution(middle, spread, np.full(middle.shape, np.inf))


def of_bands(middle: Floats, widths: Floats, reach: Floats) -> Distribution:
    """Return the distributions that have given bands.

    Args:
        middle: what is said, (places, features).
        widths: its standard deviation, the same.
        reach: how many times that makes the 50 % and the 90 % band, (2, places, features).
    """
    freedoms = {ratio: _freedom(float(ratio)) for ratio in np.unique(reach[1] / reach[0])}
    freedom = np.vectorize(freedoms.__getitem__, otypes=[float])(reach[1] / reach[0])
    return Distribution(middle, reach[1] * widths / stats.t.ppf(_OUTER, freedom), freedom)


def _freedom(ratio: float) -> float:
    """Return the degrees of freedom of the Student t whose outer band is so many times its inner one."""

    def excess(logarithm: float) -> float:
        freedom = np.exp(logarithm)
        return float(stats.t.ppf(_OUTER, freedom) / stats.t.ppf(_INNER, freedom) - ratio)

    low, high = np.log(_LEAST_FREEDOM), np.log(_MOST_FREEDOM)
    if excess(high) >= 0:
        return float("inf")
    if excess(low) <= 0:
        return _LEAST_FREEDOM
    return float(np.exp(optimize.brentq(excess, low, high)))


def missed_elsewhere(forecast: Floats, true: Floats, chosen: Places, prefectures: Sequence[str]) -> Floats:
    """Return the root mean square error of what is said of the places of other prefectures, (places, features).

    Args:
        forecast: (places, features).
        true: the census, the same.
        chosen: the places to learn from.
        prefectures: of each place.
    """
    codes = np.array(prefectures)
    others = [chosen & (codes != code) for code in codes]
    return np.stack([np.sqrt(((forecast - true)[rest] ** 2).mean(axis=0)) for rest in others])


@dataclass(frozen=True)
class Even:
    """How evenly the PIT of some places is spread.

    Attributes:
        counts: places in ten bins of equal width from 0 to 1.
        distance: of Kolmogorov and Smirnov to the even spread.
        probability: of a larger distance if places were independent and the distributions right.
    """

    counts: tuple[int, ...]
    distance: float
    probability: float


def even(pit: Floats) -> Even:
    """Return how evenly probabilities are spread between 0 and 1."""
    counts, _ = np.histogram(pit, bins=BINS, range=(0.0, 1.0))
    test = stats.kstest(pit, "uniform")
    return Even(tuple(int(count) for count in counts), float(test.statistic), float(test.pvalue))
