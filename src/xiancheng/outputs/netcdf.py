"""Results as netCDF, written and read in one pass over the file.

What stands in a file is what xarray writes by way of h5netcdf, which looks every dimension up again for every attribute
of every variable: a hundred and fifty variables with fifteen attributes each take it longer than a run takes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import numpy as np
import xarray as xr
from xarray import conventions

_FLAT = 2
"""Dimensions from which on a variable is no label."""
PACKED = 100_000
"""Numbers from which on a variable is packed, which xarray sees to."""
_FILL, _CLASS, _DIMENSION, _DIMENSIONS = "_FillValue", "CLASS", "_Netcdf4Dimid", "_Netcdf4Coordinates"
_OWN = {_CLASS, "NAME", "REFERENCE_LIST", "DIMENSION_LIST", _DIMENSION, _DIMENSIONS, "_NCProperties"}
"""Attributes that belong to the form of the file."""
_TEXT = h5py.string_dtype()
_TEXT_TYPE = h5py.h5t.py_create(_TEXT, logical=True)
_SCALAR = h5py.h5s.create(h5py.h5s.SCALAR)


def write(data: xr.Dataset, path: Path) -> None:
    """Write a Dataset."""
    large = {str(name): {"zlib": True, "complevel": 4} for name in data.data_vars if data[name].size > PACKED}
    if large or any(not size for size in data.sizes.values()):
        data.to_netcdf(path, engine="h5netcdf", encoding=large)
        return
    variables, attributes = conventions.encode_dataset_coordinates(data)
    numbers = {name: number for number, name in enumerate(data.sizes)}
    with h5py.File(path, "w", track_order=True) as file:
        programs = f"version=2,h5netcdf={metadata.version('h5netcdf')},hdf5={h5py.version.hdf5_version}"
        file.attrs["_NCProperties"] = np.bytes_(f"{programs},h5py={h5py.__version__}")
        _describe(file, attributes)
        sets = {}
        for name, variable in variables.items():
            encoded = conventions.encode_cf_variable(variable, name=name)
            sets[name] = _dataset(file, str(name), encoded), encoded.dims
        for name in numbers.keys() - sets.keys():
            sets[name] = _bare(file, str(name), data.sizes[name]), (name,)
        for name in numbers:
            h5py.h5ds.set_scale(sets[name][0].id, str(name).encode())
        for name, (own, dims) in sets.items():
            _place(own, name, dims, numbers, sets)


def _dataset(file: h5py.File, name: str, variable: xr.Variable) -> h5py.Dataset:
    attributes = dict(variable.attrs)
    values = np.asarray(variable.values)
    words = values.dtype.kind in "OU"
    if words:
        values = values.astype(object)
    fill = attributes.get(_FILL)
    own = file.create_dataset(name, data=values, dtype=_TEXT if words else values.dtype, fillvalue=fill,
                              track_order=True)
    _describe(own, attributes)
    return own


def _bare(file: h5py.File, name: str, size: int) -> h5py.Dataset:
    """Return what stands for a dimension without names for its elements."""
    return file.create_dataset(name, shape=(size,), dtype=">f4", track_order=True)


def _place(own: h5py.Dataset, name: Any, dims: tuple[Any, ...], numbers: Mapping[Any, int], sets: Mapping[Any, Any]
           ) -> None:
    """Say along which dimensions a variable runs."""
    at = [numbers[dim] for dim in dims]
    if at:
        own.attrs.create(_DIMENSIONS, at, dtype="int32")
        own.attrs.create(_DIMENSION, at[0], dtype="int32")
    if name in numbers:
        return
    for axis, dim in enumerate(dims):
        h5py.h5ds.attach_scale(own.id, sets[dim][0].id, axis)


def _describe(thing: Any, attributes: Mapping[Any, Any]) -> None:
    for name, value in attributes.items():
        if isinstance(value, str):
            own = h5py.h5a.create(thing.id, str(name).encode(), _TEXT_TYPE, _SCALAR)
            own.write(np.array(value, dtype=_TEXT))
        else:
            thing.attrs[str(name)] = np.atleast_1d(value)


def header(path: Path) -> dict[str, Any]:
    """Return what a file says of itself, without reading its variables.

    Raises:
        OSError: it is no file of this form.
    """
    with h5py.File(path, "r") as file:
        return {name: _plain(value) for name, value in file.attrs.items() if name not in _OWN}


def read(path: Path, names: Collection[str] | None = None) -> xr.Dataset:
    """Read a Dataset; one that another program wrote, which may lack what a quick reader needs, as xarray does.

    Args:
        path: the file.
        names: of the variables by year and place those to read; all when None.

    Raises:
        OSError: it is no file of this form.
        ValueError: likewise.
    """
    try:
        return _read(path, names)
    except (KeyError, TypeError):
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            return opened.load()


def _read(path: Path, names: Collection[str] | None) -> xr.Dataset:
    with h5py.File(path, "r") as file:
        items = {name: item for name, item in file.items() if names is None or name in names or item.ndim < _FLAT}
        sets = {name: (item, dict(item.attrs.items())) for name, item in items.items()}
        dims = {int(about[_DIMENSION]): name for name, (_, about) in sets.items() if _CLASS in about}
        variables = {name: _variable(item, about, dims) for name, (item, about) in sets.items()
                     if _CLASS not in about or _DIMENSIONS in about}
        attributes = {name: _plain(value) for name, value in file.attrs.items() if name not in _OWN}
    return xr.decode_cf(xr.Dataset(variables, attrs=attributes))


def _variable(item: h5py.Dataset, about: Mapping[str, Any], dims: Mapping[int, str]) -> xr.Variable:
    own = {name: _plain(value) for name, value in about.items() if name not in _OWN}
    values = np.asarray(item.asstr()[()]).astype(str) if h5py.check_string_dtype(item.dtype) else item[()]
    names = [dims[int(number)] for number in about[_DIMENSIONS]] if item.ndim else []
    return xr.Variable(names, values, own)


def _plain(value: Any) -> Any:
    """Return an attribute as xarray does: what is alone stands without brackets."""
    return value[0] if isinstance(value, np.ndarray) and value.size == 1 else value
