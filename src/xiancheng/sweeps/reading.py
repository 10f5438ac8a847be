"""A stored sweep as a Dataset that is read from disk when it is looked at; what is not there is never a number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.errors import optional
from xiancheng.sweeps import axes, chunks, drawn
from xiancheng.sweeps.axes import SCENARIO
from xiancheng.sweeps.design import from_plain
from xiancheng.sweeps.kernel import ABSENT, OK
from xiancheng.sweeps.store import STATUS, VALUES, Receipt, Store, opened
from xiancheng.texts import LANGUAGES


def dataset(folder: Path | str) -> xr.Dataset:
    """Return a stored sweep.

    Args:
        folder: of the store.

    Returns:
        Dims run, year, area. Variables: the indicators [their units], read when they are looked at; `status` of each
        run: ok, nan (a number was none), failed, absent (not there yet); the factors of the design [their units].
        Looking at an absent run raises StudyError: choose runs by status.

    Raises:
        MissingPart: Zarr is not installed.
        StudyError: no sweep is stored there.
    """
    with optional(*chunks.ZARR):
        from xiancheng.sweeps import guarded  # Zarr is heavy
    store = opened(Path(folder))
    design = from_plain(store.manifest["design"])
    labels = store.manifest["labels"]
    files: Any = guarded.of(store)
    arrays = xr.open_dataset(files, engine="zarr", consolidated=False, cache=False, decode_cf=False)
    arrays = arrays.drop_encoding()  # how a store keeps numbers is no wish for other files
    variables: dict[str, Any] = {
        name: _indicator(store, arrays[VALUES].variable.isel(indicator=position), name)
        for position, name in enumerate(labels["indicator"])
    }
    variables[STATUS] = "run", status(store)
    for factor in design.factors:
        name = axes.own_name(factor, labels["indicator"])
        array = arrays.get(axes.folder_name(factor, labels["indicator"]))
        variables[name] = _column(store, factor.id, array, is_text=factor.discrete)
        variables[name].attrs = axes.about_factor(factor)
    coordinates = {
        "run": np.arange(store.runs),
        SCENARIO: _column(store, SCENARIO, arrays.get(SCENARIO), is_text=True),
        "year": labels["year"],
        "area": labels["area"],
        **{name: ("area", [area[name] for area in store.manifest["areas"]])
           for name in ("level", "name_zh", "name_en")},
    }
    return xr.Dataset(variables, coordinates, {"title": design.title["en"], "title_zh": design.title["zh"],
                                               "version": store.manifest["version"], "identity": store.identity,
                                               "list_label_zh": store.manifest["list_label"]["zh"],
                                               "list_label_en": store.manifest["list_label"]["en"]})


def _indicator(store: Store, values: xr.Variable, name: str) -> xr.Variable:
    titles = store.manifest["titles"][name]
    values.attrs = {"units": store.manifest["units"][name], "long_name": titles["en"],
                    **{f"title_{language}": titles[language] for language in LANGUAGES}}
    return values


def _column(store: Store, name: str, array: xr.DataArray | None, *, is_text: bool) -> xr.Variable:
    """Return what the design says of each run; a store of an older version has it in the table alone."""
    if array is None:
        cells = drawn.column(store.folder / drawn.FILE, name)
        return xr.Variable("run", np.array(cells, dtype=object if is_text else float))
    return xr.Variable("run", array.values.astype(object)) if is_text else array.variable


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
