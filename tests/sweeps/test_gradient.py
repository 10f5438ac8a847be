"""The slope of any figure by a lever at a place is what the figure gains when the lever is moved there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xiancheng.engine.parameters import TimePath
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import journey, spots
from xiancheng.study import Study
from xiancheng.sweeps import gradient
from xiancheng.sweeps.gradient import GradientRun

WORDS = ("residents@2035:68", "residents@2030:province", "residents@2028")


@pytest.fixture(scope="module")
def built(mini: Study) -> BuiltRun:
    return journey.prepare(mini, settings=["grant=9000@2029:68", "tax_relief=0.2"])


@pytest.fixture(scope="module")
def ahead(built: BuiltRun) -> GradientRun:
    return gradient.run(built)


def moved(built: BuiltRun, name: str, change: np.ndarray) -> BuiltRun:
    """The run with one path moved, at times of its own."""
    path = built.parameters[name]
    return replace(built, parameters={**built.parameters, name: TimePath(path.times, path.values + change)})


@pytest.mark.parametrize(("name", "amount", "column"), [("grant", 20.0, 0), ("grant", 20.0, 3),
                                                        ("tax relief", 1e-3, None)])
def test_a_slope_along_a_path_is_the_central_difference(
    built: BuiltRun, ahead: GradientRun, name: str, amount: float, column: int | None
) -> None:
    chosen = spots.spots(built, WORDS)
    path = built.parameters[name]
    change = np.zeros_like(path.values)
    change[(slice(1, None), *([] if column is None else [column]))] = amount
    between = TimePath(path.times, change)
    for number, _ in enumerate(chosen):
        slopes = ahead.slopes(chosen, np.eye(len(chosen))[number])
        along = np.array([between.at(time) for time in slopes.times])
        slope = float(np.sum(slopes.paths[name.replace(" ", "_")] * along))
        above, below = (gradient.run(moved(built, name, sign * change)).values(chosen)[number] for sign in (1, -1))
        assert slope == pytest.approx((above - below) / 2, rel=1e-5)
        assert (slope != 0) == (column != 3 or chosen[number].area == "province")  # the place is not listed


def test_figures_are_those_of_a_run(built: BuiltRun, ahead: GradientRun) -> None:
    result = journey.run(built)
    total = float(result["residents"].sel(year=2030).sum("place"))
    assert ahead.values(spots.spots(built, WORDS[1:2]))[0] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(("name", "amount", "column"), [("grant", 20.0, 0), ("grant", 20.0, 1), ("grant", 20.0, 2),
                                                        ("tax relief", 1e-3, None)])
def test_slopes_are_the_differences_of_another_engine(
    built: BuiltRun, ahead: GradientRun, name: str, amount: float, column: int | None
) -> None:
    """PySD knows nothing of slopes: it runs the moved paths."""
    path = built.parameters[name]
    change = np.zeros_like(path.values)
    change[(slice(1, None), *([] if column is None else [column]))] = amount
    spot = spots.spots(built, ["residents@2035:province"])
    slopes = ahead.slopes(spot, np.ones(1))
    along = np.array([TimePath(path.times, change).at(time) for time in slopes.times])
    slope = float(np.sum(slopes.paths[name.replace(" ", "_")] * along))
    ends = (journey.run(moved(built, name, sign * change), engine="pysd") for sign in (1, -1))
    above, below = (float(result["residents"].sel(year=2035).sum()) for result in ends)
    assert slope == pytest.approx((above - below) / 2, rel=1e-5)
