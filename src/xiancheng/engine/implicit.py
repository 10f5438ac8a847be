"""Slopes of what is found by halving: where an excess stays nothing, what is found moves with what it follows from.

Halving itself passes on the slopes of the bounds that it began at, which say nothing of what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from xiancheng.engine.devices import import_jax


def root(xp: Any, find: Callable[..., Any], excess: Callable[..., Any], arrays: Sequence[Any]) -> Any:
    """Return what is found from arrays, with the slopes of the implicit function.

    Args:
        xp: numpy, which has no slopes, or jax.numpy.
        find: from the arrays to where the excess changes its sign.
        excess: from that and the arrays to what is nothing there.
        arrays: what both follow from.

    Returns:
        The same as of `find`; with slopes of 0 where the excess does not move.
    """
    if xp is np:
        return find(*arrays)
    jax = import_jax()
    solved = jax.custom_jvp(find)

    def moved(values: Any, moves: Any) -> Any:
        zero = solved(*values)
        place = xp.where(xp.isfinite(zero), zero, 0.0)
        _, shift = jax.jvp(lambda *at: excess(place, *at), values, moves)
        _, steep = jax.jvp(lambda value: excess(value, *values), (place,), (xp.ones_like(place),))
        is_flat = (steep == 0) | ~xp.isfinite(steep)
        return zero, xp.where(is_flat, 0.0, -shift / xp.where(is_flat, 1.0, steep))

    solved.defjvp(moved)
    return solved(*map(xp.asarray, arrays))


def with_slopes(xp: Any, value: Callable[..., Any], smooth: Callable[..., Any], arrays: Sequence[Any]) -> Any:
    """Return a function of arrays with the slopes of another one, which is the same where both have slopes.

    Args:
        xp: numpy, which has no slopes, or jax.numpy.
        value: from the arrays.
        smooth: from the arrays; asked for its slopes alone.
        arrays: what both follow from.
    """
    if xp is np:
        return value(*arrays)
    jax = import_jax()
    function = jax.custom_jvp(value)
    function.defjvp(lambda values, moves: (function(*values), jax.jvp(smooth, values, moves)[1]))
    return function(*map(xp.asarray, arrays))
