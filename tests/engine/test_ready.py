"""A run that was made ready is the run of the ordinary way, or no run: what does not fit is never used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_models import STOCKS

from xiancheng import engine
from xiancheng.engine import integrate, keeping, ready
from xiancheng.engine.program import Program

EQUATIONS = "{UTF-8}\n" + STOCKS + """half[p1] = base ~ person/year ~ |
large[place] = IF THEN ELSE(base > 4, 1, 0) ~ dmnl ~ |
SAVEPER = 0.5 ~ year ~ |
"""
TIMES = np.array([2020.0, 2022.0, 2023.0, 2025.0])
FILE = Path("model.mdl")


def told(later: float = 5.0, push: Any = 0.1, first: float = 3.0, patience: float = 2.0) -> dict[str, Any]:
    return {"base": engine.TimePath(TIMES, np.array([first, 3.0, later, 1.0])), "push": push, "patience": patience}


def asked(parameters: Mapping[str, Any], text: str = EQUATIONS, tables: str = "") -> ready.Call:
    return ready.Call(FILE, text, tables, None, parameters, 2020.0)


@pytest.fixture(scope="module")
def program() -> Program:
    return engine.compile(FILE, text=EQUATIONS, inputs=["base", "push", "patience"])


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Path:
    """A folder in which a run lies ready; nothing of it is in memory."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path))
    monkeypatch.setattr(keeping, "LONG", 0)
    monkeypatch.setattr(keeping, "LEAST_SECONDS", 0.0)
    program.variants.clear()
    ordinary(program, told())
    ready.keep(asked(told()), program)
    forget()
    return next(tmp_path.glob("ready-*"))


def forget() -> None:
    ready._LOADED.clear()


def ordinary(program: Program, parameters: Mapping[str, Any]) -> xr.Dataset:
    return integrate.run(program, parameters, strict=True)


@pytest.mark.parametrize("later", [5.0, 0.0, -2.5])
def test_runs_that_differ_later_are_those_of_the_ordinary_way(shelf: Path, program: Program, later: float) -> None:
    found = ready.run(asked(told(later)))
    assert found is not None
    xr.testing.assert_identical(found, ordinary(program, told(later)))


def test_a_number_may_be_an_array_where_it_fits(shelf: Path, program: Program) -> None:
    """Another shape of the same number is another beginning, which is left to the ordinary way."""
    assert ready.run(asked(told(push=np.array(0.1)))) is not None
    assert ready.run(asked(told(push=np.array([0.1])))) is None


@pytest.mark.parametrize(
    "call",
    [
        asked(told(first=4.0)),
        asked(told(push=0.2)),
        asked(told(push=xr.DataArray(0.1))),
        asked(told(later=float("nan"))),
        asked({**told(), "lifetime": 3.0}),
        asked({name: value for name, value in told().items() if name != "push"}),
        asked(told(), text=EQUATIONS.replace("lifetime = 4", "lifetime = 5")),
        asked(told(), tables="others"),
        ready.Call(FILE, EQUATIONS, "", ("stock",), told(), 2020.0),
        ready.Call(FILE, EQUATIONS, "", None, told(), 2021.0),
    ],
)
def test_another_beginning_or_another_question_goes_the_ordinary_way(shelf: Path, call: ready.Call) -> None:
    assert ready.run(call) is None


def test_a_delay_that_is_too_short_is_told_by_the_ordinary_way(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "_LONGEST", 1e9)
    assert ready.run(asked(told())) is None


def test_a_result_that_is_no_number_is_told_by_the_ordinary_way(shelf: Path) -> None:
    assert ready.run(asked(told(later=1e308))) is None


@pytest.mark.parametrize("kind", ["run-*", "code-*"])
@pytest.mark.parametrize("harm", ["a byte", "half", "nothing left", "gone"])
def test_damaged_files_are_never_used(shelf: Path, kind: str, harm: str) -> None:
    file = next(shelf.glob(kind))
    whole = file.read_bytes()
    middle = len(whole) // 2
    harmed = {"a byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], "half": whole[:middle],
              "nothing left": b""}
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(harmed[harm])
    assert ready.run(asked(told())) is None


@pytest.mark.parametrize("version", ["jax", "jaxlib", "numpy", "pysd"])
def test_what_another_version_kept_is_never_used(shelf: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    own = keeping.metadata.version
    monkeypatch.setattr(keeping.metadata, "version", lambda name: "0.0.1" if name == version else own(name))
    keeping.maker.cache_clear()
    try:
        assert ready.run(asked(told())) is None
    finally:
        monkeypatch.undo()
        keeping.maker.cache_clear()


def test_code_that_computes_something_else_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """Code that does not come back from what was written of it as it was is used, and kept by nobody."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path))
    monkeypatch.setattr(keeping, "LEAST_SECONDS", 0.0)
    monkeypatch.setattr("xiancheng.engine.machine._loaded", lambda payload: lambda *numbers: [0.0])
    program.variants.clear()
    ordinary(program, told())
    ready.keep(asked(told()), program)
    assert not list(tmp_path.glob("ready-*/*"))
    program.variants.clear()


PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_ready as case
from xiancheng import engine
from xiancheng.engine import keeping, ready
keeping.LONG, keeping.LEAST_SECONDS = 0, 0.0
result = ready.run(case.asked(case.told(4.0)))
if result is None:
    program = engine.compile(case.FILE, text=case.EQUATIONS, inputs=["base", "push", "patience"])
    result = case.ordinary(program, case.told(4.0))
    ready.keep(case.asked(case.told(4.0)), program)
    assert ready.run(case.asked(case.told(4.0))) is not None
result.to_netcdf(sys.argv[2], engine="h5netcdf")
"""


@pytest.mark.long
def test_processes_at_once_get_the_same(tmp_path: Path, program: Program) -> None:
    environment = {**os.environ, keeping.VARIABLE: str(tmp_path), "JAX_PLATFORMS": "cpu"}
    folder = str(Path(__file__).parent)
    for turn in ("first", "second"):
        files = [tmp_path / f"{turn}_{number}.nc" for number in range(2)]
        running = [subprocess.Popen([sys.executable, "-c", PROCESS, folder, str(file)], env=environment)
                   for file in files]
        assert [process.wait() for process in running] == [0, 0]
        for file in files:
            with xr.open_dataset(file, engine="h5netcdf") as found:
                xr.testing.assert_allclose(found.load(), ordinary(program, told(4.0)), rtol=1e-12)
