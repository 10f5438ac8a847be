"""A study of other places is data alone: whatever the list, the same equations run and the province stays the same."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import xiancheng
from xiancheng.model.new_study import new_study

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


STUDY = pytest.mark.study
LISTS = [
    ("ten", 2020),
    pytest.param("ten", 2010, marks=STUDY),
    pytest.param("all 136", 2020, marks=STUDY),
    pytest.param("68 lowest of 2010", 2020, marks=STUDY),
]
"""Every list is a compiled program of its own."""


@pytest.mark.parametrize(("name", "start"), LISTS)
def test_a_study_of_another_list_runs_to_2035(tmp_path: Path, name: str, start: int) -> None:
    """Every list gives finite results for every place, the census at its start and the same province by and large."""
    codes = listed(name)
    chosen = tmp_path / "list.csv"
    chosen.write_text("\n".join(codes) + "\n", encoding="utf-8")
    new_study(ROOT, tmp_path / "study", chosen)
    result = xiancheng.run(study=tmp_path / "study", start=start, variables=["residents", "urban_share"])
    assert int(result["in_68"].sum()) == len(codes)
    assert np.isfinite(result["residents"]).all()
    province = result["residents"].sum("place")
    assert float(province.sel(year=2020)) == pytest.approx(PROVINCE, rel=1e-12 if start == 2020 else 0.02)
    assert float(province.sel(year=2035)) == pytest.approx(94.1e6, rel=0.03)
