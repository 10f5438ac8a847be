"""A run that no engine made: small numbers of people with consistent totals, in the form an engine returns."""

from __future__ import annotations

import numpy as np
import xarray as xr

from xiancheng.model import catalogue
from xiancheng.model.build import BuiltRun
from xiancheng.outputs import formulas
from xiancheng.outputs.moments import SPANS

AGES = [*(f"a{age}" for age in range(85)), "a85_plus"]
STEP = 0.125


def run(built: BuiltRun, seed: int = 1) -> xr.Dataset:
    """Return a run in engine form: Vensim names, dims time and place and those of persons."""
    random = np.random.default_rng(seed)
    places = list(built.places.elements)
    time = np.arange(built.start, built.end + 0.25 + STEP / 2, STEP)
    elapsed = (time - built.start)[:, None]
    begin = random.uniform(50, 500, (len(places), 2, 2, len(AGES)))
    growth = random.uniform(-0.02, 0.02, (len(places), 2, 2, 1))
    persons = begin * np.exp(growth * elapsed[..., None, None, None].reshape(-1, 1, 1, 1, 1))
    newborns = np.where((time % 1 == 0)[:, None, None, None], 0.0, np.full((len(time), len(places), 2, 2), 3.0))
    town, village = (persons.sum((3, 4)) + newborns.sum(3))[:, :, 0], (persons.sum((3, 4)) + newborns.sum(3))[:, :, 1]

    def total(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, len(places)) * elapsed

    by_age = persons.sum((2, 3))
    by_place = {
        "residents": town + village,
        "residents aged 0 to 14": by_age[..., :15].sum(-1) + newborns.sum((2, 3)),
        "residents aged 18 to 34": by_age[..., 18:35].sum(-1),
        "residents aged 65 and over": by_age[..., 65:].sum(-1),
        "women aged 20 to 34": persons[:, :, :, 0, 20:35].sum((2, 3)),
        "town residents": town,
        "village residents": village,
        "counted residents": (town + village) / 1.01,
        "coverage factor": np.full_like(town, 1.01),
        "births total": total(100, 300),
        "deaths total": total(100, 300),
        "departures total": total(500, 900),
        "arrivals total": total(300, 900),
        "departures to outside total": total(50, 100),
        "arrivals from outside total": total(50, 100),
        "young departures total": total(100, 400),
        "in place transfer total": total(50, 100),
        "town natural change total": total(1, 20),
        "town net migration total": total(-10, 50),
        "registered population": town + village * 1.1,
        "registered urban share": np.full_like(town, 0.4),
        "registered elsewhere": 0.1 * town,
        "entitled residents": 0.05 * town,
    }
    variables = {name: (("time", "place"), values) for name, values in by_place.items()}
    variables |= _others(built, elapsed, random, {*by_place, "persons", "newborns"})
    variables["persons"] = (("time", "place", "settlement", "sex", "age"), persons)
    variables["newborns"] = (("time", "place", "settlement", "sex"), newborns)
    people = {"settlement": ["town", "village"], "sex": ["female", "male"], "age": AGES}
    labels = {"time": time, "place": places, **people, **_elements(built, variables, people)}
    data = xr.Dataset(variables, labels)
    data["persons"].attrs = {"units": "person", "description": "Residents by completed age."}
    return data


def _others(
    built: BuiltRun, elapsed: np.ndarray, random: np.random.Generator, known: set[str]
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Every other variable that the formulas of the study read: totals that rise, all else steady and above 0."""
    table = formulas.read(built.study)
    running = [one.numerator for one in table.values() if one.numerator and one.reading in SPANS]
    flows = {name for numerator in running for name in numerator.variables}
    wanted = [name for name in formulas.needed(table, list(table)) if name.replace("_", " ") not in known]
    defined = {one.id: one for one in catalogue.read(built.study)} if wanted else {}
    sizes = {name: len(elements) for name, elements in catalogue.elements(built.study).items()} if wanted else {}
    found = {}
    for name in wanted:
        dims = defined[name].dims
        shape = tuple(len(built.places) if dim == "place" else sizes[dim] for dim in dims)
        rise = elapsed.reshape(-1, *[1] * len(shape)) if name in flows else np.ones((len(elapsed), *[1] * len(shape)))
        found[defined[name].name] = (("time", *dims), rise * random.uniform(1, 2, shape))
    return found


def _elements(
    built: BuiltRun, variables: dict[str, tuple[tuple[str, ...], np.ndarray]], people: dict[str, list[str]]
) -> dict[str, list[str]]:
    """The elements of every subscript besides those of people."""
    dims = {dim for held, _ in variables.values() for dim in held} - {"time", "place", *people}
    known = catalogue.elements(built.study) if dims else {}
    return {dim: list(known[dim]) for dim in dims}
