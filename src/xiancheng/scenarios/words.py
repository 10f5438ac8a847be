"""Settings in one word, as the command line takes them: id=value[@year][:place]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiancheng import cells
from xiancheng.characters import narrow
from xiancheng.engine.source import key
from xiancheng.errors import Problem
from xiancheng.scenarios.document import Document
from xiancheng.texts import phrase

_FORM = re.compile(
    r"\s*(?P<name>[^=@:：]+?)\s*=\s*(?P<value>[^=@:：]+?)\s*(@\s*(?P<year>[^:：]*?)\s*)?([:：]\s*(?P<where>.*))?"
)
_TYPE = re.compile(r"type\s*=\s*(?P<type>.*)")
_COMMAS = re.compile(r"\s*[,，、]\s*")


@dataclass(frozen=True)
class Wish:
    """One setting in its parts.

    Attributes:
        file: the setting as the user wrote it, to name it in problems.
        name: id, in lower case with underscores.
        value: as written.
        year: as written, or None.
        places: names as written, or None.
    """

    file: str
    name: str
    value: str
    year: str | None
    places: tuple[str, ...] | None

    @property
    def number(self) -> float | None:
        """The value as a number, or None."""
        return cells.number(self.value.strip())


def read(settings: Sequence[str]) -> tuple[list[Wish], list[Problem]]:
    """Take settings apart; signs and names may be of full width, digits of a value or year stay as they are written."""
    wishes: list[Wish] = []
    problems: list[Problem] = []
    for setting in settings:
        match = _FORM.fullmatch(narrow(setting))
        if match is None:
            problems.append(Problem(f"--set {setting}", phrase("set.malformed"), phrase("set.form")))
            continue
        where = match["where"]
        places = None if where is None else tuple(word for word in _COMMAS.split(where.strip()) if word)
        value = setting[slice(*match.span("value"))]
        year = None if match["year"] is None else setting[slice(*match.span("year"))]
        wishes.append(Wish(f"--set {setting}", key(match["name"]), value, year, places))
    return wishes, problems


def lever_documents(wishes: Sequence[Wish], first: int) -> list[Document]:
    """Return the wishes about levers as scenario documents; wishes for the same places make one path.

    Args:
        wishes: what is wished.
        first: the year of a wish that names none.
    """
    groups: dict[tuple[str, tuple[str, ...] | None], list[Wish]] = {}
    for wish in wishes:
        groups.setdefault((wish.name, wish.places), []).append(wish)
    return [
        _document(group, {"levers": {name: {"points": _points(group, first), **_where(where)}}})
        for (name, where), group in groups.items()
    ]


def assumption_documents(wishes: Sequence[Wish], first: int) -> list[Document]:
    """Return the wishes about assumptions as scenario documents."""
    groups: dict[str, list[Wish]] = {}
    for wish in wishes:
        groups.setdefault(wish.name, []).append(wish)
    documents = []
    for name, group in groups.items():
        named = len(group) == 1 and group[0].number is None and group[0].year is None
        value = group[0].value if named else _points(group, first)
        documents.append(_document(group, {"assumptions": {name: value}}))
    return documents


def _document(group: Sequence[Wish], values: dict[str, object]) -> Document:
    return Document(" ".join(wish.file for wish in group), dict(values), {})


def _points(group: Sequence[Wish], first: int) -> dict[str, float | str]:
    return {
        wish.year if wish.year is not None else str(first): wish.value if wish.number is None else wish.number
        for wish in group
    }


def _where(words: tuple[str, ...] | None) -> dict[str, object]:
    if words is None:
        return {}
    typed = _TYPE.fullmatch(words[0]) if len(words) == 1 else None
    return {"places": {"type": typed["type"]} if typed else words[0] if len(words) == 1 else list(words)}
