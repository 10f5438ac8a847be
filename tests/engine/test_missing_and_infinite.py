"""What is missing is a number that compares with itself; what is no number is named, with its time."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from small_models import BACKENDS, model, simulate, values

from xiancheng import engine
from xiancheng.engine import integrate
from xiancheng.errors import StudyError

BREAKS = "a = 1 / (3 - Time) ~~|\nb[D] = a * c[D] ~~|\nD: d1, d2 ~~|\nc[D] = 0, 1 ~~|\nz = Time ~~|"


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_not_available_equals_itself_and_is_below_all_else(backend: str) -> None:
    equations = """x = IF THEN ELSE(Time > 1, 5, :NA:) ~~|
same = IF THEN ELSE(x = :NA:, 1, 0) ~~|
other = IF THEN ELSE(x <> :NA:, 1, 0) ~~|
below = IF THEN ELSE(:NA: < -1e30, 1, 0) ~~|
D: d1, d2 ~~|
listed[D] = 1, :NA: ~~|
count = SUM(IF THEN ELSE(listed[D!] = :NA:, 1, 0)) ~~|"""
    text = model(equations, final=3)
    assert values(text, "same", backend) == [1, 1, 0, 0]
    assert values(text, "other", backend) == [0, 0, 1, 1]
    assert values(text, "below", backend) == [1, 1, 1, 1]
    assert values(text, "count", backend) == [1, 1, 1, 1]
    assert values(text, "x", backend)[0] == -(2.0**109)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_variable_where_it_begins_is_named_with_its_time(backend: str) -> None:
    text = model(BREAKS, final=5)
    with pytest.warns(engine.NotFiniteWarning, match="'a' is infinite from time 3"):
        simulate(text, backend)
    with pytest.raises(StudyError, match="'a' is infinite from time 3"):
        simulate(text, backend, strict=True)
    assert simulate(model("a = 1 / (3.5 - Time) ~~|"), backend, strict=True).sizes["time"] == 11


def test_without_its_cause_in_the_results_the_variable_itself_is_named_by_element() -> None:
    program = engine.compile("model.mdl", text=model(BREAKS, final=5), outputs=["b", "z"])
    with pytest.warns(engine.NotFiniteWarning, match=r"'b\[d1\]' is no number from time 3"):
        engine.run(program)


def test_the_command_writes_the_results_and_ends_with_4_or_refuses_them(tmp_path: Path) -> None:
    file = tmp_path / "breaks.mdl"
    file.write_text(model(BREAKS, final=5), encoding="utf-8")

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xiancheng", "engine", "run", str(file), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    written = call("-o", str(tmp_path / "a.nc"))
    assert written.returncode == 4, written.stderr
    assert "'a' is infinite from time 3" in written.stderr
    assert (tmp_path / "a.nc").exists()
    refused = call("-o", str(tmp_path / "b.nc"), "--strict")
    assert refused.returncode == 3
    assert not (tmp_path / "b.nc").exists()


def test_the_reference_run_refuses_what_is_no_number_to_pysd() -> None:
    with pytest.raises(StudyError, match=":NA:"):
        engine.reference.run("model.mdl", text=model("x = IF THEN ELSE(Time > 1, 5, :NA:) ~~|"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_many_runs_name_the_first_that_is_no_number_and_count_the_others(backend: str) -> None:
    text = model("rate = 1 ~~|\nx = 1 / MAX(rate - Time, 0) ~~|\ny = x ~~|", final=4)
    program = engine.compile("model.mdl", text=text, inputs=["rate"])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", engine.NotFiniteWarning)
        engine.batch(program, {"rate": np.array([9.0, 3.0, 2.0])}, backend=backend)
    assert "run 1, and 1 more runs, have results" in str(told[0].message)
    assert ["'x' is infinite from time 3 on" in str(each.message) for each in told] == [False, True]
    engine.batch(program, {"rate": np.array([9.0, 8.0])}, backend=backend)


def test_a_run_without_labels_names_what_is_no_number_and_not_what_has_no_equation() -> None:
    text = model("A: a1, a2 ~~|\nx[A] = Time / (Time * (A - 1)) ~~|\nz[a1] = 2 ~~|", final=2)
    program = engine.compile("model.mdl", text=text)
    with pytest.warns(engine.NotFiniteWarning, match=r"'x\[a1\]' is no number from time 0") as told:
        integrate.run_plain(program, {})
    assert len(told) == 1
