"""Any Vensim model, compiled: variables, dimensions and time, no county.

    program = engine.compile("model.mdl", outputs=["total"], inputs=["birth rate"])
    result = engine.run(program, {"birth rate": 0.02})

`compile`, `run`, `batch`, `gradient` are the door; `reference.run` is the same model by PySD; `check` lists every
problem of a file. Names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xiancheng.engine.batches import batch
    from xiancheng.engine.checks import check
    from xiancheng.engine.doubts import NotFiniteWarning, ShortDelayWarning, not_finite
    from xiancheng.engine.gradients import gradient
    from xiancheng.engine.graph import causes
    from xiancheng.engine.integrate import run
    from xiancheng.engine.parameters import TimePath
    from xiancheng.engine.program import Program, compile
    from xiancheng.errors import StudyError

_HOMES = {
    "NotFiniteWarning": "doubts",
    "Program": "program",
    "ShortDelayWarning": "doubts",
    "StudyError": ".errors",
    "TimePath": "parameters",
    "batch": "batches",
    "causes": "graph",
    "check": "checks",
    "compile": "program",
    "gradient": "gradients",
    "not_finite": "doubts",
    "run": "integrate",
}
_MODULES = ("functions", "graph", "integrate", "parameters", "program", "read", "reference", "units")

__all__ = ["NotFiniteWarning", "Program", "ShortDelayWarning", "StudyError", "TimePath", "batch", "causes", "check",
           "compile", "gradient", "not_finite", "run"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    if name in _MODULES:
        return import_module(f"xiancheng.engine.{name}")
    raise AttributeError(f"module 'xiancheng.engine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, *_MODULES]
