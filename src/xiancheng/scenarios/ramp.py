"""The path a lever takes: toward its points in a straight line, never faster than its ramp allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from xiancheng.model.settings import Point

_ROUNDING = 1e-12


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
    (time, value), goal = path[-1], targets[-1][1]
    if value != goal:
        path.append((time + abs(goal - value) / fastest, goal))
    return path


def _stretch(value: float, begin: Point, end: Point, fastest: float) -> list[Point]:
    """Follow one straight piece of the target line from `value`, which may lie off it."""
    years = end[0] - begin[0]
    slope = (end[1] - begin[1]) / years
    gap = begin[1] - value
    if gap == 0:
        if abs(slope) <= fastest * (1 + _ROUNDING):
            return [end]
        return [(end[0], value + math.copysign(fastest * years, slope))]
    speed = math.copysign(fastest, gap)
    closing = speed - slope
    until = gap / closing if closing * gap > 0 else math.inf
    if until > years * (1 + _ROUNDING):
        return [(end[0], value + speed * years)]
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
