"""What an indicator is in an area, by its aggregation: every array (…, year, place) -> (…, year, area)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.outputs import equity
from xiancheng.outputs.indicators import COUNT_SHARE, MEAN, MINIMUM, P90_P10, QUOTIENT, RATIO, THEIL

Numbers = NDArray[np.float64]


def total(result: Mapping[str, Any], name: str, members: Numbers) -> Numbers:
    """Return an indicator for areas.

    Args:
        result: indicators by id with `values` (…, year, place) and `attrs`, the parts of the indicator among them, and
            `kind` of the places: a result, or plain arrays with the same names.
        name: the indicator.
        members: 1 where a place belongs to an area (area, place).
    """
    values, attributes = result[name].values, result[name].attrs
    kind = attributes.get("aggregation")
    if kind == RATIO:
        over = result[attributes["over"]].values
        parts = result[attributes["of"]].values if "of" in attributes else np.where(over != 0, values * over, 0.0)
        scale = float(attributes.get("scale", 1.0)) if "of" in attributes else 1.0
        return scale * _over(_sum(parts, members), _sum(over, members))
    if kind == QUOTIENT:
        return _over(total(result, attributes["of"], members), total(result, attributes["over"], members))
    if kind == MEAN:
        weight = result[attributes["weight"]].values
        return _over(_sum(values * weight, members), _sum(np.where(np.isnan(values), 0.0, weight), members))
    if kind == MINIMUM:
        return _each(members, lambda values: _least(values[0]), values)
    if kind == THEIL:
        of, weight = result[attributes["of"]].values, result[attributes["weight"]].values
        return _each(members, lambda values: equity.theil(*values), of, weight)
    if kind == P90_P10:
        of = _counties(result, attributes["of"])
        return _each(members, lambda values: equity.p90_p10(values[0]), of)
    whole = _sum(values, members)
    if kind == COUNT_SHARE:
        return _over(whole, np.broadcast_to(_present(values, members), whole.shape))
    return whole


def _over(above: Numbers, below: Numbers) -> Numbers:
    found: Numbers = above / np.where(below > 0, below, np.nan)
    return found


def _counties(result: Mapping[str, Any], name: str) -> Numbers:
    """Return an indicator at county-level units; the rest of a prefecture is none."""
    found: Numbers = np.where(result["kind"].values == "pole", np.nan, result[name].values)
    return found


def _least(values: Numbers) -> float:
    return float(np.nanmin(values)) if np.isfinite(values).any() else float("nan")


def _each(members: Numbers, find: Callable[[list[Numbers]], float], *arrays: Numbers) -> Numbers:
    """Return what a function finds in the places of each area, row by row."""
    rows = zip(*(one.reshape(-1, one.shape[-1]) for one in arrays), strict=True)
    areas = members.astype(bool)
    found = [[find([one[chosen] for one in row]) for chosen in areas] for row in rows]
    return np.array(found, dtype=float).reshape(*arrays[0].shape[:-1], len(members))


def _sum(values: Numbers, members: Numbers) -> Numbers:
    """Sum over places (…, year, area); missing where a place is, but places that never have a value do not count."""
    missing = np.isnan(values)
    present = ~missing.all(axis=-2, keepdims=True)
    whole = np.where(missing, 0.0, values) @ members.T
    incomplete = (missing & present).astype(float) @ members.T > 0
    found: Numbers = np.where(incomplete | (_present(values, members) == 0), np.nan, whole)
    return found


def _present(values: Numbers, members: Numbers) -> Numbers:
    """Return how many places of each area ever have a value (…, 1, area)."""
    counted: Numbers = (~np.isnan(values).all(axis=-2, keepdims=True)).astype(float) @ members.T
    return counted
