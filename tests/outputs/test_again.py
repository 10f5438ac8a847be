"""A result is taken again only where all that it follows from is the same."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xarray as xr

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


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    value(built(tmp_path), 1.0)
    (file,) = (tmp_path / "kept").glob("results-*/*")
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(bytes(content))
    assert value(built(tmp_path), 2.0)["x"].item() == 2
    assert value(built(tmp_path), 3.0)["x"].item() == 2
