"""One compiled program for all rules of people: the demographic core, every constant that a rule moves an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from xiancheng import engine
from xiancheng.model.core import core_only
from xiancheng.study import Study

ROOT = Path(__file__).parents[2]
EQUATIONS = ROOT / "model" / "urbanisation.mdl"
SWITCHES = ("migration on", "in place on", "reclassification on", "deaths on")
LEVERS = ("in situ settlement", "registration ease", "residence based services")
RATES = (
    "migration rate",
    "student rate",
    "outside migration rate",
    "in place rate",
    "mortality multiplier",
    "total fertility rate",
    "outside attractiveness",
    "reclassification level",
    "income switch",
    "in place pace",
)
PLACE_COLUMNS = (
    "in list",
    "pole",
    "core pole",
    "agriculture share of jobs in 2010",
    "registered outside share in 2010",
    "mortality relative",
    "coverage factor",
    "relative fertility",
    "product per person",
    "employment share",
    "start urban share",
    "initial registered population",
    "registered town share at start",
    "initial persons",
    "initial registered elsewhere",
)
PAIR_COLUMNS = ("distance", "same prefecture")
OUTPUTS = (
    "persons",
    "newborns",
    "departures",
    "residents",
    "town residents",
    "urban share",
    "coverage factor",
    "counted residents",
    "births total",
    "deaths total",
    "arrivals total",
    "departures total",
    "departures within province total",
    "departures to outside total",
    "arrivals from outside total",
    "in place transfer total",
    "migration balance",
    "arrivals within province",
    "entitled share",
    "registered elsewhere stock",
    "registered population",
    "registered urban share",
    "destination share",
    "arrival town share",
    "students elsewhere",
    "students outside",
)
Run = Callable[..., xr.Dataset]


def equations_from(start: int) -> str:
    """The demographic core with another start census."""
    text = core_only(EQUATIONS.read_text(encoding="utf-8"), Study(EQUATIONS.parents[1]))
    return text.replace("start_2020", f"start_{start}").replace("INITIAL TIME = 2020", f"INITIAL TIME = {start}")


def runner(start: int) -> Run:
    program = engine.compile(
        EQUATIONS,
        outputs=OUTPUTS,
        inputs=(*SWITCHES, *LEVERS, *RATES, *PLACE_COLUMNS, *PAIR_COLUMNS),
        text=equations_from(start),
    )

    def run(parameters: Mapping[str, Any] | None = None) -> xr.Dataset:
        return engine.run(program, dict(parameters or {}))

    return run


@pytest.fixture(scope="session")
def run_2020() -> Run:
    """Run the study from the census of 2020."""
    return runner(2020)


@pytest.fixture(scope="session")
def run_2010() -> Run:
    """Run the study from the census of 2010."""
    return runner(2010)


@pytest.fixture(scope="session")
def baseline(run_2020: Run) -> xr.Dataset:
    """The run that no lever moves."""
    return run_2020()
