"""A finished run read by calendar year in plain arrays: the numbers of outputs.readings, fast enough to drag by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.engine.source import key
from xiancheng.model.clock import census_day, year_end
from xiancheng.outputs.expression import KEPT, Expression, Factor, Term
from xiancheng.outputs.readings import FIVE_YEARS, FLOW, FLOWS, MEAN

Numbers = NDArray[np.float64]
Dims = tuple[str, ...]
_ROUNDING = 1e-9
_SPANS = {FLOW: 1, FIVE_YEARS: 5}


@dataclass(frozen=True)
class PlainRun:
    """A finished run without labels.

    Attributes:
        arrays: by id of the variable, its values and their dims, time the first of them.
        positions: by dim, the position of each element.
        times: the times saved.
    """

    arrays: Mapping[str, tuple[Numbers, Dims]]
    positions: Mapping[str, Mapping[str, int]]
    times: Numbers

    @classmethod
    def of(cls, data: xr.Dataset) -> PlainRun:
        """Return a run as the engine returns it, dims time, place, …, without its labels."""
        times = np.asarray(data["time"].values, dtype=float)
        positions = {key(str(dim)): positions_of(tuple(map(str, data[dim].values))) for dim in data.dims}
        arrays: dict[str, tuple[Numbers, Dims]] = {}
        for name, variable in data.variables.items():
            if name not in data.dims:
                dims = tuple(key(str(dim)) for dim in variable.dims)
                values = np.asarray(variable.values)
                still = "time" not in dims
                arrays[key(str(name))] = (
                    (np.broadcast_to(values, (len(times), *values.shape)), ("time", *dims)) if still else (values, dims)
                )
        return cls(arrays, positions, times)


@lru_cache(maxsize=64)
def positions_of(elements: tuple[str, ...]) -> Mapping[str, int]:
    """Return the position of each element by its key."""
    return {key(one): position for position, one in enumerate(elements)}


@dataclass(frozen=True)
class _Moments:
    """Times to read at: saved steps on both sides of each, how far between them, and whether the run holds it."""

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    weight: Numbers
    inside: NDArray[np.bool_]

    def of(self, values: Numbers) -> Numbers:
        """Return values at these times (time, …) -> (year, …); missing outside the run."""
        found: Numbers = values[self.lower]
        if self.weight.any():
            weight = self.weight.reshape(-1, *[1] * (values.ndim - 1))
            found = found * (1 - weight) + values[self.upper] * weight
        if not self.inside.all():
            found = np.array(found)
            found[~self.inside] = np.nan
        return found


def _moments(saved: Numbers, times: Sequence[float]) -> _Moments:
    wanted = np.asarray(times, dtype=float)
    position = np.interp(wanted, saved, np.arange(len(saved)))
    lower = np.floor(position).astype(int)
    inside = (wanted >= saved[0] - _ROUNDING) & (wanted <= saved[-1] + _ROUNDING)
    return _Moments(lower, np.minimum(lower + 1, len(saved) - 1), position - lower, inside)


@dataclass
class YearReadings:
    """One run, read by calendar year; what several indicators read is read once.

    Attributes:
        run: the run.
        years: the calendar years asked for.
    """

    run: PlainRun
    years: Sequence[int]
    _factors: dict[tuple[str, tuple[tuple[str, str], ...], str], tuple[Numbers, Dims]] = field(default_factory=dict)
    _terms: dict[tuple[Term, str], Numbers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        saved = self.run.times
        self._census = _moments(saved, [census_day(year) for year in self.years])
        self._ends = {span: _moments(saved, [year_end(year - span) for year in self.years]) for span in (0, 1, 5)}

    def __contains__(self, name: str) -> bool:
        """Tell whether the run holds a variable."""
        return name in self.run.arrays

    def value(self, expression: Expression, kind: str) -> Numbers:
        """Return an expression (year, place), its variables read as `kind`."""
        whole, *others = (term.sign * self._term(term, kind) for term in expression.terms)
        for term in others:
            whole = whole + term
        return whole

    def _term(self, term: Term, kind: str) -> Numbers:
        if (term, kind) not in self._terms:
            self._terms[term, kind] = self._product(term, kind)
        return self._terms[term, kind]

    def _product(self, term: Term, kind: str) -> Numbers:
        held = [self._factor(factor, kind) for factor in term.factors]
        dims = tuple(dict.fromkeys(["year", "place", *(dim for _, found in held for dim in found)]))
        product: Numbers | float = 1.0
        for factor, (values, found) in zip(term.factors, held, strict=True):
            aligned = _along(values, found, dims)
            if factor.divides:
                product = product / np.where(aligned != 0, aligned, np.nan)
            else:
                product = aligned if isinstance(product, float) else product * aligned
        assert not isinstance(product, float)
        summed = tuple(position for position, dim in enumerate(dims) if dim not in KEPT)
        return np.asarray(product.sum(axis=summed) if summed else product)

    def _factor(self, factor: Factor, kind: str) -> tuple[Numbers, Dims]:
        """Return a variable at the elements wanted by calendar year; only those are read."""
        mark = factor.variable, factor.elements, kind
        if mark not in self._factors:
            values, dims = self._chosen(factor)
            self._factors[mark] = self._by_year(values, kind), ("year", *dims[1:])
        return self._factors[mark]

    def _chosen(self, factor: Factor) -> tuple[Numbers, Dims]:
        values, dims = self.run.arrays[factor.variable]
        positions = self.run.positions
        for first, last in factor.elements:
            dim = next(one for one in dims if one not in (*KEPT, "time") and {first, last} <= positions[one].keys())
            axis, at = dims.index(dim), positions[dim]
            part = slice(at[first], at[last] + 1) if first != last else at[first]
            values = values[(*[slice(None)] * axis, part)]
            dims = dims if first != last else dims[:axis] + dims[axis + 1 :]
        return values, dims

    def _by_year(self, values: Numbers, kind: str) -> Numbers:
        if kind in FLOWS:
            return self._ends[0].of(values) - self._ends[_SPANS[kind]].of(values)
        if kind == MEAN:
            return (self._ends[1].of(values) + self._ends[0].of(values)) / 2
        return self._census.of(values)


def _along(values: Numbers, dims: Dims, wanted: Dims) -> Numbers:
    """Return values with their axes in the order wanted, and length 1 where they have no such dim."""
    if dims == wanted:
        return values
    order = [dims.index(dim) for dim in wanted if dim in dims]
    moved = values.transpose(order)
    return moved[tuple(slice(None) if dim in dims else np.newaxis for dim in wanted)]
