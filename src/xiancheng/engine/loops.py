"""What the compiler makes of a step: which values it keeps, which it writes over, and how long its loops run.

A step becomes some hundred loops over cells. One takes eight cells at a time if it has many of them and writes to other
memory than it reads; where a value is read a last time, the compiler writes the result over it, and its own check for
memory that overlaps then takes the slow way, a cell at a time. So large values are kept apart where a cell costs much
(`SLOW`, and what functions remember), and dimensions of a few elements stand in front (`short_first`). Measured on the
study's model, a run takes a tenth to a sixth less time and is compiled in a quarter less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from xiancheng.engine.shapes import Dims

CELLS = 4_000
"""From how many cells on a value is large."""
SHORT = 8
"""A dimension of fewer elements is short."""
SLOW = ("EXP", "/", "ZIDZ", "XIDZ")
"""The functions that take longest for a cell of those that can take several cells at a time."""


def short_first(dims: Dims, sizes: Mapping[str, int]) -> Dims:
    """Return dimensions with short last ones moved to the front, so that a loop runs along a longer one."""
    longer = [position for position, dim in enumerate(dims) if sizes[dim] >= SHORT]
    end = longer[-1] + 1 if longer else len(dims)
    return (*dims[end:], *dims[:end])


def laid(xp: Any, data: Any, dims: Dims, sizes: Mapping[str, int]) -> tuple[Any, Dims]:
    """Return data with short last dimensions in front, and its dimensions."""
    order = short_first(dims, sizes)
    if order == dims:
        return data, dims
    data = xp.transpose(data, [dims.index(dim) for dim in order])
    return np.ascontiguousarray(data) if isinstance(data, np.ndarray) else data, order


def fixed(data: Any) -> Any:
    """Keep the compiler from moving operations across this value."""
    from jax.lax import optimization_barrier

    return optimization_barrier(data)  # type: ignore[no-untyped-call]


def stored(always: Any, data: Any) -> Any:
    """Keep the compiler from computing this value anew inside each of those that use it.

    Args:
        always: a condition that always holds, which the compiler does not know.
        data: the value; nothing is fused across the choice.
    """
    from jax.lax import cond

    return cond(always, lambda value: value, lambda value: -value, data)


def apart(always: Any, data: Any) -> Any:
    """Keep the compiler from writing over this value where it is read a last time.

    Args:
        always: a condition that always holds, which the compiler does not know.
        data: the value, of one axis or more. That a first cell might be read for another cell is enough.
    """
    from jax.numpy import where

    return where(always, data, data[..., :1])
