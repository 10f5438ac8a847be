"""One figure of a result as a person writes it: `residents@2035:68`, an indicator in a year at an area."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model.build import BuiltRun
from xiancheng.model.places import LIST, PLACE
from xiancheng.outputs import indicators
from xiancheng.outputs.areas import Areas
from xiancheng.scenarios import former
from xiancheng.texts import did_you_mean, phrase

_FORM = re.compile(r"\s*(?P<indicator>[^@:]+?)\s*(?:@\s*(?P<year>[0-9]{1,4})\s*)?(?::\s*(?P<area>[^@]+?)\s*)?")


@dataclass(frozen=True)
class Spot:
    """A figure of a result.

    Attributes:
        indicator: id.
        year: calendar year.
        area: id of an area, or code of a place.
    """

    indicator: str
    year: int
    area: str

    def __str__(self) -> str:
        return f"{self.indicator}@{self.year}:{self.area}"


def parsed(words: str, year: int, area: str = LIST) -> Spot:
    """Take "residents@2035:68" apart; a year or an area that it leaves out is the one handed over.

    Args:
        words: of a person.
        year: calendar year where none is written.
        area: where none is written.

    Raises:
        StudyError: it has another form.
    """
    match = _FORM.fullmatch(words)
    if match is None:
        raise StudyError(Problem("", phrase("spot.form", words=words), phrase("spot.form_allowed")))
    return Spot(key(match["indicator"]), int(match["year"] or year), match["area"] or area)


def spots(built: BuiltRun, words: Sequence[str]) -> list[Spot]:
    """Return the figures that a person names: the last year where none is written, the listed places likewise.

    Args:
        built: a run of the study that holds their years.
        words: each an indicator, with @year and :area.

    Raises:
        StudyError: everything unknown in them, at once.
    """
    problems: list[Problem] = []
    listed = indicators.read(built.study)
    chosen = [_spot(built, listed, word, problems) for word in words]
    if problems:
        raise StudyError(problems)
    return chosen


def column(built: BuiltRun, area: str) -> int:
    """Return where `Reader.everywhere` has an area or a place, by its id or code."""
    return areas(built).index(area)


def areas(built: BuiltRun) -> list[str]:
    """Return the ids of areas and the codes of places in the order of `Reader.everywhere`."""
    return [row.id for row in Areas.of(built.places).rows] + [place.code for place in built.places]


def _spot(
    built: BuiltRun, listed: dict[str, indicators.Indicator], word: str, problems: list[Problem]
) -> Spot:
    try:
        own = parsed(word, built.end)
    except StudyError as error:
        problems += error.problems
        return Spot("", 0, "")
    name, year = own.indicator, own.year
    if name not in listed:
        sentence, hint = former.unknown(former.read(built.study), name, list(listed))
        problems.append(Problem("", sentence, phrase("indicator.allowed"), hint))
    if not built.start <= year <= built.end:
        years = phrase("scenario.years", first=built.start, last=built.end)
        problems.append(Problem("", phrase("spot.year", year=year), years))
    area, level = _area(built, own.area, problems)
    if name in listed and level and level not in listed[name].levels:
        problems.append(Problem("", phrase("spot.level", name=name, area=own.area),
                                phrase("spot.level_allowed", levels="; ".join(listed[name].levels))))
    return Spot(name, year, area)


def _area(built: BuiltRun, word: str, problems: list[Problem]) -> tuple[str, str]:
    """Return the id and the level of an area."""
    rows = {row.id: row.level for row in Areas.of(built.places).rows}
    named = {name: row.id for row in Areas.of(built.places).rows for name in row.names.values()}
    if word in rows or word in named:
        area = word if word in rows else named[word]
        return area, rows[area]
    chosen, unknown = built.places.choose(word)
    if len(chosen) == 1:
        return chosen[0].code, PLACE
    hint = unknown[0].hint if unknown else did_you_mean(word, [*rows, *named])
    problems.append(Problem("", phrase("target.area", area=word), phrase("target.area_allowed"), hint))
    return "", ""
