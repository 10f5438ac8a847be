"""The only road of a scenario into the engine: its levers, assumptions and constants by the variables they replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.parameters import TimePath
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import Places
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.model.settings import AssumptionSetting, LeverSetting, Point, Scenario
from xiancheng.study import Study
from xiancheng.texts import phrase

TIME = "time"
"""The column of a table of paths that holds model time [year]."""
_POINTS = 16
"""Paths have a multiple of so many points: a program is compiled for a number of points, and one should do for all."""

Constant = float | Floats
"""A constant of the model: one number, or one for each place."""
Inputs = dict[str, Constant | TimePath]


def inputs(
    study: Study, scenario: Scenario, where: Places, constants: Mapping[str, Constant] | None = None
) -> Inputs:
    """Return what the engine is given: every lever and assumption by its variable, as set, else at rest; constants.

    Args:
        study: the study.
        scenario: what is run; its constants hold before those of the table.
        where: the places of the study.
        constants: more constants of the model by name, in their units; one of places as an array (place,).

    Raises:
        StudyError: places that a rule has still to name.
    """
    waiting = [name for name, settings in scenario.levers.items() if any(setting.awaits for setting in settings)]
    if waiting:
        allowed = phrase("place.rule_settle")
        raise StudyError(Problem("", phrase("place.rule_open", id=name), allowed) for name in waiting)
    pulled = {setting.variable: [setting] for setting in scenario.resting if isinstance(setting, LeverSetting)}
    pulled |= {settings[0].variable: list(settings) for settings in scenario.levers.values()}
    assumed = {setting.variable: setting for setting in scenario.resting if isinstance(setting, AssumptionSetting)}
    assumed |= {setting.variable: setting for setting in scenario.assumptions.values()}
    return {
        **{variable: _lever_path(settings, where) for variable, settings in pulled.items()},
        **{variable: _assumption_path(study, setting) for variable, setting in assumed.items()},
        **{name: _number(value) for name, value in {**scenario.constants, **(constants or {})}.items()},
    }


def _number(value: Constant) -> Constant:
    return float(value) if np.ndim(value) == 0 else np.asarray(value, dtype=float)


def _lever_path(settings: Sequence[LeverSetting], where: Places) -> TimePath:
    """Return the lever in all places [unit of its variable]: its baseline, or the path of a setting for the place."""
    times = np.array(sorted({time for setting in settings for time, _ in setting.path}))
    factor = settings[0].factor
    if settings[0].everywhere:
        return even(times, _along(settings[-1].path, times) * factor)
    values = np.full((len(times), len(where)), settings[0].baseline)
    for setting in settings:
        values[:, where.positions(setting.places)] = _along(setting.path, times)[:, np.newaxis]
    return even(times, values * factor)


def _assumption_path(study: Study, assumed: AssumptionSetting) -> TimePath:
    """Return a named column of its table, or a path."""
    if not assumed.path:
        return even(*_column(study.root / "model" / assumed.table, assumed.column))
    times = np.array([time for time, _ in assumed.path])
    return even(times, _along(assumed.path, times))


def even(times: Floats, values: Floats) -> TimePath:
    """Return a path with points added after its last one, where it stays as it is.

    Args:
        times: of its points (point,), rising [year].
        values: there (point, *dims) [unit of the variable].
    """
    more = -len(times) % _POINTS
    later = times[-1] + np.arange(1, more + 1)
    return TimePath(np.concatenate([times, later]), np.concatenate([values, np.repeat(values[-1:], more, axis=0)]))


def _along(path: Sequence[Point], times: Floats) -> Floats:
    corners = np.array(path)
    return np.asarray(np.interp(times, corners[:, 0], corners[:, 1]))


def _column(table: Path, column: str) -> tuple[Floats, Floats]:
    findings = Findings(str(table))
    rows = read_table(table, (TIME, column), findings)
    numbers = np.array([[number(row, name, findings) for name in (TIME, column)] for row in rows if row[column]])
    findings.stop()
    return numbers[:, 0], numbers[:, 1]
