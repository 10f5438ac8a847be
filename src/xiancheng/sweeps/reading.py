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

    def __getitem__(self, asked: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(asked, self.shape, indexing.IndexingSupport.OUTER, self._read)


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
    there = opened(Path(folder))
    design = from_plain(there.told["design"])
    labels = there.told["labels"]
    shape = (there.runs, len(labels["year"]), len(labels["area"]))
    variables: dict[str, xr.Variable] = {}
    for position, name in enumerate(labels["indicator"]):
        titles = there.told["titles"][name]
        about = {"units": there.told["units"][name], "title_zh": titles["zh"], "title_en": titles["en"]}
        read = partial(_values, there, position)
        variables[name] = _lazy(("run", "year", "area"), shape, np.float32, read, about)
    variables[STATUS] = xr.Variable("run", status(there))
    file = there.folder / drawn.FILE
    for factor in design.factors:
        kind = object if factor.discrete else np.float64
        about = {"units": factor.unit, "title_zh": factor.title["zh"], "title_en": factor.title["en"]}
        variables[_own(factor, labels["indicator"])] = _lazy(
            ("run",), (there.runs,), kind, partial(_column, file, factor), about
        )
    coordinates = {
        "run": np.arange(there.runs),
        "scenario": _lazy(("run",), (there.runs,), object, partial(_scenarios, file), {}),
        "year": labels["year"],
        "area": labels["area"],
        **{name: ("area", [one[name] for one in there.told["areas"]]) for name in ("level", "name_zh", "name_en")},
    }
    return xr.Dataset(variables, coordinates, {"title": design.title["en"], "title_zh": design.title["zh"],
                                               "version": there.told["version"], "identity": there.identity,
                                               "list_label_zh": there.told["list_label"]["zh"],
                                               "list_label_en": there.told["list_label"]["en"]})


def _lazy(dims: tuple[str, ...], shape: tuple[int, ...], kind: Any, read: Any, about: dict[str, str]) -> xr.Variable:
    return xr.Variable(dims, indexing.LazilyIndexedArray(Lazily(shape, kind, read)), about)


def _own(factor: Factor, indicators: Sequence[str]) -> str:
    """Return the name of a factor among the indicators."""
    return f"{factor.kind}_{factor.id}" if factor.id in (*indicators, STATUS) else factor.id


def status(there: Store) -> NDArray[np.str_]:
    """Return the status of each run, from the receipts."""
    found = np.full(there.runs, ABSENT, dtype="<U6")
    for receipt in receipts(there):
        first = receipt.block * there.block
        found[first : first + receipt.runs] = OK
        for bad in receipt.bad:
            found[first + bad.run] = bad.status
    return found


def receipts(there: Store) -> Iterator[Receipt]:
    """Yield the receipts of all blocks that are done."""
    return (one for one in map(there.receipt, range(there.blocks)) if one is not None)


def _scenarios(file: Path, asked: tuple[Any, ...]) -> Any:
    return np.array(drawn.column(file, "scenario"), dtype=object)[asked]


def _column(file: Path, factor: Factor, asked: tuple[Any, ...]) -> Any:
    cells = drawn.column(file, factor.id)
    whole: Any = np.array(cells, dtype=object) if factor.discrete else np.array([float(cell) for cell in cells])
    return whole[asked]


def _values(there: Store, indicator: int, asked: tuple[Any, ...]) -> NDArray[np.float32]:
    """Return an indicator of some runs, years and areas."""
    runs = np.atleast_1d(np.arange(there.runs)[asked[0]])
    blocks = np.unique(runs // there.block)
    absent = [int(block) for block in blocks if there.receipt(int(block)) is None]
    if absent:
        count = int(np.isin(runs // there.block, absent).sum())
        found = phrase("sweep.absent", count=count, run=absent[0] * there.block)
        raise StudyError(Problem(str(there.folder), found, phrase("sweep.absent_allowed"), phrase("sweep.absent_hint")))
    parts = []
    for block in blocks:
        inside = runs[runs // there.block == block] - block * there.block
        parts.append(there.read(int(block))[inside, indicator])
    order = np.argsort(np.argsort(runs // there.block, kind="stable"), kind="stable")
    whole = np.concatenate(parts)[order] if parts else np.zeros((0, *_shape(there)), np.float32)
    for axis, key in enumerate(asked[1:], start=1):
        whole = whole[(slice(None),) * axis + (np.atleast_1d(np.arange(whole.shape[axis])[key]),)]
    dropped = tuple(axis for axis, key in enumerate(asked) if isinstance(key, (int, np.integer)))
    return whole.squeeze(dropped)


def _shape(there: Store) -> tuple[int, int]:
    labels = there.told["labels"]
    return len(labels["year"]), len(labels["area"])
