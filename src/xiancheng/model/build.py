"""From a study and a scenario to a run: the text of the equations, the values that replace their constants."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import decode
from xiancheng.errors import Problem, StudyError
from xiancheng.model import places
from xiancheng.model.clock import LAST_YEAR
from xiancheng.model.places import Places
from xiancheng.model.reading import Findings, read_text
from xiancheng.model.settings import AssumptionSetting, LeverSetting, Point, Scenario
from xiancheng.provenance import manifest
from xiancheng.study import Study
from xiancheng.texts import phrase, phrase_list

if TYPE_CHECKING:
    from xiancheng.engine.program import Program

ENGINES = ("compiled", "pysd")
"""The engines, the usual one first."""

START = 2020
END = 2035
_AFTER_END = 0.25
"""Years beyond 1 November of the last year, so that its calendar year is whole."""
_POINTS = 16
"""Paths have a multiple of so many points: a program is compiled for a number of points, and one should do for all."""

Constant = float | NDArray[np.float64]
"""A constant of the model: one number, or one for each place."""


@dataclass(frozen=True)
class BuiltRun:
    """All that a run needs, complete and unchanging.

    Attributes:
        study: the study.
        scenario: the scenario.
        text: the equations with start and end set.
        parameters: by variable of the model: number, array or TimePath that replaces its value.
        start: census year of the start; end: last whole calendar year.
        places: the places of the study.
        manifest: what makes the run repeatable.
    """

    study: Study
    scenario: Scenario
    text: str
    parameters: Mapping[str, Any]
    start: int
    end: int
    places: Places
    manifest: Mapping[str, Any]


def build(
    study: Study,
    scenario: Scenario,
    *,
    start: int = START,
    end: int = END,
    constants: Mapping[str, Constant] | None = None,
    command: str = "",
) -> BuiltRun:
    """Put a run together.

    Args:
        study: the study.
        scenario: what the run is told.
        start: year of the census it starts from.
        end: its last whole calendar year.
        constants: more constants of the model by name, in their units; one of places as an array.
        command: the command line, for the manifest.

    Raises:
        StudyError: a start or end the study has not, a lever, assumption or constant the equations have not, places
            that a rule has still to name.
    """
    open_rules = [name for name, settings in scenario.levers.items() if any(setting.awaits for setting in settings)]
    if open_rules:
        allowed = phrase("place.rule_settle")
        raise StudyError(Problem("", phrase("place.rule_open", id=name), allowed) for name in open_rules)
    source = decode(study.equations)
    text = _with_clock(study, source, start, end)
    where = places.read(study.tables)
    given = {**scenario.constants, **(constants or {})}
    parameters = {**paths(study, scenario, where), **{name: number(one) for name, one in given.items()}}
    constant = {name: np.asarray(one).tolist() for name, one in given.items()}
    told = {**scenario.plain(), "constants": constant, "start": start, "end": end}
    return BuiltRun(study, scenario, text, parameters, start, end, where, manifest(study, told, command=command))


def number(one: Constant) -> Constant:
    """Return a constant as the engine takes it: a float, or an array of floats."""
    return float(one) if np.ndim(one) == 0 else np.asarray(one, dtype=float)


def simulate(
    built: BuiltRun,
    *,
    variables: Sequence[str] | None = None,
    engine: str = ENGINES[0],
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run the equations.

    Args:
        built: the run.
        variables: variables of the model to return; all when None.
        engine: one of ENGINES.
        progress: called with the share of steps done, 0 to 1.

    Returns:
        Dims time and the subscripts of the model, variables by their names in the equations.

    Raises:
        StudyError: an unknown engine or variable.
    """
    equations, text = built.study.equations, built.text
    if engine == "pysd":
        from xiancheng.engine import reference

        return reference.run(equations, built.parameters, outputs=variables, text=text, progress=progress)
    if engine == "compiled":
        from xiancheng.engine import integrate

        wanted = None if variables is None else tuple(variables)
        return integrate.run(program(built.study, text, wanted, tuple(built.parameters)), built.parameters)
    raise StudyError(Problem("", phrase("run.engine_unknown", engine=engine), phrase_list(ENGINES)))


def program(study: Study, text: str, variables: tuple[str, ...] | None, inputs: tuple[str, ...]) -> Program:
    """Return the compiled equations; the same call on the same data takes them from the last few compiled."""
    return _program(study.equations, study.data_hash, text, variables, inputs)


@lru_cache(maxsize=4)
def _program(
    equations: Path, data_hash: str, text: str, variables: tuple[str, ...] | None, inputs: tuple[str, ...]
) -> Program:
    """Compile; `data_hash` is part of the call so that other tables are another program."""
    from xiancheng.engine.program import compile

    return compile(equations, outputs=variables, inputs=inputs, text=text)


def starts(study: Study) -> list[int]:
    """Return the census years a run of this study can start from."""
    return sorted(int(folder.name[6:]) for folder in study.blocks.glob("start_*") if folder.name[6:].isdigit())


def _with_clock(study: Study, source: str, start: int, end: int) -> str:
    problems = []
    if start not in starts(study):
        known = phrase_list(str(year) for year in starts(study))
        allowed = phrase("run.start_allowed", starts=known)
        problems.append(Problem("", phrase("run.start_unknown", start=start), allowed))
    if not start < end <= LAST_YEAR:
        allowed = phrase("run.end_allowed", start=start, last=LAST_YEAR)
        problems.append(Problem("", phrase("run.end_wrong", end=end), allowed))
    text = source
    for name, value in (("INITIAL TIME", float(start)), ("FINAL TIME", end + _AFTER_END)):
        text, count = re.subn(rf"(^\s*{name}\s*=\s*)[\d.]+", rf"\g<1>{value:g}", text, flags=re.I | re.M)
        if count != 1:
            allowed = phrase("run.clock_allowed", name=name)
            problems.append(Problem(str(study.equations), phrase("run.clock_missing", name=name), allowed))
    if problems:
        raise StudyError(problems)
    return re.sub(r"\bstart_\d{4}(?=/)", f"start_{start}", text)


def paths(study: Study, scenario: Scenario, where: Places) -> dict[str, Any]:
    """Return every lever and assumption by its variable: as set, else at rest.

    Args:
        study: the study.
        scenario: what the run is told.
        where: the places of the study.
    """
    pulled = {one.variable: [one] for one in scenario.resting if isinstance(one, LeverSetting)}
    pulled |= {settings[0].variable: list(settings) for settings in scenario.levers.values()}
    assumed = {one.variable: one for one in scenario.resting if isinstance(one, AssumptionSetting)}
    assumed |= {one.variable: one for one in scenario.assumptions.values()}
    return {
        **{variable: _lever_path(settings, where) for variable, settings in pulled.items()},
        **{variable: _assumption_path(study, setting) for variable, setting in assumed.items()},
    }


def _lever_path(settings: Sequence[LeverSetting], where: Places) -> TimePath:
    """Return the lever in all places [unit of its variable]: its baseline, or the path of a setting for the place."""
    times = np.array(sorted({time for setting in settings for time, _ in setting.path}))
    factor = settings[0].factor
    if settings[0].everywhere:
        return _even(times, _along(settings[-1].path, times) * factor)
    values = np.full((len(times), len(where)), settings[0].baseline)
    for setting in settings:
        values[:, where.positions(setting.places)] = _along(setting.path, times)[:, np.newaxis]
    return _even(times, values * factor)


def _assumption_path(study: Study, assumed: AssumptionSetting) -> TimePath:
    """Return a named column of its table, or a path."""
    if not assumed.path:
        return _even(*_column(study.root / "model" / assumed.table, assumed.column))
    times = np.array([time for time, _ in assumed.path])
    return _even(times, _along(assumed.path, times))


def _even(times: NDArray[np.float64], values: NDArray[np.float64]) -> TimePath:
    """Return a path with points added after its last one, where it stays as it is."""
    more = -len(times) % _POINTS
    later = times[-1] + np.arange(1, more + 1)
    return TimePath(np.concatenate([times, later]), np.concatenate([values, np.repeat(values[-1:], more, axis=0)]))


def _along(path: Sequence[Point], times: NDArray[np.float64]) -> NDArray[np.float64]:
    corners = np.array(path)
    return np.asarray(np.interp(times, corners[:, 0], corners[:, 1]))


def _column(table: Path, column: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = list(csv.reader(io.StringIO(read_text(table, Findings(str(table))))))
    position = rows[0].index(column)
    numbers = np.array([[float(row[0]), float(row[position])] for row in rows[1:] if row and row[position]])
    return numbers[:, 0], numbers[:, 1]
