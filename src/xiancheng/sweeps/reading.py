"""A stored sweep as a Dataset that is read from disk when it is looked at; what is not there is never a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps import drawn
from xiancheng.sweeps.design import from_plain
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.kernel import ABSENT, OK
from xiancheng.sweeps.store import Receipt, Store, opened
from xiancheng.texts import phrase

STATUS = "status"


class Lazily(BackendArray):
    """An array that calls a function for the part that is asked for."""

    def __init__(self, shape: tuple[int, ...], dtype: Any, read: Any) -> None:
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self._read = read

    def __getitem__(self, indexer: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(indexer, self.shape, indexing.IndexingSupport.OUTER, self._read)


def dataset(folder: Path | str) -> xr.Dataset:
    """Return a stored sweep.

    Args:
        folder: of the store.

    Returns:
        Dims run, year, area. Variables: the indicators [their units], read when they are looked at; `status` of each
        run: ok, nan (a number was none), failed, absent (not there yet); the factors of the design [their units].
        Looking at an absent run raises StudyError: choose runs by status.

    Raises:
        StudyError: no sweep is stored there.
    """
    store = opened(Path(folder))
    design = from_plain(store.manifest["design"])
    labels = store.manifest["labels"]
    shape = (store.runs, len(labels["year"]), len(labels["area"]))
    variables: dict[str, xr.Variable] = {}
    for position, name in enumerate(labels["indicator"]):
        titles = store.manifest["titles"][name]
        about = {"units": store.manifest["units"][name], "title_zh": titles["zh"], "title_en": titles["en"]}
        read = partial(_values, store, position)
        variables[name] = _lazy(("run", "year", "area"), shape, store.kind, read, about)
    variables[STATUS] = xr.Variable("run", status(store))
    file = store.folder / drawn.FILE
    for factor in design.factors:
        kind = object if factor.discrete else np.float64
        about = {"units": factor.unit, "title_zh": factor.title["zh"], "title_en": factor.title["en"]}
        variables[_own(factor, labels["indicator"])] = _lazy(
            ("run",), (store.runs,), kind, partial(_column, file, factor), about
        )
    coordinates = {
        "run": np.arange(store.runs),
        "scenario": _lazy(("run",), (store.runs,), object, partial(_scenarios, file), {}),
        "year": labels["year"],
        "area": labels["area"],
        **{name: ("area", [area[name] for area in store.manifest["areas"]])
           for name in ("level", "name_zh", "name_en")},
    }
    return xr.Dataset(variables, coordinates, {"title": design.title["en"], "title_zh": design.title["zh"],
                                               "version": store.manifest["version"], "identity": store.identity,
                                               "list_label_zh": store.manifest["list_label"]["zh"],
                                               "list_label_en": store.manifest["list_label"]["en"]})


def _lazy(dims: tuple[str, ...], shape: tuple[int, ...], kind: Any, read: Any, about: dict[str, str]) -> xr.Variable:
    return xr.Variable(dims, indexing.LazilyIndexedArray(Lazily(shape, kind, read)), about)


def _own(factor: Factor, indicators: Sequence[str]) -> str:
    """Return the name of a factor among the indicators."""
    return f"{factor.kind}_{factor.id}" if factor.id in (*indicators, STATUS) else factor.id


def status(store: Store) -> NDArray[np.str_]:
    """Return the status of each run, from the receipts."""
    states = np.full(store.runs, ABSENT, dtype="<U6")
    for receipt in receipts(store):
        first = receipt.block * store.block
        states[first : first + receipt.runs] = OK
        for bad in receipt.bad:
            states[first + bad.run] = bad.status
    return states


def receipts(store: Store) -> Iterator[Receipt]:
    """Yield the receipts of all blocks that are done."""
    return (receipt for receipt in map(store.receipt, range(store.blocks)) if receipt is not None)


def _scenarios(file: Path, selection: tuple[Any, ...]) -> Any:
    return np.array(drawn.column(file, "scenario"), dtype=object)[selection]


def _column(file: Path, factor: Factor, selection: tuple[Any, ...]) -> Any:
    cells = drawn.column(file, factor.id)
    column: Any = np.array(cells, dtype=object) if factor.discrete else np.array([float(cell) for cell in cells])
    return column[selection]


def _values(store: Store, indicator: int, selection: tuple[Any, ...]) -> NDArray[Any]:
    """Return an indicator of some runs, years and areas."""
    runs = np.atleast_1d(np.arange(store.runs)[selection[0]])
    blocks = np.unique(runs // store.block)
    absent = [int(block) for block in blocks if store.receipt(int(block)) is None]
    if absent:
        count = int(np.isin(runs // store.block, absent).sum())
        sentence = phrase("sweep.absent", count=count, run=absent[0] * store.block)
        raise StudyError(Problem(str(store.folder), sentence, phrase("sweep.absent_allowed"),
                                 phrase("sweep.absent_hint")))
    parts = []
    for block in blocks:
        inside = runs[runs // store.block == block] - block * store.block
        parts.append(store.read(int(block))[inside, indicator])
    order = np.argsort(np.argsort(runs // store.block, kind="stable"), kind="stable")
    cells = np.concatenate(parts)[order] if parts else np.zeros((0, *_shape(store)), store.kind)
    for axis, key in enumerate(selection[1:], start=1):
        cells = cells[(slice(None),) * axis + (np.atleast_1d(np.arange(cells.shape[axis])[key]),)]
    dropped = tuple(axis for axis, key in enumerate(selection) if isinstance(key, (int, np.integer)))
    return cells.squeeze(dropped)


def _shape(store: Store) -> tuple[int, int]:
    labels = store.manifest["labels"]
    return len(labels["year"]), len(labels["area"])
