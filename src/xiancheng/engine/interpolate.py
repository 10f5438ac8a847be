"""Straight lines between points: series in time, and lookups of any argument."""

from __future__ import annotations

from typing import Any

import numpy as np

_CHAIN = 32


def at_points(xp: Any, times: Any, values: Any, time: Any, keyword: str | None) -> Any:
    """Return values (n, ...) at one time: linear between points, constant outside; keywords of data variables."""
    count = len(times)
    if keyword == "raw":
        hit = xp.any(times == time)
        at = xp.argmax(times == time)
        return xp.where(hit, xp.take(values, at, axis=0), xp.nan)
    if count == 1:
        return values[0]
    after = xp.sum(times <= time)
    if keyword == "look_forward":
        return xp.take(values, xp.clip(xp.sum(times < time), 0, count - 1), axis=0)
    if keyword == "hold_backward":
        return xp.take(values, xp.clip(after - 1, 0, count - 1), axis=0)
    at = xp.clip(after - 1, 0, count - 2)
    first, second = xp.take(times, at), xp.take(times, at + 1)
    weight = xp.clip((time - first) / (second - first), 0.0, 1.0)
    low, high = xp.take(values, at, axis=0), xp.take(values, at + 1, axis=0)
    return xp.where(weight >= 1.0, high, low + (high - low) * weight)


def lookup(xp: Any, x: Any, y: Any, argument: Any) -> Any:
    """Return a lookup's value: x (n,), y (n, ...) broadcasting against the argument; exact at the points.

    A chain of selections is several times faster than searching when many arguments are looked up at once.
    """
    if len(x) == 1:
        return y[0] + 0.0 * argument
    slopes = _slopes(xp, x, y, getattr(argument, "ndim", 0))
    if getattr(argument, "size", 1) == 1 and getattr(y, "ndim", 1) == 1:
        at = xp.clip(xp.sum(x <= xp.reshape(argument, ())) - 1, 0, len(x) - 2)
        inside = xp.clip(argument, x[0], x[-1])
        low, first = xp.take(y, at), xp.take(x, at)
        return xp.where(inside >= x[-1], y[-1], low + xp.take(slopes, at) * (inside - first))
    if len(x) > _CHAIN and getattr(y, "ndim", 1) == 1:
        return _searched(xp, x, y, slopes, argument)
    inside = xp.clip(argument, x[0], x[-1])
    result = y[0] + slopes[0] * (inside - x[0])
    for point in range(1, len(x) - 1):
        result = xp.where(inside >= x[point], y[point] + slopes[point] * (inside - x[point]), result)
    return xp.where(inside >= x[-1], y[-1], result)


def _slopes(xp: Any, x: Any, y: Any, dims: int) -> Any:
    steps = np.diff(np.asarray(x)).reshape((-1,) + (1,) * (getattr(y, "ndim", 1) - 1))
    return (y[1:] - y[:-1]) / steps


def _searched(xp: Any, x: Any, y: Any, slopes: Any, argument: Any) -> Any:
    inside = xp.clip(argument, x[0], x[-1])
    at = xp.clip(xp.searchsorted(x, inside, side="right") - 1, 0, len(x) - 2)
    value = xp.take(y, at) + xp.take(slopes, at) * (inside - xp.take(x, at))
    return xp.where(inside >= x[-1], y[-1], value)
