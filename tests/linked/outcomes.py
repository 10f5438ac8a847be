"""Runs as people start them, by what they are told: every loop and source of money open, or the purse empty."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from tests.linked.linked_runs import ROOT
from xiancheng.engine.source import key
from xiancheng.model import catalogue
from xiancheng.outputs import formulas, indicators, journey, loops, places
from xiancheng.study import Study

AREAS = ("68", "province")
NO_MONEY = ("special_bonds=0", "transfer level=0", "land income level=0")
"""What takes bonds, transfers and land income away."""
MONEY = {"transfer level": 0.0, "land income level": 0.0}
Outcome = Mapping[tuple[str, str], np.ndarray]
"""Values of an indicator in an area by year, 2020 to 2035, by (area, indicator)."""


@cache
def study() -> Study:
    """The study of the project."""
    return Study(ROOT)


@cache
def outcome(settings: tuple[str, ...] = (), *, poor: bool = False, cut: str = "") -> Outcome:
    """Run the baseline with settings on top, without bonds, transfers and land income if poor, one loop cut."""
    constants = {loop.switch: 1.0 for loop in loops.read(study())} | (MONEY if poor else {})
    if cut:
        constants[cut] = 0.0
    told = [*(NO_MONEY[:1] if poor else ()), *settings]
    result = journey.run(journey.prepare(study(), "baseline", told, constants=constants))
    names = [name for name in indicators.read(study()) if name in result]
    return {
        (area, str(name)): table[name].isel(area=0).values
        for area, table in places.table_of(result, names, AREAS).items()
        for name in table.data_vars
    }


@cache
def sectors() -> dict[str, frozenset[str]]:
    """The sectors of the equations that each indicator's own number is read from."""
    groups = {one.id: one.group for one in catalogue.read(study())}
    table = formulas.read(study())

    def own(name: str) -> frozenset[str]:
        numerator = table[name].numerator
        if numerator is None:
            return own(table[name].of)
        return frozenset(groups[key(variable)] for variable in numerator.variables)

    return {name: own(name) for name in table}
