"""The scenarios room and the equations of the province speak of the same variables in the same units."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xiancheng.model import catalogue
from xiancheng.scenarios import assumptions, levers
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


def test_every_lever_stands_at_its_baseline_in_the_block_that_the_equations_read(study: Study) -> None:
    """What a scenario sets, times its factor, is what the equations take."""
    block = pd.read_csv(study.blocks / "levers.csv", index_col="place")
    for lever in levers.read(study).values():
        np.testing.assert_array_equal(block[lever.variable], lever.baseline * lever.model_factor)
