"""A folder of models with output beside them is counted: who agrees, who is refused and why, who is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_models import model

ROOT = Path(__file__).parents[2]


def suite(folder: Path, outputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command over a model with each of some outputs beside it."""
    for name, content in outputs.items():
        (folder / name).mkdir()
        (folder / name / "model.mdl").write_text(model("s = INTEG(2, 1) ~~|", final=2), encoding="utf-8")
        if content:
            (folder / name / "output.tab").write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.conformance", str(folder), "--backend", "numpy"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)


@pytest.mark.long
def test_a_suite_is_counted_and_a_wrong_model_fails_it(tmp_path: Path) -> None:
    right, wrong = "Time\ts\n0\t1\n1\t3\n2\t5\n", "Time\ts\n0\t1\n1\t3.1\n2\t5\n"
    done = suite(tmp_path, {"right": right, "wrong": wrong, "alone": ""})
    assert done.returncode == 1
    assert "1 agrees, 0 partly, 1 runs, 0 refused, 0 excepted, 1 wrong, 0 error" in done.stdout
    assert "s at 1: 3 instead of 3.1" in done.stdout


@pytest.mark.long
def test_a_refusal_is_neither_an_agreement_nor_wrong(tmp_path: Path) -> None:
    (tmp_path / "refused.mdl").write_text(model("s = unheard of ~~|"), encoding="utf-8")
    done = suite(tmp_path, {"across": "Time\t0\t1\t2\ns\t1\t3\t5\n"})
    assert done.returncode == 0
    assert "1 agrees, 0 partly, 0 runs, 1 refused, 0 excepted, 0 wrong, 0 error" in done.stdout
    assert "unheard of" in done.stdout


@pytest.mark.long
def test_a_model_with_something_left_out_agrees_in_part_and_one_not_compared_merely_runs(tmp_path: Path) -> None:
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "model.mdl").write_text(model("s = INTEG(2, 1) ~~|\nd ~~|\ny = d ~~|", final=2), "utf-8")
    (tmp_path / "lacking" / "output.tab").write_text("Time\ts\ty\n0\t1\t5\n1\t3\t5\n2\t5\t5\n", "utf-8")
    done = suite(tmp_path, {"others": "Time\tq\n0\t1\n"})
    assert "0 agrees, 1 partly, 1 runs, 0 refused, 0 excepted, 0 wrong, 0 error" in done.stdout
    assert "1 of 2 published columns compared, 1 lacks" in done.stdout
    assert "0 of 1 published columns compared" in done.stdout
