"""How places make an area, by the aggregation of an indicator: arrays (…, year, place) -> (…, year, area)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.outputs import equity
from xiancheng.outputs.areas import Areas
from xiancheng.outputs.indicators import COUNT_SHARE, MEAN, MINIMUM, P90_P10, QUOTIENT, RATIO, THEIL

PARTS = ("of", "over", "weight")
"""What an indicator may be made of: the ids of other indicators."""
_ITSELF, _SHARE_OF, _WEIGHTED, _WEIGHT = "itself", "share of", "weighted", "weight"
Summand = tuple[str, str]
"""What is summed over places: how it is made, and the indicator it is made of or for."""


@dataclass(frozen=True)
class Aggregation:
    """How the places of an area go together.

    Attributes:
        kind: of indicators.AGGREGATIONS.
        levels: where the indicator has a value, of indicators.LEVELS.
        of: id of the indicator that is the numerator, or whose places are compared; "" for none.
        over: id of the indicator it is divided by; weight: that places count by; "" for none.
        scale: factor that gives the unit of a ratio.
    """

    kind: str
    levels: tuple[str, ...]
    of: str = ""
    over: str = ""
    weight: str = ""
    scale: float = 1.0

    @property
    def parts(self) -> tuple[str, ...]:
        """The other indicators that it needs beside it."""
        return tuple(part for part in (self.of, self.over, self.weight) if part)

    @classmethod
    def labelled(cls, labels: Mapping[str, Any]) -> Aggregation:
        """Return what the attributes of an indicator in a result say, which `labels` wrote."""
        parts = {part: str(labels.get(part, "")) for part in PARTS}
        levels = tuple(str(labels.get("levels", "")).split("; "))
        return cls(str(labels.get("aggregation", "")), levels, **parts, scale=float(labels.get("scale", 1.0)))

    @property
    def labels(self) -> dict[str, str]:
        """What a result says of it, for people and for whoever opens the file; no digit of the scale is lost."""
        parts = {part: str(getattr(self, part)) for part in PARTS if getattr(self, part)}
        scale = {"scale": np.format_float_positional(self.scale, trim="-")} if self.over else {}
        return {"aggregation": self.kind, "levels": "; ".join(self.levels), **parts, **scale}


class Composed(Protocol):
    """Whatever names the indicators that it is made of."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Their ids."""
        ...


def with_parts(table: Mapping[str, Composed], names: Sequence[str]) -> list[str]:
    """Return indicators and, after them, all of the table that they are made of, each once."""
    layer = list(dict.fromkeys(names))
    chosen = dict.fromkeys(layer)
    while layer:
        parts = dict.fromkeys(part for name in layer for part in table[name].parts)
        layer = [part for part in parts if part in table and part not in chosen]
        chosen |= dict.fromkeys(layer)
    return list(chosen)


def totals(
    table: Mapping[str, Aggregation], values: Mapping[str, Floats], names: Sequence[str], areas: Areas, xp: Any = np
) -> dict[str, Floats]:
    """Return indicators at areas; everything that is summed over places is summed in one product.

    Args:
        table: how each goes together, their parts among them.
        values: by indicator (…, year, place) [its unit], their parts among them.
        names: the indicators.
        areas: which places make each area.
        xp: what computes: numpy, or JAX's functions for slopes.

    Returns:
        By indicator (…, year, area), at every area, whatever its levels.
    """
    summands = dict.fromkeys(summand for name in names for summand in _summands(table, name))
    sums = _sums({summand: _summand(table, values, summand, xp) for summand in summands}, areas.members, xp)
    return {name: _total(table, values, name, areas, sums, xp) for name in names}


def _summands(table: Mapping[str, Aggregation], name: str) -> tuple[Summand, ...]:
    """Return what has to be summed for an indicator."""
    own = table[name]
    if own.kind == RATIO:
        return (_ITSELF, own.of) if own.of else (_SHARE_OF, name), (_ITSELF, own.over)
    if own.kind == QUOTIENT:
        return *_summands(table, own.of), *_summands(table, own.over)
    if own.kind == MEAN:
        return (_WEIGHTED, name), (_WEIGHT, name)
    return () if own.kind in (MINIMUM, THEIL, P90_P10) else ((_ITSELF, name),)


def _summand(table: Mapping[str, Aggregation], values: Mapping[str, Floats], summand: Summand, xp: Any) -> Floats:
    kind, name = summand
    if kind == _ITSELF:
        return values[name]
    if kind == _SHARE_OF:
        over = values[table[name].over]
        return xp.where(over != 0, values[name] * over, 0.0)  # type: ignore[no-any-return]
    weight = values[table[name].weight]
    return values[name] * weight if kind == _WEIGHTED else xp.where(xp.isnan(values[name]), 0.0, weight)


def _sums(summands: Mapping[Summand, Floats], members: Floats, xp: Any) -> dict[Summand, Floats]:
    if not summands:
        return {}
    stacked = xp.stack(xp.broadcast_arrays(*summands.values()))
    return dict(zip(summands, _sum(stacked, members, xp), strict=True))


def _total(
    table: Mapping[str, Aggregation], values: Mapping[str, Floats], name: str, areas: Areas,
    sums: Mapping[Summand, Floats], xp: Any,
) -> Floats:
    own = table[name]
    if own.kind == RATIO:
        above, below = _summands(table, name)
        return (own.scale if own.of else 1.0) * _over(sums[above], sums[below], xp)
    if own.kind == QUOTIENT:
        parts = [_total(table, values, part, areas, sums, xp) for part in (own.of, own.over)]
        return _over(parts[0], parts[1], xp)
    if own.kind == MEAN:
        return _over(sums[_WEIGHTED, name], sums[_WEIGHT, name], xp)
    if own.kind == MINIMUM:
        return _each(areas.members, partial(_least, xp=xp), xp, values[name])
    if own.kind == THEIL:
        return _each(areas.members, partial(equity.theil, xp=xp), xp, values[own.of], values[own.weight])
    if own.kind == P90_P10:
        counties = xp.where(areas.counties, values[own.of], np.nan)
        return _each(areas.members, partial(equity.p90_p10, xp=xp), xp, counties)
    total = sums[_ITSELF, name]
    return _over(total, _present(values[name], areas.members, xp), xp) if own.kind == COUNT_SHARE else total


def _over(above: Floats, below: Floats, xp: Any) -> Floats:
    return xp.divide(above, xp.where(below > 0, below, np.nan))  # type: ignore[no-any-return]


def _least(values: Floats, xp: Any) -> Floats:
    """Return the least of the values along the last axis; missing where none is a number."""
    least = xp.where(xp.isnan(values), np.inf, values).min(axis=-1, initial=np.inf)
    return xp.where(xp.isfinite(values).any(axis=-1), least, np.nan)  # type: ignore[no-any-return]


def _each(members: Floats, measure: Callable[..., Floats], xp: Any, *arrays: Floats) -> Floats:
    """Return what a function makes of the places of each area."""
    areas = [measure(*(values[..., chosen] for values in arrays)) for chosen in members.astype(bool)]
    return xp.stack(areas, axis=-1)  # type: ignore[no-any-return]


def _sum(values: Floats, members: Floats, xp: Any) -> Floats:
    """Sum over places (…, year, area); missing where a place is, but places that never have a value do not count."""
    missing = xp.isnan(values)
    if xp is np and not missing.any() and members.any(axis=1).all():
        return np.asarray(values @ members.T)
    present = ~missing.all(axis=-2, keepdims=True)
    total = xp.where(missing, 0.0, values) @ members.T
    incomplete = (missing & present).astype(float) @ members.T > 0
    return xp.where(  # type: ignore[no-any-return]
        incomplete | (_present(values, members, xp) == 0), np.nan, total)


def _present(values: Floats, members: Floats, xp: Any) -> Floats:
    """Return how many places of each area ever have a value (…, 1, area)."""
    return (~xp.isnan(values).all(axis=-2, keepdims=True)).astype(float) @ members.T  # type: ignore[no-any-return]
