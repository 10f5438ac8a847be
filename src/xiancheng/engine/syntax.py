"""Expressions as small immutable trees, translated from PySD's abstract syntax."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.states import StateRule
from xiancheng.errors import Problem
from xiancheng.texts import phrase

NOT_AVAILABLE = -(2.0**109)
"""The number that :NA: is (Vensim Reference Manual, Missing values): it is compared as any other."""


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


@dataclass(frozen=True, eq=False)
class Node:
    """A part of an expression; two nodes are the same only if they are one object."""


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A literal."""

    value: float


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
    """A lookup applied: named (Reference) or written in place (Points)."""

    lookup: Reference | Points
    argument: Node


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
    """A data variable without an equation, which Vensim would read from a run file."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of a node."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, LookupCall):
        return (node.argument, node.lookup) if isinstance(node.lookup, Reference) else (node.argument,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


_BY_FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "GameStructure": ("GAME", ("expression",)),
    "InitialStructure": ("INITIAL", ("initial",)),
    "IntegStructure": ("INTEG", ("flow", "initial")),
    "DelayNStructure": ("DELAY N", ("input", "delay_time", "initial", "order")),
    "DelayFixedStructure": ("DELAY FIXED", ("input", "delay_time", "initial")),
    "SmoothNStructure": ("SMOOTH N", ("input", "smooth_time", "initial", "order")),
    "TrendStructure": ("TREND", ("input", "average_time", "initial_trend")),
    "ForecastStructure": ("FORECAST", ("input", "average_time", "horizon")),
    "SampleIfTrueStructure": ("SAMPLE IF TRUE", ("condition", "input", "initial")),
}
_ALLOCATORS = {
    "AllocateAvailableStructure": "ALLOCATE AVAILABLE",
    "AllocateByPriorityStructure": "ALLOCATE BY PRIORITY",
}
_EXTERNALS = {
    "GetConstantsStructure": ("constants", ""),
    "GetDataStructure": ("data", "time_row_or_col"),
    "GetLookupsStructure": ("lookups", "x_row_or_col"),
}


def translate(tree: Any) -> Node:
    """Turn PySD's abstract syntax into nodes.

    Raises:
        Refused: an expression whose meaning PySD's syntax has lost.
    """
    if isinstance(tree, bool | int | float | np.floating | np.integer):
        return Number(_number(float(tree)))
    if isinstance(tree, np.ndarray):
        values = np.asarray(tree, dtype=float)
        return Values(np.where(np.isnan(values), NOT_AVAILABLE, values)) if tree.ndim else Number(_number(float(tree)))
    kind = type(tree).__name__
    if kind in _BY_FIELDS:
        name, fields = _BY_FIELDS[kind]
        return Call(name, tuple(translate(getattr(tree, field)) for field in fields))
    if kind in _EXTERNALS:
        external, series = _EXTERNALS[kind]
        return External(external, tree.file, tree.tab, str(getattr(tree, series)) if series else "", tree.cell)
    if kind in _ALLOCATORS:
        return Call(_ALLOCATORS[kind], ())
    special = _SPECIAL.get(kind)
    if special is None:
        raise Refused("engine.form", kind=kind)
    node: Node = special(tree)
    return node


def _number(value: float) -> float:
    """Return a literal; what PySD reads as no number is written :NA:."""
    return NOT_AVAILABLE if math.isnan(value) else value


def _operation(tree: Any) -> Node:
    operators = [str(operator).upper() for operator in tree.operators]
    arguments = [translate(argument) for argument in tree.arguments]
    if len(arguments) == 1:
        return Call(operators[0].lower() if operators[0] == "NEGATIVE" else operators[0], (arguments[0],))
    if {":AND:", ":OR:"} <= set(operators):
        raise Refused("engine.logic")
    if set(operators) == {"^"}:
        return _powers(arguments)
    result = arguments[0]
    for operator, argument in zip(operators, arguments[1:], strict=True):
        result = Call(operator, (result, argument))
    return result


def _powers(arguments: list[Node]) -> Node:
    if len(arguments) > 2:
        raise Refused("engine.powers")
    return Call("^", (arguments[0], arguments[1]))


def _reference(tree: Any) -> Reference:
    subscripts = tree.subscripts.subscripts if tree.subscripts is not None else ()
    return Reference(tree.reference, tuple(subscripts))


def _call(tree: Any) -> Node:
    name = tree.function.reference
    arguments = tuple(translate(argument) for argument in tree.arguments if not isinstance(argument, str))
    if name == "pulse_train":
        start, interval, width, end = arguments
        return Call("PULSE TRAIN", (start, width, interval, end))
    if tree.function.subscripts is not None:
        return LookupCall(_reference(tree.function), arguments[0])
    return Call(name.replace("_", " ").upper(), arguments)


def _points(tree: Any) -> Points:
    return Points(np.asarray(tree.x, dtype=float), np.asarray(tree.y, dtype=float))


_SPECIAL: dict[str, Any] = {
    "ArithmeticStructure": _operation,
    "LogicStructure": _operation,
    "ReferenceStructure": _reference,
    "CallStructure": _call,
    "LookupsStructure": _points,
    "InlineLookupsStructure": lambda tree: LookupCall(_points(tree.lookups), translate(tree.argument)),
    "DataStructure": lambda tree: Missing(),
    "DelayStructure": lambda tree: Call(
        f"DELAY{int(tree.order)}",
        (translate(tree.input), translate(tree.delay_time), translate(tree.initial)),
    ),
    "SmoothStructure": lambda tree: Call(
        "SMOOTH" if int(tree.order) == 1 else "SMOOTH3",
        (translate(tree.input), translate(tree.smooth_time), translate(tree.initial)),
    ),
}
