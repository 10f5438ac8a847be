"""The places of a study: read once, and handed on with everything that is asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.characters import plain, simplified
from xiancheng.model import place_types
from xiancheng.model.census_units import UNIT_HEADER, UNITS_FILE, CensusUnit, read_units
from xiancheng.model.groups import GROUPS
from xiancheng.model.place import REST as REST
from xiancheng.model.place import Place as Place
from xiancheng.model.place_types import PlaceType
from xiancheng.model.reading import Findings, Row, no_duplicates, one_of, read_rows
from xiancheng.texts import LANGUAGES, Phrase, did_you_mean, in_language, phrase, phrase_list, text

PLACES_FILE = "places.csv"
PLACE_HEADER: tuple[str, ...] = (*UNIT_HEADER, "circle", "core", "zone")

LIST, PREFECTURE, PROVINCE, PLACE = "68", "prefecture", "province", "place"
"""Levels that figures are told at. LIST is the area of the listed places: in a study of other places too."""


@dataclass(frozen=True)
class Area:
    """What figures are told of: some places together, or one.

    Attributes:
        id: the code of a prefecture or place, else the level.
        level: LIST, PREFECTURE, PROVINCE or PLACE.
        names: by language.
        members: which places make it (place,).
    """

    id: str
    level: str
    names: Mapping[str, str]
    members: NDArray[np.bool_]


@dataclass(frozen=True)
class Unknown:
    """A word that names no place, or more than one, with the reason and the next move."""

    word: str
    reason: Phrase
    hint: Phrase


@dataclass(frozen=True)
class Places:
    """The places of a study, in the order of the equations, and the census units they are made of.

    Attributes:
        units: in the order of units.csv.
        rows: the places, in the order of places.csv.
        types: of places, in their order; a place is of one at most.
    """

    units: tuple[CensusUnit, ...]
    rows: tuple[Place, ...]
    types: tuple[PlaceType, ...] = ()

    def __iter__(self) -> Iterator[Place]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Elements of the subscript `place`."""
        return tuple(place.element for place in self.rows)

    @cached_property
    def listed(self) -> NDArray[np.bool_]:
        """Which places are of the study's list (place,)."""
        return np.array([place.listed for place in self.rows], dtype=bool)

    @cached_property
    def is_own_selection(self) -> bool:
        """Whether the list is this project's selection of county-level units."""
        listed = {place.code for place in self.rows if not place.is_rest}
        return listed == {unit.code for unit in self.units if unit.in_68}

    @property
    def list_label(self) -> Phrase:
        """What has to stand wherever the listed places show."""
        key = "list.own_selection" if self.is_own_selection else "list.other_places"
        return phrase(key, count=int(self.listed.sum()))

    @property
    def list_name(self) -> Phrase:
        """The short name of the listed places, for a column or a line."""
        return phrase("list.own_name" if self.is_own_selection else "list.other_name", count=int(self.listed.sum()))

    @cached_property
    def unit_index(self) -> dict[str, int]:
        """Position of every unit by its code."""
        return {unit.code: position for position, unit in enumerate(self.units)}

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the units inside every place."""
        return tuple(tuple(self.unit_index[code] for code in place.members) for place in self.rows)

    @cached_property
    def prefecture_members(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the units of every place's prefecture."""
        return tuple(tuple(i for i, unit in enumerate(self.units) if unit.prefecture_code == place.prefecture)
                     for place in self.rows)

    def column(self, name: str) -> NDArray[np.str_]:
        """Return a column of places.csv as it is written (place,)."""
        return np.array([place.row[name] for place in self.rows])

    def positions(self, elements: Iterable[str]) -> list[int]:
        """Return the positions of places by their elements."""
        index = {element: position for position, element in enumerate(self.elements)}
        return [index[element] for element in elements]

    def areas(self, level: str) -> list[Area]:
        """Return the areas of a level, in the order in which their first places stand."""
        if level == PLACE:
            own = np.eye(len(self), dtype=bool)
            return [Area(place.code, PLACE, place.names, own[position]) for position, place in enumerate(self.rows)]
        prefectures = {language: self.column(f"prefecture_{language}") for language in LANGUAGES}
        lists = {language: in_language(self.list_name, language) for language in LANGUAGES}
        return areas_of(level, self.column("prefecture_code"), prefectures, self.listed, lists)

    def choose(self, words: str | int | Iterable[str | int]) -> tuple[tuple[Place, ...], list[Unknown]]:
        """Find the places that are meant.

        Args:
            words: a group of GROUPS, a name in Chinese or English, code or old name of a place or of a prefecture,
                which stands for all its places, or a list of them.

        Returns:
            The places in the order of the equations, and what could not be found.
        """
        chosen: set[str] = set()
        unknown: list[Unknown] = []
        for word in [str(words)] if isinstance(words, (str, int)) else map(str, words):
            is_group = word in GROUPS
            matches = [row for row in self.rows if (word in row.groups if is_group else plain(word) in row.words)]
            inside = () if matches else self.of_prefecture(word)
            if inside or (matches and (is_group or len(matches) == 1)):
                chosen.update(place.element for place in inside or matches)
            elif is_group:
                reason = phrase("place.group_empty", group=word)
                unknown.append(Unknown(word, reason, phrase("place.groups", groups=phrase_list(GROUPS))))
            else:
                unknown.append(self._unknown(word, matches))
        return tuple(place for place in self.rows if place.element in chosen), unknown

    def of_prefecture(self, word: str) -> tuple[Place, ...]:
        """Return the places of a prefecture by its name or code, the rest among them; none where there is none."""
        sought = plain(word)
        return tuple(place for place in self.rows if sought and sought in place.prefecture_words)

    def _unknown(self, word: str, matches: Sequence[Place]) -> Unknown:
        if matches:
            several = phrase_list(f"{place.names['zh']} ({place.code})" for place in matches)
            return Unknown(word, phrase("place.several", word=word), phrase("hint.did_you_mean", names=several))
        return Unknown(word, phrase("place.unknown", word=word), did_you_mean(simplified(word), [*GROUPS, *self.names]))

    def of_type(self, name: str) -> tuple[Place, ...]:
        """Return the places of a type, in the order of the equations; none where there is no such type."""
        codes = {code for kind in self.types if kind.id == name for code in kind.codes}
        return tuple(place for place in self.rows if place.code in codes)

    @property
    def names(self) -> list[str]:
        """Names and codes of all places, as they are written."""
        return [name for place in self.rows for name in (*place.names.values(), place.code)]


def areas_of(
    level: str, codes: NDArray[np.str_], prefectures: Mapping[str, NDArray[np.str_]], listed: NDArray[np.bool_],
    list_names: Mapping[str, str],
) -> list[Area]:
    """Return the areas that several places make.

    Args:
        level: LIST, PREFECTURE or PROVINCE.
        codes: of the prefecture of each place (place,).
        prefectures: its name by language (place,).
        listed: which places are of the list (place,).
        list_names: what the list is called, by language.
    """
    if level == PROVINCE:
        names = {language: text("area.province", language) for language in LANGUAGES}
        return [Area(PROVINCE, PROVINCE, names, np.ones(len(codes), dtype=bool))]
    if level == LIST:
        return [Area(LIST, LIST, list_names, listed)]
    first = {str(code): int(np.argmax(codes == code)) for code in dict.fromkeys(codes.tolist())}
    return [Area(code, PREFECTURE, {language: str(prefectures[language][row]) for language in LANGUAGES}, codes == code)
            for code, row in first.items()]


def read(tables: Path) -> Places:
    """Read units.csv and places.csv of a folder of tables; the places must be whole prefectures.

    Raises:
        StudyError: unknown or doubled places, or units of a prefecture that belong to no place.
    """
    units = read_units(tables)
    findings = Findings(PLACES_FILE)
    rows = read_rows(tables / PLACES_FILE, PLACE_HEADER, findings)
    no_duplicates(rows, ["code"], findings)
    prefecture = {unit.code: unit.prefecture_code for unit in units}
    codes = {row["code"] for row in rows}
    rests: dict[str, list[str]] = {}
    for unit in units:
        if unit.code not in codes:
            rests.setdefault(unit.prefecture_code, []).append(unit.code)
    places = [_place(row, prefecture, rests, findings) for row in rows]
    for code, members in rests.items():
        if REST + code not in codes:
            missing = phrase("places.rest_missing", code=REST + code, count=len(members))
            findings.add(missing, phrase("places.every_unit_once"), phrase("places.add_rest"))
    findings.stop()
    types = place_types.read(tables, prefecture)
    return Places(units, tuple(place for place in places if place is not None), types)


def _place(
    row: Row, prefecture: Mapping[str, str], rests: Mapping[str, Sequence[str]], findings: Findings
) -> Place | None:
    """Return the place of a row; None where it cannot be one. `prefecture` is that of each unit by its code."""
    code = row["code"]
    one_of(row, "in_68", ("0", "1"), findings)
    one_of(row, "core", ("0", "1"), findings)
    rest = code.removeprefix(REST) if code.startswith(REST) else None
    if rest is not None and rest not in rests:
        empty = phrase("places.rest_empty", code=code)
        findings.add(empty, phrase("places.rest_allowed"), phrase("places.take_out"), row.number)
        return None
    if rest is None and code not in prefecture:
        unknown = phrase("table.unknown_place", code=code)
        findings.add(unknown, phrase("table.code_of", file=UNITS_FILE), phrase("table.check_code"), row.number)
        return None
    belongs = prefecture[code] if rest is None else rest
    if row["prefecture_code"] != belongs:
        wrong = phrase("table.is", column="prefecture_code", value=row["prefecture_code"])
        findings.add(wrong, belongs, phrase("places.swapped"), row.number)
    return Place(dict(row.fields), (code,) if rest is None else tuple(rests[rest]))
