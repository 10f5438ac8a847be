"""The path a lever takes: toward its points in a straight line, never faster than its ramp allows.

`toward` is the whole law. Corner by corner it makes the path of a scenario (`follow`) and that of a rule which changes
its mind every year; for many goals at once it makes the paths of a sweep (`straight`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.settings import Point

_ROUNDING = 1e-12


def toward(value: float, goal: float | Floats, most: float | Floats) -> Floats:
    """Return a value moved to a goal, or as far on the way to it as it may go; goals and limits may be arrays."""
    return value + np.clip(goal - value, -np.asarray(most), most)


def follow(targets: Sequence[Point], fastest: float) -> list[Point]:
    """Return the path that starts on the first target and keeps as close to the line of targets as its speed allows.

    Args:
        targets: rising in time; linear between them, constant after the last.
        fastest: the most the value may change in a year [unit per year], infinite for no limit.

    Returns:
        The corners of the path: linear between them, constant after the last one, where it has reached its target.
    """
    path = [targets[0]]
    for begin, end in pairwise(targets):
        path += _stretch(path[-1][1], begin, end, fastest)
    return arrived(path, targets[-1][1], fastest)


def arrived(path: list[Point], goal: float, fastest: float) -> list[Point]:
    """Return a path with a last corner, where it has reached its goal, if it has not yet."""
    time, value = path[-1]
    return path if value == goal else [*path, (time + abs(goal - value) / fastest, goal)]


def straight(begin: Point, goals: Floats, end: float, fastest: float, times: Floats) -> Floats:
    """Return what `follow` says of many paths of one point each.

    Args:
        begin: time and value before.
        goals: value to reach (path,).
        end: time of the goals.
        fastest: as of `follow`.
        times: when the paths are read (time,).

    Returns:
        Values (path, time).
    """
    since = np.maximum(times - begin[0], 0.0)
    speed = np.minimum(np.abs(goals - begin[1]) / (end - begin[0]), fastest)
    return toward(begin[1], goals[:, None], speed[:, None] * since)


def _stretch(value: float, begin: Point, end: Point, fastest: float) -> list[Point]:
    """Follow one straight piece of the target line from `value`, which may lie off it."""
    years = end[0] - begin[0]
    slope = (end[1] - begin[1]) / years
    gap = begin[1] - value
    if gap == 0:
        if abs(slope) <= fastest * (1 + _ROUNDING):
            return [end]
        return [(end[0], float(toward(value, end[1], fastest * years)))]
    speed = math.copysign(fastest, gap)
    closing = speed - slope
    until = gap / closing if closing * gap > 0 else math.inf
    if until > years * (1 + _ROUNDING):
        return [(end[0], float(toward(value, end[1], fastest * years)))]
    if until >= years * (1 - _ROUNDING):
        return [end]
    meeting = (begin[0] + until, begin[1] + slope * until)
    return [meeting, *_stretch(meeting[1], meeting, end, fastest)]


def at(path: Sequence[Point], time: float) -> float:
    """Return the value of a path at a model time [year]: linear between corners, constant outside."""
    if time <= path[0][0]:
        return path[0][1]
    for (first, lower), (second, upper) in pairwise(path):
        if time <= second:
            return upper if time == second else lower + (upper - lower) * (time - first) / (second - first)
    return path[-1][1]
