"""From model time to years people know: stocks on 1 November, figures of the year's end, flows of a calendar year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.model.clock import census_day, new_year, year_end

_ROUNDING = 1e-9

__all__ = ["census_day_value", "flow", "lever_date", "mean_over_year", "steps_around", "year_end_value"]


def steps_around(saved: NDArray[np.float64], start: int, end: int) -> tuple[int, ...]:
    """Return the positions of the saved times around every 1 November and every end of a year, the first and the last.

    Args:
        saved: model times at which a run is saved, rising (time) [year].
        start: the first calendar year.
        end: the last calendar year.
    """
    wanted = [at(year) for year in range(start - 1, end + 1) for at in (census_day, year_end)]
    position = np.interp(wanted, saved, np.arange(len(saved)))
    around = np.concatenate([np.floor(position + _ROUNDING), np.ceil(position - _ROUNDING), [0, len(saved) - 1]])
    return tuple(int(one) for one in np.unique(around))


def lever_date(year: float) -> float:
    """Return the model time at which a lever's value of `year` holds: 1 January [year]."""
    return new_year(year)


def census_day_value(data: xr.DataArray, years: Sequence[int]) -> xr.DataArray:
    """Return the values on 1 November of each year (time, …) -> (year, …); missing outside the run."""
    return _at(data, [census_day(year) for year in years], years)


def year_end_value(data: xr.DataArray, years: Sequence[int]) -> xr.DataArray:
    """Return the values at the end of each year, linear between saved steps (time, …) -> (year, …)."""
    return _at(data, [year_end(year) for year in years], years)


def flow(total: xr.DataArray, years: Sequence[int], span: int = 1) -> xr.DataArray:
    """Return the flow of each calendar year from its running total (time, …) -> (year, …).

    Args:
        total: running total since the start [unit of the flow times years].
        years: calendar years.
        span: how many calendar years to the end of each year are taken together.

    Returns:
        What was added between the two year's ends; missing where the run does not hold both.
    """
    before = _at(total, [year_end(year - span) for year in years], years)
    return year_end_value(total, years) - before


def mean_over_year(data: xr.DataArray, years: Sequence[int]) -> xr.DataArray:
    """Return the mean of both ends of each calendar year, as the yearbooks take it (time, …) -> (year, …)."""
    before = _at(data, [year_end(year - 1) for year in years], years)
    return (before + year_end_value(data, years)) / 2


def _at(data: xr.DataArray, times: Sequence[float], years: Sequence[int]) -> xr.DataArray:
    saved = data["time"].values
    wanted = np.asarray(times, dtype=float)
    position = np.interp(wanted, saved, np.arange(len(saved)))
    lower = np.floor(position).astype(int)
    upper = np.minimum(lower + 1, len(saved) - 1)
    inside = (wanted >= saved[0] - _ROUNDING) & (wanted <= saved[-1] + _ROUNDING)
    axis = data.dims.index("time")
    shape = [-1 if dim == "time" else 1 for dim in data.dims]
    weight = np.where(inside, position - lower, np.nan).reshape(shape)
    values = data.values
    value = np.take(values, lower, axis) * (1 - weight) + np.take(values, upper, axis) * weight
    labels = {name: coordinate for name, coordinate in data.coords.items() if "time" not in coordinate.dims}
    dims = ["year" if dim == "time" else dim for dim in data.dims]
    return xr.DataArray(value, {**labels, "year": np.asarray(years, dtype=np.int64)}, dims, data.name)
