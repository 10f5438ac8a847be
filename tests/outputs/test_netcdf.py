"""Our own quick way into and out of netCDF is that of xarray, to the type of every attribute."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from xiancheng.outputs import netcdf


@pytest.fixture
def data() -> xr.Dataset:
    """Numbers with a hole, words in two scripts, true and false, labels of two dims, attributes of all kinds."""
    values = np.arange(12.0).reshape(3, 4)
    values[1, 2] = np.nan
    return xr.Dataset(
        {
            "residents": (("year", "place"), values, {"units": "person", "title_zh": "常住人口", "headline": "1"}),
            "moves": (("year",), [1, 2, 3], {"units": "person/year"}),
            "share": ((), 0.5, {"units": "1"}),
        },
        {
            "year": [2020, 2021, 2022], "place": ["p1", "p2", "p3", "rest_of_x"],
            "name_zh": ("place", ["曹县", "莘县", "a", ""]), "listed": ("place", [True, False, True, False]),
        },
        {"title": "Baseline", "title_zh": "基准", "start": 2020, "rate": 0.25, "manifest": "{}"},
    )


def as_xarray_reads(file: Path) -> xr.Dataset:
    with xr.open_dataset(file, engine="h5netcdf") as opened:
        return opened.load()


def alike(one: xr.Dataset, other: xr.Dataset) -> None:
    xr.testing.assert_identical(one, other)
    assert list(one.data_vars) == list(other.data_vars)
    for name, values in other.variables.items():
        assert one[name].dtype == values.dtype
        assert [(key, type(word)) for key, word in one[name].attrs.items()] == [
            (key, type(word)) for key, word in values.attrs.items()]
    assert [(key, type(word)) for key, word in one.attrs.items()] == [
        (key, type(word)) for key, word in other.attrs.items()]


def test_what_we_write_is_what_xarray_writes(data: xr.Dataset, tmp_path: Path) -> None:
    netcdf.write(data, tmp_path / "own.nc")
    data.to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    alike(as_xarray_reads(tmp_path / "own.nc"), as_xarray_reads(tmp_path / "other.nc"))
    with h5py.File(tmp_path / "own.nc") as own, h5py.File(tmp_path / "other.nc") as other:
        assert list(own) == list(other)
        for name in other:
            assert own[name].dtype == other[name].dtype
            assert set(own[name].attrs) == set(other[name].attrs)
            assert [scale.name for dim in own[name].dims for scale in dim.values()] == [
                scale.name for dim in other[name].dims for scale in dim.values()]


@pytest.mark.parametrize("own", [True, False])
def test_what_we_read_is_what_xarray_reads(data: xr.Dataset, tmp_path: Path, own: bool) -> None:
    file = tmp_path / "x.nc"
    netcdf.write(data, file) if own else data.to_netcdf(file, engine="h5netcdf")
    alike(netcdf.read(file), as_xarray_reads(file))
    assert netcdf.header(file)["manifest"] == "{}"


def test_large_results_are_packed(data: xr.Dataset, tmp_path: Path) -> None:
    large = data.assign(persons=(("year", "age"), np.ones((3, netcdf.PACKED))))
    netcdf.write(large, tmp_path / "x.nc")
    alike(netcdf.read(tmp_path / "x.nc"), as_xarray_reads(tmp_path / "x.nc"))
    assert (tmp_path / "x.nc").stat().st_size < netcdf.PACKED


def test_a_few_variables_are_read_with_all_labels(data: xr.Dataset, tmp_path: Path) -> None:
    netcdf.write(data.assign(others=data["residents"] * 2), tmp_path / "x.nc")
    few = netcdf.read(tmp_path / "x.nc", ["others"])
    assert "residents" not in few
    xr.testing.assert_equal(few["others"], as_xarray_reads(tmp_path / "x.nc")["others"])
