"""`xiancheng.members` and `xiancheng.bands`: what is not known of a study as data, and how far results spread by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.calibration import whole_members
from xiancheng.calibration.joint_prior import Draws, of_people
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import arguments, catalogue, clock
from xiancheng.model import members as posterior
from xiancheng.model.catalogue import Variable
from xiancheng.model.settings import Scenario
from xiancheng.outputs import journey
from xiancheng.study import Study, study_of
from xiancheng.sweeps import bands as spreads
from xiancheng.texts import phrase

MEMBER, YEAR = "member", "year"


def members(count: int | str | None = None, *, study: Study | str | Path | None = None) -> xr.Dataset:
    """Return the members of a study: draws of all that is not known, every one a world that the model can stand for.

    `sweep(members=[7])` runs one of them, `bands` tells how far results spread by many.

    Args:
        count: the first so many, all when None; "people" or "people:N" for those that differ in what is about people
            alone.
        study: the study or its folder; found as the command line finds it when None.

    Returns:
        Dims member and those of each constant of the equations; a path has the dim year, its value on 1 January.
        Variables by id in their units; `people` is the member of the posterior of people that each has.

    Raises:
        StudyError: no members, or fewer than asked for.
    """
    home = study_of(study)
    kind, number = whole_members.kind_and_count(home, count)
    draws = whole_members.read(home, number) if kind == whole_members.WHOLE else _people(home, number)
    about = {variable.name: variable for variable in catalogue.read(home)}
    elements = catalogue.elements(home)
    years = list(range(clock.of(home).start, clock.of(home).end + 1))
    variables = {key(name): _constant(about[name], elements, values) for name, values in draws.constants.items()}
    variables |= {key(name): _path(about[name], years, paths) for name, paths in draws.paths.items()}
    used = dict.fromkeys(dim for variable in variables.values() for dim in variable.dims)
    labels: dict[str, Any] = {dim: list(elements[dim]) for dim in used if dim in elements}
    numbers = np.arange(1, draws.count + 1) if kind == whole_members.WHOLE else np.array(draws.people)
    labels |= {MEMBER: numbers, **({YEAR: years} if YEAR in used else {})}
    if draws.people:
        labels[whole_members.PEOPLE] = MEMBER, np.array(draws.people)
    return xr.Dataset(variables, labels, {"kind": kind})


def bands(
    scenario: str | Path | Scenario = "baseline",
    *,
    members: int | str,
    indicators: Sequence[str] | None = None,
    settings: Sequence[str] | Mapping[str, Any] = (),
    study: Study | str | Path | None = None,
    start: int | None = None,
    end: int | None = None,
    time_step: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run a scenario with members and return where nine in ten of them lie, as `xiancheng run --members` does.

    Args:
        scenario: a scenario of the study, a TOML file, or one that `scenario` made.
        members: how many, as of `compare`; as many as stand in for all, where a study has stand-ins, are these.
        indicators: ids; all when None.
        settings: on top of the scenario, as of `run`.
        study: the study or its folder; found as the command line finds it when None.
        start: year of the census the runs start from, the usual one when None.
        end: their last whole calendar year, likewise.
        time_step: of a year, as of `run`.
        progress: called with the share of members done, 0 to 1.

    Returns:
        Dims quantile (0.05, 0.5, 0.95), year and area: the list, prefectures, the province and every place; indicators
        by id in their units.

    Raises:
        StudyError: every problem of what is named; no members, or fewer than asked for.
    """
    arguments.lists(indicators=indicators)
    home = study_of(study)
    built = journey.prepare(home, scenario, arguments.settings(settings), start=start, end=end, time_step=time_step)
    return spreads.run(built, members, indicators, progress)


def _people(study: Study, count: int | None) -> Draws:
    """Return the first members of the posterior of people."""
    numbers = list(posterior.read(study))
    if count is not None and not 0 < count <= len(numbers):
        raise StudyError(Problem("--members", phrase("bands.count", count=count),
                                 phrase("bands.count_allowed", count=len(numbers))))
    chosen = tuple(numbers[:count])
    return Draws(len(chosen), chosen, of_people(study, chosen), {})


def _constant(about: Variable, elements: Mapping[str, Sequence[str]], values: Floats) -> xr.Variable:
    lengths = [len(elements[dim]) for dim in about.dims]
    return xr.Variable((MEMBER, *about.dims), np.reshape(values, (len(values), *lengths)), _words(about))


def _path(about: Variable, years: Sequence[int], paths: Sequence[TimePath]) -> xr.Variable:
    values = np.array([[path.at(clock.new_year(year)) for year in years] for path in paths])
    return xr.Variable((MEMBER, YEAR, *about.dims), values, _words(about))


def _words(about: Variable) -> dict[str, str]:
    return {"units": about.unit, "long_name": about.sentence}
