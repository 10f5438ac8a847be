"""From low, value and high of a row to a distribution: the one rule by which a range is read.

Low and high are the points of 5 and 95 %, the value is the median. On the scale of its family (the logarithm of what is
positive, the log-odds of a share, the number itself where either sign may be) a value is two halves of a normal, joined
at the median, each with half of the mass and its own width. Ends that no such half can reach:

- low = 0 of what is positive or a share, high = 1 of a share: a twentieth has that end itself, the rest on that side is
  as wide as the other side; where neither side has a width, values lie evenly between end, median and end.
- value = low = 0, and value = high = 1 of a share: half have that end itself, the rest follows a half normal.
- value = low or value = high elsewhere: half a normal from there, nineteen in twenty within the range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy

from xiancheng.arrays import Floats
from xiancheng.model import constant_rows

POSITIVE, SHARE, SIGNED = "positive", "share", "signed"
FAMILIES = (POSITIVE, SHARE, SIGNED)
LOW, HIGH = 0.05, 0.95
"""Points of a distribution that the ends of a range are."""
END = 1.6448536269514722
"""Standard deviations from the median to an end of a range."""
HALF_END = 1.959963984540054
"""The same for half a normal."""


@dataclass(frozen=True)
class Range:
    """What a row says of a number that is not known.

    Attributes:
        low: the point of 5 %; value: the median; high: the point of 95 % [unit of the row].
        family: of FAMILIES.
    """

    low: float
    value: float
    high: float
    family: str

    @property
    def is_point(self) -> bool:
        """Whether nothing is left open."""
        return self.low == self.high

    def at(self, shares: Floats) -> Floats:
        """Return the values at some probabilities, rising with them [unit of the row].

        Args:
            shares: probabilities between 0 and 1, neither of them reached.
        """
        shares = np.asarray(shares, dtype=float)
        if self.is_point:
            return np.full(shares.shape, self.value)
        if self.low < self.value < self.high:
            return self._around(shares)
        return self._from_end(shares)

    def _around(self, shares: Floats) -> Floats:
        """Return values of two halves joined at the median."""
        scale, number = scales(self.family)
        bottom, top = self._unreachable
        middle = scale(self.value)
        below = math.inf if bottom else (middle - scale(self.low)) / END
        above = math.inf if top else (scale(self.high) - middle) / END
        if bottom and top:
            return np.interp(shares, [0.0, LOW, 0.5, HIGH, 1.0], [self.low, self.low, self.value, self.high, self.high])
        below, above = min(below, above) if bottom else below, min(below, above) if top else above
        normal = scipy.special.ndtri(shares)
        values = number(middle + normal * np.where(shares < 0.5, below, above))
        values = np.where(bottom & (shares < LOW), self.low, values)
        return np.asarray(np.where(top & (shares > HIGH), self.high, values))

    @property
    def _unreachable(self) -> tuple[bool, bool]:
        """Whether its low end lies at 0 and its high end at 1 where the scale of the family has no number."""
        return self.low == 0 and self.family != SIGNED, self.high == 1 and self.family == SHARE

    def _from_end(self, shares: Floats) -> Floats:
        """Return values of a range whose value is one of its ends."""
        scale, number = scales(self.family)
        rises = self.value == self.low
        far, least, most = (self.high if rises else self.low), *bounds(self.family)
        if self.value == (least if rises else most):
            normal = scipy.special.ndtri(shares if rises else 1 - shares)
            return np.clip(self.value + (far - self.value) * np.maximum(normal, 0.0) / END, least, most)
        away = scipy.special.ndtri((1 + shares) / 2 if rises else 1 - shares / 2) / HALF_END
        if far in (least, most):
            return np.clip(self.value + (far - self.value) * away, least, most)
        return np.asarray(number(scale(self.value) + (scale(far) - scale(self.value)) * away))


def bounds(family: str) -> tuple[float, float]:
    """Return the least and the most that numbers of a family can be."""
    return {POSITIVE: (0.0, math.inf), SHARE: (0.0, 1.0), SIGNED: (-math.inf, math.inf)}[family]


def scales(family: str) -> tuple[np.ufunc, np.ufunc]:
    """Return the scale of a family and its inverse."""
    logit, expit = scipy.special.logit, scipy.special.expit
    return {POSITIVE: (np.log, np.exp), SHARE: (logit, expit), SIGNED: (np.positive, np.positive)}[family]


def family_of(name: str, unit: str, low: float, high: float) -> str:
    """Return the family that unit and name of a constant ask for.

    A share of 1 is called one; what may be below 0 in its own range has either sign; all others are positive.
    """
    if low < 0:
        return SIGNED
    return SHARE if constant_rows.possible(name, unit, low, high)[1] == 1.0 else POSITIVE
