"""Compiled code kept between processes, so that the second run of the same equations need not be compiled again."""

from __future__ import annotations

import hashlib
import os
import platform
from pathlib import Path

from platformdirs import user_cache_path

VARIABLE = "XIANCHENG_CACHE"
"""Environment variable that names the folder; empty means that nothing is kept."""
MOST_BYTES = 512 * 1024**2
"""Size of the folder beyond which what was used longest ago goes."""
LEAST_SECONDS = 1.0
"""Code that is compiled faster than this is not kept."""


def folder() -> Path | None:
    """Return the folder for this kind of processor, made if need be; None where nothing can or shall be kept."""
    named = os.environ.get(VARIABLE)
    if named == "":
        return None
    parent = Path(named).expanduser() if named else user_cache_path("xiancheng")
    found = parent / f"compiled-{_processor()}"
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return found if os.access(found, os.W_OK | os.X_OK) else None


def _processor() -> str:
    """Return a digest of what code compiled here may use: the machine and the features of its processor."""
    told = f"{platform.system()} {platform.machine()} {platform.processor()}"
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        lines = []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return hashlib.sha256(f"{told} {features}".encode()).hexdigest()[:12]
