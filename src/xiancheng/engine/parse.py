"""Equations read by Vensim's rules of precedence: left sides, expressions, lookups and lists of numbers.

From the loosest to the tightest: :OR:, :AND:, :NOT:, comparisons, + and -, * and /, the sign, and ^, which goes from
the right: -2 ^ 2 is -4, and 2 ^ 1 ^ 3 is 2 ^ (1 ^ 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xiancheng.engine.calls import call, tabbed
from xiancheng.engine.points import points
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.syntax import (
    MOST_LEVELS,
    Call,
    LookupCall,
    Missing,
    Node,
    Number,
    Points,
    Reference,
    Refused,
    Text,
    Values,
    bounded,
    literal,
)
from xiancheng.texts import Phrase, phrase

_LEFT = re.compile(
    r'\s*(?P<name>"(?:\\"|[^"])*"|[^=:(\[<~|"]+?)\s*(?:\[(?P<subscripts>[^\]]*)\]\s*)?'
    r"(?::EXCEPT:\s*(?P<excepts>\[[^\]]*\](?:\s*,\s*\[[^\]]*\])*)\s*)?"
    r"(?::(?P<keyword>RAW|INTERPOLATE|HOLD BACKWARD|LOOK FORWARD):\s*)?"
    r"(?P<sign>:=|==|=|(?=\()|$)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\[([^\]]*)\]")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)|(?P<text>'[^']*')"
    r'|(?P<name>"(?:\\"|[^"])*"|[^\W\d][\w$\' ]*)|(?P<word>:[A-Za-z ]+:)|(?P<sign><>|<=|>=|[-+*/^=<>()\[\],;!:]))'
)
_NUMBER = r"[-+]?\s*(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|:NA:"
_LIST = re.compile(rf"\s*(?:(?:{_NUMBER})\s*[,;]\s*)+(?:{_NUMBER})?\s*;?\s*", re.IGNORECASE)
_ENTRY = re.compile(_NUMBER, re.IGNORECASE)
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
CONDITION = re.compile(r":(?:THE\s+CONDITION|TEST\s+INPUT):", re.IGNORECASE)
"""What stands in reality checks."""


class Left(NamedTuple):
    """The left side of an equation, its sign ("" for data without an equation, "(" for a lookup), and where it ends."""

    name: str
    subscripts: tuple[str, ...]
    excepts: tuple[tuple[str, ...], ...]
    keyword: str | None
    sign: str
    end: int


def left_side(equation: str) -> Left:
    """Return what stands left of the sign.

    Raises:
        Refused: no such form.
    """
    match = _LEFT.match(equation)
    if match is None:
        raise unreadable(equation)
    keyword = match["keyword"]
    sign = match["sign"] or ("(" if equation[match.end():].lstrip().startswith("(") else "")
    return Left(
        match["name"].strip(), _names(match["subscripts"] or ""),
        tuple(_names(group) for group in _GROUP.findall(match["excepts"] or "")),
        re.sub(r"\s+", "_", keyword.lower()) if keyword else None, sign, match.end())


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def right_side(left: Left, equation: str) -> Node:
    """Return the right side of an equation.

    Raises:
        Refused: what cannot be read, with the text near it.
    """
    text = equation[left.end:].strip()
    if left.sign == "":
        return Missing()
    try:
        return bounded(_right(left, text))
    except RecursionError:
        raise Refused("engine.nested", most=MOST_LEVELS) from None


def _right(left: Left, text: str) -> Node:
    if left.sign == "(":
        return _lookup(text)
    if _LIST.fullmatch(text):
        return Values(np.array([_entry(number) for number in _ENTRY.findall(text)]))
    return expression(text)


def _entry(text: str) -> float:
    return NOT_AVAILABLE if text.startswith(":") else literal(text)


def _lookup(text: str) -> Node:
    if re.match(r"\(\s*GET[\s_]", text, re.IGNORECASE):
        return expression(text)
    return points(text)


def unreadable(text: str) -> Refused:
    """Return the refusal of a text, near its beginning."""
    rest = text.strip()[:40]
    where: Phrase = phrase("engine.reason.near", text=rest) if rest else phrase("engine.reason.end")
    return Refused("engine.unreadable", reason=where)


def expression(text: str) -> Node:
    """Return an expression.

    Raises:
        Refused: what cannot be read.
    """
    reader = _Reader(text)
    node = reader.either()
    if reader.rest.strip():
        raise unreadable(reader.rest)
    return node


@dataclass
class _Reader:
    """Reads an expression from left to right; `at` is how far it has come."""

    text: str
    at: int = 0

    @property
    def rest(self) -> str:
        return self.text[self.at:]

    def sign(self, *allowed: str) -> str | None:
        """Pass over one of some signs and return it; None where another thing stands."""
        token = _TOKEN.match(self.text, self.at)
        shown = None if token is None else token["sign"] or (token["word"] and token["word"].upper())
        if token is None or shown not in allowed:
            return None
        self.at = token.end()
        return str(shown)

    def must(self, sign: str) -> None:
        if self.sign(sign) is None:
            raise unreadable(self.rest)

    def chain(self, part: Callable[[], Node], *signs: str) -> Node:
        """Read parts joined by signs of one rank, from the left."""
        node = part()
        while (sign := self.sign(*signs)) is not None:
            node = Call(sign, (node, part()))
        return node

    def either(self) -> Node:
        return self.chain(self.both, ":OR:")

    def both(self) -> Node:
        return self.chain(self.negated, ":AND:")

    def negated(self) -> Node:
        if self.sign(":NOT:"):
            return Call(":NOT:", (self.negated(),))
        return self.chain(self.total, *COMPARISONS)

    def total(self) -> Node:
        return self.chain(self.product, "+", "-")

    def product(self) -> Node:
        return self.chain(self.signed, "*", "/")

    def signed(self) -> Node:
        sign = self.sign("+", "-")
        if sign is None:
            return self.power()
        node = self.signed()
        if sign == "+":
            return node
        return Number(-node.value) if isinstance(node, Number) else Call("negative", (node,))

    def power(self) -> Node:
        base = self.primary()
        return Call("^", (base, self.signed())) if self.sign("^") else base

    def primary(self) -> Node:
        token = _TOKEN.match(self.text, self.at)
        if token is None:
            raise unreadable(self.rest)
        before, self.at = self.at, token.end()
        if token["number"]:
            return Number(literal(token["number"]))
        if token["text"]:
            return Text(token["text"][1:-1])
        if token["word"] and token["word"].upper() == ":NA:":
            return Number(NOT_AVAILABLE)
        if token["sign"] == "(":
            node = self.either()
            self.must(")")
            return node
        if token["name"]:
            return self.named(token["name"].strip())
        self.at = before
        raise unreadable(self.rest)

    def named(self, name: str) -> Node:
        """Read what begins with a name: a reference, a call or a lookup applied."""
        subscripts = self.subscripts()
        if self.sign("(") is None:
            return Reference(name.lower().replace(" ", "_"), subscripts)
        function = re.sub(r"[\s_]+", " ", name).upper()
        if function == "WITH LOOKUP":
            return self.with_lookup()
        if function == "TABBED ARRAY":
            return tabbed(self.inside())
        arguments = self.arguments()
        if subscripts:
            if len(arguments) != 1:
                raise unreadable(self.rest)
            return LookupCall(Reference(name.lower().replace(" ", "_"), subscripts), arguments[0])
        return call(function, arguments)

    def subscripts(self) -> tuple[str, ...]:
        if self.sign("[") is None:
            return ()
        end = self.text.find("]", self.at)
        if end < 0:
            raise unreadable(self.rest)
        inside, self.at = self.text[self.at:end], end + 1
        return tuple(re.sub(r"\s*!", "!", part) for part in _names(inside))

    def arguments(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.sign(")") is None:
            nodes.append(self.either())
            if self.sign(":"):
                return (*nodes, *(Text(name) for name in _names(self.inside())))
            if self.sign(",") is None:
                self.must(")")
                break
        return tuple(nodes)

    def with_lookup(self) -> Node:
        argument = self.either()
        self.must(",")
        lookup: Points = points(self.inside())
        return LookupCall(lookup, argument)

    def inside(self) -> str:
        """Return the text up to the closing parenthesis of a call, and pass over it."""
        depth = 1
        for position in range(self.at, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[position], 0)
            if depth == 0:
                text, self.at = self.text[self.at:position], position + 1
                return text
        raise unreadable(self.rest)
