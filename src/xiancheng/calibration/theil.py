"""Theil's parts of the mean square error: bias, unequal variation, and what is left (Sterman 1984)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats

MOST_BIAS = 0.05


@dataclass(frozen=True)
class Theil:
    """Shares of the mean square error; they add up to 1.

    Attributes:
        feature: what was said.
        bias: Um, from unequal means; meant to stay under MOST_BIAS.
        variation: Us, from unequal standard deviations.
        covariance: Uc, the rest.
        correlation: of what was said and what was counted.
    """

    feature: str
    bias: float
    variation: float
    covariance: float
    correlation: float

    @property
    def ceiling(self) -> float:
        """Us of the best linear statement with this correlation: it has to vary less than the outcome."""
        return (1 - self.correlation) / (1 + self.correlation)


def theil(feature: str, forecasts: Floats, true: Floats) -> Theil:
    """Return the parts for some places.

    Args:
        feature: what was said.
        forecasts: what was said, by place [any unit].
        true: what was counted, in the same unit.
    """
    square = float(((forecasts - true) ** 2).mean())
    correlation = float(np.corrcoef(forecasts, true)[0, 1])
    bias = (forecasts.mean() - true.mean()) ** 2 / square
    variation = (forecasts.std() - true.std()) ** 2 / square
    covariance = 2 * (1 - correlation) * forecasts.std() * true.std() / square
    return Theil(feature, float(bias), float(variation), float(covariance), correlation)
