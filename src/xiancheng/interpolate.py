"""Straight lines between points in time, the one law for paths, series and readings; and monotone curves."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from xiancheng.arrays import Floats


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
    first, second = (row(xp, times, number) for number in (at, at + 1))
    weight = xp.clip((moments - first) / (second - first), 0.0, 1.0)
    weight = xp.reshape(weight, (*moments.shape, *[1] * (values.ndim - 1)))
    low, high = (row(xp, values, number) for number in (at, at + 1))
    return xp.where(weight >= 1.0, high, low + (high - low) * weight)


def row(xp: Any, values: Any, number: Any) -> Any:
    """Return the row of a number along the first axis, or those of several; beyond the last row, the last.

    Args:
        xp: numpy or jax.numpy, which would compile a single row as a loop over rows.
        values: (n, ...).
        number: () or (m,), from 0.

    Returns:
        (...) or (m, ...).
    """
    if xp is np or np.ndim(number):
        return xp.take(values, number, axis=0, mode="clip")
    return import_module("jax.lax").dynamic_index_in_dim(xp.asarray(values), number, 0, keepdims=False,
                                                         allow_negative_indices=False)


def monotone(points: Floats, values: Floats, moments: Floats) -> Floats:
    """Return a curve through points that rises and falls nowhere but where they do, along the last axis.

    Args:
        points: (n,), strictly rising, at least three.
        values: (..., n), at those points.
        moments: (m,), from the first point to the last.

    Returns:
        (..., m).

    Source: Fritsch & Butland 1984, with their three-point slopes at both ends.
    """
    widths = np.diff(points)
    slopes = np.diff(values) / widths
    tangents = _tangents(widths, slopes)
    at = np.clip(np.searchsorted(points, moments, side="right") - 1, 0, len(widths) - 1)
    along, width = moments - points[at], widths[at]
    first, last, slope = tangents[..., at], tangents[..., at + 1], slopes[..., at]
    bend = (first + last - 2 * slope) / width
    curve: Floats = values[..., at] + along * (first + along * ((slope - first) / width - bend + along * bend / width))
    return curve


def _tangents(widths: Floats, slopes: Floats) -> Floats:
    """Return the slope of the curve at every point: 0 at a turn, else the weighted harmonic mean of both sides."""
    before, after = slopes[..., :-1], slopes[..., 1:]
    turns = before * after <= 0
    near, far = 2 * widths[1:] + widths[:-1], widths[1:] + 2 * widths[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.where(turns, 0.0, (near + far) / (near / before + far / after))
    ends = [_end(widths[first], widths[second], slopes[..., first], slopes[..., second])
            for first, second in ((0, 1), (-1, -2))]
    return np.concatenate([ends[0][..., None], inner, ends[1][..., None]], axis=-1)


def _end(width: float, next_width: float, slope: Floats, next_slope: Floats) -> Floats:
    tangent = ((2 * width + next_width) * slope - width * next_slope) / (width + next_width)
    tangent = np.where(np.sign(tangent) != np.sign(slope), 0.0, tangent)
    steep = (np.sign(slope) != np.sign(next_slope)) & (np.abs(tangent) > 3 * np.abs(slope))
    return np.where(steep, 3 * slope, tangent)
