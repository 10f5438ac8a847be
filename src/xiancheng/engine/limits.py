"""What a model may ask for at the most, so that a slip of the pen ends with a sentence and not with the memory."""

from __future__ import annotations

import numpy as np

from xiancheng.engine.evaluation import Evaluation
from xiancheng.engine.graph import CONSTANT
from xiancheng.engine.pending import value_of
from xiancheng.engine.read import Model
from xiancheng.engine.syntax import Refused, StateCall
from xiancheng.errors import Problem

MOST_STEPS = 1_000_000
"""Steps that a run may take."""
MOST_STAGES = 100_000
"""Stages of a delay or a smooth, and steps that a fixed delay may wait."""
MOST_PLACES = 2_000_000
"""Numbers that a delay whose time may move keeps: a place for each step that something may be due at, by element."""
_TIMES = {"smooth time", "delay time", "average time"}
"""Arguments that are a length of time, by which something is divided."""


def of_steps(model: Model, steps: float) -> list[Problem]:
    """Return the problem of a run of more steps than one may take."""
    if steps <= MOST_STEPS:
        return []
    line = model.variables["time_step"].line
    return [Problem.of(model.file, "engine.steps", line, count=f"{steps:,.0f}", most=f"{MOST_STEPS:,}")]


def of_times(host: Evaluation) -> list[Problem]:
    """Return the problems of functions that look back over a constant time of nothing or less."""
    model, problems = host.compiled.model, []
    for node, piece in host.compiled.remembering():
        for position, argument in enumerate(node.arguments):
            name = node.rule.arguments[position].rstrip("*") if position < len(node.rule.arguments) else ""
            if name in _TIMES and host.stages.node(argument) == CONSTANT:
                shortest = float(np.min(value_of(host.node(argument, piece)).data))
                counted = node.rule.discrete  # in steps, at least one
                if not (shortest >= 0 if counted else shortest > 0):
                    refused = _time(node, name, shortest)
                    problems.append(refused.at(model.file, model.variables[piece.variable].name, piece.component.line))
    return list(dict.fromkeys(problems))


def _time(node: StateCall, name: str, shortest: float) -> Refused:
    return Refused("engine.time", argument=name, function=node.function, value=f"{shortest:g}")
