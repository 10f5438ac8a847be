"""Models that other engines were reported to compute wrongly: the values are Vensim's, or worked out on paper.

Each model of cases/ is one report; values.csv says where it was made and what is right at which time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from xiancheng import engine

HERE = Path(__file__).parent / "cases"
with (HERE / "values.csv").open(encoding="utf-8", newline="") as lines:
    RIGHT = {row["case"]: row["right"] for row in csv.DictReader(lines)}
SETTINGS: Mapping[str, Mapping[str, float]] = {"04_setting_reaches_initial": {"init pop": 50.0}}
_VALUE = re.compile(r"(?P<name>[^@\[;]+?)(?:\[(?P<elements>[^\]]*)\])?@(?P<time>[\d.]+)=(?P<value>[-\d.e]+)")


def value(result: xr.Dataset, name: str, elements: str | None, time: float) -> float:
    """One cell of a result."""
    array = result[name.strip()]
    dims = [dim for dim in array.dims if dim != "time"]
    places = dict(zip(dims, elements.split(",") if elements else [], strict=True))
    return float(array.sel(places).sel(time=time, method="nearest"))


def wrong(case: str, result: xr.Dataset) -> list[str]:
    """The values of a case that a result does not give."""
    stated = [match.groupdict() for match in _VALUE.finditer(RIGHT[case])]
    assert stated
    got = [(item, value(result, item["name"], item["elements"], float(item["time"]))) for item in stated]
    return [f"{item}: {ours}" for item, ours in got if not np.isclose(ours, float(item["value"]), rtol=1e-9, atol=1e-9)]


def test_every_model_has_its_values() -> None:
    assert {path.stem for path in HERE.glob("*.mdl")} == set(RIGHT)


@pytest.mark.parametrize("backend", ["numpy", "jax"])
@pytest.mark.parametrize("case", sorted(RIGHT))
def test_the_values_are_right_in_every_run_of_a_program(case: str, backend: str) -> None:
    settings = SETTINGS.get(case, {})
    program = engine.compile(HERE / f"{case}.mdl", inputs=list(settings))
    for _ in range(2):
        assert wrong(case, engine.run(program, settings, backend=backend)) == []


def test_a_save_period_may_follow_from_the_step() -> None:
    assert engine.run(engine.compile(HERE / "09_saveper_from_time_step.mdl")).sizes["time"] == 7
