"""A run as the page shows it: every indicator by year for places, prefectures, the listed places and the province."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.model.build import BuiltRun
from xiancheng.model.places import LIST, PLACE, PREFECTURE, PROVINCE, Places
from xiancheng.outputs import formulas, indicators
from xiancheng.outputs import result as results
from xiancheng.outputs.formulas import Formula
from xiancheng.outputs.indicators import Indicator
from xiancheng.outputs.readings import GROWTH
from xiancheng.outputs.targets import years_met
from xiancheng.outputs.totals import totals
from xiancheng.study import Study
from xiancheng.web.readings import Numbers, PlainRun, YearReadings

_LEVELS = (PROVINCE, LIST, PREFECTURE)
Met = Mapping[str, list[int | None]]
_HOLDS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


@dataclass(frozen=True)
class Figures:
    """What a run gives.

    Attributes:
        values: by indicator, float32 (year, area), in the unit of the indicator; missing where it has no value.
        met: by indicator with a target, the year from which each area meets it, or None.
    """

    values: Mapping[str, NDArray[np.float32]]
    met: Met


@dataclass(frozen=True)
class _Held:
    """An indicator by year and place as `totals` reads it: numbers, and how they go together."""

    values: Any
    attrs: Mapping[str, str]


@dataclass(frozen=True)
class Reader:
    """Reads runs of one study.

    Attributes:
        indicators: by id, those that the equations give.
        areas: id of every area: province, listed places, prefectures, then places by their code.
        years: calendar years.
    """

    indicators: Mapping[str, Indicator]
    areas: tuple[str, ...]
    years: tuple[int, ...]
    _study: Study
    _formulas: Mapping[str, Formula]
    _order: tuple[str, ...]
    _places: Places
    _members: Mapping[str, Numbers]

    @classmethod
    def of(cls, built: BuiltRun) -> Reader:
        """Return the reader for runs like one that is built."""
        table = formulas.read(built.study)
        shown = indicators.read(built.study)
        order = sorted(table, key=lambda name: (table[name].numerator is None, table[name].over != ""))
        members = _members(built.places)
        return cls(
            shown,
            tuple(area.id for level in (*_LEVELS, PLACE) for area in built.places.areas(level)),
            tuple(range(built.start, built.end + 1)),
            built.study,
            table,
            tuple(order),
            built.places,
            members,
        )

    def needed(self) -> tuple[str, ...]:
        """Return the variables of the equations that a run has to save, by id: those of any run of all indicators."""
        return tuple(results.needed(self._study, list(self.indicators), (), ()))

    def read(self, run: PlainRun, names: Sequence[str] | None = None) -> Figures:
        """Return indicators of a run as they are shown.

        Args:
            run: the run.
            names: indicators; all when None. Those that the run does not give are left out.
        """
        found = self.numbers(run, names)
        met = {name: self._met(name, values) for name, values in found.items() if self._has_target(name)}
        return Figures({name: values.astype(np.float32) for name, values in found.items()}, met)

    def numbers(self, run: PlainRun, names: Sequence[str] | None = None) -> dict[str, Numbers]:
        """Return indicators of a run in full precision (year, area).

        Args:
            run: the run.
            names: as of `read`.
        """
        readings = YearReadings(run, self.years)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            held = self._held(readings, self._order if names is None else formulas.with_parts(self._formulas, names))
            shown = [name for name in (self.indicators if names is None else names) if name in held]
            return self._with_areas(held, shown)

    def _held(self, readings: YearReadings, wanted: Sequence[str]) -> dict[str, Any]:
        held: dict[str, Any] = {"kind": _Held(self._places.column("kind"), {})}
        chosen = set(wanted)
        for name in (name for name in self._order if name in chosen):
            formula = self._formulas[name]
            variables = formula.numerator.variables if formula.numerator else ()
            parts = (part for part in formula.parts if part != name)
            if all(one in readings for one in variables) and all(part in held for part in parts):
                held[name] = _Held(self._value(formula, readings, held), _parts(formula, self.indicators[name]))
        return held

    def _value(self, formula: Formula, readings: YearReadings, others: Mapping[str, _Held]) -> Numbers:
        if formula.numerator is None:
            if not formula.over:
                return np.full_like(others[formula.of].values, np.nan)
            return np.asarray(others[formula.of].values / _above_nothing(others[formula.over].values))
        value = readings.value(formula.numerator, formula.reading)
        if formula.reading == GROWTH:
            before = np.concatenate([np.full_like(value[:1], np.nan), value[:-1]])
            value = value / _above_nothing(before) - 1
        if formula.over:
            value = value * formula.scale / _above_nothing(others[formula.over].values)
        elif formula.scale != 1:
            value = value * formula.scale
        if formula.holds:
            relation, limit = formula.holds
            value = np.where(np.isnan(value), np.nan, _HOLDS[relation](value, limit).astype(float))
        if formula.only:
            value = np.where(self._where(formula), value, np.nan)
        return value

    def _where(self, formula: Formula) -> NDArray[np.bool_]:
        found = np.ones(len(self._places), dtype=bool)
        for column, relation, value in formula.only:
            same = self._places.column(column) == value
            found &= same if relation == "=" else ~same
        return found

    def _with_areas(self, held: Mapping[str, Any], names: Sequence[str]) -> dict[str, Numbers]:
        """Return indicators at every area (year, area); missing at levels where they have no value."""
        found = totals(held, names, np.concatenate(list(self._members.values())))
        edges = np.cumsum([0, *(len(members) for members in self._members.values())])
        spans = [slice(*pair) for pair in pairwise(edges.tolist())]
        whole = np.full((len(names), len(self.years), len(self.areas)), np.nan)
        for values, name in zip(whole, names, strict=True):
            levels = self.indicators[name].levels
            for level, span in zip(self._members, spans, strict=True):
                if level in levels:
                    values[:, span] = found[name][:, span]
            if PLACE in levels:
                values[:, edges[-1] :] = held[name].values
        return dict(zip(names, whole, strict=True))

    def _has_target(self, name: str) -> bool:
        indicator = self.indicators[name]
        target = indicator.row["target_value"]
        return bool(target) and (indicator.direction != "neither" or not _is_number(target))

    def _met(self, name: str, values: Numbers) -> list[int | None]:
        indicator = self.indicators[name]
        target = indicator.row["target_value"]
        return years_met(values, self.years, target, indicator.direction)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _above_nothing(values: Numbers) -> Numbers:
    return np.where(values > 0, values, np.nan)


def _parts(formula: Formula, indicator: Indicator) -> dict[str, str]:
    written = {
        "aggregation": indicator.aggregation,
        "of": formula.of,
        "over": formula.over,
        "weight": formula.weight,
        "scale": f"{formula.scale!r}" if formula.over else "",
    }
    return {name: part for name, part in written.items() if part}


def _members(where: Places) -> dict[str, Numbers]:
    """Return by level which places make each area (area, place)."""
    return {level: np.array([area.members for area in where.areas(level)], dtype=float) for level in _LEVELS}
