"""The runs of a comparison on the miniature study: paired, each made once, kept and found again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from xiancheng.comparison import estimate, request, runs
from xiancheng.comparison.comparison import compare
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE, OptionRuns
from xiancheng.errors import StudyError
from xiancheng.model import members as posterior
from xiancheng.outputs import journey, places
from xiancheng.study import Study
from xiancheng.sweeps import work
from xiancheng.sweeps.store import opened

STRESS = "stress_births"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "runs"


def run(mini: Study, options: Sequence[str], store: Path | None = None, **choices: Any) -> OptionRuns:
    progress = choices.pop("progress", lambda tally: None)
    told = request.read(mini, options, **choices)
    return runs.run(mini, told, store=store, progress=progress)


@pytest.fixture(scope="module")
def found(mini: Study, store: Path) -> OptionRuns:
    return run(mini, ["stay", "stay"], store, stresses=[STRESS], members=4)


def test_scenarios_stresses_and_members_are_axes(found: OptionRuns) -> None:
    assert list(found.areas["scenario"].values) == [BASELINE, "A", "B"]
    assert list(found.areas["stress"].values) == [REFERENCE, STRESS]
    assert list(found.areas["member"].values) == [1, 2, 3, 4]
    assert found.areas["residents"].dims == ("scenario", "stress", "member", "year", "area")
    assert found.places["residents"].dims == ("scenario", "stress", "member", "year", "place")
    assert np.isfinite(found.areas["residents"].values).all()
    assert found.failed == 0


def test_the_disk_that_a_dry_run_tells_holds_the_values_of_the_store(
    mini: Study, found: OptionRuns, store: Path
) -> None:
    told = estimate.estimate(mini, request.read(mini, ["stay", "stay"], stresses=[STRESS], members=4))
    assert opened(store).read(0).nbytes * told.runs <= told.disk * len(opened(store).read(0))


def test_equal_options_are_run_once_and_are_equal(found: OptionRuns) -> None:
    pair = found.areas["residents"].sel(scenario=["A", "B"]).values
    assert (pair[0] == pair[1]).all()


def test_each_run_is_the_one_that_a_call_of_its_own_gives(mini: Study, found: OptionRuns) -> None:
    """Scenario, stress and member of a cell, run alone by the usual way, give what stands in the cell."""
    drawn = posterior.read(mini)
    stress = request.read(mini, ["stay"], stresses=[STRESS], members=0).stresses[0]
    for scenario, name in ((BASELINE, "baseline"), ("A", "stay")):
        for under, member in ((None, 2), (stress, 4)):
            from xiancheng.scenarios import scenario as scenarios

            told = scenarios.stressed(scenarios.read(mini, name), under)
            built = journey.prepare(mini, told, constants=drawn[member])
            alone = places.aggregate(journey.run(built, variables=["residents"]), "province")["residents"]
            cell = found.areas["residents"].sel(scenario=scenario, member=member, area="province",
                                                stress=REFERENCE if under is None else under.id)
            assert cell.values == pytest.approx(alone.isel(area=0).values, rel=1e-6)


def test_places_add_up_to_the_province(found: OptionRuns) -> None:
    whole = found.places["residents"].sum("place")
    assert whole.values == pytest.approx(
        found.areas["residents"].sel(area="province", year=found.places["year"].values).values, rel=1e-5)


def test_each_option_runs_without_each_of_its_levers(found: OptionRuns) -> None:
    assert list(found.without["scenario"].values) == ["A-grant", "A-tax_relief", "B-grant", "B-tax_relief"]
    own = found.areas["residents"].sel(scenario="A", stress=REFERENCE)
    assert not np.allclose(found.without["residents"].sel(scenario="A-grant").values, own.values, rtol=1e-6)


def test_what_is_kept_is_found_again_and_nothing_runs(
    mini: Study, found: OptionRuns, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "do", lambda *words: pytest.fail("it ran again"))
    monkeypatch.setattr(runs.settings, "of", lambda *words: pytest.fail("it compiled again"))
    tallies: list[work.RunTally] = []
    again = run(mini, ["stay", "stay"], store, stresses=[STRESS], members=4, progress=tallies.append)
    xr.testing.assert_identical(again.areas, found.areas)
    xr.testing.assert_identical(again.places, found.places)
    xr.testing.assert_identical(again.without, found.without)
    assert [(tally.done, tally.total, tally.fresh) for tally in tallies] == [(again.fresh, again.fresh, 0)]


def test_a_store_that_lacks_a_block_runs_that_block_alone(mini: Study, tmp_path: Path) -> None:
    before = run(mini, ["stay"], tmp_path / "runs", members=3)
    opened(tmp_path / "runs").revoke(0)
    tallies: list[work.RunTally] = []
    again = run(mini, ["stay"], tmp_path / "runs", members=3, progress=tallies.append)
    assert tallies[-1].fresh == again.fresh
    xr.testing.assert_identical(again.areas, before.areas)


def test_another_comparison_is_refused_by_the_store(mini: Study, found: OptionRuns, store: Path) -> None:
    with pytest.raises(StudyError, match="scenarios"):
        run(mini, ["stay"], store, members=4)


def test_costs_of_ones_own_reach_every_run(mini: Study, found: OptionRuns, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("name,value\ngrant scale,5000\n", encoding="utf-8")
    changed = run(mini, ["stay"], members=2, costs=file)
    usual = found.areas["residents"].sel(stress=REFERENCE, member=[1, 2])
    here = changed.areas["residents"].sel(stress=REFERENCE)
    assert np.allclose(here.sel(scenario=BASELINE).values, usual.sel(scenario=BASELINE).values, rtol=1e-6)
    assert (here.sel(scenario="A", year=2035) > usual.sel(scenario="A", year=2035)).all()


def test_a_comparison_without_members_runs_on_the_table_of_constants(mini: Study) -> None:
    ran = compare(mini, ["stay"], members=0, by_lever=False)
    assert list(ran.areas["member"].values) == [0]
    assert not ran.has_bands
    alone = journey.run(journey.prepare(mini, "stay"), variables=["residents"])
    wanted = places.aggregate(alone, "province")["residents"].isel(area=0).values
    cell = ran.areas["residents"].sel(scenario="A", stress=REFERENCE, area="province").isel(member=0)
    assert cell.values == pytest.approx(wanted, rel=1e-6)
    assert ran.runs.without.sizes["scenario"] == 0


def test_more_members_run_in_the_reference_than_in_stresses(mini: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "IN_STRESSES", 2)
    ran = run(mini, ["stay"], stresses=[STRESS], members=4)
    there = np.isfinite(ran.areas["residents"].sel(scenario="A", area="68", year=2035).values)
    assert there.sum(axis=1).tolist() == [4, 2]
