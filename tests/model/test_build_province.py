"""The scenarios room and the equations of the province speak of the same variables in the same units."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from xiancheng.engine import reference
from xiancheng.model import build, catalogue
from xiancheng.scenarios import assumptions, levers, scenario
from xiancheng.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(Path(__file__).resolve().parents[2])


def test_every_lever_and_assumption_sets_a_variable_of_the_equations(study: Study) -> None:
    known = {variable.name for variable in catalogue.read(study)}
    wanted = {lever.variable for lever in levers.read(study).values()}
    wanted |= {assumption.variable for assumption in assumptions.read(study).values()}
    assert wanted <= known


def test_every_variable_of_the_equations_has_a_unit_a_sentence_and_a_group(study: Study) -> None:
    silent = [one.name for one in catalogue.read(study) if not (one.unit and one.sentence and one.group)]
    assert not silent


def test_every_constant_of_parameters_csv_carries_a_mark_and_a_source(study: Study) -> None:
    marked = [variable for variable in catalogue.read(study) if variable.value is not None]
    assert len(marked) > 30
    assert not [one.name for one in marked if not one.evidence or not one.source]


@pytest.mark.long
def test_every_lever_stands_at_its_baseline_in_the_equations(study: Study) -> None:
    """What a scenario sets, times its factor, is what the equations take."""
    found = levers.read(study)
    run = build.build(study, scenario.read(study, "baseline"))
    short = re.sub(r"(FINAL TIME\s*=\s*)[\d.]+", r"\g<1>2020.125", run.text)
    names = [lever.variable for lever in found.values()]
    values = reference.run(study.equations, {}, outputs=names, text=short)
    differing = {
        lever.id: float(values[lever.variable].isel(time=0).max())
        for lever in found.values()
        if not np.allclose(values[lever.variable].isel(time=0), lever.baseline * lever.model_factor)
    }
    assert not differing
