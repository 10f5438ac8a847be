"""Files: whole or not at all, never over another unasked, each with the manifest of its run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import xarray as xr
from matplotlib import image

from xiancheng.errors import StudyError
from xiancheng.outputs import files, netcdf, tidy


def test_a_result_comes_back_as_it_was(found: xr.Dataset, tmp_path: Path) -> None:
    files.write(found, tmp_path / "x.nc")
    assert files.read(tmp_path / "x.nc").identical(found)


def test_the_long_table_opens_in_excel_and_holds_the_totals(found: xr.Dataset, tmp_path: Path) -> None:
    written = files.write(found, tmp_path / "x.csv")
    raw = written[0].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert list(rows[0])[:7] == ["scenario", "member", "place", "year", "indicator", "value", "unit"]
    assert {"68", "province", "371500", "371522", "rest_371500"} <= {row["place"] for row in rows}
    assert all(row["value"] and row["unit"] for row in rows)


def test_one_value_has_one_row(found: xr.Dataset) -> None:
    table = tidy.table(found)
    assert not table.duplicated(["place", "year", "indicator"]).any()
    row = table.query("place == '371522' and year == 2030 and indicator == 'residents'")
    place = found["residents"].sel(year=2030, place="p371522")
    assert row["value"].tolist() == [float(place)]


def test_every_file_carries_the_manifest(found: xr.Dataset, tmp_path: Path) -> None:
    written = [file for suffix in files.SUFFIXES for file in files.write(found, tmp_path / f"x{suffix}")]
    assert [file.name for file in written] == ["x.nc", "x.csv", "x.csv-metadata.json", "x.png"]
    told = files.manifest(found)
    assert files.manifest(files.read(written[0])) == told
    assert json.loads(written[2].read_text(encoding="utf-8"))["notes"][0]["manifest"] == told
    from PIL import Image

    with Image.open(written[3]) as picture:
        assert json.loads(picture.text["Description"])["manifest"] == told  # type: ignore[attr-defined]
    assert image.imread(written[3]).shape[0] > 500


def test_a_failure_leaves_the_old_file_and_nothing_else(
    found: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write(found, tmp_path / "x.nc")
    before = (tmp_path / "x.nc").read_bytes()

    def full(_: xr.Dataset, path: Path) -> None:
        Path(path).write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(netcdf, "write", full)
    with pytest.raises(StudyError):
        files.write(found, tmp_path / "x.nc")
    assert [file.name for file in tmp_path.iterdir()] == ["x.nc"]
    assert (tmp_path / "x.nc").read_bytes() == before


@pytest.mark.parametrize("name", ["there.nc", "x.xls", "x", "nowhere/x.nc"])
def test_a_place_that_takes_no_file_is_refused_beforehand(tmp_path: Path, name: str) -> None:
    (tmp_path / "there.nc").touch()
    with pytest.raises(StudyError):
        files.refuse_taken(tmp_path / name, force=False)


def test_force_replaces(tmp_path: Path) -> None:
    (tmp_path / "there.nc").touch()
    files.refuse_taken(tmp_path / "there.nc", force=True)


def test_another_run_takes_a_free_number(found: xr.Dataset, tmp_path: Path) -> None:
    assert files.free_stem(tmp_path, "baseline") == "baseline"
    files.write(found, tmp_path / "baseline.nc")
    assert files.free_stem(tmp_path, "baseline") == "baseline_2"
    assert files.same_run(tmp_path / "baseline.nc", found)
    other = found.assign_attrs(manifest=json.dumps({**files.manifest(found), "data_sha256": "other"}))
    assert not files.same_run(tmp_path / "baseline.nc", other)


def test_start_and_end_stand_in_the_name_where_unusual() -> None:
    assert files.stem("baseline", 2020, 2035, (2020, 2035)) == "baseline"
    assert files.stem("baseline", 2010, 2050, (2020, 2035)) == "baseline_from_2010_to_2050"


@pytest.mark.parametrize("content", [b"", b"not netCDF"])
def test_what_is_no_result_is_called_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.nc").write_bytes(content)
    with pytest.raises(StudyError):
        files.read(tmp_path / "x.nc")


def test_a_table_of_numbers_from_elsewhere_is_no_result(tmp_path: Path) -> None:
    xr.Dataset({"residents": ("year", [1.0, 2.0])}).to_netcdf(tmp_path / "x.nc", engine="h5netcdf")
    with pytest.raises(StudyError, match="no result"):
        files.read(tmp_path / "x.nc")


def test_a_result_of_an_earlier_layout_is_told_how_to_be_made_anew(found: xr.Dataset, tmp_path: Path) -> None:
    earlier = found.copy()
    for values in earlier.data_vars.values():
        values.attrs.pop("target_from", None)
    earlier.to_netcdf(tmp_path / "x.nc", engine="h5netcdf")
    with pytest.raises(StudyError, match="earlier version") as refused:
        files.read(tmp_path / "x.nc")
    assert "xiancheng run baseline" in str(refused.value.problems[0].hint)
