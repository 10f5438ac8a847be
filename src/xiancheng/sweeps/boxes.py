"""Boxes in a space of factors, and how well they tell cases from the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from xiancheng.arrays import Floats

Cases = NDArray[np.bool_]
LOW, HIGH, WITHOUT = "low", "high", "without"


@dataclass(frozen=True, eq=False)
class Sample:
    """Points of a space of factors, and which of them are cases.

    Attributes:
        values: (point, factor), numbers in the units of the factors, or positions among choices.
        discrete: (factor) whether it chooses.
        cases: (point).
    """

    values: Floats
    discrete: tuple[bool, ...]
    cases: Cases

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Sample:
        """Return some of the points."""
        return replace(self, values=self.values[chosen], cases=self.cases[chosen])


@dataclass(frozen=True, order=True)
class Edge:
    """A side of a box: the factor's position, LOW, HIGH or WITHOUT, and the bound, or the choice that is left out."""

    factor: int
    side: str
    value: float

    def holds(self, values: Floats) -> Cases:
        """Return which points (point, factor) lie on the inner side."""
        column = values[:, self.factor]
        if self.side == WITHOUT:
            return np.asarray(column != self.value)
        return np.asarray(column >= self.value if self.side == LOW else column <= self.value)


@dataclass(frozen=True)
class Box:
    """The points on the inner side of all edges."""

    edges: frozenset[Edge] = frozenset()

    def holds(self, values: Floats) -> Cases:
        """Return which points (point, factor) lie in the box."""
        inside = np.ones(len(values), dtype=bool)
        for edge in self.edges:
            inside &= edge.holds(values)
        return inside

    def within(self, edge: Edge) -> Box:
        """Return the box with one more edge, which stands in for a wider one on the same side."""
        return Box(frozenset(old for old in self.edges if not _same_side(old, edge)) | {edge})

    def but(self, edge: Edge) -> Box:
        """Return the box without an edge."""
        return Box(self.edges - {edge})


def _same_side(edge: Edge, other: Edge) -> bool:
    return edge.factor == other.factor and edge.side == other.side != WITHOUT


@dataclass(frozen=True)
class Measures:
    """How well a box tells cases from others.

    Attributes:
        coverage: share of all cases that lie in it; density: share of cases among its points; mass: share of all points
            that lie in it.
    """

    coverage: float
    density: float
    mass: float

    @property
    def balance(self) -> float:
        """Return the harmonic mean of coverage and density."""
        both = self.coverage + self.density
        return 2 * self.coverage * self.density / both if both else 0.0


def measures(sample: Sample, box: Box) -> Measures:
    """Return how well a box tells the cases of a sample from the rest."""
    inside = box.holds(sample.values)
    count, hits = int(inside.sum()), int(sample.cases[inside].sum())
    return Measures(hits / max(int(sample.cases.sum()), 1), hits / max(count, 1), count / max(len(inside), 1))


def chance(sample: Sample, box: Box, edge: Edge) -> float:
    """Return the quasi-p-value of an edge: how likely as many cases are if those without the edge fell by chance."""
    inside, wider = box.holds(sample.values), box.but(edge).holds(sample.values)
    return float(stats.binom.sf(sample.cases[inside].sum() - 1, inside.sum(), sample.cases[wider].mean()))
