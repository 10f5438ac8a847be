"""The text of a table split into cells, strictly: one line a row, every quotation mark closed where it was opened.

All tables come in through here, those of a study and those of a user, so that no two rooms read one file differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

MOST_BYTES = 256_000_000
"""Bytes that a table may have."""
MOST_CHARACTERS = 100_000
"""Characters that a line of a table may have."""
EMPTY = "table.line_empty"
_MOST_PROBLEMS = 40
_REMEMBERED = 400_000
"""Characters below which a text is split once for all that read it."""
_TAB = "\t"
_MARK = b"\xef\xbb\xbf"
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Categories of Unicode that nobody sees: control, format, ends of lines and of paragraphs."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_WORDS = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_DIGITS = 400
_INTEGER = re.compile(r"[0-9]{1,9}")


def text(path: Path, file: str, *, marked: bool = False) -> str:
    """Return the text of a table.

    Args:
        path: where it is.
        file: the name people know it by.
        marked: whether it may begin with a byte order mark, as tables do that a spreadsheet wrote.

    Raises:
        StudyError: no such file, one that is empty or too large, a byte order mark or another encoding.
    """
    if not path.is_file():
        raise StudyError(Problem(file, phrase("file.none"), phrase("table.must_exist"), phrase("table.restore")))
    if path.stat().st_size > MOST_BYTES:
        size = phrase("table.bytes", count=f"{path.stat().st_size:,}")
        raise StudyError(Problem(file, size, phrase("table.bytes_most", count=f"{MOST_BYTES:,}")))
    raw = path.read_bytes()
    if not raw.strip():
        raise StudyError(Problem(file, phrase("table.empty"), phrase("table.some_rows"), phrase("table.restore")))
    if raw.startswith(_MARK):
        if not marked:
            _refuse_bytes(file, "file.bom", 1)
        raw = raw.removeprefix(_MARK)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        _refuse_bytes(file, "file.not_utf8", raw[: problem.start].count(b"\n") + 1)
        raise


def _refuse_bytes(file: str, key: str, line: int) -> None:
    raise StudyError(Problem(file, phrase(key), phrase("file.without_bom"), phrase("file.save_utf8"), line))


def split(written: str, file: str, separator: str = ",", *, gaps: bool = False) -> list[list[str]]:
    """Return the cells of every line of a table, the header first; the row at position n is line n + 1 of the file.

    Args:
        written: the text, with line ends of Unix or Windows.
        file: the name people know it by.
        separator: stands between two cells.
        gaps: whether a line may be empty; it has no cells then.

    Raises:
        StudyError: every line that is empty or too long, ends with a carriage return alone, holds a character that
            cannot be seen, or a quotation mark that is out of place.
    """
    rows, keys = (_once if len(written) < _REMEMBERED else _lines)(written, separator)
    wrong = [(number, key) for number, key in keys if not (gaps and key == EMPTY)][:_MOST_PROBLEMS]
    if wrong:
        raise StudyError([Problem.of(file, key, number, most=f"{MOST_CHARACTERS:,}") for number, key in wrong])
    return [list(row) for row in rows]


def _lines(written: str, separator: str) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """Return the cells of every line, and by number of a line that is wrong the key of the text that says so."""
    lines = written.split("\n")
    if len(lines) > 1 and lines[-1] == "":
        lines.pop()
    rows: list[list[str]] = []
    keys: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        row, key = _cells(line.removesuffix("\r"), separator)
        rows.append(row)
        if key:
            keys.append((number, key))
    return rows, keys


_once = lru_cache(maxsize=64)(_lines)
"""The same for a text that several readers ask for."""


def stream(path: Path, file: str) -> Iterator[list[str]]:
    """Yield the cells of every line of a table that may be too large to be held at once, the header first.

    Raises:
        StudyError: as `split` does, at the first line that is wrong.
    """
    with path.open("rb") as lines:
        for number, raw in enumerate(iter(lambda: lines.readline(4 * MOST_CHARACTERS + 2), b""), start=1):
            try:
                line = (raw.removeprefix(_MARK) if number == 1 else raw).decode("utf-8")
            except UnicodeDecodeError:
                _refuse_bytes(file, "file.not_utf8", number)
            row, key = _cells(line.removesuffix("\n").removesuffix("\r"), ",")
            if key:
                raise StudyError(Problem.of(file, key, number, most=f"{MOST_CHARACTERS:,}"))
            yield row


def _cells(line: str, separator: str) -> tuple[list[str], str]:
    """Return the cells of a line, and the key of the text that says what is wrong with it, or ""."""
    if not line.strip():
        return [], EMPTY
    if len(line) > MOST_CHARACTERS:
        return [], "table.line_long"
    if "\r" in line:
        return [], "table.line_return"
    if not line.isprintable() and any(category(sign) in _UNSEEN for sign in line if sign != _TAB):
        return [], "table.line_control"
    if '"' not in line:
        return line.split(separator), ""
    return _quoted(line, separator)


def _quoted(line: str, separator: str) -> tuple[list[str], str]:
    cells, begin = [], 0
    pattern = _cell(separator)
    while match := pattern.match(line, begin):
        cells.append(match["plain"] if match["quoted"] is None else match["quoted"].replace('""', '"'))
        begin = match.end() + 1
        if match.end() == len(line):
            return cells, ""
        if line[match.end()] != separator:
            break
    return [], "table.line_quote"


@cache
def _cell(separator: str) -> re.Pattern[str]:
    return re.compile(rf'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^"{re.escape(separator)}]*)')


def number(word: str) -> float | None:
    """Return the number that a cell holds in digits 0-9 with a point; None for other text.

    The words nan and inf are numbers that are not finite, and so is one beyond the largest that can be computed with.
    """
    if len(word) <= _DIGITS and (_NUMBER.fullmatch(word) or _WORDS.fullmatch(word)):
        return float(word)
    return None


def integer(word: str) -> int | None:
    """Return the whole number of at most nine digits 0-9 that a cell holds; None for other text."""
    return int(word) if _INTEGER.fullmatch(word) else None
