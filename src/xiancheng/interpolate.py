"""Straight lines between points in time: the one law for paths, series and readings."""

from __future__ import annotations

from typing import Any


def linear(xp: Any, times: Any, values: Any, moments: Any) -> Any:
    """Return values along time at one moment or several: linear between points, constant outside.

    At a point the result is the point's value to the bit, also at the end of a very steep line.

    Args:
        xp: numpy or jax.numpy.
        times: (n,), strictly rising.
        values: (n, ...), at those times.
        moments: () or (m,), in the unit of `times`.

    Returns:
        (...) or (m, ...).
    """
    moments = xp.asarray(moments)
    if len(times) == 1:
        return xp.broadcast_to(values[0], (*moments.shape, *values.shape[1:]))
    after = xp.sum(times <= xp.expand_dims(moments, -1), axis=-1)
    at = xp.clip(after - 1, 0, len(times) - 2)
    first, second = xp.take(times, at), xp.take(times, at + 1)
    weight = xp.clip((moments - first) / (second - first), 0.0, 1.0)
    weight = xp.reshape(weight, (*moments.shape, *[1] * (values.ndim - 1)))
    low, high = xp.take(values, at, axis=0), xp.take(values, at + 1, axis=0)
    return xp.where(weight >= 1.0, high, low + (high - low) * weight)
