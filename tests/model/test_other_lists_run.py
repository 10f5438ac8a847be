"""A study of other places is data alone: whatever the list, the same equations run and the province stays the same."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import xiancheng
from xiancheng import engine
from xiancheng.model import build as builder
from xiancheng.model.new_study import new_study
from xiancheng.outputs import journey
from xiancheng.study import Study

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PROVINCE = 101_527_453
TEN = ("371522", "370115", "370829", "371321", "371402", "371425", "371602", "371725", "370832", "370683")


def units() -> list[dict[str, str]]:
    """The county-level units of the province."""
    with (ROOT / "model" / "tables" / "units.csv").open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] != "development_zone"]


def lowest_of_2010() -> list[str]:
    """The 68 units with the lowest urban share in 2010."""
    people: dict[str, dict[str, float]] = {}
    with (ROOT / "model" / "tables" / "census_units.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["year"] == "2010" and row["quantity"] in ("residents", "urban_residents"):
                people.setdefault(row["place"], {})[row["quantity"]] = float(row["value"])
    return sorted(people, key=lambda code: people[code]["urban_residents"] / people[code]["residents"])[:68]


def listed(name: str) -> list[str]:
    """The codes of a list by name."""
    codes = [row["code"] for row in units()]
    return {"ten": list(TEN), "all 136": codes}.get(name, lowest_of_2010())


LISTS = [
    ("ten", 2020),
    ("ten", 2010),
    ("all 136", 2020),
    ("68 lowest of 2010", 2020),
]
"""Every list is a compiled program of its own."""


def made(folder: Path, codes: list[str]) -> Path:
    """A study of a list."""
    chosen = folder / "list.csv"
    chosen.write_text("\n".join(codes) + "\n", encoding="utf-8")
    new_study(ROOT, folder / "study", chosen)
    return folder / "study"


def test_a_study_of_another_list_begins_with_its_census(tmp_path: Path) -> None:
    """Its first year, computed on the host, for which nothing is compiled."""
    built = journey.prepare(Study(made(tmp_path, list(TEN))), end=2021)
    program = builder.program(built.study, built.text, ("residents", "town residents"), tuple(built.parameters))
    people = engine.run(program, built.parameters, backend="numpy")["residents"]
    assert people.sizes["place"] == len(built.places)
    assert int(built.places.listed.sum()) == len(TEN)
    assert float(people.isel(time=0).sum()) == pytest.approx(PROVINCE, rel=1e-12)
    assert float(people.sel(time=2021).sum()) == pytest.approx(PROVINCE, rel=0.005)
    assert bool((people > 0).all())


@pytest.mark.study
@pytest.mark.parametrize(("name", "start"), LISTS)
def test_a_study_of_another_list_runs_to_2035(tmp_path: Path, name: str, start: int) -> None:
    """Every list gives finite results for every place, the census at its start and the same province by and large."""
    codes = listed(name)
    result = xiancheng.run(study=made(tmp_path, codes), start=start, variables=["residents", "urban_share"])
    assert int(result["in_68"].sum()) == len(codes)
    assert np.isfinite(result["residents"]).all()
    province = result["residents"].sum("place")
    assert float(province.sel(year=2020)) == pytest.approx(PROVINCE, rel=1e-12 if start == 2020 else 0.02)
    assert float(province.sel(year=2035)) == pytest.approx(94.1e6, rel=0.03)
