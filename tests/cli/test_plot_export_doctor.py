"""`plot`, `export` of a single result and `doctor`, as a person meets them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import synthetic
import xarray as xr
from calls import Call

from xiancheng.cli import doctor
from xiancheng.outputs import files, fonts, journey, result
from xiancheng.study import Study


@pytest.fixture(scope="module")
def found(root: Path) -> xr.Dataset:
    built = journey.prepare(Study(root))
    return result.result(synthetic.run(built), built, engine="none")


@pytest.fixture
def stored(found: xr.Dataset, tmp_path: Path) -> Path:
    file = tmp_path / "base.nc"
    files.write(found, file)
    return file


@pytest.mark.parametrize(("form", "name"), [("netcdf", "out.nc"), ("zarr", "out.zarr"), ("csv", "out.csv")])
def test_a_result_is_the_same_in_every_form(call: Call, stored: Path, found: xr.Dataset, form: str, name: str) -> None:
    assert call("export", "base.nc", "-o", name, "--format", form).code == 0
    file = stored.with_name(name)
    if form == "csv":
        raw = file.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
        wanted = ("371122", "2030", "residents")
        one = next(row for row in rows if (row["place"], row["year"], row["indicator"]) == wanted)
        place = found["place"].values[list(found["adcode"].values).index("371122")]
        assert float(one["value"]) == pytest.approx(float(found["residents"].sel(year=2030, place=place)))
        assert one["name_zh"] == "莒县"
        return
    opened = xr.open_zarr(file) if form == "zarr" else xr.open_dataset(file, engine="h5netcdf")
    with opened as again:
        assert set(again.data_vars) == set(found.data_vars)
        xr.testing.assert_allclose(again["urban_share"].load().reset_coords(drop=True),
                                   found["urban_share"].reset_coords(drop=True))
        assert list(again["name_zh"].values) == list(found["name_zh"].values)
        assert again["residents"].attrs["units"] == "persons"


def test_what_stands_there_gives_way_only_when_told(call: Call, stored: Path) -> None:
    kept = stored.with_name("out.zarr")
    kept.mkdir()
    (kept / "mine.txt").write_text("mine", encoding="utf-8")
    assert call("export", "base.nc", "-o", "out.zarr").code == 3
    assert (kept / "mine.txt").exists()
    assert call("export", "base.nc", "-o", "out.zarr", "--force").code == 0
    assert not (kept / "mine.txt").exists()
    assert [one.name for one in stored.parent.iterdir() if one.name.startswith(".")] == []


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_indicator_is_drawn(call: Call, stored: Path, suffix: str, language: str) -> None:
    answer = call("plot", "base.nc", "residents", "--places", "莒县,鄄城县", "-o", f"x{suffix}", "--lang", language)
    assert answer.code == 0, answer.err
    head = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert stored.with_name(f"x{suffix}").read_bytes().startswith(head)


def test_a_figure_is_named_after_its_run_and_indicator(call: Call, stored: Path) -> None:
    assert call("plot", "base.nc", "urban_share", "--lang", "en").code == 0
    assert stored.with_name("base_urban_share.png").is_file()


def test_a_scenario_is_run_for_its_figure(call: Call, tmp_path: Path) -> None:
    assert call("plot", "baseline", "residents", "-q").code == 0
    assert (tmp_path / "baseline_residents.png").is_file()


BAD = [
    (("plot", "base.nc", "residets"), "residents"),
    (("plot", "base.nc", "residents", "--places", "莒線"), "莒县"),
    (("plot", "base.nc", "residents", "-o", "x.gif"), ".png"),
    (("plot", "base.nc", "residents", "-o", "nowhere/x.png"), "nowhere"),
    (("plot", "base.nc", "residents", "--places", "68"), "8"),
    (("plot", "other.nc", "residents"), "other.nc"),
    (("plot", "baselin", "residents"), "baseline"),
    (("export", "base.nc", "-o", "x.xyz"), ".zarr"),
    (("export", "base.nc", "-o", "x.nc", "--format", "xlsx"), "netcdf"),
]


@pytest.mark.parametrize(("words", "hint"), BAD, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
def test_a_wrong_call_is_3_and_leaves_nothing_behind(
    call: Call, stored: Path, words: tuple[str, ...], hint: str
) -> None:
    answer = call(*words)
    assert answer.code == 3
    assert hint in answer.err
    assert "Traceback" not in answer.err
    assert [one.name for one in stored.parent.iterdir()] == ["base.nc"]


def test_without_a_font_a_chinese_figure_is_refused_with_the_fix(
    call: Call, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    answer = call("plot", "base.nc", "residents", "--lang", "zh")
    assert answer.code == 6
    assert "fonts-noto-cjk" in answer.err
    assert [one.name for one in stored.parent.iterdir()] == ["base.nc"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_doctor_names_every_part_and_finds_this_machine_well(call: Call, language: str) -> None:
    answer = call("doctor", "--lang", language, "--format", "json")
    found = {row["part"]: row for row in json.loads(answer.out)}
    assert answer.code == 0
    assert {"Python", "jax", "python-docx"} <= set(found)
    assert not [row for row in found.values() if row["state"] == doctor.BROKEN]


def test_the_doctor_tells_what_to_do_about_what_is_missing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    known = doctor.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name in ("docx", "jax") else known(name))
    monkeypatch.setattr(fonts, "family_for", lambda characters: None)
    answer = call("doctor", "--lang", "en", "--format", "json")
    found = {row["part"]: row for row in json.loads(answer.out)}
    assert answer.code == 1
    assert "xiancheng[report]" in found["python-docx"]["found"]
    assert found["jax"]["state"] == doctor.BROKEN
    assert "fonts-noto-cjk" in found["font with Chinese characters"]["found"]


def test_the_doctor_says_which_study_is_broken(call: Call, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "urbanisation.mdl").write_text("{UTF-8}\n", encoding="utf-8")
    answer = call("doctor", "--lang", "en", "--format", "json", "--study", str(tmp_path))
    found = {row["part"]: row for row in json.loads(answer.out)}
    assert answer.code == 1
    assert "problems" in found["blocks of the model"]["found"]
