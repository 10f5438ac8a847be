"""A block of runs computed: indicators by year and area, and which runs went wrong, where and when."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.engine.batches import pieces
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import day
from xiancheng.outputs import places
from xiancheng.outputs import result as results
from xiancheng.sweeps.design import PLACE, Design
from xiancheng.sweeps.setting import Rows, Setting
from xiancheng.texts import LANGUAGES, in_language, text

OK, NAN, FAILED, ABSENT = "ok", "nan", "failed", "absent"
_LEAST = 1 - 1e-6


@dataclass(frozen=True)
class Bad:
    """A run without a usable result.

    Attributes:
        run: its position in the block.
        status: NAN or FAILED.
        variable: the variable of the equations where it shows first.
        date: when, as an ISO date, "" where it holds throughout.
        place: the element where, "" where there is none.
    """

    run: int
    status: str
    variable: str
    date: str = ""
    place: str = ""


@dataclass(frozen=True)
class Computed:
    """Results of some runs.

    Attributes:
        values: float32 (run, indicator, year, area), in the units of the indicators; missing where there is none.
        bad: the runs that went wrong.
    """

    values: NDArray[np.float32]
    bad: tuple[Bad, ...]


def compute(setting: Setting, rows: Rows, size: int) -> Computed:
    """Run some rows of the drawn design; what is computed is read in a thread beside the runs that follow.

    Args:
        setting: what the runs share.
        rows: the runs.
        size: runs computed together, of which the rows take a part; the numbers do not depend on the rest.
    """
    prepared = setting.parameters(rows.padded(size))
    found: list[Computed] = []
    reading: Future[Computed] | None = None
    first = 0
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading") as reader:
        for data, ratios in pieces(setting.program, prepared, setting.steps, dtype=setting.design.precision):
            if reading is not None:  # no more than one part waits, so that memory stays as it is
                found.append(reading.result())
            count = min(len(rows) - first, data.sizes["run"])
            reading = reader.submit(_read, setting, data, ratios, count, first)
            first += count
            if first == len(rows):
                break
        if reading is not None:
            found.append(reading.result())
    return Computed(np.concatenate([one.values for one in found]), tuple(bad for one in found for bad in one.bad))


def _read(setting: Setting, data: xr.Dataset, ratios: Mapping[str, Any], count: int, first: int) -> Computed:
    """Return what a design keeps of the first runs of a part, numbered from `first` on."""
    part = data.isel(run=slice(0, count))
    wrong = _bad(part, {name: ratio[:count] for name, ratio in ratios.items()})
    values = kept(part, setting.built[0], setting.design)
    values[[one.run for one in wrong]] = np.nan
    return Computed(values, tuple(replace(one, run=one.run + first) for one in wrong))


def _bad(data: xr.Dataset, ratios: dict[str, Any]) -> list[Bad]:
    """Return the runs with a number that is none, each with the first time it shows, or with a delay too short."""
    found: dict[int, tuple[int, Bad]] = {}
    for label, ratio in ratios.items():
        for run in np.flatnonzero(np.asarray(ratio) < _LEAST):
            name = label.split("#")[0]
            found.setdefault(int(run), (-1, Bad(int(run), FAILED, name)))
    for variable, values in data.items():
        numbers = values.transpose("run", "time", ...).values
        flat = np.isfinite(numbers.reshape(*numbers.shape[:2], -1).sum(axis=2))
        for run in np.flatnonzero(~flat.all(axis=1)):
            step = int(np.argmin(flat[run]))
            if int(run) not in found or found[int(run)][0] > step:
                where = _place(values.isel(run=run, time=step))
                date = day(float(data["time"][step])).isoformat()
                found[int(run)] = (step, Bad(int(run), NAN, str(variable), date, where))
    return [bad for _, (_, bad) in sorted(found.items())]


def _place(values: xr.DataArray) -> str:
    if "place" not in values.dims:
        return ""
    wrong = ~np.isfinite(values.transpose("place", ...).values)
    return str(values["place"].values[int(np.argmax(wrong.reshape(len(wrong), -1).any(axis=1)))])


def kept(data: xr.Dataset, built: BuiltRun, design: Design) -> NDArray[np.float32]:
    """Return what a design keeps of some runs (run, indicator, year, area)."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # runs that went wrong are told by `_bad`
        whole = results.result(data, built, variables=list(design.indicators))
        levels = {level: places.aggregate(whole, level) for level in places.LEVELS if level in design.areas}
        parts = [_years(levels[level], design, len(levels[level]["area"])) for level in levels]
        if design.quantiles:
            parts.append(_quantiles(whole, design))
        if PLACE in design.areas:
            parts.append(_years(whole.rename(place="area"), design, whole.sizes["place"]))
    return np.concatenate(parts, axis=3).astype(np.float32)


def _years(part: xr.Dataset, design: Design, areas: int) -> NDArray[np.float64]:
    """Return the indicators of a part; one that has no value at this level is missing (run, indicator, year, area)."""
    chosen = part.sel(year=list(design.years))
    runs = part.sizes["run"]
    empty = np.full((runs, len(design.years), areas), np.nan)
    values = [
        chosen[name].transpose("run", "year", "area").values if name in chosen else empty for name in design.indicators
    ]
    return np.stack(values, axis=1)


def _quantiles(whole: xr.Dataset, design: Design) -> NDArray[np.float64]:
    listed = whole.isel(place=np.flatnonzero(whole["in_68"].values)).rename(place="area")
    names = [name for name in design.indicators if PLACE in whole[name].attrs["levels"].split("; ")]
    values = _years(listed[names], design, listed.sizes["area"])
    return quantiles(values, design.quantiles)


def quantiles(values: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return quantiles along the last axis, linear between values; missing ones do not count."""
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(ordered).sum(axis=-1, keepdims=True)
    position = np.asarray(shares) * np.maximum(count - 1, 0)
    lower = np.floor(position).astype(int)
    upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
    low, high = np.take_along_axis(ordered, lower, -1), np.take_along_axis(ordered, upper, -1)
    return np.asarray(low + (high - low) * (position - lower))


def areas(built: BuiltRun, design: Design) -> list[dict[str, str]]:
    """Return id, level and names of each area in the order in which they are kept."""
    def of(*levels: str) -> list[dict[str, str]]:
        areas = [area for level in levels if level in design.areas for area in built.places.areas(level)]
        return [_area(area.id, area.level, area.names) for area in areas]

    lists = {language: in_language(built.places.list_name, language) for language in LANGUAGES}
    quantiles = [
        _area(f"{places.LIST}:q{share:g}", "quantile",
              {one: text("sweep.quantile", one, name=lists[one], share=f"{share:.4g}") for one in LANGUAGES})
        for share in design.quantiles
    ]
    return [*of(*places.LEVELS), *quantiles, *of(PLACE)]


def _area(area: str, level: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"area": area, "level": level, **{f"name_{language}": name for language, name in names.items()}}
