"""What is parsed and compiled, kept between processes, so that the second run of the same equations starts at once."""

from __future__ import annotations

import functools
import hashlib
import itertools
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
_SUFFIX = ".pickle"
_PROGRAMS = ("pysd", "jax", "jaxlib", "numpy")


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
    file = shelf / f"{hashlib.sha256((maker() + text).encode()).hexdigest()}{_SUFFIX}"
    try:
        return pickle.loads(_unsealed(file) or b""), []
    except Exception:  # missing, damaged or of another make: whatever is wrong with it, the text is at hand
        result, problems = parse()
    if not problems:
        try:
            _write(_sealed(pickle.dumps(result, pickle.HIGHEST_PROTOCOL)), file)
        except (RecursionError, pickle.PicklingError):
            pass
    return result, problems


def put(name: str, content: bytes, kind: str = "ready") -> None:
    """Keep bytes under a name, behind their digest, for processes on this kind of processor.

    Args:
        name: of what is kept.
        content: what is kept.
        kind: of what is kept: each has a folder of its own, from which what was used longest ago goes.
    """
    shelf = _folder(f"{kind}-{_processor()}")
    if shelf is not None:
        _write(_sealed(content), shelf / f"{name}{_SUFFIX}")


def get(name: str, kind: str = "ready") -> bytes | None:
    """Return what was kept under a name; None where there is nothing, or not what was written."""
    shelf = _folder(f"{kind}-{_processor()}")
    return None if shelf is None else _unsealed(shelf / f"{name}{_SUFFIX}")


def _sealed(content: bytes) -> bytes:
    return hashlib.sha256(content).digest() + content


def _unsealed(file: Path) -> bytes | None:
    """Return what was written to a file behind its digest; None where there is nothing, or not what was written."""
    try:
        written = file.read_bytes()
    except OSError:
        return None
    size = hashlib.sha256().digest_size
    content = written[size:]
    return content if written and hashlib.sha256(content).digest() == written[:size] else None


def is_stamped(what: str) -> bool:
    """Tell whether an earlier process found something right; `what` names it with all that this follows from."""
    shelf = _folder("stamps")
    return shelf is not None and (shelf / _stamp(what)).is_file()


def stamp(what: str) -> None:
    """Note for later processes that something was found right."""
    shelf = _folder("stamps")
    if shelf is not None:
        _write(b"", shelf / _stamp(what))


def _stamp(what: str) -> str:
    return f"{hashlib.sha256(what.encode()).hexdigest()}{_SUFFIX}"


def _write(content: bytes, file: Path) -> None:
    """Write beside and move into place, so that nobody reads half a file; the oldest files go."""
    beside = file.with_name(f"{uuid.uuid4().hex}.part")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
        files = sorted(file.parent.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        sizes = itertools.accumulate(path.stat().st_size for path in files)
        for number, (old, size) in enumerate(zip(files, sizes, strict=True), start=1):
            if number > _MOST_FILES or (size > MOST_BYTES and number > 1):
                old.unlink(missing_ok=True)
    except OSError:
        beside.unlink(missing_ok=True)


@functools.cache
def maker() -> str:
    """Return what is kept depends on besides the text: versions, and the code that makes it."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), *sorted(here.parent.glob("*.py"))]
    code = b"".join(file.read_bytes() for file in files)
    versions = [_version(program) for program in _PROGRAMS]
    return f"{' '.join(versions)} {sys.version} {hashlib.sha256(code).hexdigest()}"


def _version(program: str) -> str:
    """Return the version of a program, "" where it is not installed."""
    try:
        return metadata.version(program)
    except metadata.PackageNotFoundError:
        return ""


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
