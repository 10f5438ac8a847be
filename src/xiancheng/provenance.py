"""The manifest that travels with every file: what ran, on which equations, tables and scenario, with which programs."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from typing import Any

from xiancheng import __version__
from xiancheng.study import Study

PROGRAMS = ("numpy", "pandas", "xarray", "pysd", "jax")


def manifest(
    study: Study, scenario: Mapping[str, Any], *, command: str = "", seed: int | None = None, engine: str = ""
) -> dict[str, Any]:
    """Return what makes a result repeatable, ready for JSON.

    Args:
        study: the study that ran.
        scenario: the scenario as plain values.
        command: the command line, or "" when run from Python.
        seed: the seed of everything random, or None when nothing was.
        engine: the engine that ran the equations.
    """
    return {
        "command": command,
        "seed": seed,
        "engine": engine,
        "study": study.root.name,
        "version": study.version,
        "versions": versions(),
        "equations_sha256": study.equations_hash,
        "data_sha256": study.data_hash,
        "scenario": dict(scenario),
        "scenario_sha256": fingerprint(scenario),
    }


def versions() -> dict[str, str]:
    """Return the programs a result rests on, with the version installed here."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    found = {"xiancheng": __version__, "python": platform.python_version()}
    for program in PROGRAMS:
        try:
            found[program] = metadata.version(program)
        except metadata.PackageNotFoundError:
            continue
    return found


def fingerprint(values: Any) -> str:
    """Return the sha256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
