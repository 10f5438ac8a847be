"""Runs as people start them, by what they are told: every loop and source of money open, or the purse empty.

All of them are one compiled program: the same variables are returned and the same are given, as numbers or as paths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import xarray as xr

from tests.linked.linked_runs import ROOT
from xiancheng.engine import TimePath
from xiancheng.engine.source import key
from xiancheng.model import build as builder
from xiancheng.model import catalogue
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import formulas, indicators, journey, loops, places
from xiancheng.outputs import result as results
from xiancheng.study import Study

AREAS = ("68", "province")
NO_MONEY = ("special_bonds=0", "transfer level=0", "land income level=0")
"""What takes bonds, transfers and land income away."""
MONEY = ("transfer level", "land income level")
INDUSTRY = (
    "carbon pool", "carbon pool intake", "carbon pool reissued", "carbon pool balance", "carbon dioxide freed",
    "new energy heavy projects", "energy heavy projects wanted", "projects admitted at home",
    "projects admitted by pool", "energy heavy capacity", "shared posts won", "shared industry posts", "core pole",
    "explicit debt", "hidden debt", "platform debt", "contingent debt", "bonds issued", "bonds refinanced",
    "debt arrears", "bonds repaid", "new hidden debt", "hidden debt repaid", "platform debt repaid",
    "contingent debt repaid", "hidden debt swapped", "counted saving of parks", "net saving of parks",
    "added net saving of works", "waste produced", "waste recovered", "waste left",
)
"""What the rules of industry and debt read besides indicators."""
Outcome = Mapping[tuple[str, str], np.ndarray]
"""Values of an indicator in an area by year, 2020 to 2035, by (area, indicator)."""


@cache
def study() -> Study:
    """The study of the project."""
    return Study(ROOT)


@cache
def variables() -> tuple[str, ...]:
    """The variables that every run returns: what all indicators are read from, and INDUSTRY."""
    names = results.needed(study(), list(indicators.read(study())), (), ())
    return tuple(dict.fromkeys([*names, *map(key, INDUSTRY)]))


def ready(settings: tuple[str, ...] = (), *, name: str = "baseline", poor: bool = False, cut: str = "") -> BuiltRun:
    """A scenario with settings on top, without bonds, transfers and land income if poor, one loop cut."""
    built = journey.prepare(study(), name, [*(NO_MONEY[:1] if poor else ()), *settings])
    switches = {loop.switch: float(loop.switch != cut) for loop in loops.read(study())}
    empty = {part: _nothing(built.parameters[part]) for part in MONEY} if poor else {}
    return replace(built, parameters={**built.parameters, **switches, **empty})


def _nothing(path: TimePath) -> TimePath:
    """A path at zero from the start on, with the points of another: no other program is compiled for it."""
    return TimePath(path.times, np.zeros_like(path.values))


def simulated(built: BuiltRun) -> xr.Dataset:
    """The variables of a run as the engine returns them."""
    return builder.simulate(built, variables=variables())


def by_place(
    settings: tuple[str, ...] = (), *, name: str = "baseline", poor: bool = False, cut: str = ""
) -> xr.Dataset:
    """All indicators of a run by year and place; see `ready`."""
    built = ready(settings, name=name, poor=poor, cut=cut)
    return results.result(simulated(built), built)


@cache
def outcome(settings: tuple[str, ...] = (), *, poor: bool = False, cut: str = "") -> Outcome:
    """The indicators of a run in AREAS; see `ready`."""
    result = by_place(settings, poor=poor, cut=cut)
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
