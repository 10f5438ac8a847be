"""Names beside dots: each stands where it covers no other name, few dots, and lies as close to its own as it can."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WAYS = 24
"""Directions around a dot in which its name may stand."""
_STEPS = (0.0, 5.0, 11.0, 18.0, 26.0, 36.0, 48.0, 62.0)
"""How far a name may move away from its dot [pixels]."""
_NEAR = 6.0
"""Distance up to which a name needs no line to its dot [pixels]."""
_WIDE, _NARROW, _HIGH = 1.0, 0.56, 1.15
"""Width of a Chinese and of a Latin letter, and height of a line, in sizes of letters."""
_CHINESE = 0x2E7F
_COVERS_NAME, _COVERS_DOT, _LEAVES = 50.0, 15.0, 1e4
"""What a pixel over another name, a covered dot and a pixel beyond the frame weigh beside a pixel of distance."""


@dataclass(frozen=True)
class Spot:
    """Where a name stands.

    Attributes:
        x, y: its middle [pixels].
        end_x, end_y: the point of its box that lies next to its dot [pixels].
        is_far: whether a line has to lead to it.
    """

    x: float
    y: float
    end_x: float
    end_y: float
    is_far: bool


def width(name: str, size: float) -> float:
    """Return how wide a name is [pixels].

    Args:
        name: the name.
        size: of its letters [pixels].
    """
    return sum(_WIDE if ord(letter) > _CHINESE else _NARROW for letter in name) * size


def spots(
    names: Sequence[str], at: Sequence[tuple[float, float]], dots: Sequence[tuple[float, float]],
    frame: tuple[float, float], size: float, dot: float,
) -> list[Spot]:
    """Return a spot for each name, those that stand first having the first choice.

    Args:
        names: of the dots that are named.
        at: where these lie [pixels].
        dots: where all dots lie [pixels].
        frame: width and height of the map [pixels].
        size: of the letters [pixels].
        dot: radius of a dot [pixels].
    """
    every = np.asarray(dots, dtype=float).reshape(-1, 2)
    boxes: list[NDArray[np.float64]] = []
    chosen = []
    for name, (x, y) in zip(names, at, strict=True):
        half = np.array([width(name, size), size * _HIGH]) / 2
        middles, away = _candidates(np.array([x, y]), half, dot)
        cost = away + _covered(middles, half, boxes) * _COVERS_NAME + _beyond(middles, half, frame) * _LEAVES
        cost = cost + _COVERS_DOT * _dots_under(middles, half, every, dot)
        best = int(np.argmin(cost))
        middle = middles[best]
        boxes.append(np.concatenate([middle, half]))
        end = np.clip(np.array([x, y]), middle - half, middle + half)
        chosen.append(Spot(float(middle[0]), float(middle[1]), float(end[0]), float(end[1]), bool(away[best] > _NEAR)))
    return chosen


def _candidates(
    at: NDArray[np.float64], half: NDArray[np.float64], dot: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return middles of boxes around a dot, above it first, and how far each is moved away [pixels]."""
    middles, away = [], []
    for step in _STEPS:
        for way in range(_WAYS):
            angle = -math.pi / 2 + (way + 1) // 2 * (-1) ** way * 2 * math.pi / _WAYS
            edge = (half + dot) * np.array([_squared(math.cos(angle)), _squared(math.sin(angle))])
            middles.append(at + edge + step * np.array([math.cos(angle), math.sin(angle)]))
            away.append(step + way * 0.01)
    return np.array(middles), np.array(away)


def _squared(part: float) -> float:
    """Return a part of a circle on the square around it, so that a box touches its dot and does not cover it."""
    return max(-1.0, min(1.0, part * math.sqrt(2)))


def _covered(
    middles: NDArray[np.float64], half: NDArray[np.float64], boxes: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return by how many pixels each box covers those that stand already, the shorter way out."""
    covered = np.zeros(len(middles))
    for box in boxes:
        depth = half + box[2:] + 1.0 - np.abs(middles - box[:2])
        covered += np.where((depth > 0).all(axis=1), depth.min(axis=1), 0.0)
    return covered


def _beyond(
    middles: NDArray[np.float64], half: NDArray[np.float64], frame: tuple[float, float]
) -> NDArray[np.float64]:
    low, high = half - middles, middles + half - np.asarray(frame)
    return np.asarray(np.maximum(low, 0.0).sum(axis=1) + np.maximum(high, 0.0).sum(axis=1))


def _dots_under(
    middles: NDArray[np.float64], half: NDArray[np.float64], dots: NDArray[np.float64], dot: float
) -> NDArray[np.float64]:
    """Return how many dots each box covers."""
    apart = np.abs(middles[:, None, :] - dots[None, :, :])
    return np.asarray((apart < half + dot).all(axis=2).sum(axis=1), dtype=float)
