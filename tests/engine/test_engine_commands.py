"""`engine check` and `engine run` say what they found and end as they should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xarray as xr
from small_models import model

from xiancheng import engine

UNITS = "a = 1 ~ person ~ |\nb = 2 ~ $/#year ~ |\nc = a + b ~ person ~ |"


def call(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xiancheng", "engine", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "model.mdl").write_text(model(UNITS), encoding="utf-8")
    return tmp_path / "model.mdl"


@pytest.mark.long
def test_disagreements_of_units_are_counted_and_named_when_asked_for(file: Path) -> None:
    counted = call("check", file, "--lang", "en")
    assert counted.returncode == 0, counted.stderr
    assert "disagree in 1 places" in counted.stderr
    named = call("check", file, "--units", "--lang", "zh")
    assert named.returncode == 3
    assert "单位" in named.stderr


@pytest.mark.long
def test_a_run_takes_data_and_tells_notes_and_values_set_over_equations(tmp_path: Path) -> None:
    equations = "x ~~|\nk = 2 ~~|\ntwice = k * 2 ~~|\ny = x * twice ~~|\nbad = unheard of ~~|"
    (tmp_path / "model.mdl").write_text(model(equations), encoding="utf-8")
    (tmp_path / "run.dat").write_text("x\n0\t1\n10\t11\n", encoding="utf-8")
    words = ("run", tmp_path / "model.mdl", "--data", tmp_path / "run.dat", "--variables", "y", "--set", "twice=3")
    done = call(*words, "--lang", "en", "-o", tmp_path / "out.nc")
    assert done.returncode == 0, done.stderr
    assert "'twice' has an equation" in done.stderr
    assert "unheard of" in done.stderr
    with xr.open_dataset(tmp_path / "out.nc", engine="h5netcdf") as result:
        assert result["y"].values[-1] == 33


@pytest.mark.parametrize("unit", ["$/year", "€", "#", "$/#/year", "%/year", "US$", "1/¥"])
def test_signs_of_money_and_counts_are_units(unit: str) -> None:
    assert engine.check("model.mdl", model(f"x = 1 ~ {unit} ~ |\ny = 2 * x ~ {unit} ~ |")) == []


def test_an_error_that_vector_select_would_raise_is_noted() -> None:
    equations = "A: a1, a2 ~~|\nx[A] = 1, 2 ~~|\nno[A] = 0 ~~|\ny = VECTOR SELECT(no[A!], x[A!], -1, 0, 1) ~~|"
    program = engine.compile("model.mdl", text=model(equations))
    assert any("VECTOR SELECT" in note.found for note in program.notes)
    assert engine.run(program, backend="numpy")["y"].values[0] == -1
