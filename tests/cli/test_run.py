"""`run`: figures with units on stdout, all else on stderr, files that nobody loses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from calls import Call

from xiancheng.outputs import again, indicators
from xiancheng.study import Study

FILES = ["baseline.csv", "baseline.csv-metadata.json", "baseline.nc", "baseline.png"]


def written(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_run_shows_and_writes(call: Call, tmp_path: Path) -> None:
    answer = call("run")
    assert answer.code == 0
    assert written(tmp_path / "xiancheng_run") == FILES
    assert all(word in answer.out for word in ("2020", "2025", "2030", "2035", "the 68", "province", "persons"))
    assert "our selection of 68 county-level units, not the official list" in answer.out
    assert all(name in answer.err for name in FILES)


def test_a_run_in_chinese(call: Call) -> None:
    answer = call("run", "--lang", "zh")
    assert "68个县（市、区）为本项目选取，非官方名单" in answer.out
    assert "常住人口城镇化率" in answer.out
    assert "预测" not in answer.out + answer.err


def test_progress_is_a_line_every_tenth(call: Call) -> None:
    lines = [line for line in call("run").err.splitlines() if " % ·" in line]
    assert len(lines) == 10


def test_a_result_that_was_kept_says_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "made before" not in call("run", "--lang", "en").err
    monkeypatch.setattr(again, "result", lambda _built, _asked, _engine, make, once_more: (once_more(), make())[1])
    assert "made before" in call("run", "--lang", "en", "--force").err


def test_quiet_says_nothing_but_data(call: Call) -> None:
    answer = call("run", "-q")
    assert answer.err == ""
    assert "Residents" in answer.out


@pytest.mark.long
def test_the_same_run_again_replaces_itself_and_another_takes_a_number(call: Call, tmp_path: Path) -> None:
    call("run")
    call("run")
    assert written(tmp_path / "xiancheng_run") == FILES
    nc = tmp_path / "xiancheng_run" / "baseline.nc"
    nc.write_bytes(b"somebody's own")
    call("run")
    assert nc.read_bytes() == b"somebody's own"
    assert "baseline_2.nc" in written(tmp_path / "xiancheng_run")


def test_a_scenario_with_settings_has_a_name_of_its_own(call: Call, tmp_path: Path) -> None:
    setting = "in_situ_settlement=20000@2028:莘县"
    answer = call("run", "stress_births", "--set", setting, "--start", "2010", "--to", "2030")
    assert answer.code == 0
    (name,) = [name for name in written(tmp_path / "xiancheng_run") if name.endswith(".nc")]
    assert name.startswith("stress_births_")
    assert name.endswith("_from_2010_to_2030.nc")
    assert "Public money 2026-2030 against the baseline under" in " ".join(answer.out.split())


@pytest.mark.parametrize("suffix", [".nc", ".csv", ".png"])
def test_the_suffix_chooses_the_form(call: Call, tmp_path: Path, suffix: str) -> None:
    assert call("run", "-o", f"x{suffix}").code == 0
    assert f"x{suffix}" in written(tmp_path)
    assert not (tmp_path / "xiancheng_run").exists()
    assert call("run", "-o", f"x{suffix}").code == 3
    assert call("run", "-o", f"x{suffix}", "--force").code == 0


def test_a_dash_puts_the_long_table_on_stdout(call: Call, tmp_path: Path) -> None:
    answer = call("run", "-o", "-")
    assert answer.out.startswith("\ufeffscenario,member,place,year,indicator,value,unit")
    rows = list(csv.DictReader(io.StringIO(answer.out.removeprefix("\ufeff"))))
    assert len(rows) > 10_000
    assert written(tmp_path) == []


@pytest.mark.long
def test_headline_as_json_and_csv(call: Call) -> None:
    records = json.loads(call("run", "--format", "json", "-o", "x.nc").out)
    assert {"area", "indicator", "year", "value", "unit", "evidence"} <= set(records[0])
    rows = list(csv.DictReader(io.StringIO(call("run", "--format", "csv", "-o", "y.nc").out.removeprefix("\ufeff"))))
    assert [row["indicator"] for row in rows] == [record["indicator"] for record in records]


def test_people_and_variables_on_request(call: Call, tmp_path: Path) -> None:
    import xarray as xr

    assert call("run", "-o", "x.nc", "--by", "age", "--variables", "urban_share,coverage factor").code == 0
    with xr.open_dataset(tmp_path / "x.nc", engine="h5netcdf") as found:
        assert set(found.data_vars) == {"residents", "urban_share", "coverage_factor", "persons"}


@pytest.mark.long
def test_two_results_side_by_side(call: Call) -> None:
    call("run", "-o", "a.nc")
    call("run", "-o", "b.nc")
    call("run", "--start", "2010", "-o", "c.nc")
    assert "no difference" in call("diff", "a.nc", "b.nc").err
    answer = call("diff", "a.nc", "c.nc", "--lang", "zh")
    assert "首个不同的指标是 residents" in answer.err
    assert json.loads(call("diff", "a.nc", "c.nc", "--format", "json").out)[0]["indicator"] == "residents"


@pytest.mark.long
def test_a_county_page_goes_on_with_the_baseline(call: Call) -> None:
    assert "2035" not in call("county", "莘县").out
    call("run")
    assert "2035" in call("county", "莘县").out


@pytest.mark.long
def test_what_is_asked_for_is_shown_in_the_order_asked_for(call: Call, root: Path) -> None:
    """And nothing else: neither the first table nor what a ratio is made of; the same in JSON."""
    asked = ["vacancy_rate", "public_money", "residents"]
    records = json.loads(call("run", "--variables", ",".join(asked), "--format", "json", "-o", "x.nc").out)
    assert list(dict.fromkeys(record["indicator"] for record in records)) == asked
    out = call("run", "--variables", ",".join(asked), "-o", "y.nc").out
    titles = [name.title["en"] for name in map(indicators.read(Study(root)).__getitem__, asked)]
    assert [out.index(title) for title in titles] == sorted(out.index(title) for title in titles)
    assert "Urban share" not in out


def test_a_variable_of_the_equations_stands_in_the_file(call: Call) -> None:
    answer = call("run", "-o", "x.nc", "--variables", "residents,coverage factor")
    assert "coverage_factor" in answer.err
