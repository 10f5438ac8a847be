"""Columns of a table of points: levers, assumptions and constants as they are written, and what they tell a run.

`lever`, `lever:place`, `lever@2028`, `lever@2028:68`, likewise of an assumption without places; a constant by its id.
Columns of one lever at the same places in several years make one path; what the scenario sets there they replace.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.interpolate import linear
from xiancheng.model import catalogue, constants
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import new_year
from xiancheng.model.inputs import even
from xiancheng.scenarios import ramp, scenario
from xiancheng.scenarios.book import Book
from xiancheng.sweeps.factors import ASSUMPTION, CONSTANT, LEVER
from xiancheng.texts import did_you_mean, phrase

_FORM = re.compile(r"\s*(?P<id>[^@:]+?)\s*(?:@\s*(?P<year>[0-9]+)\s*)?(?::\s*(?P<places>.+?)\s*)?")
SHARE = 1e-5
"""Part of a range by which a setting is moved to see how its path moves: paths are straight between their kinks."""


@dataclass(frozen=True)
class Column:
    """What one column says.

    Attributes:
        name: as written.
        kind: CONSTANT, ASSUMPTION or LEVER.
        id: of what it sets.
        variable: of the equations.
        year: calendar year in which the value is reached, 0 for a constant.
        places: positions of the places where it holds, None for all or where there are none.
        low: least value allowed [unit]; high: the most.
        baseline: value before [unit]; fastest: the most it may change in a year [unit per year].
        factor: what one unit is in the unit of the variable.
    """

    name: str
    kind: str
    id: str
    variable: str
    year: int = 0
    places: tuple[int, ...] | None = None
    low: float = -math.inf
    high: float = math.inf
    baseline: float = 0.0
    fastest: float = math.inf
    factor: float = 1.0

    def corners(self, points: Mapping[int, float], departure: float) -> Floats:
        """Return the corners of its path for a value in each calendar year: times, values [unit] (corner, 2)."""
        goals = [(departure, self.baseline), *((new_year(year), value) for year, value in sorted(points.items()))]
        return np.array(ramp.follow(goals, self.fastest))


def columns(built: BuiltRun, names: Sequence[Any]) -> list[Column]:
    """Return what the columns of a table say.

    Args:
        built: the run that they change.
        names: of the columns.

    Raises:
        StudyError: everything unknown in them, at once.
    """
    book, problems = scenario.book(built.study), list[Problem]()
    words = [str(name) for name in names]
    settable = {key(name) for name in (*book.levers, *book.assumptions)}
    loose = [word for word in words if (match := _FORM.fullmatch(word)) and key(match["id"]) not in settable]
    variables = {row.id: row for row in catalogue.read(built.study)} if loose else {}
    possible = constants.bounds(built.study) if loose else {}
    chosen = [_column(built, book, word, variables, possible, problems) for word in words]
    settings = [replace(column, name="") for column in chosen]
    twice = {column.name for position, column in enumerate(chosen) if settings[position] in settings[:position]}
    problems += [Problem("", phrase("points.twice", name=name), phrase("points.once")) for name in sorted(twice)]
    if problems:
        raise StudyError(problems)
    return [column for column in chosen if column is not None]


def _column(
    built: BuiltRun, book: Book, word: str, variables: Mapping[str, Any], possible: Mapping[str, tuple[float, float]],
    problems: list[Problem],
) -> Column:
    match = _FORM.fullmatch(word)
    name = key(match["id"]) if match else ""
    year = int(match["year"] or book.clock.first_setting) if match else 0
    nothing = Column(word, "", name, "")
    if match is None:
        problems.append(Problem("", phrase("points.form", words=word), phrase("points.form_allowed")))
        return nothing
    if not book.clock.first_setting <= year <= built.end:
        years = phrase("scenario.years", first=book.clock.first_setting, last=built.end)
        problems.append(Problem("", phrase("points.year", name=word, year=year), years))
    if name in book.levers:
        lever = book.levers[name]
        where = _places(built, match["places"], lever.scope == "province", word, problems)
        return Column(word, LEVER, name, lever.variable, year, where, lever.low, lever.high, lever.baseline,
                      lever.fastest, lever.model_factor)
    if name in book.assumptions and book.assumptions[name].kind == "path":
        assumed = book.assumptions[name]
        _places(built, match["places"], True, word, problems)
        return Column(word, ASSUMPTION, name, assumed.variable, year, None, assumed.low, assumed.high,
                      float(assumed.baseline))
    row = variables.get(name)
    if row is not None and row.kind == "constant" and not row.dims and not match["year"] and not match["places"]:
        low, high = possible.get(name, (-math.inf, math.inf))
        return Column(word, CONSTANT, name, row.name, 0, None, low, high)
    everything = [*book.levers, *book.assumptions, *(row.id for row in variables.values() if row.kind == "constant")]
    sentence = "points.named_path" if name in book.assumptions else "points.unknown"
    problems.append(Problem("", phrase(sentence, name=word), phrase("points.allowed"), did_you_mean(name, everything)))
    return nothing


def _places(
    built: BuiltRun, words: str | None, single: bool, name: str, problems: list[Problem]
) -> tuple[int, ...] | None:
    """Return the positions of the places that a column names, None for all."""
    if words is None or words == "all":
        return None
    if single:
        problems.append(Problem("", phrase("points.no_places", name=name), phrase("points.no_places_allowed")))
        return None
    chosen, unknown = built.places.choose([word.strip() for word in words.split(",")])
    problems += [Problem("", word.reason, phrase("target.area_allowed"), word.hint)
                 for word in unknown]
    return tuple(built.places.positions([place.element for place in chosen]))


@dataclass(frozen=True, eq=False)
class ColumnPaths:
    """What columns tell a run.

    Attributes:
        built: the run that they change.
        columns: the columns.
    """

    built: BuiltRun
    columns: tuple[Column, ...]

    def parameters(self, values: Floats) -> dict[str, Any]:
        """Return what replaces parameters of the run, by variable, for a value in each column (column,)."""
        changed: dict[str, Any] = {}
        points: dict[tuple[str, tuple[int, ...] | None], dict[int, float]] = {}
        for column, value in zip(self.columns, np.asarray(values, dtype=float), strict=True):
            if column.kind == CONSTANT:
                changed[column.variable] = float(value)
            else:
                own = points.setdefault((column.variable, column.places), {})
                own[column.year] = float(value)
                before = changed.get(column.variable, self.built.parameters[column.variable])
                corners = column.corners(own, self.built.clock.departure)
                changed[column.variable] = laid_over(before, corners, column.factor, column.places)
        return changed

    def slope(self, position: int, values: Floats, times: Floats) -> Floats:
        """Return what the path of a column gains at model times for one more of its value (time, *dims).

        Where the path has a kink, such as at the end of the range, it is the side that exists.
        """
        column, values = self.columns[position], np.asarray(values, dtype=float)
        width = SHARE * (column.high - column.low)
        up, down = min(values[position] + width, column.high), max(values[position] - width, column.low)
        paths = []
        for value in (up, down):
            other = values.copy()
            other[position] = value
            path = self.parameters(other)[column.variable]
            paths.append(np.asarray(linear(np, path.times, path.values, times)))
        return np.asarray((paths[0] - paths[1]) / (up - down))


def laid_over(before: TimePath, corners: Floats, factor: float, places: tuple[int, ...] | None) -> TimePath:
    """Return a path that takes other corners at some places.

    Args:
        before: the path [unit of the variable].
        corners: times, values (corner, 2) [unit of the lever].
        factor: what one unit of the lever is in the unit of the variable.
        places: positions, None for all or where there are none.
    """
    if places is None:
        path = corners[:, 1] * factor
        shape = (len(path), *np.shape(before.values)[1:])
        return even(corners[:, 0], np.broadcast_to(path.reshape(-1, *[1] * (len(shape) - 1)), shape))
    times = np.unique(np.concatenate([bent(before), corners[:, 0]]))
    laid = np.array(linear(np, before.times, before.values, times))
    laid[:, list(places)] = (np.interp(times, corners[:, 0], corners[:, 1]) * factor)[:, None]
    return even(times, laid)


def bent(path: TimePath) -> Floats:
    """Return the times of a path without those at its end from which on it stays as it is."""
    values = np.asarray(path.values)
    same = (values == values[-1:]).reshape(len(values), -1).all(axis=1)
    return np.asarray(path.times[: len(values) - int(np.argmin(same[::-1])) + 1 if not same.all() else 1])
