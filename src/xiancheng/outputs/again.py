"""The same run asked for again: its result is kept, known by all that it follows from.

The key holds the programs and their texts, the equations, the tables, the scenario with its settings and constants, and
the tables of the outputs; whatever of these changes, the run is made anew. A file that is damaged is none.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from xiancheng.engine import keeping
from xiancheng.outputs import result as results
from xiancheng.study import digest, packaged

if TYPE_CHECKING:
    from xiancheng.model.build import BuiltRun

_KIND = "results"
_SETTINGS = ("JAX_PLATFORMS", "XLA_FLAGS", "JAX_ENABLE_X64")
"""What of the environment may change the last digits of a result."""


def result(
    built: BuiltRun, wish: Sequence[Sequence[str]], engine: str, make: Callable[[], xr.Dataset],
    again: Callable[[], None] = lambda: None,
) -> xr.Dataset:
    """Return the result of a run: the one kept by an earlier process, or the one that `make` makes, which is kept.

    Args:
        built: the run.
        wish: the names of variables and of details that the result has.
        engine: the engine that runs it.
        make: runs it.
        again: is called where nothing is run.
    """
    name = _name(built, wish, engine)
    stored = _stored(name)
    if stored is not None:
        again()
        return stored.assign_attrs(results.header(built, engine))
    made = make()
    keeping.put(name, pickle.dumps(made, pickle.HIGHEST_PROTOCOL), _KIND)
    return made


def _stored(name: str) -> xr.Dataset | None:
    payload = keeping.get(name, _KIND)
    try:
        content = None if payload is None else pickle.loads(payload)
    except Exception:  # of another make, whatever its digest says
        return None
    return content if isinstance(content, xr.Dataset) else None


def _name(built: BuiltRun, wish: Sequence[Sequence[str]], engine: str) -> str:
    """Return a digest of all that a result follows from; the words of the call change only what it says of itself."""
    manifest = {word: value for word, value in built.manifest.items() if word != "command"}
    settings = [os.environ.get(setting, "") for setting in _SETTINGS]
    parts = [keeping.maker(), program(), _tables(built.study.root), manifest, built.scenario.id, built.start,
             built.end, [list(names) for names in wish], engine, settings]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@functools.cache
def program() -> str:
    """Return a digest of the whole program and of its texts."""
    folder = packaged()
    return digest(folder, [*folder.rglob("*.py"), *folder.glob("*.csv")])


def _tables(root: Path) -> str:
    """Return a digest of the tables of a study that say how results are read and shown."""
    return digest(root, [*(root / "model").glob("*.csv"), *(root / "outputs").glob("*.csv")])
