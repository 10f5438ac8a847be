"""Figures of a plan or a target: what a study does not know of them, and how they are read off a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import Problem
from xiancheng.model.places import Places
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import Spot
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase


def problems_of(study: Study, reader: Reader, places: Places, figure: Spot, file: str = "") -> Iterable[Problem]:
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
    figures: tuple[Spot, ...]

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


def positions(figures: Sequence[Spot], chosen: Iterable[Spot]) -> list[int]:
    """Return where figures stand among others."""
    index = {figure: position for position, figure in enumerate(figures)}
    return [index[figure] for figure in chosen]
