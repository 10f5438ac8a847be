"""What is parsed and compiled, kept between processes, so that the second run of the same equations starts at once."""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import sys
import uuid
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from xiancheng.errors import Problem

VARIABLE = "XIANCHENG_CACHE"
"""Environment variable that names the folder; empty means that nothing is kept."""
MOST_BYTES = 512 * 1024**2
"""Size of the folder beyond which what was used longest ago goes."""
LEAST_SECONDS = 1.0
"""Code that is compiled faster than this is not kept."""


LONG = 20_000
"""Characters from which a text is worth keeping as parsed."""
_MOST_FILES = 64


def folder() -> Path | None:
    """Return the folder for compiled code of this kind of processor; None where nothing can or shall be kept."""
    return _folder(f"compiled-{_processor()}")


def parsed(text: str, parse: Callable[[], tuple[Any, list[Problem]]]) -> tuple[Any, list[Problem]]:
    """Return what a text parses to, from an earlier process where it parsed the same text with the same code.

    Args:
        text: what is parsed.
        parse: parses it; its result holds nothing but what follows from the text. One with problems is not kept.
    """
    shelf = _folder("parsed") if len(text) >= LONG else None
    if shelf is None:
        return parse()
    file = shelf / f"{hashlib.sha256((_reader() + text).encode()).hexdigest()}.pickle"
    try:
        return pickle.loads(file.read_bytes()), []
    except Exception:  # missing, cut short or of another make: whatever is wrong with it, the text is at hand
        result, problems = parse()
    if not problems:
        _keep(result, file)
    return result, problems


def _keep(content: Any, file: Path) -> None:
    """Write beside and move into place, so that nobody reads half a file; the oldest files go."""
    beside = file.with_name(f"{uuid.uuid4().hex}.part")
    try:
        beside.write_bytes(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))
        os.replace(beside, file)
        files = sorted(file.parent.glob("*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in files[_MOST_FILES:]:
            old.unlink(missing_ok=True)
    except (OSError, RecursionError, pickle.PicklingError):
        beside.unlink(missing_ok=True)


def _reader() -> str:
    """Return what the result of parsing depends on besides the text: versions, and the code of the reader."""
    here = Path(__file__).parent
    code = b"".join(file.read_bytes() for file in sorted(here.glob("*.py")))
    return f"{metadata.version('pysd')} {sys.version} {hashlib.sha256(code).hexdigest()}"


def _folder(name: str) -> Path | None:
    named = os.environ.get(VARIABLE)
    if named == "":
        return None
    parent = Path(named).expanduser() if named else user_cache_path("xiancheng")
    path = parent / name
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return path if os.access(path, os.W_OK | os.X_OK) else None


def _processor() -> str:
    """Return a digest of what code compiled here may use: the machine and the features of its processor."""
    machine = f"{platform.system()} {platform.machine()} {platform.processor()}"
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        lines = []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return hashlib.sha256(f"{machine} {features}".encode()).hexdigest()[:12]
