"""A finished run by calendar year, in plain arrays: variables, and the sums and products of them that formulas name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.source import key
from xiancheng.outputs.expression import BadExpression, Expression, Term, TermFactor, written_range
from xiancheng.outputs.moments import Calendar
from xiancheng.texts import phrase

Dims = tuple[str, ...]
BY_PLACE = ("year", "place")
"""Dims that an expression leaves; all others are summed at the end of each of its terms."""


@lru_cache(maxsize=64)
def _positions(elements: tuple[str, ...]) -> Mapping[str, int]:
    """Return the position of each element by its key."""
    return {key(element): position for position, element in enumerate(elements)}


@dataclass
class YearReadings:
    """One run, read by calendar year; what several indicators read is read once.

    Attributes:
        run: the run.
        years: the calendar years.
        xp: what computes: numpy, or JAX's functions for slopes.
    """

    run: PlainRun
    years: Sequence[int]
    xp: Any = np
    _factors: dict[tuple[str, tuple[tuple[str, str], ...], str], tuple[Floats, Dims]] = field(default_factory=dict)
    _terms: dict[tuple[Term, str], Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._calendar = Calendar.of(self.years, self.run.times)

    def variable(self, name: str, kind: str) -> tuple[Floats, Dims]:
        """Return a variable as one of moments.KINDS (year, then its own dims), and these dims."""
        return self._factor(TermFactor(name, ()), kind)

    def value(self, expression: Expression, kind: str) -> Floats:
        """Return an expression, its variables read as `kind` (year, place).

        Raises:
            BadExpression: a variable has no such element, or no value by place.
        """
        total, *others = (term.sign * self._term(term, kind) for term in expression.terms)
        for other in others:
            total = total + other
        return total

    def _term(self, term: Term, kind: str) -> Floats:
        if (term, kind) not in self._terms:
            self._terms[term, kind] = self._product(term, kind)
        return self._terms[term, kind]

    def _product(self, term: Term, kind: str) -> Floats:
        factors = [self._factor(factor, kind) for factor in term.factors]
        dims = tuple(dict.fromkeys([*BY_PLACE, *(dim for _, own in factors for dim in own)]))
        if not any("place" in own for _, own in factors):
            raise BadExpression(phrase("formula.no_place", variable=term.factors[0].variable))
        product: Floats | float = 1.0
        for factor, (values, own) in zip(term.factors, factors, strict=True):
            aligned = _along(values, own, dims)
            product = self._over(product, aligned) if factor.divides else (
                aligned if isinstance(product, float) else product * aligned)
        summed = tuple(range(len(BY_PLACE), len(dims)))
        return self.xp.asarray(self.xp.sum(product, axis=summed) if summed else product)  # type: ignore[no-any-return]

    def _over(self, above: Floats | float, below: Floats) -> Floats:
        return self.xp.divide(above, self.xp.where(below != 0, below, np.nan))  # type: ignore[no-any-return]

    def _factor(self, factor: TermFactor, kind: str) -> tuple[Floats, Dims]:
        """Return a variable at the elements of a factor by calendar year; only those are read."""
        mark = factor.variable, factor.elements, kind
        if mark not in self._factors:
            values, dims = self._chosen(factor)
            self._factors[mark] = self._calendar.read(values, kind), ("year", *dims[1:])
        return self._factors[mark]

    def _chosen(self, factor: TermFactor) -> tuple[NDArray[np.floating], Dims]:
        values, dims = self.run.arrays[factor.variable]
        for first, last in factor.elements:
            dim = next((dim for dim in dims if dim not in ("time", "place") and {first, last} <= self._at(dim).keys()),
                       None)
            if dim is None:
                element = written_range(first, last)
                raise BadExpression(phrase("formula.no_element", variable=factor.variable, element=element))
            axis, at = dims.index(dim), self._at(dim)
            part = slice(at[first], at[last] + 1) if first != last else at[first]
            values = values[(*[slice(None)] * axis, part)]
            dims = dims if first != last else dims[:axis] + dims[axis + 1 :]
        return values, dims

    def _at(self, dim: str) -> Mapping[str, int]:
        return _positions(self.run.elements[dim])


def _along(values: Floats, dims: Dims, order: Dims) -> Floats:
    """Return values with their axes in an order of dims, of length 1 where they have no such dim."""
    if dims == order:
        return values
    moved = values.transpose([dims.index(dim) for dim in order if dim in dims])
    return moved[tuple(slice(None) if dim in dims else np.newaxis for dim in order)]
