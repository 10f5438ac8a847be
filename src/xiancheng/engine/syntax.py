"""Expressions as small immutable trees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from xiancheng.arrays import Floats
from xiancheng.engine.states import NOT_AVAILABLE, StateRule
from xiancheng.errors import Problem
from xiancheng.texts import phrase


class Refused(Exception):
    """An expression that would silently give a wrong number.

    Attributes:
        problem: what it is and the way out, of no place yet.
    """

    def __init__(self, key: str, /, **values: Any) -> None:
        self.problem = Problem.of("", key, **values)
        super().__init__(self.problem.found)

    def at(self, file: str, name: str, row: int) -> Problem:
        """Return the problem of a variable by its name, with its place."""
        return replace(self.problem, file=file, row=row, found=phrase("engine.of", name=name, found=self.problem.found))


MOST_LEVELS = 200
"""How deep an expression may be nested: a sum of so many parts, or so many parentheses within each other."""
MOST_PARTS = 20_000
"""How many parts an expression may have."""


def literal(text: str) -> float:
    """Return the number that is written, blanks passed over.

    Raises:
        Refused: one too large to be computed with.
    """
    value = float("".join(text.split()))
    if not math.isfinite(value):
        raise Refused("engine.number.large", text=text.strip()[:40])
    return value


@dataclass(frozen=True, eq=False)
class Node:
    """A part of an expression; two nodes are the same only if they are one object."""


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A literal."""

    value: float


@dataclass(frozen=True, eq=False)
class Text(Node):
    """A word in quotation marks, an argument of functions that read files."""

    value: str


@dataclass(frozen=True, eq=False)
class Values(Node):
    """A literal list or table, in the order of the subscripts on the left side."""

    values: Floats


@dataclass(frozen=True, eq=False)
class Reference(Node):
    """A variable, or a subscript used as a number; subscripts keep their `!`."""

    name: str
    subscripts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A function or an operator of the table of functions, applied."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class StateCall(Call):
    """A function that remembers, applied."""

    rule: StateRule


@dataclass(frozen=True, eq=False)
class Points(Node):
    """A lookup: straight lines between points, constant outside."""

    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False)
class LookupCall(Node):
    """A lookup applied: named (Reference) or written in place (Points); `mode` is a name of `interpolate.MODES`.

    `recorded` lets a data variable stand in the place of a lookup.
    """

    lookup: Reference | Points
    argument: Node
    mode: str = "between"
    recorded: bool = False


@dataclass(frozen=True, eq=False)
class External(Node):
    """A GET DIRECT call; kind is constants, data or lookups."""

    kind: str
    file: str
    tab: str
    series: str
    cell: str


@dataclass(frozen=True, eq=False)
class Missing(Node):
    """A data variable without an equation, which takes its values from a file of data."""


@dataclass(frozen=True, eq=False)
class OwnMemory(Node):
    """What an equation's own function keeps so far, where its arguments name the variable that it defines."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of a node."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, LookupCall):
        return (node.argument, node.lookup) if isinstance(node.lookup, Reference) else (node.argument,)
    return ()


def missing(node: Node) -> bool:
    """Tell whether a node is :NA: as it is written."""
    return isinstance(node, Number) and node.value == NOT_AVAILABLE


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def bounded(node: Node) -> Node:
    """Return an expression that is neither nested too deep nor too large to be computed.

    Raises:
        Refused: it is.
    """
    waiting, parts = [(node, 1)], 0
    while waiting:
        part, level = waiting.pop()
        parts += 1
        if level > MOST_LEVELS or parts > MOST_PARTS:
            raise Refused("engine.nested", most=MOST_LEVELS)
        waiting += [(child, level + 1) for child in children(part)]
    return node
