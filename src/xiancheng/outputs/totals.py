"""What an indicator is in an area, by its aggregation: every array (…, year, place) -> (…, year, area)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.outputs import equity
from xiancheng.outputs.indicators import COUNT_SHARE, MEAN, MINIMUM, P90_P10, QUOTIENT, RATIO, THEIL

Numbers = NDArray[np.float64]
_Summand = tuple[str, str]
"""What is summed over places: how it is made, and the indicator it is made of or for."""
_ITSELF, _SHARE_OF, _WEIGHTED, _WEIGHT = "itself", "share of", "weighted", "weight"


def total(result: Mapping[str, Any], name: str, members: Numbers) -> Numbers:
    """Return an indicator for areas: as `totals`, for one."""
    return totals(result, [name], members)[name]


def totals(result: Mapping[str, Any], names: Sequence[str], members: Numbers) -> dict[str, Numbers]:
    """Return indicators for areas; everything that is summed over places is summed in one product.

    Args:
        result: indicators by id with `values` (…, year, place) and `attrs`, the parts of each indicator among them,
            and `kind` of the places: a result, or plain arrays with the same names.
        names: the indicators.
        members: 1 where a place belongs to an area (area, place).
    """
    wanted = _with_quotients(result, names)
    summands: dict[_Summand, Numbers] = {}
    for name in wanted:
        for one in _asked(result, name):
            if one not in summands:
                summands[one] = _summand(result, one)
    sums = _sums(summands, members)
    found: dict[str, Numbers] = {}
    for name in reversed(wanted):  # a quotient stands before what it is made of
        found[name] = _put_together(result, name, members, sums, found)
    return {name: found[name] for name in names}


def _with_quotients(result: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return the indicators, each quotient before both of its own, which are looked for at the end of the list."""
    wanted = list(names)
    for name in wanted:
        attributes = result[name].attrs
        if attributes.get("aggregation") == QUOTIENT:
            wanted += [attributes["of"], attributes["over"]]
    return list(dict.fromkeys(reversed(wanted)))[::-1]


def _asked(result: Mapping[str, Any], name: str) -> tuple[_Summand, ...]:
    """Return what has to be summed for an indicator."""
    attributes = result[name].attrs
    kind = attributes.get("aggregation")
    if kind == RATIO:
        above = (_ITSELF, attributes["of"]) if "of" in attributes else (_SHARE_OF, name)
        return above, (_ITSELF, attributes["over"])
    if kind == MEAN:
        return (_WEIGHTED, name), (_WEIGHT, name)
    return () if kind in (QUOTIENT, MINIMUM, THEIL, P90_P10) else ((_ITSELF, name),)


def _summand(result: Mapping[str, Any], one: _Summand) -> Numbers:
    kind, name = one
    values: Numbers = result[name].values
    if kind == _ITSELF:
        return values
    if kind == _SHARE_OF:
        over: Numbers = result[result[name].attrs["over"]].values
        return np.where(over != 0, values * over, 0.0)
    weight: Numbers = result[result[name].attrs["weight"]].values
    return values * weight if kind == _WEIGHTED else np.where(np.isnan(values), 0.0, weight)


def _sums(summands: Mapping[_Summand, Numbers], members: Numbers) -> dict[_Summand, Numbers]:
    if not summands:
        return {}
    stacked = np.stack(np.broadcast_arrays(*summands.values()))
    return dict(zip(summands, _sum(stacked, members), strict=True))


def _put_together(
    result: Mapping[str, Any], name: str, members: Numbers, sums: Mapping[_Summand, Numbers],
    found: Mapping[str, Numbers],
) -> Numbers:
    values, attributes = result[name].values, result[name].attrs
    kind = attributes.get("aggregation")
    if kind == RATIO:
        above, below = _asked(result, name)
        scale = float(attributes.get("scale", 1.0)) if "of" in attributes else 1.0
        return scale * _over(sums[above], sums[below])
    if kind == QUOTIENT:
        return _over(found[attributes["of"]], found[attributes["over"]])
    if kind == MEAN:
        return _over(sums[_WEIGHTED, name], sums[_WEIGHT, name])
    if kind == MINIMUM:
        return _each(members, _least, values)
    if kind == THEIL:
        return _each(members, equity.theil, result[attributes["of"]].values, result[attributes["weight"]].values)
    if kind == P90_P10:
        return _each(members, equity.p90_p10, _counties(result, attributes["of"]))
    whole = sums[_ITSELF, name]
    return _over(whole, np.broadcast_to(_present(values, members), whole.shape)) if kind == COUNT_SHARE else whole


def _over(above: Numbers, below: Numbers) -> Numbers:
    found: Numbers = above / np.where(below > 0, below, np.nan)
    return found


def _counties(result: Mapping[str, Any], name: str) -> Numbers:
    """Return an indicator at county-level units; the rest of a prefecture is none."""
    found: Numbers = np.where(result["kind"].values == "pole", np.nan, result[name].values)
    return found


def _least(values: Numbers) -> Numbers:
    """Return the least of the values along the last axis; missing where none is a number."""
    least = np.where(np.isnan(values), np.inf, values).min(axis=-1, initial=np.inf)
    return np.asarray(np.where(np.isfinite(values).any(axis=-1), least, np.nan))


def _each(members: Numbers, find: Callable[..., Numbers], *arrays: Numbers) -> Numbers:
    """Return what a function finds in the places of each area."""
    return np.stack([find(*(one[..., chosen] for one in arrays)) for chosen in members.astype(bool)], axis=-1)


def _sum(values: Numbers, members: Numbers) -> Numbers:
    """Sum over places (…, year, area); missing where a place is, but places that never have a value do not count."""
    missing = np.isnan(values)
    if not missing.any() and members.any(axis=1).all():
        return np.asarray(values @ members.T)
    present = ~missing.all(axis=-2, keepdims=True)
    whole = np.where(missing, 0.0, values) @ members.T
    incomplete = (missing & present).astype(float) @ members.T > 0
    found: Numbers = np.where(incomplete | (_present(values, members) == 0), np.nan, whole)
    return found


def _present(values: Numbers, members: Numbers) -> Numbers:
    """Return how many places of each area ever have a value (…, 1, area)."""
    counted: Numbers = (~np.isnan(values).all(axis=-2, keepdims=True)).astype(float) @ members.T
    return counted
