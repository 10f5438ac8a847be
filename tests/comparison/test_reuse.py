"""Runs of a sweep are read instead of run where they are those of the comparison, and refused by name where not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from miniature import WORDS, mini_study

from xiancheng.comparison import gathering, request, reuse, runs
from xiancheng.comparison.runs import OptionRuns
from xiancheng.errors import StudyError
from xiancheng.model import tables
from xiancheng.scenarios import scenario
from xiancheng.study import Study
from xiancheng.sweeps import design, journey, work
from xiancheng.sweeps.reading import dataset
from xiancheng.sweeps.store import opened

STRESS = "stress_births"
WHOLE = {
    "sampling": 'sampler = "factorial"',
    "runs": 'scenarios = ["baseline", "stay"]\nstresses = "all"\nmembers = 4',
    "output": 'indicators = "all"\nyears = "all"\nplaces = ["68", "province", "place"]\nquantiles = []',
}


def swept(mini: Study, folder: Path, factors: str = "", **changed: str) -> Path:
    """Do a sweep and return its store."""
    parts = "".join(f"\n[{name}]\n{lines}\n" for name, lines in {**WHOLE, **changed}.items())
    file = folder / "try.toml"
    file.write_text(f"{WORDS}{parts}{factors}", encoding="utf-8")
    return journey.done(mini, design.read(mini, file), folder / "sweep.zarr").folder


@pytest.fixture(scope="module")
def store(mini: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return swept(mini, tmp_path_factory.mktemp("swept"))


def run(mini: Study, store: Path | None, **choices: Any) -> OptionRuns:
    told = request.read(mini, ["stay"], stresses=[STRESS], members=choices.pop("members", 4))
    return runs.run(mini, told, store=store, by_lever=choices.pop("by_lever", False))


def test_a_design_may_name_stresses_and_all_indicators(store: Path) -> None:
    assert list(dict.fromkeys(dataset(store)["scenario"].values)) == [
        "baseline", "stay", f"baseline+{STRESS}", f"stay+{STRESS}"]


def test_nothing_runs_and_the_figures_are_those_of_a_fresh_comparison(
    mini: Study, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = run(mini, None)
    monkeypatch.setattr(work, "run", lambda *words, **more: pytest.fail("it ran"))
    monkeypatch.setattr(runs.settings, "of", lambda *words: pytest.fail("it compiled"))
    read = run(mini, store)
    assert (read.reused, read.fresh, fresh.reused, fresh.fresh) == (16, 0, 0, 16)
    xr.testing.assert_allclose(read.areas, fresh.areas, rtol=1e-6)
    xr.testing.assert_allclose(read.places, fresh.places, rtol=1e-6)
    fewer = run(mini, store, members=2)
    assert np.array_equal(fewer.areas["residents"].values, read.areas["residents"].sel(member=[1, 2]).values)


def test_only_what_the_sweep_lacks_is_run(mini: Study, store: Path) -> None:
    """The runs without each lever are in no sweep; the store stays as it is."""
    before = sorted(file.name for file in store.rglob("*"))
    found = run(mini, store, by_lever=True)
    assert (found.reused, found.fresh) == (16, 8)
    assert np.isfinite(found.without["residents"].values).all()
    xr.testing.assert_allclose(found.without, run(mini, None, by_lever=True).without, rtol=1e-6)
    assert sorted(file.name for file in store.rglob("*")) == before


def test_blocks_that_are_not_done_are_run(mini: Study, tmp_path: Path) -> None:
    folder = swept(mini, tmp_path, runs=WHOLE["runs"] + "\nblock = 4")
    opened(folder).revoke(1)
    found = run(mini, folder)
    assert (found.reused, found.fresh) == (12, 4)
    xr.testing.assert_allclose(found.areas, run(mini, None).areas, rtol=1e-6)


LACKING = [
    ({"output": 'years = "all"\nplaces = ["68", "province"]\nindicators = "all"'}, "lacks the places place"),
    ({"output": 'years = [2030]\nplaces = ["68", "province", "place"]'}, "lacks the years 2020, 2021"),
    ({"runs": 'precision = "float32"\nmembers = 2'}, "computes in float32"),
    ({"runs": "end = 2036\nmembers = 2"}, "runs from 2020 to 2036"),
    ({"runs": "members = [7]"}, "none of its finished runs"),
    ({"factors": "\n[constants.grant_scale]\nlow = 8000\nhigh = 12000\n"}, "it varies grant_scale"),
]


@pytest.mark.parametrize(("changed", "said"), LACKING, ids=[said for _, said in LACKING])
def test_a_sweep_of_no_use_is_refused_with_what_it_lacks(
    mini: Study, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    folder = swept(mini, tmp_path, **changed)
    with pytest.raises(StudyError, match=said):
        run(mini, folder)


def test_a_sweep_of_another_study_is_refused_with_what_differs(root: Path, store: Path, tmp_path: Path) -> None:
    other = mini_study(root, tmp_path / "other")
    file = other.scenarios / "stay.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("2030", "2031"), encoding="utf-8")
    members = other.calibration / "members.csv"
    members.write_text(members.read_text(encoding="utf-8").replace("0.009", "0.0095"), encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setattr(tables, "check", lambda folder: None)
    with pytest.raises(StudyError, match=r"differs from the study in (scenarios, )?members"):
        run(other, store)
    patch.undo()


PICKS = (
    lambda one: one,
    lambda one: one.sel(scenario="A"),
    lambda one: one.sel(scenario=["A", "x"]),
    lambda one: one.isel(year=-1, member=[2, 0]),
    lambda one: one.transpose("member", ..., "scenario"),
    lambda one: one.isel(member=1).transpose(..., "year", "scenario").isel(year=slice(None, None, 2)),
)


def test_parts_of_what_is_kept_are_those_of_the_whole() -> None:
    """Whatever is chosen, in whatever order of axes, comes as from an array that lies in memory."""
    random = np.random.default_rng(2)
    kept = gathering.empty(2, 5, 3, 4)
    kept.areas[:] = random.random(kept.areas.shape)
    values = random.random(kept.shape).astype(np.float32)
    kept._put_places(values[:, [4, 0, 1, 3, 2]], np.array([4, 0, 1, 3, 2]))
    where = np.array([[0, 4, -1], [3, 1, 2]])
    about = {"one": {"units": "persons"}, "other": {"units": "share"}}
    for level, whole in (("area", kept.areas), ("place", values)):
        found = gathering.dataset(kept, where, ("scenario", "member", "year", level), {"scenario": ["x", "A"]}, about,
                                  {"title": "t"})
        wanted = np.where((where < 0)[..., None, None], np.nan, whole[1][where])
        eager = xr.DataArray(wanted, dims=found["other"].dims, coords={"scenario": ["x", "A"]})
        for pick in PICKS:
            assert np.array_equal(pick(found["other"]).values, pick(eager).values.astype(found["other"].dtype),
                                  equal_nan=True)
        assert found["one"].attrs == {"units": "persons"}


def test_the_design_of_the_study_keeps_what_a_comparison_of_all_packages_needs(study: Study) -> None:
    """Every package under every stress with the members that a stress takes, and nothing that a comparison lacks."""
    told = design.read(study, "packages_and_stresses")
    wanted = request.read(study, ["all"], stresses="all", members=str(request.IN_STRESSES))
    whole = runs.axes(wanted, by_lever=False)
    assert list(reuse._lacking(told, runs.design(study, wanted, whole))) == []
    names = {reuse.mark(scenario.combined(study, name)) for name in told.scenarios}
    assert {reuse.mark(one) for one in whole.told.values()} == names
    assert told.runs == len(whole.rows) == 10 * 6 * request.IN_STRESSES
