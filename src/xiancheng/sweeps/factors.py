"""What differs between the runs of a sweep: a constant, an assumption, a lever or the member of the posterior."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.arrays import Floats

CONSTANT, ASSUMPTION, LEVER, MEMBER = "constant", "assumption", "lever", "member"

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "sd"),
}
"""The numbers that each distribution needs; those of a lognormal are the median and the standard deviation at it."""

_SURE = 1e-9
"""Probability left out at either end of a distribution without bounds, so that no value is infinite."""


@dataclass(frozen=True)
class Factor:
    """One thing that differs between runs.

    Attributes:
        id: how the drawn design names it: an id, with its places behind a colon where they are not all.
        kind: CONSTANT, ASSUMPTION, LEVER or MEMBER.
        name: id of the lever or assumption, or name of the constant in the equations.
        unit: of its values.
        title: by language.
        distribution: of DISTRIBUTIONS, or "" where it chooses between words or members.
        numbers: those of the distribution [unit].
        choices: columns of a table, or numbers of members.
        year: the year in which the value is reached, 0 where it holds throughout.
        places: elements of the places where it holds, empty for all.
        bounds: least and largest value allowed [unit].
    """

    id: str
    kind: str
    name: str
    unit: str
    title: Mapping[str, str]
    distribution: str = ""
    numbers: Mapping[str, float] | None = None
    choices: tuple[Any, ...] = ()
    year: int = 0
    places: tuple[str, ...] = ()
    bounds: tuple[float, float] = (-np.inf, np.inf)

    @property
    def discrete(self) -> bool:
        """Whether its values are positions among choices."""
        return bool(self.choices)

    def values(self, shares: Floats) -> Floats:
        """Return values [unit], or positions among the choices, from probabilities between 0 and 1."""
        if self.discrete:
            count = len(self.choices)
            return np.minimum(np.floor(np.asarray(shares) * count), count - 1)
        assert self.numbers is not None
        values = _QUANTILES[self.distribution](np.asarray(shares, dtype=float), self.numbers)
        return np.clip(values, *self.bounds)

    def plain(self) -> dict[str, Any]:
        """Return the factor as plain values, for manifests."""
        return {
            "id": self.id, "kind": self.kind, "name": self.name, "unit": self.unit, "title": dict(self.title),
            "distribution": self.distribution, "numbers": dict(self.numbers or {}), "choices": list(self.choices),
            "year": self.year, "places": list(self.places),
        }


def _uniform(shares: Floats, numbers: Mapping[str, float]) -> Floats:
    return np.asarray(numbers["low"] + shares * (numbers["high"] - numbers["low"]))


def _loguniform(shares: Floats, numbers: Mapping[str, float]) -> Floats:
    return np.asarray(numbers["low"] * (numbers["high"] / numbers["low"]) ** shares)


def _triangular(shares: Floats, numbers: Mapping[str, float]) -> Floats:
    from scipy import stats  # heavy, and only needed to draw

    low, width = numbers["low"], numbers["high"] - numbers["low"]
    return np.asarray(stats.triang.ppf(shares, (numbers["mode"] - low) / width, loc=low, scale=width))


def _normal(shares: Floats, numbers: Mapping[str, float]) -> Floats:
    from scipy import stats

    inside = np.clip(shares, _SURE, 1 - _SURE)
    return np.asarray(stats.norm.ppf(inside, loc=numbers["mean"], scale=numbers["sd"]))


def _lognormal(shares: Floats, numbers: Mapping[str, float]) -> Floats:
    from scipy import stats

    spread = numbers["sd"] / numbers["mean"]
    return np.asarray(numbers["mean"] * np.exp(spread * stats.norm.ppf(np.clip(shares, _SURE, 1 - _SURE))))


_QUANTILES: Mapping[str, Callable[[Floats, Mapping[str, float]], Floats]] = {
    "uniform": _uniform,
    "loguniform": _loguniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
}
