"""Places that a lever may move at: a group, names, a prefecture, or a type, and what a scenario writes for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xiancheng.errors import Problem
from xiancheng.model.clock import Clock
from xiancheng.model.groups import GROUPS
from xiancheng.model.place import Place
from xiancheng.model.places import Places
from xiancheng.planning.moves import Move
from xiancheng.scenarios.levers import Lever
from xiancheng.texts import did_you_mean, phrase, phrase_list

TYPE = "type:"
"""Begins the name of a type of places on the command line."""
PROVINCE = "province"
"""The scope of a lever that has one value for the whole province."""


@dataclass(frozen=True)
class Where:
    """Some places.

    Attributes:
        places: those that are meant, in the order of the equations.
        words: what a scenario file writes for them.
        label: what they are called in one word.
    """

    places: tuple[Place, ...]
    words: Any
    label: str


def of(places: Places, words: str | Sequence[str], file: str = "--places") -> tuple[Where, list[Problem]]:
    """Return the places that words mean, and what is wrong with the words.

    Args:
        places: of the study.
        words: a group, names or codes of places or prefectures, or one "type:ID".
        file: what names them: a flag or a file.
    """
    listed = [words] if isinstance(words, str) else [str(word) for word in words]
    if len(listed) == 1 and listed[0].startswith(TYPE):
        return _of_type(places, listed[0].removeprefix(TYPE), file)
    if len(listed) == 1 and listed[0] in GROUPS:
        chosen, unknown = places.choose(listed[0])
        return Where(chosen, listed[0], listed[0]), [Problem(file, word.reason, _allowed(), word.hint)
                                                     for word in unknown]
    elements: set[str] = set()
    problems: list[Problem] = []
    for word in listed:
        chosen, unknown = places.choose(word)
        elements |= {place.element for place in chosen}
        problems += [Problem(file, wrong.reason, _allowed(), wrong.hint) for wrong in unknown]
    own = tuple(place for place in places if place.element in elements)
    return Where(own, [place.code for place in own], "+".join(listed)), problems


def _of_type(places: Places, name: str, file: str) -> tuple[Where, list[Problem]]:
    chosen = places.of_type(name)
    names = [kind.id for kind in places.types]
    allowed = phrase_list(names) if names else phrase("place.no_types")
    hint = did_you_mean(name, names) if names else ""
    problems = [] if chosen else [Problem(file, phrase("place.type_unknown", type=name), allowed, hint)]
    return Where(chosen, {"type": name}, name), problems


def _allowed() -> Any:
    return phrase("planning.places", groups=phrase_list(GROUPS))


def move(
    lever: Lever, where: Where, places: Places, clock: Clock, years: Sequence[int], low: float | None = None,
    high: float | None = None,
) -> Move:
    """Return a lever that moves as one at some places.

    Args:
        lever: the lever.
        where: the places; one lever of the whole province has none of its own.
        places: of the study.
        clock: its years.
        years: calendar years of the points.
        low: least value allowed, that of the lever when None [unit of the lever].
        high: largest value allowed, likewise.
    """
    is_wide = lever.scope == PROVINCE
    everywhere = is_wide or len(where.places) == len(places)
    return Move(
        lever=lever, words=GROUPS[0] if everywhere else where.words,
        positions=None if is_wide else tuple(places.positions(place.element for place in where.places)),
        years=tuple(sorted(years)), low=lever.low if low is None else low, high=lever.high if high is None else high,
        departure=clock.departure, label=lever.id if everywhere else f"{lever.id}:{where.label}",
    )
