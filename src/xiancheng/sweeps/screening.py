"""Screening by constants: how a figure answers to every constant of the equations, from one way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xiancheng.engine.results import prepare
from xiancheng.engine.source import key
from xiancheng.engine.variants import complete
from xiancheng.model import build as builder
from xiancheng.model import catalogue
from xiancheng.model.build import BuiltRun
from xiancheng.model.settings import Scenario
from xiancheng.outputs import journey, spots
from xiancheng.outputs import result as results
from xiancheng.study import Study, study_of
from xiancheng.sweeps import gradient


@dataclass(frozen=True)
class Elasticity:
    """How a figure answers to a constant.

    Attributes:
        constant: its id; unit: its unit.
        value: what it is [unit].
        slope: change of the figure for one more of it [unit of the figure per unit].
        elasticity: change of the figure in per cent for one per cent of it, missing where the figure is 0.
    """

    constant: str
    unit: str
    value: float
    slope: float
    elasticity: float


def elasticities(
    figure: str, scenario: str | Path | Scenario = "baseline", *, study: Study | str | Path | None = None
) -> tuple[Elasticity, ...]:
    """Return how a figure answers to every constant of the equations without dimensions, largest first.

    Args:
        figure: an indicator with a year and an area, such as "residents@2035:68".
        scenario: what runs.
        study: the study or its folder; found as the command line finds it when None.

    Raises:
        StudyError: an unknown figure or scenario.
    """
    built = journey.prepare(study_of(study), scenario)
    spot = spots.spots(built, [figure])[0]
    rows = {row.name: row for row in catalogue.read(built.study) if row.kind == "constant" and not row.dims}
    opened = _opened(built, tuple(name for name in rows if name not in built.parameters))
    run = gradient.run(opened, resting=True)
    slopes = run.by_numbers([spot], np.ones(1))
    level = float(run.values([spot])[0])
    answers = []
    for name, row in rows.items():
        if key(name) not in slopes:
            continue
        value, slope = float(np.asarray(opened.parameters[name])), float(slopes[key(name)])
        answers.append(Elasticity(row.id, row.unit, value, slope, slope * value / level if level else np.nan))
    return tuple(sorted((row for row in answers if row.slope), key=lambda row: -abs(row.slope * row.value)))


def _opened(built: BuiltRun, names: tuple[str, ...]) -> BuiltRun:
    """Return a run that is told the constants that its equations have by themselves."""
    listed, others = results.requested(built.study, None)
    needed = tuple(results.needed(built.study, listed, others, ()))
    program = builder.program(built.study, built.text, needed, (*built.parameters, *names))
    numbers = complete(program, prepare(program, built.parameters)).numbers
    own = {name: float(numbers[key(name)]) for name in names if key(name) in numbers}
    return replace(built, parameters={**built.parameters, **own})
