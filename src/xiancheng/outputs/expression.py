"""Small arithmetic over variables of the equations, as the table of formulas writes it: persons[a0:a14] + newborns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import xarray as xr

from xiancheng.engine.source import key
from xiancheng.texts import Phrase, phrase

KEPT = ("run", "year", "place")
"""Dims that an expression leaves, the first where there are several runs; all others are summed at the end of each of
its terms."""
_FACTOR = re.compile(r"\s*(?P<name>[a-z][a-z0-9 _]*?)\s*(\[(?P<elements>[^\]\[]+)\])?\s*")
_SIGNS = re.compile(r"([+-])(?![^\[]*\])")
_PRODUCTS = re.compile(r"([*/])(?![^\[]*\])")


class BadExpression(Exception):
    """What is wrong with an expression, as a phrase."""

    def __init__(self, found: Phrase) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class Factor:
    """A variable of the equations, whole or at some elements of its subscripts.

    Attributes:
        variable: its id.
        elements: first and last element of each choice; the same twice for a single one.
        divides: the term is divided by it.
    """

    variable: str
    elements: tuple[tuple[str, str], ...]
    divides: bool = False


@dataclass(frozen=True)
class Term:
    """A product of factors that is added, or taken off."""

    factors: tuple[Factor, ...]
    sign: int


@dataclass(frozen=True)
class Expression:
    """A sum of terms."""

    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Every factor of every term."""
        return tuple(factor for term in self.terms for factor in term.factors)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables it reads, by id, each once."""
        return tuple(dict.fromkeys(factor.variable for factor in self.factors))

    @property
    def is_sum(self) -> bool:
        """Whether it only adds and takes off, so that it may be read off running totals."""
        return all(len(term.factors) == 1 for term in self.terms)

    def value(self, read: Callable[[str], xr.DataArray]) -> xr.DataArray:
        """Return its value (year, place), runs in front.

        Args:
            read: gives a variable by calendar year, dims year, place and its other subscripts.

        Raises:
            BadExpression: a variable has no such element, or no value by place.
        """
        whole, *others = (term.sign * _product(term, read) for term in self.terms)
        for term in others:
            whole = whole + term
        return whole.transpose(..., "year", "place")


def parse(written: str) -> Expression:
    """Read an expression: sums, differences, products and quotients of variables; no brackets, no numbers.

    Raises:
        BadExpression: anything else.
    """
    parts = _SIGNS.split(written)
    if not parts[0].strip():
        parts = parts[1:]
    else:
        parts = ["+", *parts]
    pairs = zip(parts[::2], parts[1::2], strict=False)
    terms = tuple(Term(_factors(term, written), 1 if sign == "+" else -1) for sign, term in pairs)
    if not terms:
        raise BadExpression(phrase("formula.unreadable", part=written))
    return Expression(terms)


def _factors(term: str, written: str) -> tuple[Factor, ...]:
    parts = ["*", *_PRODUCTS.split(term)]
    factors = []
    for sign, part in zip(parts[::2], parts[1::2], strict=True):
        found = _FACTOR.fullmatch(part)
        if found is None:
            raise BadExpression(phrase("formula.unreadable", part=part.strip() or written))
        ranges = [_range(element) for element in (found["elements"] or "").split(",") if element.strip()]
        factors.append(Factor(key(found["name"]), tuple(ranges), sign == "/"))
    return tuple(factors)


def _range(element: str) -> tuple[str, str]:
    first, _, last = element.partition(":")
    return key(first), key(last or first)


def _product(term: Term, read: Callable[[str], xr.DataArray]) -> xr.DataArray:
    product: xr.DataArray | float = 1.0
    for factor in term.factors:
        values = _chosen(factor, read(factor.variable))
        product = product / values.where(values != 0) if factor.divides else product * values
    assert isinstance(product, xr.DataArray)
    if "place" not in product.dims:
        raise BadExpression(phrase("formula.no_place", variable=term.factors[0].variable))
    return product.sum([dim for dim in product.dims if dim not in KEPT], skipna=False)


def _chosen(factor: Factor, values: xr.DataArray) -> xr.DataArray:
    for first, last in factor.elements:
        for dim in values.dims:
            names = [key(str(name)) for name in values[dim].values] if dim not in KEPT else []
            if first in names and last in names:
                values = values.isel({dim: slice(names.index(first), names.index(last) + 1)})
                break
        else:
            raise BadExpression(phrase("formula.no_element", variable=factor.variable, element=_written(first, last)))
        if first == last:
            values = values.squeeze(dim, drop=True)
    return values


def _written(first: str, last: str) -> str:
    return first if first == last else f"{first}:{last}"
