"""The way of a run, from a study to a result, in one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xarray as xr

from xiancheng.engine.source import key
from xiancheng.model import build as builder
from xiancheng.model import tables
from xiancheng.outputs import result as results
from xiancheng.scenarios import scenario as scenarios
from xiancheng.study import Study


def prepare(
    study: Study,
    scenario: str | Path | scenarios.Scenario = scenarios.BASELINE,
    settings: Sequence[str] = (),
    *,
    start: int = builder.START,
    end: int = builder.END,
    constants: Mapping[str, float] | None = None,
    command: str = "",
) -> builder.BuiltRun:
    """Read a scenario, put settings on top and build the run.

    Args:
        study: the study.
        scenario: id of one of its scenarios, a TOML file, or a Scenario.
        settings: id=value[@year][:place].
        start: year of the census it starts from.
        end: last whole calendar year.
        constants: more constants of the model by name, in their units.
        command: the command line, for the manifest.

    Raises:
        StudyError: every problem of the blocks of the study, of the scenario or of the settings.
    """
    tables.check(study.root)
    base = scenario if isinstance(scenario, scenarios.Scenario) else scenarios.read(study, scenario)
    told = scenarios.from_settings(study, settings, base)
    return builder.build(study, told, start=start, end=end, constants=constants, command=command)


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
        StudyError: a name that is neither indicator nor variable.
    """
    names, others = results.requested(built.study, variables, details)
    words = key(built.text)
    wanted = [name for name in results.needed(names, others, details) if name in words]
    data = builder.simulate(built, variables=wanted, engine=engine, progress=progress)
    return results.result(data, built, variables=variables, details=details, engine=engine)
