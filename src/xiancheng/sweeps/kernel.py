"""A block of runs computed: indicators by year and area, and which runs went wrong, where and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.batches import pieces
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.program import Program
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import day
from xiancheng.model.places import PLACE
from xiancheng.outputs import places
from xiancheng.outputs.reader import Reader
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.setting import Rows, SweepSetting
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
        values: (run, indicator, year, area), in the units of the indicators; missing where there is none.
        bad: the runs that went wrong.
    """

    values: Floats
    bad: tuple[Bad, ...]


def compute(setting: SweepSetting, rows: Rows, size: int) -> Computed:
    """Run some rows of the drawn design; what is computed is read in a thread beside the runs that follow.

    Args:
        setting: what the runs share.
        rows: the runs.
        size: runs computed together, of which the rows take a part; the numbers do not depend on the rest.
    """
    prepared = setting.parameters(rows.padded(size))
    parts: list[Computed] = []
    reading: Future[Computed] | None = None
    first = 0
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading") as reader:
        for runs, ratios in pieces(setting.program, prepared, setting.steps, dtype=setting.design.precision):
            if reading is not None:  # no more than one part waits, so that memory stays as it is
                parts.append(reading.result())
            count = min(len(rows) - first, len(runs))
            reading = reader.submit(_read, setting, runs[:count], ratios, first)
            first += count
            if first == len(rows):
                break
        if reading is not None:
            parts.append(reading.result())
    return Computed(np.concatenate([part.values for part in parts]), tuple(bad for part in parts for bad in part.bad))


def _read(setting: SweepSetting, runs: Sequence[PlainRun], ratios: Mapping[str, Any], first: int) -> Computed:
    """Return what a design keeps of some runs, numbered from `first` on."""
    own = [{label: float(ratio[number]) for label, ratio in ratios.items()} for number in range(len(runs))]
    checked = [_bad(setting.program, run, own[number], first + number) for number, run in enumerate(runs)]
    bad = [wrong for wrong in checked if wrong is not None]
    values = np.stack([values_of(run, setting.reader, setting.design) for run in runs])
    values[[wrong.run - first for wrong in bad]] = np.nan
    return Computed(values, tuple(bad))


def _bad(program: Program, run: PlainRun, ratios: Mapping[str, float], number: int) -> Bad | None:
    """Return what is wrong with a run, if anything: a delay too short, or the first time with a number that is none."""
    for label, ratio in ratios.items():
        if ratio < _LEAST:
            return Bad(number, FAILED, label.split("#")[0])
    first = len(run.times)
    worst = None
    for name, (values, dims) in run.arrays.items():
        with np.errstate(all="ignore"):
            finite = np.isfinite(values.sum(axis=tuple(range(1, values.ndim))))
        step = int(np.argmin(finite))
        if not finite[step] and step < first:
            first = step
            date, place = day(float(run.times[step])).isoformat(), _place(values[step], dims[1:], run)
            worst = Bad(number, NAN, program.model.variables[name].name, date, place)
    return worst


def _place(values: NDArray[Any], dims: Sequence[str], run: PlainRun) -> str:
    if PLACE not in dims:
        return ""
    others = tuple(axis for axis, dim in enumerate(dims) if dim != PLACE)
    return run.elements[PLACE][int(np.argmax(~np.isfinite(values).all(axis=others)))]


def values_of(run: PlainRun, reader: Reader, design: Design) -> Floats:
    """Return what a design keeps of a run (indicator, year, area), as `areas` lists them."""
    values = reader.at_places(run, reader.available(run, design.indicators))
    at_areas = reader.at_areas(values, [name for name in design.indicators if name in values])
    columns = reader.areas.at(*(level for level in places.LEVELS if level in design.areas))
    years = [reader.years.index(year) for year in design.years]
    listed = reader.areas.members[reader.areas.at(places.LIST)[0]] > 0
    shown = len(listed) if PLACE in design.areas else 0
    nowhere = np.full((len(years), len(columns) + len(design.quantiles) + shown), np.nan)

    def row(name: str) -> Floats:
        own = values[name][years]
        parts = [at_areas[name][years][:, columns], own[:, :shown]]
        if design.quantiles:
            spread = own[:, listed] if PLACE in reader.aggregations[name].levels else nowhere[:, :1]
            parts.insert(1, quantiles(spread, design.quantiles))
        return np.concatenate(parts, axis=1)

    with np.errstate(all="ignore"):
        return np.stack([row(name) if name in values else nowhere for name in design.indicators])


def quantiles(values: Floats, shares: Sequence[float]) -> Floats:
    """Return quantiles along the last axis, linear between values; missing ones do not count."""
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(ordered).sum(axis=-1, keepdims=True)
    position = np.asarray(shares) * np.maximum(count - 1, 0)
    lower = np.floor(position).astype(int)
    upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
    low, high = np.take_along_axis(ordered, lower, -1), np.take_along_axis(ordered, upper, -1)
    return np.asarray(low + (high - low) * (position - lower))


def areas(built: BuiltRun, levels: Sequence[str], shares: Sequence[float] = ()) -> list[dict[str, str]]:
    """Return id, level and names of each area in the order in which they are kept.

    Args:
        built: a run of the study.
        levels: of places.LEVELS, and PLACE.
        shares: quantiles over the listed places.
    """
    def of(*chosen: str) -> list[dict[str, str]]:
        areas = [area for level in chosen if level in levels for area in built.places.areas(level)]
        return [_area(area.id, area.level, area.names) for area in areas]

    lists = {language: in_language(built.places.list_name, language) for language in LANGUAGES}
    quantiles = [
        _area(f"{places.LIST}:q{share:g}", "quantile",
              {language: text("sweep.quantile", language, name=lists[language], share=f"{share:.4g}")
               for language in LANGUAGES})
        for share in shares
    ]
    return [*of(*places.LEVELS), *quantiles, *of(PLACE)]


def _area(area: str, level: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"area": area, "level": level, **{f"name_{language}": name for language, name in names.items()}}
