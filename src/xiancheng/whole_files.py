"""Files that are written whole or not at all: beside their place, then moved into it."""

from __future__ import annotations

import csv
import io
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase


def cannot_write(place: Path) -> Problem:
    """Return the problem of a place that does not take files."""
    return Problem(str(place), phrase("file.cannot_write"), phrase("file.writable"), phrase("file.other_place"))


def aside(file: Path, writer: Callable[[Path], object]) -> None:
    """Write beside the place and rename, so that a failure leaves what was there whole and nothing else behind.

    Args:
        file: where to; a folder that stands there gives way to a folder, and to nothing else.
        writer: writes a file, or a folder, to the path it is given.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    temporary = file.with_name(f".{uuid.uuid4().hex}{file.suffix}")
    try:
        writer(temporary)
        if file.is_dir() and temporary.is_dir():
            shutil.rmtree(file)
        os.replace(temporary, file)
    except OSError as error:
        raise StudyError(cannot_write(file)) from error
    finally:
        with suppress(OSError):
            shutil.rmtree(temporary) if temporary.is_dir() else temporary.unlink()


def write(file: Path, content: str) -> None:
    """Write a text as it is, its line ends too.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    aside(file, lambda path: path.write_text(content, encoding="utf-8", newline=""))


@contextmanager
def row_writer(file: Path) -> Iterator[Any]:
    """Give a writer of rows; the table is written when all of them are there.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    out = io.StringIO()
    yield csv.writer(out, lineterminator="\n")
    write(file, out.getvalue())


def write_rows(file: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write a table, its head first.

    Raises:
        StudyError: the place does not take files, or is full.
    """
    with row_writer(file) as writer:
        writer.writerows(rows)
