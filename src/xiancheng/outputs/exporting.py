"""A single result in a form that other programs read: netCDF, Zarr, or the long table as CSV."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xarray as xr

from xiancheng import whole_files
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import files
from xiancheng.texts import phrase

NETCDF, ZARR, CSV = "netcdf", "zarr", "csv"


def write(result: xr.Dataset, file: Path, form: str, *, force: bool = False) -> None:
    """Write a result in a form; what stood there stays whole until the new file does.

    Args:
        result: a result with dims year and place.
        file: where to; a folder in the case of Zarr.
        form: NETCDF, ZARR or CSV (UTF-8 with byte order mark, for Excel on a Chinese Windows).
        force: whether what stands there gives way.

    Raises:
        StudyError: something stands there, or the place does not take files.
    """
    if file.exists() and not force:
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))
    writers: dict[str, Callable[[Path], object]] = {
        NETCDF: lambda path: result.to_netcdf(path, engine="h5netcdf"),
        ZARR: lambda path: _plain(result).to_zarr(path, zarr_format=2, consolidated=True),
        CSV: lambda path: path.write_bytes(files.csv_bytes(result)),
    }
    whole_files.aside(file, writers[form])


def _plain(result: xr.Dataset) -> xr.Dataset:
    """Return a result whose words are strings of a fixed length, which every reader of Zarr knows."""
    words = {name: values.astype(str) for name, values in result.variables.items() if values.dtype.kind in "OT"}
    return result.assign_coords({name: (values.dims, values.values) for name, values in words.items()})
