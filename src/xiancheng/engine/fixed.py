"""Arguments that set what a program does, and so cannot move: actions, directions, sizes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.functions import TABLE
from xiancheng.engine.graph import CONSTANT
from xiancheng.engine.pending import value_of
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Call, Node, Refused, walk
from xiancheng.engine.vector_lookup import MODES
from xiancheng.errors import Problem


def fixed_arguments(host: Evaluation) -> list[Problem]:
    """Return a problem for each argument that must be one constant and is not, or has no such meaning."""
    problems: list[Problem] = []
    for node, piece in _calls(host):
        for name, argument in zip(TABLE[node.function].arguments, node.arguments, strict=True):
            try:
                if name.endswith("*"):
                    _check(host, node, name.rstrip("*"), argument, piece)
                elif name == "mode" and host.stages.node(argument) == CONSTANT:
                    _mode(host, node, argument, piece)
            except Refused as refused:
                model = host.compiled.model
                problems.append(refused.at(model.file, model.variables[piece.variable].name, piece.component.line))
    return list(dict.fromkeys(problems))


def unchecked(host: Evaluation) -> list[Problem]:
    """Return a note for each choice that Vensim would stop at and that is computed here without a look."""
    notes: list[Problem] = []
    for node, piece in _calls(host):
        if node.function == "VECTOR SELECT":
            values = np.asarray(value_of(host.node(node.arguments[-1], piece)).data)
            if np.any(values != 0):
                raised = Refused("engine.select.unchecked", value=f"{np.max(values):g}")
                model = host.compiled.model
                notes.append(raised.at(model.file, model.variables[piece.variable].name, piece.component.line))
    return list(dict.fromkeys(notes))


def _calls(host: Evaluation) -> Iterator[tuple[Call, Piece]]:
    for name, pieces in host.compiled.plan.pieces.items():
        if name in host.compiled.names:
            for piece in pieces:
                for node in walk(piece.component.node):
                    if isinstance(node, Call) and TABLE[node.function].kind in ("vector", "along"):
                        yield node, piece


def _check(host: Evaluation, node: Call, name: str, argument: Node, piece: Piece) -> None:
    if host.stages.node(argument) != CONSTANT:
        raise Refused("engine.fixed.moves", argument=name, function=node.function)
    values = np.unique(np.asarray(value_of(host.node(argument, piece)).data, dtype=float))
    if len(values) != 1:
        raise Refused("engine.fixed.differs", argument=name, function=node.function)


def _mode(host: Evaluation, node: Call, argument: Node, piece: Piece) -> None:
    values = np.asarray(value_of(host.node(argument, piece)).data, dtype=float)
    wrong = values[~np.isin(values, np.arange(MODES))]
    if wrong.size:
        raise Refused("engine.vector.mode", function=node.function, value=f"{wrong[0]:g}", most=MODES - 1)
