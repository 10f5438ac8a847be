"""One compiled program of the whole linked model for all rules: every lever, loop and start figure is an input."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from benchmarks import baseline_data
from xiancheng import engine
from xiancheng.engine import read
from xiancheng.engine.program import Program

ROOT = Path(__file__).parents[2]
EQUATIONS = ROOT / "model" / "urbanisation.mdl"
LOOPS = ("R1", "R2", "R3", "R4", "R5", "R6", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9",
         "B10")
CUTS = {f"loop {loop} on": 0.0 for loop in LOOPS} | {"economic feedback on": 0.0, "childcare births on": 0.0}
STILL = {"migration on": 0.0, "in place on": 0.0, "reclassification on": 0.0}
PEOPLE = ("initial persons", "initial registered elsewhere", "initial registered population", "initial jobs")
"""Start figures that add up over places."""
SHAPES = (
    "in list", "pole", "core pole", "agriculture share of jobs in 2010", "registered outside share in 2010",
    "mortality relative", "coverage factor", "relative fertility", "product per person", "employment share",
    "start urban share", "registered town share at start", "productivity at start", "start floor area per person",
    "start persons per household", "relative health capacity at start", "relative town school capacity at start",
    "relative village school capacity at start", "relative lift share at start", "market homes score at start",
    "start rented share", "start piped water share", "start cars per household",
    "in circle", "relative carbon intensity", "in jiaodong",
)
"""Start figures that do not."""
PAIRS = ("distance", "same prefecture", "same circle")
EXTREMES = (
    "debt ceiling ratio", "land income level", "transfer level", "size exponent", "agglomeration elasticity",
    "minimum school size", "outside inflow scale", "place number", "births on", "deaths on", "total fertility rate",
    "income change elasticity", "job pull", "rent response", "service response", "land return rate",
    "commuting effect", "migration rate", "displacement share", "share of posts that would come anyway",
    "programme post loss rate", "public capital on", "price of debt on", "carbon limit", "smallest energy heavy share",
    "closing share of carbon limit", "appeal residual",
)
RESULTS = (
    "residents", "town residents", "urban share", "births total", "deaths total", "arrivals total", "departures total",
    "migration balance", "arrivals within province", "money balance", "money in", "floor area balance",
    "town floor area", "coverage", "job chance", "vacancy", "rent burden", "funded share of investment",
    "funded share of operation", "service built share", "programme built share", "service quality", "leakage",
    "sewage collected share", "transit trips share", "clean heat share", "used childcare share", "unfunded need",
    "unfunded need total", "public cost of programmes total", "public spending total", "gross product", "jobs",
    "income per resident", "carbon dioxide total", "carbon dioxide", "energy per value added", "service capacity",
    "service need", "explicit debt", "hidden debt", "public investment", "public revenue", "house price",
    "arrivals in place", "registered elsewhere", "industry energy use", "persons", "rent leaving factor",
    "households with rent allowance", "low income tenants", "entitlement leaving factor", "entitled share",
    "entitlement leaving response", "need met", "schooling weight", "child care weight", "health weight",
    "network weight", "funded share of duties", "funded share of growth", "funded share of other investment",
    "interest margin", "debt to product", "start debt to product", "labour force", "rent change",
    "leaving pull at age", "movers pull", "energy heavy capacity", "energy heavy posts", "covered carbon dioxide",
    "carbon allowances", "energy saved by works", "start energy saved by works", "abatement cost total",
    "public abatement cost total", "avoided carbon dioxide total", "energy bills saved total", "tax revenue",
    "value added", "energy mix of industry", "annuity of measure", "interest of measure",
    "life of measure",
)
BUILDINGS = (
    "homes pulled down for renewal", "renovated floor area", "floor area", "town floor area", "floor area balance",
    "slab floor area", "unsafe floor area found", "unsafe floor area not found", "share of renewal possible",
    "sites renewed", "idle floor area converted", "idle non residential floor area", "service capacity",
    "capacity opened in public buildings", "embodied carbon dioxide running total", "wanted programme investment",
    "mending wanted", "mending paid by the fund", "balance of the safety fund", "paid into the safety fund",
    "homes built for renewal", "housing demolition", "dual use floor area added", "cost of mending",
)
"""What the rules of buildings read."""
SHARES = (
    "urban share", "coverage", "job chance", "vacancy", "funded share of investment", "funded share of operation",
    "service built share", "programme built share", "service quality", "leakage", "sewage collected share",
    "transit trips share", "clean heat share", "used childcare share",
)
Run = Callable[..., xr.Dataset]


@cache
def lever_rows() -> dict[str, dict[str, str]]:
    """Rows of scenarios/levers.csv by the name of their variable."""
    with (ROOT / "scenarios" / "levers.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"].replace("_", " "): row for row in csv.DictReader(lines)}


def level(lever: str, column: str) -> float:
    """A column of a lever's row in the unit of its variable."""
    row = lever_rows()[lever]
    return float(row[column]) * float(row["model_factor"])


def path(lever: str, values: Any) -> engine.TimePath:
    """A lever at its baseline to the end of 2025, at `values` (place) from 2028 on."""
    base = np.full(np.shape(values), level(lever, "baseline"))
    return engine.TimePath(np.array([2010.0, 2025.0 + 1 / 6, 2028.0 + 1 / 6]), np.stack([base, base, values]))


def equations_from(start: int) -> str:
    """The equations from another census, saved every half year."""
    text = EQUATIONS.read_text(encoding="utf-8").replace("SAVEPER = TIME STEP", "SAVEPER = 0.5")
    return text.replace("start_2020", f"start_{start}").replace("INITIAL TIME = 2020", f"INITIAL TIME = {start}")


@cache
def model() -> read.Model:
    """The equations as read."""
    return read.read(EQUATIONS)


SIGNED = ("extra industry posts", "extra core posts", "industry crowded out", "carbon pool balance")
"""Stocks that count what a lever adds or, set below its trend, takes away; what a place gave less what it got."""


@cache
def stocks() -> tuple[str, ...]:
    """Names of all stocks but those that may be negative: SIGNED and running totals, which may be of nets."""
    return tuple(
        one.name for one in model().variables.values()
        if one.kind == "stock" and not one.name.endswith(" total") and one.name not in SIGNED
    )


@cache
def limits() -> tuple[str, ...]:
    """Names of the variables that say where an outflow limit binds."""
    return tuple(one.name for one in model().variables.values() if one.name.endswith(" limited"))


@cache
def program(start: int) -> Program:
    """The compiled equations."""
    outputs = tuple(dict.fromkeys((*RESULTS, *BUILDINGS, *baseline_data.VARIABLES, *stocks(), *limits())))
    inputs = (*lever_rows(), *CUTS, *STILL, *PEOPLE, *SHAPES, *PAIRS, *EXTREMES)
    return engine.compile(EQUATIONS, outputs=outputs, inputs=inputs, text=equations_from(start))


def run(parameters: Mapping[str, Any] | None = None, start: int = 2020) -> xr.Dataset:
    """Run the linked model; every lever is given as a path, so that one compiled program serves all runs."""
    return engine.run(program(start), {**at_rest(), **(parameters or {})})


@cache
def at_rest() -> dict[str, engine.TimePath]:
    """Every lever at its baseline."""
    places = columns()["in list"].shape[0]
    return {lever: path(lever, np.full(places, level(lever, "baseline"))) for lever in lever_rows()}


@cache
def columns(start: int = 2020) -> dict[str, np.ndarray]:
    """What the model reads of its places, in the model's own order."""
    names = (*PEOPLE, *SHAPES, *PAIRS, "place number")
    found = engine.run(engine.compile(EQUATIONS, outputs=names, text=equations_from(start)), {})
    still = {name: found[name].isel(time=0) if "time" in found[name].dims else found[name] for name in names}
    return {name: value.to_numpy() for name, value in still.items()}


@cache
def untouched() -> xr.Dataset:
    """The run that nothing moves."""
    return run()
