"""Discrete delays whose time may move: what comes in is booked for the step at which it is due.

Places are kept for as many steps as can matter, the present one first. A delay time counts from the moment something
comes in, as its nearest whole number of steps, half up, and at least one; what is due after the end is dropped.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NEARLY = 1e-6


def steps_of(xp: Any, time: Any, step: Any) -> Any:
    """Return the whole number of steps that a delay time is, at least one; what is no number is due at once."""
    steps = xp.maximum(xp.floor(time / step + 0.5 + NEARLY), 1.0)
    return xp.where(xp.isnan(steps), 1.0, steps)


def _places(count: int, like: Any) -> Any:
    """Return the number of each place, along an axis in front of those of `like`."""
    return np.arange(count).reshape((count, *(1 for _ in np.shape(like))))


def material_begun(xp: Any, initial: Any, time: Any, step: Any, places: int) -> tuple[Any, Any]:
    """Return amounts by place and whether there are any: `initial` until what comes in first is due."""
    present = xp.where(_places(places, initial) < steps_of(xp, time, step), 1.0, 0.0)
    return present * initial, present


def material_shown(xp: Any, memory: tuple[Any, Any], missing: Any) -> Any:
    """Return what is due now, `missing` where nothing is."""
    amounts, present = memory
    return xp.where(present[0] > 0, amounts[0], missing)


def material_advanced(xp: Any, memory: tuple[Any, Any], coming: Any, time: Any, step: Any) -> tuple[Any, Any]:
    """Return the places one step later, what comes in added to what is due at the same step."""
    amounts, present = (xp.concatenate([part[1:], xp.zeros_like(part[:1])]) for part in memory)
    here = _places(amounts.shape[0], coming) == steps_of(xp, time, step) - 1
    value = xp.where(xp.isnan(time), xp.nan, coming)
    return xp.where(here, amounts + value, amounts), xp.where(here, 1.0, present)


def information_begun(xp: Any, initial: Any, places: int) -> tuple[Any, Any]:
    """Return what is known by place and whether it is: `initial` now, and nothing under way."""
    marks = xp.where(_places(places, initial) == 0, 1.0, 0.0) + xp.zeros_like(initial)
    return marks * initial, marks


def information_advanced(xp: Any, memory: tuple[Any, Any], coming: Any, time: Any, step: Any) -> tuple[Any, Any]:
    """Return the places one step later: what comes in replaces what would be known then or later; else all is held."""
    values, marks = (xp.concatenate([part[1:], xp.zeros_like(part[:1])]) for part in memory)
    places, due = _places(values.shape[0], coming), steps_of(xp, time, step) - 1
    values = xp.where(places == due, xp.where(xp.isnan(time), xp.nan, coming), values)
    marks = xp.where(places == due, 1.0, xp.where(places > due, 0.0, marks))
    first = xp.where(marks[0] > 0, values[0], memory[0][0])
    return xp.concatenate([first[None], values[1:]]), xp.concatenate([xp.ones_like(marks[:1]), marks[1:]])
