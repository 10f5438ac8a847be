"""The wheel alone, without its extras, runs the baseline from any folder and says what is not there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.study
def test_an_empty_environment_runs_the_baseline_from_another_folder(tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    programs = tmp_path / "empty" / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "-q"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path / "wheels"), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    wheel = next((tmp_path / "wheels").glob("*.whl"))
    install = ["-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt"), str(wheel)]
    subprocess.run([str(programs / "python"), *install], check=True)

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [str(programs / "xiancheng"), "run"], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "2035" in done.stdout
    assert list(elsewhere.rglob("*.nc"))
    assert not list(elsewhere.rglob("*.png"))
    assert "xiancheng[plots]" in done.stderr
    sweep = subprocess.run([str(programs / "xiancheng"), "sweep", "levers_and_futures", "--lang", "en"], cwd=elsewhere,
                           capture_output=True, text=True, check=False)
    assert (sweep.returncode, "xiancheng[sweep]" in sweep.stderr) == (6, True)
