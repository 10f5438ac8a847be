"""The tables that are spoiled: the door that reads each, and what an independent reader holds it against."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from oracle import MARKS, Rule

from xiancheng.calibration import priors
from xiancheng.comparison import request, weights
from xiancheng.errors import StudyError
from xiancheng.model import blocks, census_units, clock, element_tables, members, place_list, places, prefectures
from xiancheng.model import sources as all_sources
from xiancheng.outputs import accepted, against, core_runs, indicators, loops, units, views
from xiancheng.scenarios import assumptions, levers
from xiancheng.study import Study
from xiancheng.web import bundles

STUDY = Study(Path(__file__).parents[2])
ANY = (-math.inf, math.inf)
NOT_BELOW = (0.0, math.inf)
PLACE_NUMBERS = {"lon": (70.0, 140.0), "lat": (15.0, 55.0), "area_km2": (0.0, 1e6)}
CONSTANTS = ("name", "value", "unit", "meaning", "evidence", "low", "high", "source", "note")


@cache
def _sources() -> Any:
    where = places.read(STUDY.tables)
    return all_sources.read_sources(STUDY.tables, where.units, clock.of(STUDY))


def _designs(study: Study) -> None:
    bundles.read(study, levers.read(study))


TABLES: dict[str, tuple[Callable[[Study], object], Rule]] = {
    "model/tables/places.csv": (
        lambda study: place_list.check(places.read(study.tables), _sources()),
        Rule(places.PLACE_HEADER, ("code",), PLACE_NUMBERS, (), {"in_68": {"0", "1"}, "core": {"0", "1"}})),
    "model/tables/units.csv": (
        lambda study: census_units.read_units(study.tables),
        Rule(census_units.UNIT_HEADER, ("code",), PLACE_NUMBERS, tuple(PLACE_NUMBERS), {"in_68": {"0", "1"}})),
    "model/tables/parameters.csv": (
        lambda study: blocks._parameters_block(study.tables),
        Rule(CONSTANTS, ("name",), {"value": ANY, "low": ANY, "high": ANY}, ("low", "high"), {"evidence": MARKS},
             filled=("name", "unit", "meaning", "source"))),
    "model/tables/parameters_by_element.csv": (
        lambda study: element_tables.read_by_element(study.tables, {}),
        Rule(element_tables.ELEMENTS_HEADER, ("dimension", "element", "name"), {"value": ANY, "low": ANY, "high": ANY},
             ("low", "high"), {"evidence": MARKS}, filled=("name", "unit", "meaning", "source"))),
    "model/tables/paths.csv": (
        lambda study: element_tables.read_paths(study.tables),
        Rule(element_tables.PATHS_HEADER, ("variable", "path", "time"), {"time": ANY, "value": ANY}, (),
             {"evidence": MARKS}, filled=("variable", "unit", "source"))),
    "model/tables/prefectures.csv": (
        lambda study: prefectures.read(study.tables),
        Rule(prefectures.COLUMNS, ("code",), {}, (), {"core": {"0", "1"}})),
    "model/clock.csv": (clock.of, Rule(clock.COLUMNS, ("name",), {"year": (1000, 9999)})),
    "scenarios/assumptions.csv": (assumptions.read, Rule(assumptions.COLUMNS, ("id",), {}, (), {"evidence": MARKS})),
    "scenarios/levers.csv": (levers.read, Rule((), ("id",), {
        "baseline": ANY, "low": ANY, "high": ANY, "ramp_years": NOT_BELOW, "model_factor": ANY}, (),
        {"evidence": MARKS, "cost_evidence": MARKS}, needed=levers.COLUMNS)),
    "outputs/indicators.csv": (indicators.read, Rule((), ("id",), {}, (), {
        "evidence": MARKS, "headline": {"0", "1"}, "direction": {"higher", "lower", "neither"}},
        needed=indicators.COLUMNS)),
    "outputs/loops.csv": (loops.check, Rule(loops.HEADER, ("id",), {}, (), {"evidence": MARKS}, filled=("switch",))),
    "outputs/views.csv": (views.check, Rule(needed=("view", "indicator"))),
    "outputs/units.csv": (units.words, Rule((), ("unit",), needed=units.COLUMNS)),
    "outputs/baseline/from_2020.csv": (accepted.check, Rule(accepted.COLUMNS, ("year", "level", "indicator"), {
        "year": (2020, 2035), "value": ANY}, (), {"level": {"68", "province"}})),
    "scenarios/page/bundles.csv": (_designs, Rule((), ("id",), {}, (), {"group": set(bundles.GROUPS)},
                                                  needed=bundles.COLUMNS)),
    "calibration/priors.csv": (priors.read, Rule(priors.HEADER, ("parameter",), {"mean": ANY, "sd": (0.0, math.inf)},
                                                 (), {"mark": MARKS}, filled=("source",))),
    "calibration/folds_spread.csv": (members.misses, Rule(members.SPREAD_HEADER, (), {
        "sd": NOT_BELOW, "reach_0.9": ANY})),
    "calibration/sets.csv": (core_runs.sets, Rule(core_runs.COLUMNS, (), {"value": ANY}, (), {"evidence": MARKS})),
}


OWN: dict[str, tuple[str, Callable[[Path], object], Rule]] = {
    "weights": ("indicator,weight\nurban_share,1\nsewered_share,2\n", lambda file: weights.read(STUDY, file),
                Rule((), ("indicator",), {"weight": NOT_BELOW}, needed=("indicator", "weight"))),
    "costs": ("name,value\nbuilding_time,2\nmortality_factor_female,0.9\n",
              lambda file: _refused(request._costs, file),
              Rule((), ("name",), {"value": ANY}, needed=("name", "value"))),
    "against": ("place,year,indicator,value\n371522,2020,residents,900000\n莘县,2025,urban_share,0.5\n",
                lambda file: against.read(STUDY, file),
                Rule((), (), {"year": (2010, 2035), "value": ANY}, needed=("place", "year", "indicator", "value"))),
}


def _refused(read: Callable[..., object], file: Path) -> None:
    problems: list[Any] = []
    read(STUDY, file, problems)
    if problems:
        raise StudyError(problems)
