"""The baseline of all sectors beside what the census of 2020, the statistics and the inventory say."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from benchmarks import baseline_data
from tests.linked.linked_runs import EQUATIONS, equations_from
from xiancheng import engine


@pytest.fixture(scope="session")
def compared(baseline: xr.Dataset) -> list[baseline_data.Line]:
    """Every line of the comparison; from 2010 on with what it reads alone, which is sooner compiled."""
    program = engine.compile(EQUATIONS, outputs=baseline_data.VARIABLES, text=equations_from(2010))
    return baseline_data.lines(engine.run(program), baseline)


def test_every_scored_figure_lies_where_it_has_to(compared: list[baseline_data.Line]) -> None:
    """Starts fall by 35 to 65 % from 2021 to 2023, direct emissions of three sectors are within 15 %."""
    scored = [line for line in compared if line.met is not None]
    assert len(scored) >= 9
    assert [line.name for line in scored if not line.met] == []


def test_every_line_has_a_figure_and_a_reason(compared: list[baseline_data.Line]) -> None:
    assert all(np.isfinite(line.model) and line.reason for line in compared)
    shown = baseline_data.text(compared)
    assert all(line.name in shown and line.unit in shown for line in compared)


def test_a_figure_off_the_mark_is_said_to_be_off() -> None:
    line = baseline_data.Line("starts", "%", -10.0, -50.0, -65.0, -35.0, "a wrong model")
    assert line.met is False
    assert "**no**" in baseline_data.text([line])
