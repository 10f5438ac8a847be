"""The integration method that a model's settings name, and the steps of Runge and Kutta.

Line 15 of the settings, which follow the sketch, names the method by its fourth number. An automatic method is computed
as the fixed one of the same order at TIME STEP: its error is that of the step written in the model, not one that an
unwritten tolerance bounds, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from xiancheng.errors import Problem

_SETTINGS = "///---\\\\\\"
_LINE = re.compile(r"^15:\d+,\d+,\d+,(\d+)", re.MULTILINE)


class Method(StrEnum):
    """How stocks go from one step to the next."""

    EULER = "Euler"
    RK2 = "RK2"
    RK4 = "RK4"


_CODES = {"0": Method.EULER, "1": Method.RK4, "2": Method.EULER, "3": Method.RK2, "4": Method.RK2, "5": Method.RK4}
_AUTOMATIC = ("1", "3")

Increments = Callable[[Mapping[str, Any], float], dict[str, Any]]
"""From what functions remember, and the share of a step that has passed, to what a step at those rates adds."""


def method_of(text: str, file: str) -> tuple[Method, list[Problem], list[Problem]]:
    """Return the method that a model's text names, Euler without settings; notes about it, and problems.

    Args:
        text: the model.
        file: its path as the user named it.
    """
    start = text.find(_SETTINGS)
    line = _LINE.search(text, start) if start >= 0 else None
    if line is None:
        return Method.EULER, [], []
    code, row = line.group(1), text.count("\n", 0, line.start()) + 1
    if code not in _CODES:
        return Method.EULER, [], [Problem.of(file, "engine.method.code", row, code=code)]
    chosen = _CODES[code]
    notes = [Problem.of(file, "engine.method.automatic", row, method=str(chosen))] if code in _AUTOMATIC else []
    return chosen, notes, []


def runge_kutta(method: Method, memory: Mapping[str, Any], increments: Increments) -> dict[str, Any]:
    """Return what functions remember one step later.

    Args:
        method: RK2 (Heun 1900) or RK4 (Kutta 1901).
        memory: what they remember, by label.
        increments: what a whole step at the rates of a moment adds to it.
    """
    first = increments(memory, 0.0)
    if method is Method.RK2:
        second = increments(_sum(memory, first, 1.0), 1.0)
        return _sum(_sum(memory, first, 1 / 2), second, 1 / 2)
    second = increments(_sum(memory, first, 1 / 2), 0.5)
    third = increments(_sum(memory, second, 1 / 2), 0.5)
    fourth = increments(_sum(memory, third, 1.0), 1.0)
    middle = _sum(second, third, 1.0)
    return _sum(memory, _sum(_sum(first, fourth, 1.0), middle, 2.0), 1 / 6)


def _sum(memory: Mapping[str, Any], added: Mapping[str, Any], share: float) -> dict[str, Any]:
    """Return memory + share · added; what is not in `added` stays."""
    return {label: _plus(value, added[label], share) if label in added else value for label, value in memory.items()}


def _plus(value: Any, added: Any, share: float) -> Any:
    if isinstance(value, tuple):
        return tuple(_plus(part, other, share) for part, other in zip(value, added, strict=True))
    return value + share * added
