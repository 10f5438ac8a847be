"""Forms of Vensim text that a reader would take for something else in silence: told by the text of an equation alone.

Two equal signs and tables that are not named between quotation marks are refused, as Vensim does. Points of a lookup
that go back are sorted, as Vensim does in published models, and noted: a wrong digit looks the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from xiancheng.engine.entries import Entry
from xiancheng.engine.syntax import Refused
from xiancheng.errors import Problem

_QUOTED = re.compile(r"\"(?:\\\"|[^\"])*\"|(?<![\w'])'[^']*'")
"""What stands in quotation marks; the apostrophe of a name is none."""
_CALL = re.compile(r"(?<![\w$])([A-Za-z][\w$]*(?: +[\w$]+)*)\s*\(")
_TWO_SIGNS = re.compile(r"(?<![<>:=])==")
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_UNCHANGEABLE = re.compile(
    rf"[^=(]+==\s*(?:(?:{_NUMBER}\s*[,;]\s*)*{_NUMBER}\s*;?|TABBED ARRAY\s*\([^()]*\))\s*", re.IGNORECASE)
"""Vensim's own use of two equal signs: a constant, or a list of them, that no run changes."""
_POINT = re.compile(rf"\(\s*({_NUMBER})\s*,\s*{_NUMBER}\s*\)")
_DIGITS = re.compile(r"[0-9]{300,}")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_TABLES = {"GET DIRECT CONSTANTS": (3, 3), "GET DIRECT DATA": (4, 4), "GET DIRECT LOOKUPS": (4, 4),
           "GET DIRECT SUBSCRIPT": (4, 5)}


def problems(entry: Entry, file: str) -> list[Problem]:
    """Return what is wrong with the form of an entry of a file, with its name and line."""
    return [refused.at(file, entry.name, entry.line) for refused in faults(entry.equation)]


def faults(equation: str) -> Iterator[Refused]:
    """Yield what is wrong with the form of an equation."""
    bare = _QUOTED.sub(_masked, equation)
    if digits := _DIGITS.search(bare):
        yield Refused("engine.digits", count=len(digits[0]))
    if _TWO_SIGNS.search(bare) and not _UNCHANGEABLE.fullmatch(bare):
        yield Refused("engine.two_signs")
    for call in _CALL.finditer(bare):
        name = " ".join(call[1].upper().replace("_", " ").split())
        if name in _TABLES:
            spans = _arguments(bare, call.end())
            yield from _table_faults(name, [equation[first:last].strip() for first, last in spans])


def doubts(equation: str) -> Iterator[Refused]:
    """Yield where points of an equation that follow one another go back, apart from the span in brackets."""
    text = _BRACKETS.sub(lambda brackets: " " * len(brackets[0]), _QUOTED.sub(_masked, equation))
    points = list(_POINT.finditer(text))
    for before, after in pairwise(points):
        follows = text[before.end() : after.start()].strip() == ","
        if follows and float(after[1]) < float(before[1]):
            yield Refused("engine.points.order", before=f"{float(before[1]):g}", after=f"{float(after[1]):g}")
            return


def _masked(quoted: re.Match[str]) -> str:
    return quoted[0][0] + "_" * (len(quoted[0]) - 2) + quoted[0][0]


def _arguments(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield where each argument of a call begins and ends; `begin` is behind its parenthesis."""
    depth, first = 1, begin
    for position in range(begin, len(text)):
        sign = text[position]
        depth += (sign in "([") - (sign in ")]")
        if depth == 0 or (depth == 1 and sign == ","):
            yield first, position
            first = position + 1
        if depth == 0:
            return


def _table_faults(name: str, written: list[str]) -> Iterator[Refused]:
    fewest, most = _TABLES[name]
    if not fewest <= len(written) <= most:
        yield Refused("engine.count", function=name, count=len(written), right=most)
        return
    if bare := [word for word in written if not re.fullmatch(r"'[^']*'", word)]:
        yield Refused("engine.quotes", function=name, argument=bare[0][:40])
