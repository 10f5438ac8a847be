"""The one kernel that reads indicators off a run: for results, sweeps, comparisons and the page, in plain arrays."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.engine.labels import PlainRun
from xiancheng.model import clock
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import Clock
from xiancheng.model.places import PLACE, Places
from xiancheng.outputs import formulas, indicators
from xiancheng.outputs.aggregations import Aggregation, totals, with_parts
from xiancheng.outputs.areas import Areas
from xiancheng.outputs.formulas import Formula
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.moments import GROWTH
from xiancheng.outputs.readings import YearReadings
from xiancheng.study import Study

Condition = tuple[str, str, str]
"""Column of the table of places, = or !=, value."""
_HOLDS: Mapping[str, Callable[[Any, float], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads runs of one study: what every indicator is, at places and at areas.

    Several runs are read one after the other: that is faster than all at once, whose arrays leave the cache (30 ms
    against 40 ms of a core for a run of 138 indicators), and gives each run the bits it has alone.

    Attributes:
        indicators: by id.
        formulas: how each comes from the equations, by id, each after all that it is made of.
        aggregations: how the places of an area go together, by id.
        areas: which places make each area.
        years: calendar years that are read.
        variables: of the equations that each indicator rests on, by id.
        clock: the years of the study.
        only: which places a formula is for, by its conditions (place).
        xp: what computes: numpy, or JAX's functions for slopes.
    """

    indicators: Mapping[str, Indicator]
    formulas: Mapping[str, Formula]
    aggregations: Mapping[str, Aggregation]
    areas: Areas
    years: tuple[int, ...]
    variables: Mapping[str, frozenset[str]]
    clock: Clock
    only: Mapping[tuple[Condition, ...], NDArray[np.bool_]]
    xp: Any = np

    @classmethod
    def of(cls, built: BuiltRun) -> Reader:
        """Return the reader for runs like one that is built."""
        return cls.over(built.study, built.places, range(built.start, built.end + 1))

    @classmethod
    def over(cls, study: Study, places: Places, years: Sequence[int]) -> Reader:
        """Return the reader for runs of a study.

        Args:
            study: the study.
            places: its places.
            years: calendar years.

        Raises:
            StudyError: every problem of the tables of indicators and formulas.
        """
        catalogue, table = indicators.read(study), formulas.read(study)
        return cls(catalogue, {name: table[name] for name in formulas.ordered(table)},
                   {name: aggregation(catalogue[name], table[name]) for name in catalogue}, Areas.of(places),
                   tuple(years), {name: frozenset(formulas.needed(table, [name])) for name in table}, clock.of(study),
                   {formula.only: _where(places, formula.only) for formula in table.values() if formula.only})

    def available(self, run: PlainRun, names: Sequence[str]) -> list[str]:
        """Return those of some indicators that a run has every variable of."""
        return [name for name in names if self.variables[name] <= run.arrays.keys()]

    def needed(self, names: Sequence[str]) -> list[str]:
        """Return the variables of the equations that some indicators rest on, by id."""
        return sorted({variable for name in names for variable in self.variables[name]})

    def at_places(self, run: PlainRun, names: Sequence[str]) -> dict[str, Floats]:
        """Return indicators and all that they are made of (year, place) [their units].

        Args:
            run: the run, its places in the order of the equations.
            names: the indicators, all of them available.
        """
        readings = YearReadings(run, self.years, self.xp)
        chosen = set(with_parts(self.formulas, names))
        values: dict[str, Floats] = {}
        with np.errstate(all="ignore"):
            for name, formula in self.formulas.items():
                if name in chosen:
                    values[name] = self._value(formula, readings, values)
        return values

    def at_areas(self, values: Mapping[str, Floats], names: Sequence[str]) -> dict[str, Floats]:
        """Return indicators at every area (year, area) [their units]; missing at levels where they have no value.

        Args:
            values: as of `at_places`.
            names: the indicators.
        """
        with np.errstate(all="ignore"):
            numbers = totals(self.aggregations, values, names, self.areas, self.xp)
        return {name: self.xp.where(self._shown(name), numbers[name], np.nan) for name in names}

    def everywhere(self, run: PlainRun, names: Sequence[str]) -> dict[str, Floats]:
        """Return indicators at every area, then every place (year, area); missing at levels where they have no value.

        Args:
            run: the run, as of `at_places`.
            names: the indicators; those that the run does not give are left out.
        """
        present = self.available(run, names)
        values = self.at_places(run, present)
        areas = self.at_areas(values, present)
        nowhere = np.full((len(self.years), len(self.areas.counties)), np.nan)
        return {
            name: self.xp.concatenate(
                [areas[name], values[name] if PLACE in self.aggregations[name].levels else nowhere], axis=1)
            for name in present
        }

    def _shown(self, name: str) -> NDArray[np.bool_]:
        return np.array([area.level in self.aggregations[name].levels for area in self.areas.rows])

    def _value(self, formula: Formula, readings: YearReadings, others: Mapping[str, Floats]) -> Floats:
        xp = self.xp
        if formula.numerator is None:
            if not formula.over:  # what compares places has a value for several of them only
                return np.full(others[formula.of].shape, np.nan)
            return self._over(others[formula.of], others[formula.over])
        value = readings.value(formula.numerator, formula.reading)
        if formula.reading == GROWTH:
            before = xp.concatenate([np.full(value[:1].shape, np.nan), value[:-1]])
            value = self._over(value, before) - 1
        if formula.over:
            value = self._over(value * formula.scale, others[formula.over])
        elif formula.scale != 1:
            value = value * formula.scale
        if formula.holds:
            relation, limit = formula.holds
            value = xp.where(xp.isnan(value), np.nan, _HOLDS[relation](value, limit))
        return xp.where(self.only[formula.only], value, np.nan) if formula.only else value

    def _over(self, above: Floats, below: Floats) -> Floats:
        """Return a quotient; missing where what it is divided by is not above 0."""
        return self.xp.divide(above, self.xp.where(below > 0, below, np.nan))  # type: ignore[no-any-return]


def _where(places: Places, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
    """Return which places meet every condition (place)."""
    meets = np.ones(len(places), dtype=bool)
    for column, relation, value in conditions:
        same = places.column(column) == value
        meets &= same if relation == "=" else ~same
    return meets


def aggregation(indicator: Indicator, formula: Formula) -> Aggregation:
    """Return how the places of an area go together for an indicator."""
    return Aggregation(indicator.aggregation, indicator.levels, formula.of, formula.over, formula.weight, formula.scale)

