"""A part of an indicator as plain numbers: what xarray selects by labels, without laying out what stands beside it.

A report takes thousands of such parts, and each selection of xarray goes through every coordinate of the runs.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Labels = Hashable | Sequence[Any] | NDArray[Any]


def cut(data: xr.Dataset, name: str, dims: Sequence[str], **at: Labels) -> NDArray[Any]:
    """Return an indicator at some labels, over the dims that are left.

    Args:
        data: indicators of Runs.
        name: id of one of them.
        dims: what is left, in the order of the result.
        at: the label of a dim that is taken away, or those of a dim that stays as a list.

    Raises:
        KeyError: no such indicator or label.
    """
    variable = data.variables[name]
    places = {dim: _places(data, dim, labels) for dim, labels in at.items()}
    part = variable.isel(places)
    return np.asarray((part if part.dims == tuple(dims) else part.transpose(*dims)).values)


def _places(data: xr.Dataset, dim: str, labels: Labels) -> Any:
    """Return where labels stand on a dim."""
    index = data.get_index(dim)
    if isinstance(labels, (list, tuple, np.ndarray)):
        return np.array([index.get_loc(label) for label in labels], dtype=int)
    return index.get_loc(labels)


def about(data: xr.Dataset, name: str) -> dict[str, Any]:
    """Return the attributes of an indicator."""
    return dict(data.variables[name].attrs)
