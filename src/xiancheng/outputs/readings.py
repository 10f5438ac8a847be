"""A finished run by calendar year: stocks on 1 November, flows of a year, means over one, growth from year to year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from xiancheng.engine.source import key
from xiancheng.model.places import Places
from xiancheng.outputs import years as clock

STOCK, FLOW, FIVE_YEARS, MEAN, GROWTH = "stock", "flow", "flow of 5 years", "mean of year", "growth"
KINDS = (STOCK, FLOW, FIVE_YEARS, MEAN, GROWTH)
"""Value on 1 November; what a running total gained in the calendar year, or in five years to its end; mean of both
ends of the calendar year; relative change from one 1 November to the next."""
FLOWS = (FLOW, FIVE_YEARS)


@dataclass(frozen=True)
class Readings:
    """A finished run, read by calendar year.

    Attributes:
        data: the run, variables by id (lower case with underscores), dims time, place, …
        places: the places.
        years: the calendar years asked for.
    """

    data: xr.Dataset
    places: Places
    years: Sequence[int]
    _made: dict[tuple[str, str], xr.DataArray] = field(default_factory=dict, compare=False, repr=False)

    def read(self, name: str, kind: str) -> xr.DataArray:
        """Return a variable as one of KINDS, dims year and those of the variable besides time; each is read once."""
        if (name, kind) not in self._made:
            self._made[name, kind] = self._read(name, kind)
        return self._made[name, kind]

    def _read(self, name: str, kind: str) -> xr.DataArray:
        values = self.data[name]
        if "time" not in values.dims:
            values = values.expand_dims(time=self.data["time"])
        if kind in FLOWS:
            return clock.flow(values, self.years, 5 if kind == FIVE_YEARS else 1)
        if kind == MEAN:
            return clock.mean_over_year(values, self.years)
        return clock.census_day_value(values, self.years)

    def where(self, conditions: Sequence[tuple[str, str, str]]) -> xr.DataArray:
        """Return which places meet every (column of the table of places, = or !=, value) (place)."""
        met = np.ones(len(self.places), dtype=bool)
        for column, relation, value in conditions:
            same = self.places.column(column) == value
            met &= same if relation == "=" else ~same
        return xr.DataArray(met, dims="place", coords={"place": list(self.places.elements)})


def by_id(data: xr.Dataset) -> xr.Dataset:
    """Return a run of the engine with variables and dims named by id: lower case with underscores."""
    names = [str(name) for name in [*data.data_vars, *data.dims]]
    return data.rename({name: key(name) for name in names if name != key(name)})
