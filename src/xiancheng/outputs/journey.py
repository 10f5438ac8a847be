"""The way of a run, from a study to a result, in one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from xiancheng.cache import Cache
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import Problem, StudyError
from xiancheng.model import arguments, tables
from xiancheng.model import build as builder
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.outputs import again
from xiancheng.outputs import result as results
from xiancheng.outputs.moments import Calendar
from xiancheng.scenarios import rule
from xiancheng.scenarios import scenario as scenarios
from xiancheng.study import Study
from xiancheng.texts import phrase, phrase_list

_RESIDENTS = "residents"
_TIME = "time"
_NAMES = 3
"""Variables that a message names."""


def prepare(
    study: Study,
    scenario: str | Path | Scenario = scenarios.BASELINE,
    settings: Sequence[str] = (),
    *,
    start: int | None = None,
    end: int | None = None,
    time_step: float | None = None,
    constants: Mapping[str, Constant] | None = None,
    command: str = "",
) -> builder.BuiltRun:
    """Read a scenario, put settings on top and build the run; a rule for places takes a run of the baseline.

    Args:
        study: the study.
        scenario: id of one of its scenarios, a TOML file, or a Scenario.
        settings: id=value[@year][:place].
        start: year of the census it starts from, the usual one when None.
        end: last whole calendar year, likewise.
        time_step: of model.build.TIME_STEPS [years], that of the equations when None.
        constants: more constants of the model by name, in their units.
        command: the command line, for the manifest.

    Raises:
        StudyError: every problem of the blocks of the study, of the scenario or of the settings.
    """
    arguments.lists(settings=settings)
    arguments.years(start=start, end=end)
    tables.check_once(study)
    base = scenario if isinstance(scenario, Scenario) else scenarios.read(study, scenario)
    chosen = scenarios.from_settings(study, settings, base)
    if chosen.awaits:
        calm = _at_rest(study, chosen)
        below = builder.build(study, calm, start=start, end=end, time_step=time_step, constants=constants)
        needed = tuple(_variables(below, None, ()))
        chosen = rule.settle(chosen, changes(PlainRun.of(_kept(below, needed, builder.ENGINES[0])), below), below.clock)
    return builder.build(study, chosen, start=start, end=end, time_step=time_step, constants=constants, command=command)


def run(
    built: builder.BuiltRun,
    *,
    variables: Sequence[str] | None = None,
    details: Sequence[str] = (),
    engine: str = builder.ENGINES[0],
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Run the equations and return the result.

    Args:
        built: the run.
        variables: indicators, or variables of the equations to show beside all indicators; all indicators when None.
        details: "settlement", "sex", "age": adds persons by them.
        engine: of model.build.ENGINES.
        progress: called with the share of steps done, 0 to 1.

    Raises:
        StudyError: a name that is neither indicator nor variable, or a run that loses its figures on the way.
    """
    arguments.lists(variables=variables, details=details)
    needed = _variables(built, variables, details)
    data = builder.simulate(built, variables=needed, engine=engine, progress=progress)
    _refuse_empty(data, built)
    return results.result(data, built, variables=variables, details=details, engine=engine)


def _refuse_empty(data: xr.Dataset, built: builder.BuiltRun) -> None:
    """Refuse a run that lost its figures on the way: it says nothing, and must not look as if it did.

    Raises:
        StudyError: variables that have figures at the start and not one at the end.
    """
    over_time = [(name, np.moveaxis(values.values, values.dims.index(_TIME), 0))
                 for name, values in data.variables.items() if name not in data.dims and _TIME in values.dims]
    lost = [str(name) for name, values in over_time
            if not np.isfinite(values[-1]).any() and np.isfinite(values[0]).any()]
    if lost:
        sentence = phrase("run.no_figure", year=str(built.end), names=phrase_list(lost[:_NAMES]), count=len(lost))
        raise StudyError(Problem("", sentence, phrase("run.figures"), phrase("run.no_figure_hint")))


def run_baseline(
    built: builder.BuiltRun, *, variables: Sequence[str] | None = None, engine: str = builder.ENGINES[0]
) -> xr.Dataset:
    """Run the baseline under the assumptions and constants of a run: what its levers are compared with.

    Args:
        built: the run.
        variables: indicators, or variables of the equations beside them; all indicators when None.
        engine: of model.build.ENGINES.
    """
    calm = _at_rest(built.study, built.scenario)
    constants = built.manifest["scenario"]["constants"]
    below = builder.build(built.study, calm, start=built.start, end=built.end, constants=constants)

    def make() -> xr.Dataset:
        data = _kept(below, tuple(_variables(below, variables, ())), engine)
        return results.result(data, below, variables=variables, engine=engine)

    names = tuple(variables or ())
    result: xr.Dataset = _BASELINES.get((*_identity(below), names, engine), lambda: again.result(
        below, (names, ()), engine, make))
    return result


def _at_rest(study: Study, scenario: Scenario) -> Scenario:
    base = scenarios.read(study, scenarios.BASELINE)
    return scenario.at_rest(base.id, base.title)


def _variables(built: builder.BuiltRun, variables: Sequence[str] | None, details: Sequence[str]) -> list[str]:
    names, others = results.requested(built.study, variables, details)
    return results.needed(built.study, names, others, details)


_RUNS = Cache(2)
"""Runs made once for all that ask for them: of the baseline, for rules and price tags."""
_BASELINES = Cache(2)
"""Their results, for all tables of a run that compare with them."""


def _kept(built: builder.BuiltRun, variables: tuple[str, ...], engine: str) -> xr.Dataset:
    """Return a run, known by what it is told and what it is to return."""
    run: xr.Dataset = _RUNS.get((_identity(built), variables, engine), lambda: builder.simulate(
        built, variables=list(variables), engine=engine))
    return run


def _identity(built: builder.BuiltRun) -> tuple[str, ...]:
    keys = ("equations_sha256", "data_sha256", "scenario_sha256")
    return (*(str(built.manifest[key]) for key in keys), str(built.start), str(built.end))


def forget() -> None:
    """Forget the runs of the baseline that are kept for rules and price tags."""
    _RUNS.clear()
    _BASELINES.clear()


def changes(run: PlainRun, built: builder.BuiltRun) -> rule.Changes:
    """Return the relative change of residents of every county by calendar year, from the first that is checked.

    Args:
        run: a run without the levers of the scenario.
        built: what ran.
    """
    residents, dims = run.arrays[_RESIDENTS]
    years = range(built.clock.baseline - 1, built.end)
    ends = Calendar.of(years, run.times).at_ends(residents)
    change = ends[1:] / ends[:-1] - 1
    counties = [place.element for place in built.places if not place.is_rest]
    column = {place: position for position, place in enumerate(run.elements[dims[1]])}
    return {
        place: {year: float(change[row, column[place]]) for row, year in enumerate(years[1:]) if built.start < year}
        for place in counties
    }
