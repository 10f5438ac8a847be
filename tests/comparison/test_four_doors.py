"""One scenario gives the same numbers through every door: run, sweep, comparison and page.

To the last bit that storage in 4 bytes allows: programs of one run and of many add up in orders of their own, which
differ by less than half a unit in that last place.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from miniature import mini_study

from xiancheng.comparison.comparison import compare
from xiancheng.model import tables
from xiancheng.outputs import formulas, indicators, journey, places, result
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios import scenario as scenarios
from xiancheng.study import Study
from xiancheng.sweeps import api
from xiancheng.web.service import Service
from xiancheng.web.simulator import CompiledSimulator

KINDS = {
    "births": ("sum", "births,stock,,,,,,"),
    "leavers": ("minimum", "leavers,mean of year,,,,,,"),
    "growth": ("population-weighted mean", "residents,growth,,,residents,100,,"),
    "birth_rate": ("ratio of sums", "births,mean of year,,residents,,1000,,"),
    "leaving_rate": ("ratio of sums", "leavers,stock,,residents,,341.2084,,"),
    "births_per_leaver": ("quotient of ratios", ",,birth_rate,leaving_rate,,,,"),
    "shrinking": ("count share", "residents,growth,,,,,kind != pole,< 0"),
    "inequality": ("Theil index", ",,birth_rate,,residents,,,"),
    "spread": ("P90/P10", ",,birth_rate,,,,,"),
}
"""An indicator of every aggregation and most readings: (aggregation, its row of formulas.csv after the id)."""
Numbers = dict[tuple[str, str], np.ndarray]


@pytest.fixture(scope="module")
def small(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The miniature study with an indicator of every kind."""
    study = mini_study(root, tmp_path_factory.mktemp("doors") / "mini")
    catalogue, table = study.outputs / "indicators.csv", study.outputs / "formulas.csv"
    row = catalogue.read_text(encoding="utf-8").splitlines()[1]
    with catalogue.open("a", encoding="utf-8") as file:
        file.writelines(row.replace("residents,", f"{name},", 1).replace(",sum,place;", f",{kind},place;") + "\n"
                        for name, (kind, _) in KINDS.items())
    with table.open("a", encoding="utf-8") as file:
        file.writelines(f"{name},{formula}\n" for name, (_, formula) in KINDS.items())
    return study


def by_run(study: Study, name: str) -> Numbers:
    ran = journey.run(journey.prepare(study, name))
    parts = [ran.assign_coords(place=ran["adcode"].values).rename(place="area"),
             *(places.aggregate(ran, level) for level in places.LEVELS)]
    return {(str(one), str(area)): part[one].sel(area=area).values
            for part in parts for one in part.data_vars for area in part["area"].values}


def by_sweep(study: Study, name: str, store: Path) -> Numbers:
    chosen = list(indicators.read(study))
    table = api.sweep(study=study, sampler="factorial", scenarios=["baseline", name], store=store, indicators=chosen,
                      years="all", places=[*places.LEVELS, "place"])
    return {(one, str(area)): table[one].sel(area=area).isel(run=1).values
            for one in chosen for area in table["area"].values}


def by_comparison(study: Study, name: str) -> tuple[xr.Dataset, xr.Dataset]:
    ran = compare(study, [name], members=0, by_lever=False)
    own = {"scenario": "A", "stress": "reference", "member": 0}
    return ran.areas.sel(own), ran.places.sel(own)


def by_page(study: Study, name: str) -> Numbers:
    built = journey.prepare(study)
    reader = Reader.of(built)
    engine = CompiledSimulator(built, tuple(result.needed(study, list(reader.indicators), (), ())))
    shown = Service(built, engine, reader).figures(scenarios.read(study, name)).values
    ids = [*(area.id for area in reader.areas.rows), *(place.code for place in built.places)]
    return {(one, area): values[:, column] for one, values in shown.items() for column, area in enumerate(ids)}


def same(numbers: np.ndarray, others: np.ndarray, label: object) -> None:
    first, second = (np.asarray(values).astype(np.float32) for values in (numbers, others))
    np.testing.assert_array_equal(np.isnan(first), np.isnan(second), err_msg=str(label))
    held = ~np.isnan(first)
    np.testing.assert_array_max_ulp(first[held], second[held], maxulp=1)


def through_all_doors(study: Study, name: str, store: Path) -> None:
    run, sweep, page = by_run(study, name), by_sweep(study, name, store), by_page(study, name)
    areas, ends = by_comparison(study, name)
    codes = {str(code): place for code, place in zip(ends["adcode"].values, ends["place"].values, strict=True)}
    catalogue = indicators.read(study)
    assert {indicator for indicator, _ in run} == set(catalogue)
    for (indicator, area), values in run.items():
        same(values, sweep[indicator, area], ("sweep", indicator, area))
        if area not in codes or "place" in catalogue[indicator].levels:
            same(values, page[indicator, area], ("page", indicator, area))
        if area in codes:
            same(values[[0, -1]], ends[indicator].sel(place=codes[area]).values, ("comparison", indicator, area))
        elif area in areas["area"].values:
            same(values, areas[indicator].sel(area=area).values, ("comparison", indicator, area))


def test_a_scenario_is_the_same_through_every_door(
    small: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Levers set in two places; an indicator of every kind, every place, year, prefecture, the list, the province."""
    monkeypatch.setattr(tables, "check", lambda folder: None)
    assert {kind for kind, _ in KINDS.values()} == set(indicators.AGGREGATIONS)
    assert set(formulas.read(small)) == {"residents", *KINDS}
    through_all_doors(small, "stay", tmp_path / "store")


@pytest.mark.study
def test_a_package_of_the_study_is_the_same_through_every_door(root: Path, tmp_path: Path) -> None:
    """Levers for cores, circles, poles and listed places, and every indicator of the study."""
    through_all_doors(Study(root), "core_cities_first", tmp_path / "store")
