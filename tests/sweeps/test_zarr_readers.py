"""Whoever reads Zarr finds in a store what its axes mean; read by our backend no gap is ever a number."""

from __future__ import annotations

import shutil
from pathlib import Path

import fsspec
import numpy as np
import pytest
import xarray as xr
from miniature import FACTORS, WORDS

import xiancheng
from xiancheng.study import Study
from xiancheng.sweeps import axes, design, drawn, journey, kernel, work
from xiancheng.sweeps.store import STATES, opened

TEXT = (f"{WORDS}\n[sampling]\nn = 20\n[runs]\nscenarios = ['baseline', 'stay']\nmembers = 5\nblock = 16\n"
        f"[output]\nindicators = ['residents']\nplaces = ['68', 'place']\n{FACTORS}")


@pytest.fixture(scope="module")
def folder(mini: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of 40 runs whose second block is not done."""
    place = tmp_path_factory.mktemp("zarr")
    file = place / "try.toml"
    file.write_text(TEXT, encoding="utf-8")
    ready = journey.plan(mini, design.read(mini, file))
    work.run(ready.setting, journey.begin(ready, place / "runs.zarr"), part=(1, 2))
    return place / "runs.zarr"


def test_axes_stand_in_the_store(folder: Path) -> None:
    """Without anything of ours: labels, units, factors, and which runs are there; what is not there is missing."""
    raw = xr.open_zarr(folder, chunks=None)
    assert raw["values"].dims == ("run", "indicator", "year", "area")
    assert {"run", "indicator", "year", "area", "status", "unit", "scenario", "level", "name_zh"} <= set(raw.coords)
    words = raw["status"].attrs["flag_meanings"].split()
    assert words == list(STATES)
    states = np.array(words)[raw["status"].values]
    assert (states[:16] == kernel.OK).all()
    assert (states[16:32] == kernel.ABSENT).all()
    gaps = np.isnan(raw["values"].sel(indicator="residents")).all(["year", "area"]).values
    assert (gaps == (states == kernel.ABSENT)).all()
    table = folder / drawn.FILE
    assert raw["grant"].values == pytest.approx([float(cell) for cell in drawn.column(table, "grant")])
    assert list(raw["fertility_path"].values) == drawn.column(table, "fertility_path")
    assert raw["unit"].sel(indicator="residents").item() == "persons"
    assert raw["grant"].attrs["units"]


def test_xarray_opens_a_store_by_the_name_of_the_package(folder: Path) -> None:
    own, by_name = xiancheng.results(folder), xr.open_dataset(folder, engine="xiancheng", drop_variables="grant")
    assert by_name["residents"].dims == ("run", "year", "area")
    assert by_name["residents"].attrs["long_name"] == own["residents"].attrs["title_en"]
    assert "grant" not in by_name
    good = by_name.isel(run=by_name["status"].values == kernel.OK)
    assert np.array_equal(good["residents"].values, xr.open_zarr(folder, chunks=None)["values"].sel(
        indicator="residents", run=good["run"]).values)
    with pytest.raises(xiancheng.StudyError, match="16 runs are not there yet"):
        by_name["residents"].load()
    with pytest.raises(xiancheng.StudyError, match="no sweep"):
        xr.open_dataset(folder.parent, engine="xiancheng")


def test_a_store_without_these_arrays_is_read_and_gets_them(folder: Path, tmp_path: Path) -> None:
    """As versions before wrote it: its numbers are read as they are, the same command adds what its axes mean."""
    old = Path(shutil.copytree(folder, tmp_path / "old.zarr"))
    names = [place.parent.name for place in old.glob("*/zarr.json") if place.parent.name != "values"]
    for name in names:
        shutil.rmtree(old / name)
    before, now = xiancheng.results(old), xiancheng.results(folder)
    for name in ("grant", "fertility_path", "scenario", "status"):
        assert np.array_equal(before[name].values, now[name].values)
    rows = slice(0, 16)
    assert np.array_equal(before["residents"].isel(run=rows).values, now["residents"].isel(run=rows).values)
    axes.write(opened(old))
    assert {place.parent.name for place in old.glob("*/zarr.json")} == {"values", *names}
    assert xr.open_zarr(old, chunks=None).identical(xr.open_zarr(folder, chunks=None))


def test_a_store_copied_into_a_bucket_is_read_by_its_address(folder: Path) -> None:
    """By fsspec, as from an object store: values, labels and which runs are there; the receipts travel as files."""
    bucket = fsspec.filesystem("memory")
    bucket.put(str(folder), "/bucket/runs.zarr", recursive=True)
    try:
        far = xr.open_zarr("memory://bucket/runs.zarr", chunks=None)
        near = xr.open_zarr(folder, chunks=None)
        assert far.identical(near)
        names = {name.rpartition("/")[2] for name in bucket.ls("/bucket/runs.zarr", False)}
        assert {"sweep.json", "design.csv"} <= names
        receipts = [name for name in bucket.find("/bucket/runs.zarr/done") if name.endswith(".json")]
        assert len(receipts) == len(list((folder / "done").glob("*.json")))
    finally:
        bucket.rm("/bucket", recursive=True)
