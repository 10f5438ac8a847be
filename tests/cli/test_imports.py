"""A verb imports what it needs: what is heavy and for others stays away, or every call pays for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("jax", "xarray", "pandas", "scipy.interpolate", "scipy.stats", "matplotlib", "pysd", "dask", "distributed",
         "h5py", "h5netcdf", "zarr", "pint", "SALib", "openpyxl", "pydantic", "numpy")
NUMBERS = {"numpy"}
DOCUMENTS = {"numpy", "pydantic"}
TABLES = {"numpy", "xarray", "pandas", "dask", "openpyxl"}
NEEDS = {
    "list": DOCUMENTS,
    "show": DOCUMENTS,
    "check": set(),
    "county": TABLES,
    "run": TABLES | {"pydantic", "h5py", "h5netcdf"},
}


@pytest.mark.parametrize("name", NEEDS)
def test_a_verb_imports_what_it_needs(name: str) -> None:
    code = f"""
import sys
from xiancheng.cli import app
app.loaded({name!r}, "en")
print(*[module for module in {HEAVY!r} if module in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= NEEDS[name]


def test_a_run_that_is_ready_needs_neither_reader_nor_compiler_of_equations() -> None:
    code = """
import sys
from xiancheng.engine import ready
print(*[module for module in sys.modules if module.startswith("xiancheng.engine.")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {f"xiancheng.engine.{name}" for name in ("read", "parse", "program", "graph", "evaluation")} & set(
        done.stdout.split())
