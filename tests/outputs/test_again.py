"""A result is taken again only where all that it follows from is the same."""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xarray as xr

from xiancheng.engine import keeping
from xiancheng.outputs import again


def built(root: Path, **changes: Any) -> Any:
    (root / "outputs").mkdir(exist_ok=True)
    manifest = {"command": "run", "data_sha256": "d", "scenario_sha256": "s", **changes}
    return SimpleNamespace(study=SimpleNamespace(root=root), scenario=SimpleNamespace(id="base"), start=2000, end=2005,
                           manifest=manifest)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANCHENG_CACHE", str(tmp_path / "kept"))
    monkeypatch.setattr(again.results, "header", lambda run, engine: {"manifest": json.dumps(run.manifest)})


def value(run: Any, number: float, asked: tuple[tuple[str, ...], ...] = ((), ())) -> xr.Dataset:
    return again.result(run, asked, "compiled", lambda: xr.Dataset({"x": ("year", [number])}))


def test_the_same_run_is_taken_again_under_its_own_call(tmp_path: Path) -> None:
    assert value(built(tmp_path), 1.0)["x"].item() == 1
    other = value(built(tmp_path, command="run --force"), 2.0)
    assert other["x"].item() == 1
    assert json.loads(other.attrs["manifest"])["command"] == "run --force"


def test_who_asked_is_told_that_nothing_was_run(tmp_path: Path) -> None:
    times: list[bool] = []
    for _ in range(3):
        again.result(built(tmp_path), ((), ()), "compiled", lambda: xr.Dataset(), lambda: times.append(True))
    assert len(times) == 2


@pytest.mark.parametrize("change", ["data_sha256", "scenario_sha256", "equations_sha256", "version"])
def test_a_run_of_other_data_scenarios_or_equations_is_made_anew(tmp_path: Path, change: str) -> None:
    value(built(tmp_path), 1.0)
    assert value(built(tmp_path, **{change: "other"}), 2.0)["x"].item() == 2


def test_other_tables_of_outputs_names_and_devices_make_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value(built(tmp_path), 1.0)
    assert value(built(tmp_path), 2.0, (("births",), ()))["x"].item() == 2
    (tmp_path / "outputs" / "formulas.csv").write_text("id\n", encoding="utf-8")
    assert value(built(tmp_path), 3.0)["x"].item() == 3
    monkeypatch.setenv("XLA_FLAGS", "--other")
    assert value(built(tmp_path), 4.0)["x"].item() == 4


def damaged(content: bytes, harm: str) -> bytes:
    if harm == "a byte":
        return content[:-20] + bytes([content[-20] ^ 1]) + content[-19:]
    foreign = pickle.dumps({"x": 1.0})
    return {"half": content[: len(content) // 2], "nothing left": b"",
            "another content": hashlib.sha256(foreign).digest() + foreign,
            "no pickle": hashlib.sha256(b"no").digest() + b"no"}[harm]


@pytest.mark.parametrize("harm", ["a byte", "half", "nothing left", "another content", "no pickle"])
def test_a_damaged_or_foreign_file_is_none(tmp_path: Path, harm: str) -> None:
    value(built(tmp_path), 1.0)
    (file,) = (tmp_path / "kept").glob("results-*/*")
    file.write_bytes(damaged(file.read_bytes(), harm))
    assert value(built(tmp_path), 2.0)["x"].item() == 2
    assert value(built(tmp_path), 3.0)["x"].item() == 2


@pytest.mark.parametrize("library", ["jax", "jaxlib", "numpy", "pysd"])
def test_what_another_version_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    value(built(tmp_path), 1.0)
    own = keeping.metadata.version
    with monkeypatch.context() as changed:
        changed.setattr(keeping.metadata, "version", lambda name: "0.0.0" if name == library else own(name))
        keeping.maker.cache_clear()
        assert value(built(tmp_path), 2.0)["x"].item() == 2
    keeping.maker.cache_clear()
    assert value(built(tmp_path), 3.0)["x"].item() == 1


def test_what_another_program_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value(built(tmp_path), 1.0)
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "texts.csv").write_text("key,en,zh\n", encoding="utf-8")
    with monkeypatch.context() as changed:
        changed.setattr(again, "packaged", lambda: tmp_path / "program")
        again.program.cache_clear()
        assert value(built(tmp_path), 2.0)["x"].item() == 2
    again.program.cache_clear()
    assert value(built(tmp_path), 3.0)["x"].item() == 1


PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import numpy as np
import test_again as case
import xarray as xr
from xiancheng.engine import keeping
from xiancheng.outputs import again
again.results.header = lambda run, engine: {}
for turn in range(8):
    made = lambda: xr.Dataset({"x": ("cell", np.full(200_000, float(sys.argv[3])))})
    run = case.built(Path(sys.argv[2]), turn=turn)
    assert len(set(again.result(run, ((), ()), "compiled", made)["x"].values)) == 1
"""


@pytest.mark.long
def test_processes_at_once_never_read_half_a_result(tmp_path: Path) -> None:
    words = [sys.executable, "-c", PROCESS, str(Path(__file__).parent), str(tmp_path)]
    running = [subprocess.Popen([*words, number]) for number in ("1", "2")]
    assert [process.wait() for process in running] == [0, 0]
    kept = [value(built(tmp_path, turn=turn), 3.0)["x"].values for turn in range(8)]
    assert all(set(numbers) in ({1.0}, {2.0}) for numbers in kept)
