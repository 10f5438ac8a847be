"""What a comparison keeps of its runs, laid out by scenario, stress and member whenever a part of it is looked at.

Areas stay in memory as they are stored, 8 bytes a number; values by place lie in a passing file, 4 bytes a number.
Nothing is laid out as a whole, so that memory hardly grows with the number of runs.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import IO, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from xiancheng.arrays import Floats, Singles
from xiancheng.model.places import PLACE
from xiancheng.outputs import places
from xiancheng.sweeps.store import Store

AREAS = (places.LIST, places.PROVINCE)
ENDS = 2
"""Years that are kept by place: the first and the last."""


class Lazily(BackendArray):
    """An array that calls a function for the part that is asked for, as xarray wants it of those who read files."""

    def __init__(self, shape: tuple[int, ...], dtype: Any, read: Any) -> None:
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self._read = read

    def __getitem__(self, indexer: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(indexer, self.shape, indexing.IndexingSupport.OUTER, self._read)


@dataclass(frozen=True, eq=False)
class Archive:
    """Values of runs, indicators in front, as 4 bytes.

    Attributes:
        areas: all years (indicator, run, year, area) [units of the indicators].
        shape: of the values by place (indicator, run, first or last year, place).
        file: where these lie.
    """

    areas: Floats
    shape: tuple[int, int, int, int]
    file: IO[bytes]
    _lock: Any

    def by_area(self, indicator: int) -> Floats:
        """Return an indicator of all runs (run, year, area) [its unit]."""
        values: Floats = self.areas[indicator]
        return values

    def by_place(self, indicator: int) -> Singles:
        """Return an indicator of all runs (run, first or last year, place) [its unit]."""
        size = 4 * int(np.prod(self.shape[1:]))
        with self._lock:
            self.file.seek(indicator * size)
            content = self.file.read(size)
        return np.frombuffer(content, dtype=np.float32).reshape(self.shape[1:])

    def put(self, store: Store, rows: Mapping[int, int], names: Sequence[str], years: Sequence[int]) -> None:
        """Take runs from a store, block by block.

        Args:
            store: holds the indicators, years and areas asked for, maybe others too.
            rows: position of each run here, by its number in the store.
            names: indicators in their order here.
            years: calendar years in their order here.

        Raises:
            StudyError: a chunk of the store is damaged.
        """
        labels = store.manifest["labels"]
        own = [labels["indicator"].index(name) for name in names]
        when = [labels["year"].index(year) for year in years]
        kinds = [area["level"] for area in store.manifest["areas"]]
        by_area = [labels["area"].index(area) for area in AREAS]
        by_place = [position for position, kind in enumerate(kinds) if kind == PLACE]
        for block in range(store.blocks):
            first = block * store.block
            chosen = [number for number in range(first, first + store.size(block)) if number in rows]
            if chosen:
                values, numbers = store.read(block), [number - first for number in chosen]
                here = np.array([rows[number] for number in chosen])
                self.areas[:, here] = values[np.ix_(numbers, own, when, by_area)].swapaxes(0, 1)
                ends = values[np.ix_(numbers, own, [when[0], when[-1]], by_place)]
                self._put_places(ends.swapaxes(0, 1).astype(np.float32), here)

    def _put_places(self, values: Singles, here: NDArray[np.int64]) -> None:
        """Write some runs into the file, those that follow each other at once."""
        cell = 4 * int(np.prod(self.shape[2:]))
        parts = np.split(np.arange(len(here)), np.flatnonzero(np.diff(here) != 1) + 1)
        for indicator, own in enumerate(values):
            for part in parts:
                self.file.seek((indicator * self.shape[1] + int(here[part[0]])) * cell)
                self.file.write(np.ascontiguousarray(own[part]).tobytes())


def empty(indicators: int, runs: int, years: int, count: int) -> Archive:
    """Return room for runs, nothing in it.

    Args:
        indicators: how many.
        runs: how many.
        years: how many.
        count: of places.
    """
    shape = (indicators, runs, ENDS, count)
    file = tempfile.TemporaryFile(prefix="xiancheng-")
    missing = np.full(shape[1:], np.nan, dtype=np.float32).tobytes()
    for _ in range(indicators):
        file.write(missing)
    archive = Archive(np.full((indicators, runs, years, len(AREAS)), np.nan), shape, file, Lock())
    weakref.finalize(archive, file.close)
    return archive


def dataset(
    archive: Archive, where: NDArray[np.int64], dims: tuple[str, ...], coordinates: Mapping[str, Any],
    about: Mapping[str, Mapping[str, str]], header: Mapping[str, Any],
) -> xr.Dataset:
    """Return runs on their axes, read when they are looked at; a cell without a run is missing.

    Args:
        archive: the runs.
        where: the run of each cell, below 0 for none.
        dims: of the cells, then year, then area or place.
        coordinates: of all dims.
        about: attributes of the indicators, in the order in which they are kept.
        header: attributes of the whole.
    """
    is_area = dims[-1] == "area"
    read = archive.by_area if is_area else archive.by_place
    tail = (archive.areas.shape[2:]) if is_area else archive.shape[2:]
    variables = {
        name: xr.Variable(dims, indexing.LazilyIndexedArray(Lazily(
            (*where.shape, *tail), np.float64 if is_area else np.float32, partial(_cells, read, position, where),
        )), dict(attributes))
        for position, (name, attributes) in enumerate(about.items())
    }
    return xr.Dataset(variables, coordinates, header)


def _cells(read: Any, indicator: int, where: NDArray[np.int64], keys: tuple[Any, ...]) -> NDArray[Any]:
    """Return the part of an indicator that is asked for, each axis by itself."""
    count = where.ndim
    runs = _outer(where, keys[:count])
    values = _outer(read(indicator), (slice(None), *keys[count:]))
    empty_cell = np.array(np.nan, dtype=np.float32)
    chosen = values[runs]
    missing = (np.asarray(runs) < 0).reshape(np.shape(runs) + (1,) * (chosen.ndim - np.ndim(runs)))
    return np.where(missing, empty_cell, chosen)


def _outer(values: NDArray[Any], keys: tuple[Any, ...]) -> NDArray[Any]:
    for axis in range(len(keys) - 1, -1, -1):
        values = values[(slice(None),) * axis + (keys[axis],)]
    return values
