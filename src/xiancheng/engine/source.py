"""The text of a Vensim model: decoded, with names compared the Vensim way and table paths made absolute."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from xiancheng.engine.syntax import NOT_AVAILABLE
from xiancheng.errors import Problem, StudyError

_CALLS = re.compile(
    r"(GET[\s_]+(?:DIRECT|XLS)[\s_]+(?:CONSTANTS|DATA|LOOKUPS|SUBSCRIPTS?)\s*\(\s*')([^']*)(')", re.IGNORECASE
)
_HEADER = re.compile(r"^\s*\{([^}]*)\}")


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """Return the form under which Vensim compares names: case, spaces and underscores make no difference."""
    return re.sub(r"[\s_]+", "_", name.strip().lower())


_LIST = re.compile(r"=(?=[^=]*[,;])[-+\d.eE,;\s]*:NA:(?:[-+\d.eE,;\s]|:NA:)*$", re.IGNORECASE)
_MISSING = re.compile(":NA:", re.IGNORECASE)


def missing_in_lists(equation: str) -> str:
    """Return an equation with :NA: as its number where it stands in a list of numbers."""
    numbers = _LIST.search(equation)
    if numbers is None:
        return equation
    return equation[: numbers.start()] + _MISSING.sub(f"{NOT_AVAILABLE!r}", numbers.group())


_UNARY = re.compile(r"(?:^|[=(,*/^+<>-]|:AND:|:OR:|:NOT:)\s*(-)", re.IGNORECASE)
_LITERAL = re.compile(r"\(\s*-\s*[\d.]+(?:[eE][+-]?\d+)?\s*\)\s*\^")
_OPERAND = re.compile(r"\s*(?:[\d.]+(?:[eE][+-]?\d+)?|\w[\w$' ]*|(?=\())\s*(?:\[[^\]]*\])?\s*")


def signed_power(equation: str) -> bool:
    """Tell whether a minus sign stands before the base of a power, where readers disagree what it belongs to."""
    text = re.sub(r"'[^']*'", "''", re.sub(r'"[^"]*"', "x", equation))
    if _LITERAL.search(text):
        return True
    for sign in _UNARY.finditer(text):
        operand = _OPERAND.match(text, sign.end(1))
        if operand is None:
            continue
        end = operand.end()
        if text.startswith("(", end):
            end = _closing(text, end)
        if text[end:].lstrip().startswith("^"):
            return True
    return False


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    return len(text)


def decode(path: Path) -> str:
    """Read a model's text; UTF-8 only, or GBK when its header says so.

    Raises:
        StudyError: no such file, not a .mdl, a byte order mark, or bytes that are not the encoding named.
    """
    if path.suffix.lower() != ".mdl":
        raise StudyError(Problem.of(str(path), "engine.file.suffix"))
    if not path.is_file():
        raise StudyError(Problem.of(str(path), "engine.file.none"))
    return _decode_bytes(path.read_bytes(), str(path))


def _decode_bytes(raw: bytes, file: str) -> str:
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise StudyError(Problem.of(file, "engine.file.bom", 1))
    header = _HEADER.match(raw[:80].decode("ascii", errors="ignore"))
    encoding = (header.group(1).strip() if header else "") or "UTF-8"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise StudyError(Problem.of(file, _guess(raw), row, encoding=encoding)) from None
    except LookupError:
        raise StudyError(Problem.of(file, "engine.file.encoding", 1, encoding=encoding)) from None


def _guess(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "engine.file.bytes"
    return "engine.file.gbk"


def with_absolute_tables(text: str, folder: Path) -> str:
    """Replace relative file names in GET DIRECT and GET XLS calls by absolute ones below `folder`."""

    def absolute(match: re.Match[str]) -> str:
        return match.group(1) + (folder / match.group(2)).absolute().as_posix() + match.group(3)

    return _CALLS.sub(absolute, text)


def with_utf8_header(text: str) -> str:
    """Return the same model with `{UTF-8}` as its first line."""
    return "{UTF-8}\n" + _HEADER.sub("", text, count=1).lstrip("\n")
