"""What of all that is not known moves figures: rank correlations over members, as far as they are not chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from xiancheng.arrays import Floats

_CHANCE = 0.001
"""Probability that a number that moves nothing is said to move one of the figures."""


@dataclass(frozen=True)
class Matter:
    """The figure that goes with a number most.

    Attributes:
        figure: its name; correlation: of ranks (Spearman 1904).
    """

    figure: str
    correlation: float


def least(members: int, figures: int) -> float:
    """Return the correlation that chance alone passes in any of some figures once in a thousand numbers."""
    return float(stats.norm.ppf(1 - _CHANCE / (2 * figures)) / np.sqrt(members - 1))


def of(labels: Sequence[str], thetas: Floats, figures: Mapping[str, Floats]) -> dict[str, Matter]:
    """Return by label the figure that goes with it most, where one does by more than chance.

    Args:
        labels: of the numbers.
        thetas: their values (member, number).
        figures: by name, what the run of each member says (member,); one that is the same in all or has no number in
            any member is left out.
    """
    usable = {name: values for name, values in figures.items()
              if np.isfinite(values).all() and np.ptp(values) > 0}
    if not usable:
        return {}
    correlations = _ranks(thetas).T @ _ranks(np.stack(list(usable.values()), axis=1)) / len(thetas)
    strongest, names = np.abs(correlations).argmax(axis=1), list(usable)
    bar = least(len(thetas), len(usable))
    return {label: Matter(names[column], float(correlations[row, column]))
            for row, (label, column) in enumerate(zip(labels, strongest.tolist(), strict=True))
            if abs(correlations[row, column]) > bar}


def _ranks(values: Floats) -> Floats:
    """Return ranks of columns with mean 0 and spread 1; a column of one value is 0."""
    ranks = stats.rankdata(values, axis=0) - (len(values) + 1) / 2
    spread = ranks.std(axis=0)
    return np.asarray(ranks / np.where(spread > 0, spread, 1.0))
