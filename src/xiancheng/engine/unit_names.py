"""Units as products of powers of names, read from text such as person/year or yuan/(person*year)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from xiancheng import cells
from xiancheng.engine.syntax import MOST_LEVELS, Refused

_TOKEN = re.compile(r"\s*(\*|/|\^|\(|\)|[-+]?\d+(?:\.\d+)?|[^\W\d][\w$%#]*(?:\s+[^\W\d][\w$%#]*)*|[%$#€£¥][\w$]*)")
_DIMENSIONLESS = {"dmnl", "dimensionless", "1", "fraction", "percent", "%", "index", "unitless", "ratio"}
_SYNONYMS = {"people": "person", "persons": "person", "人": "person", "年": "year", "元": "yuan", "yr": "year",
             "yrs": "year", "a": "year", "rmb": "yuan", "cny": "yuan", "m2": "m^2", "m3": "m^3", "km2": "km^2"}


@dataclass(frozen=True)
class Unit:
    """A product of powers; an empty one is dimensionless. `free` fits any unit, `unknown` is not compared at all."""

    powers: Mapping[str, Fraction] = field(default_factory=dict)
    free: bool = False
    unknown: bool = False

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """Return the product, or with sign -1 the quotient."""
        if self.free or self.unknown:
            return self
        if other.unknown:
            return other
        powers = dict(self.powers)
        for name, power in other.powers.items():
            powers[name] = powers.get(name, Fraction(0)) + sign * power
        return Unit({name: power for name, power in powers.items() if power})

    def power(self, exponent: float) -> Unit:
        """Return the unit raised to a power."""
        if self.free or self.unknown:
            return self
        scale = Fraction(exponent).limit_denominator(60)
        return Unit({name: power * scale for name, power in self.powers.items() if power * scale})

    def agrees(self, other: Unit) -> bool:
        """Tell whether two units may be added."""
        return self.free or other.free or self.unknown or other.unknown or dict(self.powers) == dict(other.powers)

    def __str__(self) -> str:
        above = [_shown(name, power) for name, power in self.powers.items() if power > 0]
        below = [_shown(name, -power) for name, power in self.powers.items() if power < 0]
        text = "*".join(above) or ("1" if below else "dmnl")
        return text + (f"/{below[0]}" if len(below) == 1 else f"/({'*'.join(below)})" if below else "")


_MOST_POWER = 1000
DIMENSIONLESS = Unit()
FREE = Unit(free=True)
UNKNOWN = Unit(unknown=True)


def _shown(name: str, power: Fraction) -> str:
    return name if power == 1 else f"{name}^{power}"


def parse(text: str) -> Unit:
    """Return the unit that a text names; nothing is unknown.

    Raises:
        Refused: the text is no product of names.
    """
    if not text.strip():
        return UNKNOWN
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Refused("engine.unit.at", unit=text, rest=text[position:])
        tokens.append(match.group(1))
        position = match.end()
    if tokens.count("(") > MOST_LEVELS:
        raise Refused("engine.nested", most=MOST_LEVELS)
    unit, rest = _product(tokens, text)
    if rest:
        raise Refused("engine.unit.at", unit=text, rest=" ".join(rest))
    return unit


def _product(tokens: list[str], text: str) -> tuple[Unit, list[str]]:
    unit, rest = _factor(tokens, text)
    while rest and rest[0] in "*/":
        sign = 1 if rest[0] == "*" else -1
        other, rest = _factor(rest[1:], text)
        unit = unit.times(other, sign)
    return unit, rest


def _factor(tokens: list[str], text: str) -> tuple[Unit, list[str]]:
    if not tokens or tokens[0] in ("*", "/", "^", ")"):
        raise Refused("engine.unit.name", unit=text)
    if tokens[0] == "(":
        unit, rest = _product(tokens[1:], text)
        if not rest or rest[0] != ")":
            raise Refused("engine.unit.open", unit=text)
        rest = rest[1:]
    else:
        unit, rest = _named(tokens[0]), tokens[1:]
    if len(rest) >= 2 and rest[0] == "^":
        exponent = cells.number(rest[1])
        if exponent is None or not abs(exponent) <= _MOST_POWER:
            raise Refused("engine.unit.exponent", unit=text, exponent=rest[1])
        return unit.power(exponent), rest[2:]
    return unit, rest


@cache
def _named(token: str) -> Unit:
    name = " ".join(token.lower().split())
    if name in _DIMENSIONLESS or re.fullmatch(r"[-+]?\d+(\.\d+)?", name):
        return DIMENSIONLESS
    name, _, exponent = _SYNONYMS.get(name, name).partition("^")
    return Unit({_canonical(name): Fraction(exponent or 1)})


@cache
def _canonical(name: str) -> str:
    """Return one spelling for the spellings of a unit: pint knows years and km, anything else stays as written."""
    if name in _SYNONYMS.values():
        return name
    try:
        readings = _registry().parse_unit_name(name)
    except Exception:
        readings = ()
    spelled = (name, name.rstrip("s"))
    exact = [prefix + unit for prefix, unit, suffix in readings if prefix + unit + suffix in spelled or not prefix]
    if exact:
        return str(exact[0])
    return name[:-1] if len(name) > 3 and name.endswith("s") and not name.endswith("ss") else name


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(cache_folder=None)
