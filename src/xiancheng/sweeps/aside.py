"""Files that appear as a whole or not at all: written aside, synced and renamed into their place."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

_OLD = 24 * 3600.0
"""Seconds after which what a killed process left aside is removed."""


def put(file: Path, content: bytes | Iterable[bytes], folder: Path) -> None:
    """Write a file aside, sync it and rename it into its place.

    Args:
        file: its place.
        content: as a whole or in parts.
        folder: where it is written before, on the same disk.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    draft = folder / uuid.uuid4().hex
    try:
        for place in (folder, file.parent):
            place.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as out:
            for part in [content] if isinstance(content, bytes) else content:
                out.write(part)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
        _sync(file.parent)
    except OSError as error:
        problem = Problem(str(file), phrase("file.cannot_write"), phrase("file.writable"), str(error.strerror))
        raise StudyError(problem) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _sync(folder: Path) -> None:
    """Make a renaming last, where the system can."""
    with suppress(OSError, PermissionError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def tidy(folder: Path) -> None:
    """Remove what processes that were killed long ago left aside."""
    for file in folder.glob("*") if folder.is_dir() else []:
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _OLD:
                file.unlink()
