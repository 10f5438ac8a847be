"""A TOML file with the line of every key, so that a problem can be shown where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from xiancheng.characters import wide_signs
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import Phrase, phrase

Path = tuple[str | int, ...]
"""The keys from the top of a file to a value, with the position from 0 in a list."""

MOST_BYTES, LONGEST_LINE, MOST_POINTS, DEEPEST, LARGEST = 131_072, 4_096, 100, 16, 2**63 - 1
"""The most that a file may hold [bytes], a line [characters, points] and a key [tables above it], and the largest whole
number, as TOML has it. A reader of TOML takes time that grows with the square of the points of a key, and Python stops
at some depth and at numbers of 4,300 digits; a scenario is far below all of this, and what is above gets a sentence."""

_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_PART = r"""(?:"[^"]*"|'[^']*'|[\w\-]+)"""
_NAME = rf"(?P<name>{_PART}(?:\s*\.\s*{_PART})*)"
_HEADER = re.compile(rf"\[(?P<again>\[)?\s*{_NAME}\s*\]")
_KEY = re.compile(rf"{_NAME}\s*=")
_PARTS = re.compile(_PART)


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
    lines: Mapping[tuple[str, ...], int]

    def row(self, path: Sequence[str | int]) -> int | None:
        """Return the line of a key, or of the nearest key above it."""
        names = tuple(str(part) for part in path)
        return next((self.lines[names[:size]] for size in range(len(names), 0, -1) if names[:size] in self.lines), None)

    def problem(self, path: Sequence[str | int], sentence: str, allowed: str = "", hint: str = "") -> Problem:
        """Return a problem about a key, with its line."""
        return Problem(self.file, sentence, allowed, hint, self.row(path))


def read(path: File) -> Document:
    """Read a TOML file.

    Raises:
        StudyError: no file, no UTF-8, a byte order mark, malformed TOML or more than a file may hold, with the line.
    """
    if not path.is_file():
        raise StudyError(Problem(str(path), phrase("file.none"), phrase("file.toml")))
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        allowed = phrase("file.without_bom")
        raise StudyError(Problem(str(path), phrase("file.bom"), allowed, phrase("file.save_utf8"), 1))
    if len(raw) > MOST_BYTES:
        allowed = phrase("toml.size_allowed", most=float(MOST_BYTES))
        raise StudyError(Problem(str(path), phrase("toml.size", size=float(len(raw))), allowed))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise StudyError(
            Problem(str(path), phrase("file.not_utf8"), "UTF-8", phrase("file.save_utf8"), row)
        ) from None
    return parse(text, str(path))


def parse(text: str, file: str) -> Document:
    """Read TOML from its text; `file` names it in problems.

    Raises:
        StudyError: malformed TOML or more than a file may hold, with the line.
    """
    problems = [
        Problem(file, phrase("toml.line", length=float(len(line)), points=float(line.count("."))), _limits(), "", row)
        for row, line in enumerate(text.split("\n"), start=1)
        if len(line) > LONGEST_LINE or line.count(".") > MOST_POINTS
    ]
    if problems:
        raise StudyError(problems)
    document = Document(file, _values(text, file), _lines(text))
    problems = [document.problem(path, sentence, _limits()) for path, sentence in _beyond(document.values)]
    if problems:
        raise StudyError(problems)
    return document


def _values(text: str, file: str) -> dict[str, Any]:
    hint: str = ""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        row = int(where.group(1)) if where else text.count("\n") + 1
        reason = _LINE.sub("", str(error)).replace("(at end of document)", "").strip()
        sentence, allowed = phrase("toml.malformed", reason=reason), phrase("toml.allowed")
        hint = _hint(text.split("\n")[row - 1])
    except RecursionError:
        row, sentence, allowed = _deep_row(text), phrase("toml.deep"), _limits()
    raise StudyError(Problem(file, sentence, allowed, hint, row))


def _hint(line: str) -> Phrase | str:
    """Return what to do about a line that is no TOML: a name of letters outside ASCII is no bare key."""
    bare = re.match(r"\s*\[?[\w.]*[^\x00-\x7f][\w.]*\s*(\]|=)", line)
    return wide_signs(line) or phrase("characters.key" if bare else "toml.hint")


def _limits() -> Phrase:
    return phrase("toml.limits", length=float(LONGEST_LINE), points=MOST_POINTS, deep=DEEPEST)


def _deep_row(text: str) -> int:
    """Return the line in which brackets go deeper than they may."""
    depth = 0
    for row, line in enumerate(text.split("\n"), start=1):
        opened = line.count("[") + line.count("{")
        if depth + opened > DEEPEST:
            return row
        depth += opened - line.count("]") - line.count("}")
    return 1


def _beyond(values: Mapping[str, Any]) -> Iterator[tuple[Path, Phrase]]:
    """Find what is deeper or larger than it may be, without going deeper itself."""
    waiting: list[tuple[Path, Any]] = [((), values)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, (dict, list)):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            below = [((*path, name), part) for name, part in parts]
            if below and len(path) >= DEEPEST:
                yield path, phrase("toml.deep")
            else:
                waiting += reversed(below)
        elif isinstance(value, int) and not -LARGEST <= value <= LARGEST:
            yield path, phrase("toml.whole")


def _lines(text: str) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    tables: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for row, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line.strip()):
            table = _split(header["name"])
            if header["again"]:
                tables[table] = tables.get(table, -1) + 1
                table = (*table, str(tables[table]))
            for size in range(1, len(table) + 1):
                lines.setdefault(table[:size], row)
        elif key := _KEY.match(line.strip()):
            names = (*table, *_split(key["name"]))
            for size in range(len(table) + 1, len(names) + 1):
                lines.setdefault(names[:size], row)
    return lines


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(name))
