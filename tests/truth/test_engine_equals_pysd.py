"""The study's equations by the compiled engine and by PySD, which reads the same text: every variable, every year."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.conftest import EQUATIONS
from xiancheng import engine
from xiancheng.engine import reference

pytestmark = pytest.mark.long

ZERO = "migration balance"
"""Zero at every step by cancellation: held against the flows that cancel."""

YEARS = [2020.0 + year for year in range(16)]


def moved() -> dict[str, object]:
    """Levers on the move and income switched on, so that no equation rests at a neutral value."""
    times = np.array([2020.0, 2024.2, 2030.2])
    return {
        "income switch": 1.0,
        "mortality multiplier": engine.TimePath(times, np.array([1.0, 0.9, 1.1])),
        "outside attractiveness": engine.TimePath(times, np.array([0.0, 0.1, -0.2])),
    }


def test_every_variable_of_every_year_is_that_of_pysd() -> None:
    """|engine - PySD| stays within 1e-9 of the largest value of the variable."""
    parameters = moved()
    yearly = EQUATIONS.read_text(encoding="utf-8").replace("SAVEPER = TIME STEP", "SAVEPER = 0.5")
    program = engine.compile(EQUATIONS, inputs=tuple(parameters), text=yearly)
    ours = engine.run(program, parameters)
    theirs = reference.run(EQUATIONS, parameters, text=yearly)
    assert set(ours.data_vars) == set(theirs.data_vars)
    assert set(YEARS) <= set(ours["time"].to_numpy())
    wrong = {}
    for name in theirs.data_vars:
        expected = theirs[name].to_numpy()
        found = ours[name]
        if "time" not in found.dims and "time" in theirs[name].dims:
            found = found.expand_dims(time=theirs["time"])
        difference = np.abs(found.transpose(*theirs[name].dims).to_numpy() - expected).max()
        largest = np.abs(theirs["net outside" if name == ZERO else name].to_numpy()).max()
        if not difference <= 1e-9 * largest + 1e-12:
            wrong[str(name)] = float(difference)
    assert not wrong
