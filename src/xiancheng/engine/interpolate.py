"""Straight lines between points: series in time, and lookups of any argument."""

from __future__ import annotations

from typing import Any

import numpy as np

from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.interpolate import linear, row

_CHAIN = 32


def at_points(xp: Any, times: Any, values: Any, moments: Any, keyword: str | None) -> Any:
    """Return values (n, ...) at one moment or several, the way a data variable with that keyword moves.

    None is linear between points and constant outside; raw, at one moment alone, is :NA: between points.
    """
    if keyword is None or keyword == "interpolate":
        return linear(xp, times, values, moments)
    if keyword == "raw":
        hits = times == moments
        value = xp.take(values, xp.argmax(hits), axis=0)
        return xp.where(xp.any(hits) & ~xp.isnan(value), value, NOT_AVAILABLE)
    before = xp.expand_dims(xp.asarray(moments), -1)
    passed = xp.sum(times < before, axis=-1) if keyword == "look_forward" else xp.sum(times <= before, axis=-1) - 1
    return xp.take(values, xp.clip(passed, 0, len(times) - 1), axis=0)


def lookup(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return a lookup's value: x (n,), y (n, ...) broadcasting against the argument; exact at the points.

    A chain of selections is several times faster than searching when many arguments are looked up at once.
    """
    if len(x) == 1:
        return y[0] + 0.0 * argument
    steps = np.diff(np.asarray(x)).reshape((-1,) + (1,) * (getattr(y, "ndim", 1) - 1))
    slopes = (y[1:] - y[:-1]) / np.where(steps > 0, steps, 1)
    if getattr(argument, "size", 1) == 1 and getattr(y, "ndim", 1) == 1:
        at = xp.clip(xp.sum(x <= xp.reshape(argument, ())) - 1, 0, len(x) - 2)
        inside = xp.clip(argument, x[0], x[-1])
        low, first = row(xp, y, at), row(xp, x, at)
        return xp.where(inside >= x[-1], y[-1], low + row(xp, slopes, at) * (inside - first))
    if len(x) > _CHAIN and getattr(y, "ndim", 1) == 1:
        return _searched(xp, x, y, slopes, argument)
    inside = xp.clip(argument, x[0], x[-1])
    result = y[0] + slopes[0] * (inside - x[0])
    for point in range(1, len(x) - 1):
        result = xp.where(inside >= x[point], y[point] + slopes[point] * (inside - x[point]), result)
    return xp.where(inside >= x[-1], y[-1], result)


def forward(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the y of the first point that is not before the argument; beyond all points, of the last."""
    return _at(xp, y, xp.clip(_passed(xp, x, argument, "left"), 0, len(x) - 1))


def backward(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the y of the last point that is not after the argument; before all points, of the first."""
    return _at(xp, y, xp.clip(_passed(xp, x, argument, "right") - 1, 0, len(x) - 1))


def before(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the y of the last point that is before the argument; without one, of the first."""
    return _at(xp, y, xp.clip(_passed(xp, x, argument, "left") - 1, 0, len(x) - 1))


def extrapolate(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return a lookup's value, with the first and the last line carried on."""
    if len(x) == 1:
        return lookup(xp, x, y, argument)
    low = (y[1] - y[0]) / (x[1] - x[0]) * xp.minimum(argument - x[0], 0.0)
    high = (y[-1] - y[-2]) / (x[-1] - x[-2]) * xp.maximum(argument - x[-1], 0.0)
    return lookup(xp, x, y, argument) + low + high


def invert(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the first x at which a lookup has a value; where it has it nowhere, the x of the nearest end."""
    own = getattr(y, "ndim", 1) - 1
    dims = max(getattr(argument, "ndim", 0), own)
    y = y.reshape((len(x), *(1 for _ in range(dims - own)), *y.shape[1:]))
    x0, dx = (part.reshape((-1, *(1 for _ in range(dims)))) for part in (x[:-1], np.diff(x)))
    starts, ends = y[:-1], y[1:]
    inside = (xp.minimum(starts, ends) <= argument) & (argument <= xp.maximum(starts, ends))
    rise = xp.where(ends == starts, 1.0, ends - starts)
    places = x0 + dx * (argument - starts) / rise
    first = xp.argmax(inside, axis=0)
    value = xp.take_along_axis(xp.broadcast_to(places, inside.shape), first[None], 0)[0]
    nearest = xp.where(xp.abs(argument - y[0]) <= xp.abs(argument - y[-1]), x[0], x[-1])
    return xp.where(xp.any(inside, axis=0), value, nearest)


def area(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the area from the first point to an argument, constant outside; before the first point it is taken off."""
    if len(x) == 1:
        return y[0] * (argument - x[0])
    width = np.diff(x).reshape((-1, *(1 for _ in y.shape[1:])))
    rises = (y[1:] - y[:-1]) / np.where(width > 0, width, 1)
    sums = np.concatenate([np.zeros_like(y[:1]), np.cumsum(width * (y[1:] + y[:-1]) / 2, axis=0)])
    inside = xp.clip(argument, x[0], x[-1])
    at = xp.clip(_passed(xp, x, inside, "right") - 1, 0, len(x) - 2)
    past = inside - xp.take(xp.asarray(x), at)
    result = _at(xp, sums, at) + past * (_at(xp, y, at) + past * _at(xp, rises, at) / 2)
    return result + y[0] * xp.minimum(argument - x[0], 0.0) + y[-1] * xp.maximum(argument - x[-1], 0.0)


def _passed(xp: Any, x: Any, argument: Any, side: str) -> Any:
    return xp.searchsorted(x, argument, side=side)


def _at(xp: Any, y: Any, index: Any) -> Any:
    """Return, along the first axis, the values at an index over the others."""
    if getattr(y, "ndim", 1) == 1:
        return xp.take(xp.asarray(y), index)
    shape = np.broadcast_shapes(np.shape(index), y.shape[1:])
    spread = xp.broadcast_to(y, (y.shape[0], *shape))
    return xp.take_along_axis(spread, xp.broadcast_to(index, shape)[None], 0)[0]


def first_point(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the x of the first point."""
    return x[0] + 0.0 * argument


def last_point(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return the x of the last point."""
    return x[-1] + 0.0 * argument


MODES = {"between": lookup, "forward": forward, "backward": backward, "before": before, "extrapolate": extrapolate,
         "invert": invert, "area": area, "first": first_point, "last": last_point}
"""How a value is taken from points, by name."""


def _searched(xp: Any, x: Any, y: Any, slopes: Any, argument: Any) -> Any:
    inside = xp.clip(argument, x[0], x[-1])
    at = xp.clip(xp.searchsorted(x, inside, side="right") - 1, 0, len(x) - 2)
    value = xp.take(y, at) + xp.take(slopes, at) * (inside - xp.take(x, at))
    return xp.where(inside >= x[-1], y[-1], value)
