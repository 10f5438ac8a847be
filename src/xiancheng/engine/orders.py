"""How many stages functions that remember have: fixed for a run by what their arguments are at its start.

Vensim's rules: a fixed delay takes the nearest whole number of steps, half up, and at least one; DELAY N and SMOOTH N
have no more stages than steps fit into their time. DELAY1, DELAY3, SMOOTH and SMOOTH3 are computed as written, whatever
their time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.engine.arrays import full
from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.functions import Clock
from xiancheng.engine.graph import CONSTANT, ONCE, STEP, Stages
from xiancheng.engine.limits import MOST_PLACES, MOST_STAGES
from xiancheng.engine.pending import value_of
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Node, Refused, StateCall
from xiancheng.errors import Problem

if TYPE_CHECKING:
    from xiancheng.engine.program import Grid

NEARLY = 1e-6
WAITING = ("DELAY FIXED", "DEPRECIATE STRAIGHTLINE")
"""Functions that keep what came in over a fixed number of steps."""
MOVING = ("DELAY MATERIAL", "DELAY INFORMATION")
"""Discrete delays whose time may move."""


def orders(host: Evaluation, grid: Grid, open_: Stages) -> tuple[dict[str, Any], list[Problem], list[Problem]]:
    """Return the stages by label of each function whose arguments give them, notes, and problems.

    Args:
        host: the evaluation of the constants.
        grid: the clock.
        open_: the stages when the open inputs may be replaced.
    """
    start = _start(host, grid)
    stages: dict[str, Any] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    model = host.compiled.model
    for node, piece in host.compiled.remembering():
        variable = model.variables[piece.variable]
        try:
            count: Any = node.rule.order or 1
            if node.rule.order == 0:
                count, kind = _stages(start, node, piece, grid, open_)
                stages[host.compiled.label(node, piece)] = count
                if kind:
                    raised = Refused(kind, function=node.function)
                    notes.append(raised.at(model.file, variable.name, piece.component.line))
            if node.rule.delay is not None and node.function != "DELAY N":
                _check_length(start, open_, node, piece, count * grid.step)
        except _Short as short:
            notes.append(short.at(model.file, variable.name, piece.component.line))
        except Refused as refused:
            problems.append(refused.at(model.file, variable.name, piece.component.line))
    return stages, list(dict.fromkeys(notes)), list(dict.fromkeys(problems))


class _Short(Refused):
    """A delay that is shorter than its stages can follow."""


def _start(host: Evaluation, grid: Grid) -> Evaluation:
    """Return the evaluation of the start with the model's own values."""
    once = replace(host, level=ONCE, parent=host, memo={}, questions={})
    start = replace(once, level=STEP, parent=once, clock=Clock(grid.start, grid.step), memo={}, questions={})
    once.start = start
    return start


def _stages(start: Evaluation, node: StateCall, piece: Piece, grid: Grid, open_: Stages) -> tuple[Any, str]:
    """Return the stages, one number or one for each element, and the key of a note about them."""
    if node.function in MOVING:
        return _room(start, node, piece, grid, open_)
    fixed = node.function in WAITING
    if node.function == "DEPRECIATE STRAIGHTLINE":
        _check_period(start, node, piece, grid, open_)
    argument, what = node.arguments[1 if fixed else 3], "delay time" if fixed else "order"
    _refuse_open(argument, node, what, open_)
    steps = _value(start, argument, node, piece)
    if not np.all(np.isfinite(steps)):
        raise Refused("engine.order.number", argument=what, function=node.function, value=f"{np.min(steps):g}")
    if fixed:
        exact = steps / grid.step
        counts = _few(np.maximum(np.floor(exact + 0.5 + NEARLY), 1), node)
        return _plain(counts), "engine.order.rounded" if np.any(np.abs(exact - counts) > NEARLY * counts) else ""
    counts = np.round(steps)
    if np.any(counts < 1) or np.any(np.abs(steps - counts) > NEARLY):
        raise Refused("engine.order.number", argument=what, function=node.function, value=f"{np.min(steps):g}")
    _refuse_open(node.arguments[1], node, "delay time", open_)
    room = np.maximum(np.floor(_value(start, node.arguments[1], node, piece) / grid.step + NEARLY), 1)
    lower = _few(np.minimum(counts, room), node)
    return _plain(lower), "engine.order.lowered" if np.any(lower < counts) else ""


def _check_period(start: Evaluation, node: StateCall, piece: Piece, grid: Grid, open_: Stages) -> None:
    """Refuse a fiscal period that is no step: what Vensim does within a longer one is not written down."""
    _refuse_open(node.arguments[2], node, "fiscal period", open_)
    periods = _value(start, node.arguments[2], node, piece)
    if np.any(np.abs(periods - grid.step) > NEARLY * grid.step):
        raise Refused("engine.depreciate.period", value=f"{np.max(periods):g}", step=f"{grid.step:g}")


def _room(start: Evaluation, node: StateCall, piece: Piece, grid: Grid, open_: Stages) -> tuple[int, str]:
    """Return the places of a delay whose time may move: as many as it waits, or as the run has steps."""
    places, note = grid.steps + 1, ""
    if open_.node(node.arguments[1]) == CONSTANT:
        exact = _value(start, node.arguments[1], node, piece) / grid.step
        waits = np.maximum(np.floor(exact + 0.5 + NEARLY), 1)
        places = int(min(np.max(waits, initial=1.0, where=np.isfinite(waits)), places))
        note = "engine.order.rounded" if np.any(np.abs(exact - waits) > NEARLY * waits) else ""
    cells = places * int(np.prod([start.compiled.sizes[dim] for dim in start.compiled.dims(node, piece)]))
    if cells > MOST_PLACES:
        raise Refused("engine.order.places", function=node.function, count=f"{cells:,}", most=f"{MOST_PLACES:,}")
    return places, note


def _few(counts: Any, node: StateCall) -> Any:
    """Return counts of stages, or refuse them where they are more than a function may have."""
    most = float(np.max(counts))
    if most > MOST_STAGES:
        raise Refused("engine.order.many", function=node.function, count=f"{most:.6g}", most=f"{MOST_STAGES:,}")
    return counts


def _refuse_open(argument: Node, node: StateCall, what: str, open_: Stages) -> None:
    """Refuse stages that a run could change by a value that it replaces."""
    if open_.touched(argument):
        raise Refused("engine.order.moves", argument=what, function=node.function)


def _value(start: Evaluation, argument: Node, node: StateCall, piece: Piece) -> Any:
    array = value_of(start.number(argument, piece))
    dims = start.compiled.dims(node, piece)
    return np.asarray(full(np, array, dims, start.compiled.sizes), dtype=float)


def _plain(counts: Any) -> Any:
    """Return one whole number where all elements have the same, else whole numbers by element."""
    values = np.unique(counts)
    return int(values[0]) if len(values) == 1 else counts.astype(int)


def _check_length(start: Evaluation, open_: Stages, node: StateCall, piece: Piece, least: Any) -> None:
    time = node.arguments[node.rule.delay or 0]
    if open_.node(time) != CONSTANT:
        return
    shortest = _value(start, time, node, piece)
    if np.any(shortest < least * (1 - NEARLY)):
        raise _Short("engine.delay.short", shortest=f"{np.min(shortest):g}", function=node.function,
                     least=f"{np.max(least):g}")
