"""A run that no engine made: small numbers of people with consistent totals, in the form an engine returns."""

from __future__ import annotations

import numpy as np
import xarray as xr

from xiancheng.model.build import BuiltRun

AGES = [*(f"a{age}" for age in range(85)), "a85_plus"]
STEP = 0.125


def run(built: BuiltRun, seed: int = 1) -> xr.Dataset:
    """Return a run in engine form: Vensim names, dims time and place and those of persons."""
    random = np.random.default_rng(seed)
    places = [str(place) for place in built.places.index]
    time = np.arange(built.start, built.end + 0.25 + STEP / 2, STEP)
    elapsed = (time - built.start)[:, None]
    begin = random.uniform(50, 500, (len(places), 2, 2, len(AGES)))
    growth = random.uniform(-0.02, 0.02, (len(places), 2, 2, 1))
    persons = begin * np.exp(growth * elapsed[..., None, None, None].reshape(-1, 1, 1, 1, 1))
    newborns = np.where((time % 1 == 0)[:, None, None, None], 0.0, np.full((len(time), len(places), 2, 2), 3.0))
    town, village = (persons.sum((3, 4)) + newborns.sum(3))[:, :, 0], (persons.sum((3, 4)) + newborns.sum(3))[:, :, 1]

    def total(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, len(places)) * elapsed

    by_place = {
        "residents": town + village,
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
    variables["persons"] = (("time", "place", "settlement", "sex", "age"), persons)
    variables["newborns"] = (("time", "place", "settlement", "sex"), newborns)
    labels = {"time": time, "place": places, "settlement": ["town", "village"], "sex": ["female", "male"], "age": AGES}
    data = xr.Dataset(variables, labels)
    data["persons"].attrs = {"units": "person", "description": "Residents by completed age."}
    return data
