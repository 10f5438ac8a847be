"""VECTOR LOOKUP: a vector as the points of a lookup that stand at equal distances and may move in time.

Positions count intervals from the first point. A point is met within a billionth of an interval, since where points
stand is computed. What another Vensim function names the same way follows that function: areas reach beyond the ends at
the height of the end, slopes there are 0, and a point has the mean of the slopes beside it (Vensim Help, VECTOR LOOKUP,
LOOKUP AREA, LOOKUP SLOPE).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from xiancheng.engine.dimensions import Dimensions
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Node, Reference, Refused

MODES = 10
_NEAR = 1e-9


def points(vector: Node, dims: Sequence[str], ranges: Dimensions) -> Reference:
    """Return all cells of a vector from the first one, which is how Vensim has it written.

    Args:
        vector: as written.
        dims: of the variable that it names.
        ranges: of the model.

    Raises:
        Refused: anything but the first element of the last range, or a range of one element.
    """
    if not isinstance(vector, Reference) or not dims or len(vector.subscripts) != len(dims):
        raise Refused("engine.vector.first", range=dims[-1] if dims else "")
    elements = [key(element) for element in ranges.elements(dims[-1])]
    if key(vector.subscripts[-1]) != elements[0] or len(elements) < 2:
        raise Refused("engine.vector.first", range=dims[-1])
    return Reference(vector.name, (*vector.subscripts[:-1], f"{dims[-1]}!"))


def value(xp: Any, y: Any, x: Any, low: Any, high: Any, mode: int) -> Any:
    """Return what a mode gives; no number where the points do not go up from `low` to `high`.

    Args:
        xp: numpy or jax.numpy.
        y: the points' values (n, ...), of the shape of the result behind.
        x: the argument, or the value looked for.
        low: where the first point stands.
        high: where the last one stands.
        mode: 0 to 9.
    """
    width = (high - low) / (y.shape[0] - 1)
    unit = xp.where(width > 0, width, 1.0)
    if mode in (5, 8):
        result = low + unit * _inverted(xp, y, x, mode == 8)
    else:
        result = _RULES[mode](xp, y, (x - low) / unit, unit)
    return xp.where(width > 0, result, xp.nan)


def _at(xp: Any, y: Any, places: Any) -> Any:
    places = xp.clip(xp.nan_to_num(places), 0, y.shape[0] - 1).astype(int)
    return xp.take_along_axis(y, places[None], 0)[0]


def _segment(xp: Any, y: Any, t: Any) -> tuple[Any, Any, Any]:
    """Return the number of the interval that holds a position, the nearest one outside; its first value, its rise."""
    first = xp.clip(xp.floor(t), 0, y.shape[0] - 2)
    low = _at(xp, y, first)
    return first, low, _at(xp, y, first + 1) - low


def _carried(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    first, low, rise = _segment(xp, y, t)
    return low + rise * (t - first)


def _line(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    return _carried(xp, y, xp.clip(t, 0, y.shape[0] - 1), unit)


def _backward(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    return _at(xp, y, xp.floor(t + _NEAR)) + 0.0 * t


def _forward(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    return _at(xp, y, xp.ceil(t - _NEAR)) + 0.0 * t


def _carried_area(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    first, low, rise = _segment(xp, y, t)
    before = xp.concatenate([xp.zeros_like(y[:1]), xp.cumsum((y[1:] + y[:-1]) / 2, axis=0)])
    return unit * (_at(xp, before, first) + low * (t - first) + rise * (t - first) ** 2 / 2)


def _area(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    last = y.shape[0] - 1
    outside = y[0] * xp.minimum(t, 0.0) + y[-1] * xp.maximum(t - last, 0.0)
    return _carried_area(xp, y, xp.clip(t, 0, last), unit) + unit * outside


def _slope(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    steps = y[1:] - y[:-1]
    none = xp.zeros_like(steps[:1])
    return _beside(xp, xp.concatenate([none, steps, none]), t) / unit


def _carried_slope(xp: Any, y: Any, t: Any, unit: Any) -> Any:
    steps = y[1:] - y[:-1]
    return _beside(xp, xp.concatenate([steps[:1], steps, steps[-1:]]), t) / unit


def _beside(xp: Any, steps: Any, t: Any) -> Any:
    """Return the mean of the steps just before and just after a position."""
    return (_at(xp, steps, xp.ceil(t - _NEAR)) + _at(xp, steps, xp.floor(t + _NEAR) + 1)) / 2 + 0.0 * t


def _inverted(xp: Any, y: Any, sought: Any, carried: bool) -> Any:
    """Return the first position that has a value; without one that of the nearer end, or where its line has it."""
    starts, ends = y[:-1], y[1:]
    inside = (xp.minimum(starts, ends) <= sought) & (sought <= xp.maximum(starts, ends))
    rises = ends - starts
    shares = xp.where(rises == 0, 0.0, (sought - starts) / xp.where(rises == 0, 1.0, rises))
    places = np.arange(len(starts)).reshape((-1, *(1 for _ in starts.shape[1:]))) + shares
    met = xp.take_along_axis(places, xp.argmax(inside, axis=0)[None], 0)[0]
    nearer = xp.abs(sought - y[0]) <= xp.abs(sought - y[-1])
    outside = xp.where(nearer, 0.0, y.shape[0] - 1.0)
    if carried:
        before, after = places[0] < 0, places[-1] > y.shape[0] - 1
        outside = xp.where(before & (nearer | ~after), places[0], xp.where(after, places[-1], outside))
    return xp.where(xp.any(inside, axis=0), met, outside) + 0.0 * sought


_RULES: dict[int, Callable[..., Any]] = {
    0: _line, 1: _area, 2: _backward, 3: _carried, 4: _forward, 6: _slope, 7: _carried_area, 9: _carried_slope,
}
