"""Any Vensim model, compiled: variables, dimensions and time, no county.

    program = engine.compile("model.mdl", outputs=["total"], inputs=["birth rate"])
    result = engine.run(program, {"birth rate": 0.02})

`compile`, `run`, `batch`, `gradient` are the door; `reference.run` is the same model by PySD; `check` lists every
problem of a file. Names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "TimePath": "parameters",
}
_MODULES = ("read", "graph", "units", "functions", "program", "integrate", "reference", "parameters")

__all__ = ["TimePath"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"xiancheng.engine.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"xiancheng.engine.{name}")
    raise AttributeError(f"module 'xiancheng.engine' has no attribute {name!r}")
