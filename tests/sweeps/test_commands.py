"""The command line of sweeps as a person meets it: what is said, what is written, how a call ends."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from miniature import Call, Write, caller

import xiancheng
from xiancheng.errors import StudyError
from xiancheng.model import tables
from xiancheng.study import Study
from xiancheng.sweeps import kernel, reading, work

RUNS = 'scenarios = ["baseline", "stay"]\nmembers = 5\nblock = 16'


@pytest.fixture
def call(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Call the command line on the miniature study from an empty folder."""
    return caller(mini, tmp_path, monkeypatch, capfdbinary)


def test_a_sweep_from_start_to_file(call: Call, write: Write, tmp_path: Path) -> None:
    """Planned, run, looked at, replayed, exported in three forms that hold the same numbers."""
    file = str(write("n = 20", RUNS))
    code, out, err = call("sweep", file, "--dry-run")
    assert (code, out) == (0, "")
    assert "40 runs: 20 points × 2 scenarios, 3 blocks; up to" in err
    assert not (tmp_path / "try.zarr").exists()
    code, _, err = call("sweep", file, "--part", "1/2")
    assert code == 0
    assert "24 of 24 runs are in try.zarr, 0 without a result" in err
    code, out, _ = call("sweep", "status", "try.zarr", "--format", "json")
    assert [json.loads(out)[0][name] for name in ("done", "total", "nan", "failed")] == [24, 40, 0, 0]
    code, _, err = call("sweep", file)
    assert "24 runs are done" in err
    assert err.startswith("Reading the study")
    assert "24 of 40 runs · compiling" in err
    assert "40 of 40 runs" in err
    code, out, err = call("replay", "17", "try.zarr", "--format", "csv")
    assert code == 0
    assert "the result is the stored one, bit by bit" in err
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    whole = reading.dataset(tmp_path / "try.zarr")["residents"]
    assert float(rows[0]["value"]) == float(whole.sel(run=17, year=int(rows[0]["year"]), area=rows[0]["place"]))
    for name in ("out.nc", "out.zarr", "out.csv"):
        assert call("export", "try.zarr", "-o", name)[0] == 0
    for opened in (xr.open_dataset("out.nc", engine="h5netcdf"), xr.open_zarr("out.zarr", chunks=None)):
        assert np.array_equal(opened["residents"].values, whole.values)
        assert opened["residents"].attrs["units"] == "persons"
        assert list(opened["status"].values[:2]) == ["ok", "ok"]
        opened.close()
    lines = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8-sig"))))
    assert len(lines) == whole.size
    assert float(lines[-1]["value"]) == float(whole.values[-1, -1, -1])
    code, _, err = call("export", "try.zarr", "-o", "out.nc")
    assert code == 3
    assert "--force" in err


def test_runs_without_a_result_end_with_code_5_and_are_named(
    call: Call, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = kernel.compute

    def wrong(setting: Any, rows: Any, size: int) -> Any:
        found = compute(setting, rows, size)
        return kernel.Computed(found.values, (kernel.Bad(2, kernel.NAN, "residents", "2027-01-01", "p371522"),))

    monkeypatch.setattr(kernel, "compute", wrong)
    code, _, err = call("sweep", str(write("n = 8", RUNS)))
    assert code == 5
    assert "Run 2: nan, first in residents p371522 2027-01-01" in err


def test_ctrl_c_finishes_the_block_and_says_how_to_go_on(
    call: Call, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    do = work.do

    def interrupted(*words: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return do(*words)

    monkeypatch.setattr(work, "do", interrupted)
    code, _, err = call("sweep", str(write("n = 20", RUNS)))
    assert code == 130
    assert "The same command goes on" in err
    assert (reading.status(work_store(tmp_path)) == "ok").sum() == 16


def work_store(folder: Path) -> Any:
    """The store of the design of these tests."""
    from xiancheng.sweeps.store import opened

    return opened(folder / "try.zarr")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep", "nothing"), "there is no design nothing"),
        (("sweep", "nothing.toml"), "nothing.toml"),
        (("sweep", "status"), "sweep status takes one store"),
        (("sweep", "status", "nowhere"), "no sweep is stored here"),
        (("sweep", "a", "b"), "DESIGN: a b"),
        (("sweep", "a", "--part", "3/2"), "part 3/2"),
        (("replay", "1", "nowhere"), "no sweep is stored here"),
        (("export", "nowhere", "-o", "x.nc"), "no sweep is stored here"),
        (("sensitivity", "nowhere"), "no sweep is stored here"),
        (("target", "residents>5", "--by", "2035", "--using", "grant"), "such as urban_share>=0.6"),
    ],
)
def test_wrong_calls_are_explained(call: Call, words: tuple[str, ...], said: str) -> None:
    code, out, err = call(*words)
    assert (code, out) == (3, "")
    assert said in err


def test_sensitivity_and_figures_of_a_stored_sweep(call: Call, write: Write) -> None:
    free = "[constants.grant_scale]\nlow = 5000\nhigh = 9000\n"
    free += "[assumptions.outside_attractiveness]\nlow = -0.3\nhigh = 0.3\n"
    file = str(write('sampler = "saltelli"\nn = 8', 'scenarios = ["baseline", "stay"]\nblock = 64', free))
    assert call("sweep", file)[0] == 0
    code, out, err = call("sensitivity", "try.zarr", "--places", "68", "--figures", "pictures", "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert len(rows) == 2 * 2 * 2
    assert {"factor", "first", "first_conf", "total", "total_conf"} <= set(rows[0])
    assert rows[0]["total"] >= rows[1]["total"]
    assert "stay lies above baseline in every point" in err
    assert len(list(Path("pictures").glob("*.png"))) == 3


def test_a_target_is_answered_in_a_sentence(call: Call) -> None:
    code, out, _ = call("target", "residents>=1e5", "--by", "2035", "--using", "tax_relief")
    assert code == 0
    assert "Met without moving any lever" in out
    words = ("target", "residents>=9e9", "--by", "2035", "--using", "tax_relief", "--fail-if-missed")
    code, out, _ = call(*words)
    assert code == 4
    assert out.startswith("Not all targets can be met")
    assert "Tax relief binds: it is at the end of its range." in out


def test_a_sweep_from_python_is_a_dataset_that_is_read_when_looked_at(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Levers as a dictionary; the same call again does nothing; wrong words are told."""
    monkeypatch.setattr(tables, "check", lambda root: None)
    ask: dict[str, Any] = {
        "levers": {"grant": {"low": 0, "high": 30000, "year": 2030, "places": "68"}, "tax_relief": (0, 1)},
        "constants": {"grant_scale": (8000, 12000)},
        "assumptions": {"outside_attractiveness": (-0.3, 0.3), "fertility_path": ("reference", "stress")},
        "scenarios": ("baseline", "stay"), "members": 5, "n": 20, "store": tmp_path / "store", "study": mini,
    }
    found = xiancheng.sweep(**ask)
    assert found["residents"].dims == ("run", "year", "area")
    assert (found["status"] == "ok").all()
    assert found["grant"].max() > 15000
    fresh: list[int] = []
    again = xiancheng.sweep(**ask, progress=lambda tally: fresh.append(tally.fresh))
    assert fresh == [0]
    assert again.identical(found)
    with pytest.raises(StudyError, match="did you mean grant"):
        xiancheng.sweep(levers={"grent": (0, 1)}, study=mini, store=tmp_path / "other")
