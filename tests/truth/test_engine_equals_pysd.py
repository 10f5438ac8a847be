"""The study's equations by the compiled engine and by PySD, which reads the same text: every variable, every year."""

from __future__ import annotations

import numpy as np
import pytest

from tests.rules.conftest import EQUATIONS
from xiancheng import engine
from xiancheng.engine import reference

pytestmark = pytest.mark.long

ZERO = {
    "migration balance": "net outside",
    "floor area balance": "town floor area",
    "money balance": "money in",
}
"""Zero at every step by cancellation: held against what cancels."""

FIRST, LAST = 2020, 2035


def moved() -> dict[str, object]:
    """Levers of every sector on the move and income switched on, so that no equation rests at a neutral value."""
    times = np.array([2020.0, 2024.2, 2030.2])
    early = np.array([2020.0, 2020.5, 2030.2])

    def lever(*values: float) -> engine.TimePath:
        return engine.TimePath(early, np.array(values))

    return {
        "county industry": lever(0.0, 0.003, 0.001),
        "core city growth": lever(0.0, 0.005, 0.0),
        "market land supply": lever(0.45, 0.8, 0.2),
        "affordable housing": lever(0.05, 0.2, 0.1),
        "childcare places": lever(0.2, 0.4, 0.3),
        "school merge": lever(0.04, 0.08, 0.0),
        "special bonds": lever(3000.0, 4500.0, 500.0),
        "debt discipline": lever(1.0, 0.5, 1.0),
        "county transfer": lever(0.0, 500.0, -200.0),
        "industry efficiency": lever(0.03, 0.05, 0.02),
        "clean heating homes": lever(0.7, 0.95, 0.8),
        "income switch": 1.0,
        "mortality multiplier": engine.TimePath(times, np.array([1.0, 0.9, 1.1])),
        "outside attractiveness": engine.TimePath(times, np.array([0.0, 0.1, -0.2])),
    }


@pytest.mark.parametrize(("end", "backend"), [(FIRST + 1, "numpy"),
                                              pytest.param(LAST, "jax", marks=pytest.mark.study)])
def test_every_variable_of_every_year_is_that_of_pysd(end: int, backend: str) -> None:
    """|engine - PySD| stays within 1e-9 of the largest value of the variable.

    All years take PySD minutes. One year is computed on the host: the same plan of the same equations, for which no
    program of all variables has to be compiled; compiled code is held against it wherever models are small.
    """
    parameters = moved()
    yearly = EQUATIONS.read_text(encoding="utf-8").replace("SAVEPER = TIME STEP", "SAVEPER = 0.5")
    yearly = yearly.replace("FINAL TIME = 2035.25", f"FINAL TIME = {end}")
    assert f"FINAL TIME = {end}" in yearly
    program = engine.compile(EQUATIONS, inputs=tuple(parameters), text=yearly)
    ours = engine.run(program, parameters, backend=backend)
    theirs = reference.run(EQUATIONS, parameters, text=yearly)
    assert set(ours.data_vars) == set(theirs.data_vars)
    assert set(range(FIRST, end + 1)) <= set(ours["time"].to_numpy())
    wrong = {}
    for name in theirs.data_vars:
        expected = theirs[name].to_numpy()
        found = ours[name]
        if "time" not in found.dims and "time" in theirs[name].dims:
            found = found.expand_dims(time=theirs["time"])
        difference = np.abs(found.transpose(*theirs[name].dims).to_numpy() - expected).max()
        largest = np.abs(theirs[ZERO.get(str(name), str(name))].to_numpy()).max()
        if not difference <= 1e-9 * largest + 1e-12:
            wrong[str(name)] = float(difference)
    assert not wrong
