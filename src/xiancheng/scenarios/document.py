"""A TOML file with the line of every key, so that a problem can be shown where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_HEADER = re.compile(r"^\s*\[(?P<again>\[)?\s*(?P<name>[^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*(?P<name>[\w.\-"' ]+?)\s*=""")
_DOTS = re.compile(r"""\s*\.\s*(?=(?:[^"']*["'][^"']*["'])*[^"']*$)""")


@dataclass(frozen=True)
class Document:
    """A TOML file as read.

    Attributes:
        file: its name as the user knows it.
        values: its content.
        lines: line number by the path of the key, with the position from 0 in a list of tables.
    """

    file: str
    values: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def row(self, path: Sequence[str | int]) -> int | None:
        """Return the line of a key, or of the nearest key above it."""
        names = tuple(str(part) for part in path)
        return next((self.lines[names[:size]] for size in range(len(names), 0, -1) if names[:size] in self.lines), None)

    def problem(self, path: Sequence[str | int], found: str, allowed: str = "", hint: str = "") -> Problem:
        """Return a problem about a key, with its line."""
        return Problem(self.file, found, allowed, hint, self.row(path))


def read(path: Path) -> Document:
    """Read a TOML file.

    Raises:
        StudyError: no file, no UTF-8, a byte order mark or malformed TOML, with the line.
    """
    if not path.is_file():
        raise StudyError(Problem(str(path), phrase("file.none"), phrase("file.scenario"), phrase("scenario.list_them")))
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        allowed = phrase("file.without_bom")
        raise StudyError(Problem(str(path), phrase("file.bom"), allowed, phrase("file.save_utf8"), 1))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise StudyError(
            Problem(str(path), phrase("file.not_utf8"), "UTF-8", phrase("file.save_utf8"), row)
        ) from None
    return parse(text, str(path))


def parse(text: str, file: str) -> Document:
    """Read TOML from its text; `file` names it in problems."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        row = int(where.group(1)) if where else text.count("\n") + 1
        reason = _LINE.sub("", str(error)).replace("(at end of document)", "").strip()
        raise StudyError(
            Problem(file, phrase("toml.malformed", reason=reason), phrase("toml.allowed"), phrase("toml.hint"), row)
        ) from None
    return Document(file, values, _lines(text))


def _lines(text: str) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for row, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _split(header["name"])
            if header["again"]:
                table = (*table, str(sum(names[:-1] == table for names in lines)))
            for size in range(1, len(table) + 1):
                lines.setdefault(table[:size], row)
        elif key := _KEY.match(line):
            names = (*table, *_split(key["name"]))
            for size in range(len(table) + 1, len(names) + 1):
                lines.setdefault(names[:size], row)
    return lines


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in _DOTS.split(name.strip()))
