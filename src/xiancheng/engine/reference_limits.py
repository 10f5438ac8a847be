"""What PySD computes otherwise than Vensim without a word: the reference run refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng.engine.functions import SMALL, TABLE, Clock
from xiancheng.engine.graph import CONSTANT, stages
from xiancheng.engine.left_out import kind
from xiancheng.engine.methods import Method
from xiancheng.engine.pending import value_of
from xiancheng.engine.program import Program, attempt, constants
from xiancheng.engine.read import Variable
from xiancheng.engine.rewriting import WRITTEN
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Call, Node, Number, OwnMemory, Values, walk
from xiancheng.errors import Problem

WRONG = frozenset({
    "engine.block.label", "engine.block.name", "engine.fixed.differs",
    "engine.fixed.moves", "engine.mapping.size", "engine.marked",
    "engine.one_name", "engine.order.number", 
    "engine.replace.clock", "engine.replace.moves", "engine.subscript.diagonal",
    "engine.unmarked",
})
"""Refusals of the compiled engine where PySD gives a number that is not Vensim's."""
_ABSENT = frozenset({
    "DELAY INFORMATION", "DELAY MATERIAL", "DEMANDED", "DEPRECIATE STRAIGHTLINE", "MARKET", "RANDOM BETA",
    "RANDOM BINOMIAL", "RANDOM GAMMA", "SINTEG", "SUPPLIED", "VECTOR LOOKUP",
})
"""Functions that stop a run of PySD."""


def refusals(
    path: Path, text: str | None, outputs: Sequence[str] | None, parameters: Mapping[str, Any]
) -> list[Problem]:
    """Return what stands in the way of a reference run.

    Args:
        path: the .mdl file.
        text: content that replaces the file's own.
        outputs: names of the variables to return; all when None.
        parameters: values by name.
    """
    trial = attempt(path, outputs, list(parameters), text)
    problems = [problem for problem in trial.problems if kind(problem) in WRONG]
    if trial.program is None:
        return problems
    problems += [problem for problem in trial.program.notes if kind(problem) == "engine.delay.short"]
    return [*problems, *_otherwise(trial.program)]


def _otherwise(program: Program) -> list[Problem]:
    """Return what PySD computes by another rule in a model that the compiled engine runs."""
    file, problems = program.model.file, []
    if program.grid.method is not Method.EULER:
        problems.append(Problem.of(file, "engine.pysd.method", method=str(program.grid.method)))
    for name in program.model.variables:
        if name in program.compiled.names:
            problems += _order_of_signs(program.model.variables[name], file)
    for node, piece in _nodes(program):
        variable = program.model.variables[piece.variable]
        if isinstance(node, Number | Values) and np.any(_numbers(node) == NOT_AVAILABLE):
            problems.append(Problem.of(file, "engine.pysd.missing", piece.component.line, name=variable.name))
        elif isinstance(node, OwnMemory) or (isinstance(node, Call) and node.function in _ABSENT):
            function = "SAMPLE IF TRUE" if isinstance(node, OwnMemory) else WRITTEN.get(node.function, node.function)
            problems.append(Problem.of(file, "engine.pysd.absent", piece.component.line, name=variable.name,
                                       function=function))
        elif isinstance(node, Call) and node.function in _PULSES and _pulses_differ(node, piece, program):
            problems.append(Problem.of(file, "engine.pysd.pulse", piece.component.line, name=variable.name,
                                       function=node.function))
    return list(dict.fromkeys(problems))


def _order_of_signs(variable: Variable, file: str) -> list[Problem]:
    """Return the equations of a variable whose signs PySD takes in another order."""
    problems = []
    for component in variable.components:
        levels = _levels(component.equation)
        if _signed_power(component.equation) or any(level.count("^") > 1 and _TWO_POWERS.search(level)
                                                    for level in levels):
            problems.append(Problem.of(file, "engine.pysd.power", component.line, name=variable.name))
        if any(":AND:" in level and ":OR:" in level for level in levels):
            problems.append(Problem.of(file, "engine.pysd.logic", component.line, name=variable.name))
    return problems


_TWO_POWERS = re.compile(r"\^[^-+*/,<>=:^]*\^")
_INNER = re.compile(r"\(([^()]*)\)")


def _levels(equation: str) -> list[str]:
    """Return the text of each level of parentheses, in capitals."""
    text, levels = equation.upper(), []
    while (inner := _INNER.search(text)) is not None:
        levels.append(inner.group(1))
        text = f"{text[:inner.start()]} {text[inner.end():]}"
    return [*levels, text]


_UNARY = re.compile(r"(?:^|[=(,*/^+<>-]|:AND:|:OR:|:NOT:)\s*(-)", re.IGNORECASE)
_LITERAL = re.compile(r"\(\s*-\s*[\d.]+(?:[eE][+-]?\d+)?\s*\)\s*\^")
_OPERAND = re.compile(r"\s*(?:[\d.]+(?:[eE][+-]?\d+)?|\w[\w$' ]*|(?=\())\s*(?:\[[^\]]*\])?\s*")


def _signed_power(equation: str) -> bool:
    """Tell whether a minus sign stands before the base of a power, where readers disagree what it belongs to."""
    text = re.sub(r"'[^']*'", "''", re.sub(r'"[^"]*"', "x", equation))
    if _LITERAL.search(text):
        return True
    for sign in _UNARY.finditer(text):
        operand = _OPERAND.match(text, sign.end(1))
        if operand is None:
            continue
        end = operand.end()
        if text.startswith("(", end):
            end = _closing(text, end)
        if text[end:].lstrip().startswith("^"):
            return True
    return False


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return len(text)


def _nodes(program: Program) -> Iterator[tuple[Node, Piece]]:
    for name, pieces in program.compiled.plan.pieces.items():
        if name in program.compiled.names:
            for piece in pieces:
                for node in walk(piece.component.node):
                    yield node, piece


def _numbers(node: Number | Values) -> Any:
    return np.asarray(node.value if isinstance(node, Number) else node.values)


def _pulses_differ(node: Call, piece: Piece, program: Program) -> bool:
    """Tell whether PySD's rule gives other numbers on the clock of the model; pulses that move are not compared."""
    host = constants(program.compiled, stages(program.compiled.plan, (), ()))
    if any(host.stages.node(argument) != CONSTANT for argument in node.arguments):
        return False
    arguments = [np.asarray(value_of(host.node(argument, piece)).data, float) for argument in node.arguments]
    grid = program.grid
    for number in range(grid.steps + 1):
        clock = Clock(grid.start + number * grid.step, grid.step)
        ours = TABLE[node.function].implement(np, clock, *arguments)
        if not np.array_equal(ours, _PULSES[node.function](clock.time, *arguments)):
            return True
    return False


def _pulse(time: float, start: Any, width: Any) -> Any:
    return np.where((start - SMALL <= time) & (time < start + width), 1.0, 0.0)


def _train(time: float, start: Any, width: Any, interval: Any, end: Any) -> Any:
    since = np.mod(time - start + SMALL, np.where(interval == 0, np.inf, interval))
    return np.where((start - SMALL <= time) & (time < end) & (since < width), 1.0, 0.0)


_PULSES: Mapping[str, Callable[..., Any]] = {"PULSE": _pulse, "PULSE TRAIN": _train}
"""PySD's rules, of the beginning of a step."""
