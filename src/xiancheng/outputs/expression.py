"""Small arithmetic over variables of the equations, as the table of formulas writes it: persons[a0:a14] + newborns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiancheng.engine.source import key
from xiancheng.texts import Phrase, phrase

_FACTOR = re.compile(r"\s*(?P<name>[a-z][a-z0-9 _]*?)\s*(\[(?P<elements>[^\]\[]+)\])?\s*")
_SIGNS = re.compile(r"([+-])(?![^\[]*\])")
_PRODUCTS = re.compile(r"([*/])(?![^\[]*\])")


class BadExpression(Exception):
    """What is wrong with an expression, as a phrase."""

    def __init__(self, problem: Phrase) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class TermFactor:
    """A variable of the equations, at all or some elements of its subscripts.

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

    factors: tuple[TermFactor, ...]
    sign: int


@dataclass(frozen=True)
class Expression:
    """A sum of terms."""

    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[TermFactor, ...]:
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


def _factors(term: str, written: str) -> tuple[TermFactor, ...]:
    parts = ["*", *_PRODUCTS.split(term)]
    factors = []
    for sign, part in zip(parts[::2], parts[1::2], strict=True):
        match = _FACTOR.fullmatch(part)
        if match is None:
            raise BadExpression(phrase("formula.unreadable", part=part.strip() or written))
        ranges = [_range(element) for element in (match["elements"] or "").split(",") if element.strip()]
        factors.append(TermFactor(key(match["name"]), tuple(ranges), sign == "/"))
    return tuple(factors)


def _range(element: str) -> tuple[str, str]:
    first, _, last = element.partition(":")
    return key(first), key(last or first)


def written_range(first: str, last: str) -> str:
    """Return a choice of elements as the table of formulas writes it."""
    return first if first == last else f"{first}:{last}"
