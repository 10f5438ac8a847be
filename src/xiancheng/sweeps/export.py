"""A stored sweep as one file of a common form, block by block, written aside and renamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from xiancheng import whole_files
from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps import reading
from xiancheng.sweeps.kernel import OK
from xiancheng.sweeps.store import STATUS, Store
from xiancheng.texts import did_you_mean, phrase, phrase_list

NETCDF, ZARR, CSV = "netcdf", "zarr", "csv"
FORMS = {NETCDF: ".nc", ZARR: ".zarr", CSV: ".csv"}
COLUMNS = ("run", "scenario", "area", "year", "indicator", "value", "unit")


def form_of(file: Path, name: str = "") -> str:
    """Return the form that is asked for, or that the suffix names.

    Raises:
        StudyError: neither tells, or the form is unknown.
    """
    if name in FORMS:
        return name
    by_suffix = {suffix: form for form, suffix in FORMS.items()}
    if not name and file.suffix in by_suffix:
        return by_suffix[file.suffix]
    word = name or file.suffix
    forms = FORMS if name else by_suffix
    sentence = phrase("file.suffix", suffix=word)
    raise StudyError(Problem(str(file), sentence, phrase_list(forms), did_you_mean(word, forms)))


def write(store: Store, file: Path, form: str, *, force: bool = False) -> None:
    """Write a sweep; runs that are not there or went wrong are missing, and `status` says so.

    Args:
        store: the sweep.
        file: where to.
        form: of FORMS.
        force: whether a file that stands there gives way.

    Raises:
        StudyError: the file stands there, or the place does not take files.
    """
    if file.exists() and not force:
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))
    writers: dict[str, Callable[[Store, Path], None]] = {NETCDF: _netcdf, ZARR: _zarr, CSV: _csv}
    whole_files.aside(file, lambda path: writers[form](store, path))


def _parts(store: Store) -> Iterator[tuple[slice, Any]]:
    """Yield the runs of each block with their values (run, indicator, year, area); what is not there is missing."""
    sizes = [len(store.manifest["labels"][dim]) for dim in ("indicator", "year", "area")]
    for block in range(store.blocks):
        runs = slice(block * store.block, block * store.block + store.size(block))
        empty = np.full((store.size(block), *sizes), np.nan, store.kind)
        yield runs, store.read(block) if store.receipt(block) is not None else empty


def _small(store: Store) -> xr.Dataset:
    """Return all but the indicators, in memory."""
    dataset = reading.dataset(store.folder)
    small: xr.Dataset = dataset.drop_vars(store.manifest["labels"]["indicator"]).load()
    words = {name: values.astype(str) for name, values in small.variables.items() if values.dtype == object}
    return small.assign({name: (values.dims, values.values, values.attrs) for name, values in words.items()})


def _netcdf(store: Store, file: Path) -> None:
    import h5netcdf  # type: ignore[import-untyped]

    small = _small(store)
    labels, kind = store.manifest["labels"], np.dtype(store.kind)
    small.to_netcdf(file, engine="h5netcdf")
    with h5netcdf.File(file, "a") as out:
        sizes = (store.runs, len(labels["year"]), len(labels["area"]))
        chunks = (min(store.block, store.runs), *sizes[1:])
        for name in labels["indicator"]:
            made = out.create_variable(name, ("run", "year", "area"), store.kind, fillvalue=kind.type(np.nan),
                                       compression="gzip", compression_opts=4, chunks=chunks)
            made.attrs["units"] = store.manifest["units"][name]
            made.attrs["long_name"] = store.manifest["titles"][name]["en"]
        for runs, values in _parts(store):
            for position, name in enumerate(labels["indicator"]):
                out.variables[name][runs] = values[:, position]


def _zarr(store: Store, file: Path) -> None:
    import zarr

    small = _small(store)
    labels = store.manifest["labels"]
    small.to_zarr(file, zarr_format=2, consolidated=False)
    group = zarr.open_group(str(file), mode="a")
    sizes = (store.runs, len(labels["year"]), len(labels["area"]))
    arrays = [
        group.create_array(name, shape=sizes, chunks=(store.block, *sizes[1:]), dtype=store.kind, fill_value=np.nan,
                           attributes={"units": store.manifest["units"][name],
                                       "_ARRAY_DIMENSIONS": ["run", "year", "area"],
                                       "long_name": store.manifest["titles"][name]["en"]})
        for name in labels["indicator"]
    ]
    for runs, values in _parts(store):
        for position, array in enumerate(arrays):
            array[runs] = values[:, position]
    zarr.consolidate_metadata(str(file), zarr_format=2)


def _csv(store: Store, file: Path) -> None:
    small, labels = _small(store), store.manifest["labels"]
    scenarios, status = small["scenario"].values, small[STATUS].values
    with file.open("wb") as out:
        out.write(b"\xef\xbb\xbf")
        out.write(_lines([COLUMNS]))
        for runs, values in _parts(store):
            for run, cells in zip(range(runs.start, runs.stop), values, strict=True):
                if status[run] == OK:
                    out.write(_lines(_rows(store, labels, run, str(scenarios[run]), cells)))


def _rows(store: Store, labels: Any, run: int, scenario: str, values: Any) -> Iterator[tuple[Any, ...]]:
    for position, name in enumerate(labels["indicator"]):
        unit = store.manifest["units"][name]
        for year, row in zip(labels["year"], values[position], strict=True):
            for area, value in zip(labels["area"], row, strict=True):
                if np.isfinite(value):
                    yield run, scenario, area, year, name, float(value), unit


def _lines(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")
