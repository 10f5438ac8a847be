"""The text of a Vensim model: decoded, with names compared the Vensim way and table paths made absolute."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from xiancheng.engine import xmile
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import Phrase, phrase, phrase_list

_CALLS = re.compile(
    r"(GET[\s_]+(?:DIRECT|XLS)[\s_]+(?:CONSTANTS|DATA|LOOKUPS|SUBSCRIPTS?)\s*\(\s*')([^']*)(')", re.IGNORECASE
)
_HEADER = re.compile(r"^\s*\{([^}]*)\}")
_VIEWS = re.compile(r"\\{2,3}---///.*?(?:///---\\{3}\s*\Z|(?=///---\\{3})|\Z)", re.DOTALL)


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """Return the form under which Vensim compares names: case, spaces and underscores make no difference."""
    return re.sub(r"[\s_]+", "_", name.strip().lower())


def nearest(name: str, names: Sequence[str]) -> Phrase:
    """Return a hint with the names most like another."""
    close = difflib.get_close_matches(name, names, 3, 0.6)
    return phrase("hint.did_you_mean", names=phrase_list(map(repr, close))) if close else phrase("table.spelling")


def decode(path: Path) -> str:
    """Read a model's text; UTF-8 only, or GBK when its header says so. A model of XMILE is written as Vensim text.

    Raises:
        StudyError: no such file, another kind of file, a byte order mark, bytes that are not the encoding named, or
            parts of XMILE that are not understood.
    """
    if path.suffix.lower() in xmile.SUFFIXES:
        return xmile.translated(path)
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
    except (LookupError, ValueError):
        raise StudyError(Problem.of(file, "engine.file.encoding", 1, encoding=repr(encoding[:40]))) from None


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


@lru_cache(maxsize=2)
def without_views(text: str) -> str:
    """Return a model's text without the views of its sketch, from which no result follows; settings stay.

    Many scenarios are built on one text.
    """
    return _VIEWS.sub("", text, count=1)


def with_utf8_header(text: str) -> str:
    """Return the same model with `{UTF-8}` as its first line."""
    return "{UTF-8}\n" + _HEADER.sub("", text, count=1).lstrip("\n")
