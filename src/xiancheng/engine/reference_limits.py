"""What PySD computes otherwise than Vensim without a word: the reference run refuses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng.engine.functions import SMALL, TABLE, Clock
from xiancheng.engine.graph import CONSTANT, stages
from xiancheng.engine.methods import Method
from xiancheng.engine.pending import value_of
from xiancheng.engine.program import Program, attempt, constants
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import NOT_AVAILABLE, Call, Node, Number, Values, walk
from xiancheng.errors import Problem

WRONG = frozenset({
    "engine.block.label", "engine.block.name", "engine.fixed.differs",
    "engine.fixed.moves", "engine.logic", "engine.mapping.order", "engine.mapping.size", "engine.marked",
    "engine.one_name", "engine.order.number", "engine.powers", "engine.range.order",
    "engine.replace.clock", "engine.replace.moves", "engine.signed_power", "engine.subscript.diagonal",
    "engine.unmarked",
})
"""Refusals of the compiled engine where PySD gives a number that is not Vensim's."""


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
    problems = [problem for problem in trial.problems if _kind(problem) in WRONG]
    if trial.program is None:
        return problems
    problems += [problem for problem in trial.program.notes if _kind(problem) == "engine.delay.short"]
    return [*problems, *_otherwise(trial.program)]


def _kind(problem: Problem) -> str:
    """Return the key of what was found, without the name of the variable around it."""
    message = problem.found
    inner = getattr(message, "values", {}).get("found", message)
    return str(getattr(inner, "key", ""))


def _otherwise(program: Program) -> list[Problem]:
    """Return what PySD computes by another rule in a model that the compiled engine runs."""
    file, problems = program.model.file, []
    if program.grid.method is not Method.EULER:
        problems.append(Problem.of(file, "engine.pysd.method", method=str(program.grid.method)))
    for node, piece in _nodes(program):
        variable = program.model.variables[piece.variable]
        if isinstance(node, Number | Values) and np.any(_numbers(node) == NOT_AVAILABLE):
            problems.append(Problem.of(file, "engine.pysd.missing", piece.component.line, name=variable.name))
        elif isinstance(node, Call) and node.function in _PULSES and _pulses_differ(node, piece, program):
            problems.append(Problem.of(file, "engine.pysd.pulse", piece.component.line, name=variable.name,
                                       function=node.function))
    return list(dict.fromkeys(problems))


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
