"""Arguments that set what a program does, and so cannot move: actions, directions, sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.functions import TABLE
from xiancheng.engine.graph import CONSTANT
from xiancheng.engine.pending import value_of
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Call, Node, walk
from xiancheng.errors import Problem


def fixed_arguments(host: Evaluation) -> list[Problem]:
    """Return a problem for each argument that must be one constant and is not, or has no such meaning."""
    problems: list[Problem] = []
    for node, piece in _calls(host):
        for name, argument in zip(TABLE[node.function].arguments, node.arguments, strict=True):
            wrong = _wrong(host, node, name.rstrip("*"), argument, piece) if name.endswith("*") else None
            if wrong is not None:
                variable = host.compiled.model.variables[piece.variable]
                problem = Problem(host.compiled.model.file, f"{variable.name!r}: {wrong}", "a constant",
                                  "write a number", piece.component.line)
                problems += [problem] if problem not in problems else []
    return problems


def _calls(host: Evaluation) -> Iterator[tuple[Call, Piece]]:
    for name, pieces in host.compiled.plan.pieces.items():
        if name in host.compiled.names:
            for piece in pieces:
                for node in walk(piece.component.node):
                    if isinstance(node, Call) and TABLE[node.function].kind in ("vector", "along"):
                        yield node, piece


def _wrong(host: Evaluation, node: Call, name: str, argument: Node, piece: Piece) -> str | None:
    if host.stages.node(argument) != CONSTANT:
        return f"the {name} of {node.function} moves"
    values = np.unique(np.asarray(value_of(host.node(argument, piece)).data, dtype=float))
    if len(values) != 1:
        return f"the {name} of {node.function} differs between elements"
    if name == "action" and values[0] not in range(11):
        return f"the action of {node.function} is {values[0]:g}, not 0 to 10"
    if name == "error" and values[0] != 0:
        return f"the error action {values[0]:g} of {node.function} is not supported, only 0"
    return None
