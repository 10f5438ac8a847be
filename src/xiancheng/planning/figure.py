"""A figure: an indicator in a calendar year at an area, written "residents@2035:68", and how it is read off a run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import LIST, Places
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

_FORM = re.compile(r"\s*(?P<name>[^@:]+?)\s*(?:@\s*(?P<year>[0-9]{4})\s*)?(?::\s*(?P<area>.+?)\s*)?")


@dataclass(frozen=True)
class Figure:
    """What one number of a result says.

    Attributes:
        indicator: id.
        year: calendar year.
        area: id of the area, or the code of a place.
    """

    indicator: str
    year: int
    area: str

    def __str__(self) -> str:
        return f"{self.indicator}@{self.year}:{self.area}"


def parsed(words: str, year: int, area: str = LIST) -> Figure:
    """Take "residents@2035:68" apart; a year or an area that it leaves out is the one handed over.

    Raises:
        StudyError: it has another form.
    """
    match = _FORM.fullmatch(words)
    if match is None:
        raise StudyError(Problem("", phrase("figure.form", words=words), phrase("figure.form_allowed")))
    return Figure(key(match["name"]), int(match["year"] or year), match["area"] or area)


def problems_of(study: Study, reader: Reader, places: Places, figure: Figure, file: str = "") -> Iterable[Problem]:
    """Yield what a study does not know of a figure.

    Args:
        study: the study.
        reader: of its runs.
        places: its places.
        figure: what is asked about.
        file: what names it: a flag or a file.
    """
    if figure.indicator not in reader.indicators:
        sentence, hint = former.unknown(former.read(study), figure.indicator, list(reader.indicators))
        yield Problem(file, sentence, phrase("indicator.allowed"), hint)
    first, last = reader.years[0], reader.years[-1]
    if not first <= figure.year <= last:
        years = phrase("scenario.years", first=first, last=last)
        yield Problem(file, phrase("target.year", year=figure.year), years)
    if code(reader, places, figure.area) is None:
        unknown = places.choose(figure.area)[1]
        hint = unknown[0].hint if unknown else did_you_mean(figure.area, names(reader, places))
        yield Problem(file, phrase("target.area", area=figure.area), phrase("target.area_allowed"), hint)


def names(reader: Reader, places: Places) -> list[str]:
    """Return the ids of every area, then of every place, in the order in which they are read."""
    return [*(area.id for area in reader.areas.rows), *(place.code for place in places)]


def code(reader: Reader, places: Places, area: str) -> str | None:
    """Return the id of an area or place that a person names; None where there is none, or more than one."""
    if area in names(reader, places):
        return area
    chosen = places.choose(area)[0]
    return chosen[0].code if len(chosen) == 1 else None


@dataclass(frozen=True)
class FigureReader:
    """Reads figures off runs of one study.

    Attributes:
        reader: what reads indicators.
        places: of the study.
        figures: what is read, their areas by id.
    """

    reader: Reader
    places: Places
    figures: tuple[Figure, ...]

    def values(self, run: PlainRun) -> Floats:
        """Return every figure of a run (figure,) [unit of its indicator]; missing where it has no value."""
        indicators = list(dict.fromkeys(figure.indicator for figure in self.figures))
        tables = self.reader.everywhere(run, indicators)
        columns = {name: column for column, name in enumerate(names(self.reader, self.places))}
        rows = {year: row for row, year in enumerate(self.reader.years)}
        return np.array([
            tables[figure.indicator][rows[figure.year], columns[figure.area]] if figure.indicator in tables else np.nan
            for figure in self.figures
        ])


def positions(figures: Sequence[Figure], chosen: Iterable[Figure]) -> list[int]:
    """Return where figures stand among others."""
    index = {figure: position for position, figure in enumerate(figures)}
    return [index[figure] for figure in chosen]
