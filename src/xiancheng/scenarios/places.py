"""Which places a setting is for: a group, or places by name in Chinese or English, code or old name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiancheng.model.places import PLACE_HEADER, PLACES_FILE, REST
from xiancheng.model.reading import Findings, Row, read_rows
from xiancheng.study import Study
from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list

GROUPS = ("all", "68", "poles", "core", "circle")


@dataclass(frozen=True)
class Place:
    """A place of the study, one row of places.csv.

    Attributes:
        element: its name in the equations.
        code: its code in places.csv.
        names: every name a user may give it, the code and the element among them.
        groups: the groups it belongs to.
    """

    element: str
    code: str
    name_zh: str
    name_en: str
    names: frozenset[str]
    groups: frozenset[str]


def read(study: Study) -> tuple[Place, ...]:
    """Read the places of a study, in the order of the equations."""
    findings = Findings(str(study.tables / PLACES_FILE))
    return tuple(_place(row) for row in read_rows(study.tables / PLACES_FILE, PLACE_HEADER, findings))


def _place(row: Row) -> Place:
    code = row["code"]
    element = code if code.startswith(REST) else f"p{code}"
    old = [name for name in row["old_names"].split("+") if name]
    names = (code, element, row["name_zh"], row["name_en"], *old)
    return Place(element, code, row["name_zh"], row["name_en"], frozenset(map(_plain, names)), _groups(row))


def _groups(row: Row) -> frozenset[str]:
    member = {
        "all": True,
        "68": row["in_68"] == "1",
        "poles": row["code"].startswith(REST),
        "core": row["core"] == "1",
        "circle": row["circle"] != "",
    }
    return frozenset(group for group in GROUPS if member[group])


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "").replace("'", "").replace("’", "")


@dataclass(frozen=True)
class Unknown:
    """A word that names no place, or more than one, with the reason and the next move."""

    word: str
    reason: Phrase
    hint: Phrase


def choose(places: Sequence[Place], wanted: str | int | Iterable[str | int]) -> tuple[tuple[Place, ...], list[Unknown]]:
    """Find the places a setting is for.

    Args:
        places: the places of the study.
        wanted: a group of GROUPS, a name or code, or a list of names and codes.

    Returns:
        The places in the order of the equations, and what could not be found.
    """
    words = [str(wanted)] if isinstance(wanted, (str, int)) else [str(word) for word in wanted]
    chosen: set[str] = set()
    unknown: list[Unknown] = []
    for word in words:
        group = word in GROUPS
        found = [place for place in places if (word in place.groups if group else _plain(word) in place.names)]
        if found and (group or len(found) == 1):
            chosen.update(place.element for place in found)
        elif group:
            reason = phrase("place.group_empty", group=word)
            unknown.append(Unknown(word, reason, phrase("place.groups", groups=phrase_list(GROUPS))))
        else:
            unknown.append(_unknown(word, found, places))
    return tuple(place for place in places if place.element in chosen), unknown


def _unknown(word: str, found: Sequence[Place], places: Sequence[Place]) -> Unknown:
    if found:
        several = phrase_list(f"{place.name_zh} ({place.code})" for place in found)
        return Unknown(word, phrase("place.several", word=word), phrase("hint.did_you_mean", names=several))
    known = [*GROUPS, *(name for place in places for name in (place.name_zh, place.name_en, place.code))]
    return Unknown(word, phrase("place.unknown", word=word), did_you_mean(word, known))
