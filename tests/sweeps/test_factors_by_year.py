"""A lever may differ by year and place within one design: each is a factor, and a run of it is that of its settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from miniature import WORDS

import xiancheng
from xiancheng.model import tables
from xiancheng.study import Study
from xiancheng.sweeps import design

COUNTY, OTHER = "371522", "370124"
GRANT = {2027: (0, 9000), 2033: (10000, 30000)}
"""Its second leg is steeper than a ramp allows in some points."""
KEPT: dict[str, Any] = {"scenarios": ["baseline"], "indicators": ["residents"], "years": [2030, 2035],
                        "places": ["68", "place"]}
TABLES = f"""
[[levers.grant]]
low = 0
high = 9000
year = 2027
places = ["{COUNTY}"]

[[levers.grant]]
distribution = "triangular"
low = 10000
mode = 20000
high = 30000
year = 2033
places = ["{COUNTY}"]
"""


@pytest.fixture(autouse=True)
def _own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of the miniature study are not those of the real one; an empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables, "check", lambda folder: None)
    monkeypatch.setattr(tables, "check_once", lambda study: None)


def of_run(data: xr.Dataset, number: int) -> np.ndarray:
    return np.asarray(data["residents"].isel(run=number).sel(area=["68", COUNTY, OTHER]).values)


def test_a_run_is_that_of_the_settings_of_its_row(mini: Study) -> None:
    """By `run` and by `batch`, whose columns have the names of the factors."""
    levers = {"grant": [{"points": GRANT, "places": [COUNTY]}, {"low": 0, "high": 5000, "places": [OTHER]}],
              "tax_relief": {2028: (0, 1), 2031: (0, 1)}}
    swept = xiancheng.sweep(sampler="lhs", n=6, seed=3, levers=levers, study=mini, store="years.zarr", **KEPT)
    names = [*(f"grant@{place}" for place in (f"2027:{COUNTY}", f"2033:{COUNTY}", f"2026:{OTHER}")),
             "tax_relief@2028", "tax_relief@2031"]
    assert [str(name) for name in swept.data_vars if "@" in str(name)] == names
    assert swept[names[0]].attrs["long_name"] != swept[names[1]].attrs["long_name"]
    by_batch = xiancheng.batch({name: swept[name].values for name in names}, [f"residents@2035:{COUNTY}"], study=mini)
    for number in (0, 5):
        first, second, other, early, late = (float(swept[name][number]) for name in names)
        settings = {"grant": [{"points": {2027: first, 2033: second}, "places": [COUNTY]},
                              {"points": {2026: other}, "places": [OTHER]}],
                    "tax_relief": {2028: early, 2031: late}}
        alone = xiancheng.run(study=mini, levers=settings, places=["68", "place"])["residents"]
        expected = alone.sel(year=[2030, 2035], area=["68", COUNTY, OTHER]).values
        assert of_run(swept, number) == pytest.approx(expected, rel=1e-9)
        assert float(by_batch[f"residents@2035:{COUNTY}"][number]) == pytest.approx(expected[1, 1], rel=1e-9)
    assert xiancheng.replay("years.zarr", 2, study=mini)["residents"].sel(area="68", year=2035) == swept[
        "residents"].isel(run=2).sel(area="68", year=2035)
    by_others = xr.open_zarr("years.zarr", chunks=None)
    assert np.array_equal(by_others[f"grant@2027_{COUNTY}"].values, swept[names[0]].values)


def test_tables_of_a_file_are_those_of_a_dictionary_each_of_its_own_distribution(mini: Study, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(f"{WORDS}\n[sampling]\nn = 4\n{TABLES}", encoding="utf-8")
    first, second = design.read(mini, file).factors
    assert (first.year, second.year, second.distribution) == (2027, 2033, "triangular")
    made = xiancheng.design(n=4, study=mini, levers={"grant": [
        {"low": 0, "high": 9000, "year": 2027, "places": [COUNTY]},
        {"distribution": "triangular", "low": 10000, "mode": 20000, "high": 30000, "year": 2033, "places": [COUNTY]}]})
    assert made.factors == (first, second)
    (alone,) = xiancheng.design(n=4, study=mini, levers={"grant": {2030: (0, 1)}}).factors
    assert (alone.id, alone.year) == ("grant", 2030)
    assert design.from_plain(made.plain()).plain() == made.plain()


@pytest.mark.parametrize(("entry", "words"), [
    ([{"low": 0, "high": 1}, {"low": 0, "high": 2}], "grant@2026 stands there twice"),
    ([{"low": 0, "high": 1}, {"low": 0, "high": "x", "year": 2030}], "levers.grant.1.high is 'x'"),
    ([{"low": 0, "high": 1}, {"distribution": "normal", "mean": 1, "year": 2030}], "levers.grant.1.sd is missing"),
    ({2030: (0, 1), 2060: (0, 1)}, "levers.grant.1.year: 2060 is out of range"),
    ({2030: (0, 1), 2031: (0, 1, 2)}, r"\[0, 1, 2\]"),
])
def test_what_is_wrong_with_one_of_several_is_told_of_it(mini: Study, entry: Any, words: str) -> None:
    with pytest.raises(xiancheng.StudyError, match=words) as error:
        xiancheng.design(n=4, study=mini, levers={"grant": entry})
    assert len(error.value.problems) == 1


def test_a_sweep_of_half_steps_is_the_run_of_half_steps_and_another_sweep(mini: Study) -> None:
    levers = {"grant": (0, 9000)}
    half = xiancheng.sweep(sampler="lhs", n=2, seed=1, levers=levers, time_step=0.0625, study=mini, store="half.zarr",
                           **KEPT)
    alone = xiancheng.run(study=mini, levers={"grant": float(half["grant"][1])}, time_step=0.0625, places=["68"])
    usual = xiancheng.run(study=mini, levers={"grant": float(half["grant"][1])}, places=["68"])
    value = float(half["residents"].isel(run=1).sel(area="68", year=2035))
    assert value == pytest.approx(float(alone["residents"].sel(area="68", year=2035)), rel=1e-9)
    point = {"grant": half["grant"].values}
    by_batch = xiancheng.batch(point, ["residents@2035:68"], time_step=0.0625, study=mini)["residents@2035:68"]
    assert value == pytest.approx(float(by_batch[1]), rel=1e-9)
    assert value != pytest.approx(float(usual["residents"].sel(area="68", year=2035)), rel=1e-9)
    with pytest.raises(xiancheng.StudyError, match="differs in step of the run"):
        xiancheng.sweep(sampler="lhs", n=2, seed=1, levers=levers, study=mini, store="half.zarr", **KEPT)
    for step in (0.3, "0.25"):
        with pytest.raises(xiancheng.StudyError, match=r"0\.0625"):
            xiancheng.design(n=2, levers=levers, time_step=step, study=mini)  # type: ignore[arg-type]
