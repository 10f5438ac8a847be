"""A run of a sweep is the run that the same settings give alone; what factors do to paths is what scenarios do."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from miniature import Write

from xiancheng.model import build as builder
from xiancheng.model.clock import new_year
from xiancheng.outputs import journey as journeys
from xiancheng.outputs import places
from xiancheng.scenarios import ramp, scenario
from xiancheng.study import Study
from xiancheng.sweeps import design, drawn, journey, kernel, overlay, reading

TIMES = np.arange(2020, 2035.375, 0.125)


@given(st.floats(-5, 5), st.floats(-5, 5), st.integers(2026, 2035), st.floats(0.01, 10))
def test_a_lever_moves_as_in_a_scenario(baseline: float, value: float, year: int, fastest: float) -> None:
    """Straight to its value from 1 January 2025 on, never faster than its ramp."""
    moved = np.zeros((1, len(TIMES)))
    lever = overlay.Overlay("x", (0,), times=TIMES, years=(year,), departure=new_year(2025), baseline=baseline,
                            fastest=fastest)
    lever.lay(moved, np.array([[value]]))
    path = ramp.follow([(new_year(2025), baseline), (new_year(year), value)], fastest)
    assert np.allclose(moved[0], [ramp.at(path, time) for time in TIMES], atol=1e-9)


def test_a_run_is_the_run_of_the_same_settings(mini: Study, write: Write, tmp_path: Path) -> None:
    """Lever, assumptions, constant and scenario: every year and place, to the precision of the store."""
    file = write("n = 6", 'scenarios = ["baseline", "stay"]', output='years = "all"\nplaces = ["68", "place"]')
    there = journey.done(mini, design.read(mini, file), tmp_path / "store")
    found = reading.dataset(there.folder)
    table = {name: drawn.column(there.folder / drawn.FILE, name) for name in found.data_vars if name in found
             and name not in ("residents", "status")}
    scenarios = drawn.column(there.folder / drawn.FILE, "scenario")
    for run in (0, 3, 11):
        one = {name: cells[run] for name, cells in table.items()}
        told = scenario.from_settings(mini, [
            f"grant_scale={one['grant_scale']}", f"outside_attractiveness={one['outside_attractiveness']}@2030",
            f"fertility_path={one['fertility_path']}", f"grant={one['grant']}@2030:68",
            f"tax_relief={one['tax_relief']}@2028",
        ], scenarios[run])
        alone = journeys.run(builder.build(mini, told))
        by_place = found["residents"].isel(run=run).sel(area=list(alone["adcode"].values)).values
        assert np.allclose(by_place, alone["residents"].values, rtol=1e-6)
        listed = places.aggregate(alone, places.LIST)["residents"].values[:, 0]
        assert np.allclose(found["residents"].isel(run=run).sel(area="68").values, listed, rtol=1e-6)


def test_members_bring_their_parameters(mini: Study, write: Write, tmp_path: Path) -> None:
    """A factorial design without factors runs every member once; each is the run with its constants."""
    file = write('sampler = "factorial"', "members = [2, 5]", factors="")
    there = journey.done(mini, design.read(mini, file), tmp_path / "store")
    found = reading.dataset(there.folder)
    assert list(found["member"].values) == ["2", "5"]
    told = scenario.from_settings(mini, ["leaving_rate=0.013", "birth_rate_per_child=0.0056"])
    alone = places.aggregate(journeys.run(builder.build(mini, told)), places.PROVINCE)["residents"]
    stored = found["residents"].sel(run=1, area="province")
    assert np.allclose(stored.values, alone.sel(year=stored["year"].values).values[:, 0], rtol=1e-6)


def test_quantiles_over_places_leave_out_missing_ones() -> None:
    values = np.array([[3.0, 1.0, np.nan, 2.0], [np.nan] * 4])
    found = kernel.quantiles(values, (0.0, 0.5, 0.75, 1.0))
    assert found[0] == pytest.approx([1.0, 2.0, 2.5, 3.0])
    assert np.isnan(found[1]).all()


@pytest.mark.study
def test_a_run_of_the_study_is_the_run_of_the_same_settings(root: Path, tmp_path: Path) -> None:
    """All headline indicators of the study itself, in every area."""
    study = Study(root)
    told = design.read(study, "what_matters", {"sampling": {"sampler": "sobol", "n": 2}})
    there = journey.done(study, told, tmp_path / "store")
    found = reading.dataset(there.folder)
    for run in (0, 3):
        one = {factor.id: drawn.column(there.folder / drawn.FILE, factor.id)[run] for factor in told.factors}
        years = {factor.id: f"@{factor.year}" if factor.year else "" for factor in told.factors}
        words = [f"{name}={value}{years[name]}" for name, value in one.items()]
        words = [f"{word}:68" if word.startswith("in_situ") else word for word in words]
        scenario_id = drawn.column(there.folder / drawn.FILE, "scenario")[run]
        alone = journeys.run(builder.build(study, scenario.from_settings(study, words, scenario_id)))
        for level in (places.LIST, places.PREFECTURE, places.PROVINCE):
            totals = places.aggregate(alone, level)
            for name in told.indicators:
                if name in totals:
                    stored = found[name].isel(run=run).sel(area=list(totals["area"].values))
                    wanted = totals[name].sel(year=stored["year"].values).values
                    assert np.allclose(stored.values, wanted, rtol=2e-6, atol=1e-6, equal_nan=True), name


def test_what_is_computed_is_read_in_a_thread_of_its_own_and_stays_in_order(
    mini: Study, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading part by part beside the runs gives what reading everything at once gives, bit by bit."""
    told = design.read(mini, write("n = 96", 'scenarios = ["baseline"]'))
    ready = journey.plan(mini, told)
    rows = drawn.parsed([line.decode().strip().split(",") for line in _lines(told)], ready.setting.design)
    read, seen = kernel._read, []

    def noted(*words: Any) -> Any:
        seen.append((threading.current_thread().name, words[-1]))
        return read(*words)

    monkeypatch.setattr(kernel, "_read", noted)
    pieces = kernel.pieces

    def few(*words: Any, **more: Any) -> Any:
        for runs, ratios in pieces(*words, **more):
            for first in range(0, len(runs), 5):
                chosen = slice(first, first + 5)
                yield runs[chosen], {name: ratio[chosen] for name, ratio in ratios.items()}

    whole = kernel.compute(ready.setting, rows, 96)
    monkeypatch.setattr(kernel, "pieces", few)
    parted = kernel.compute(ready.setting, rows, 96)
    assert np.array_equal(parted.values, whole.values, equal_nan=True)
    assert all(name.startswith("reading") for name, _ in seen)
    assert [first for _, first in seen[-10:]] == sorted(first for _, first in seen[-10:])
    assert np.array_equal(kernel.compute(ready.setting, rows.only(3), 96).values, whole.values[3:4], equal_nan=True)


def _lines(told: design.Design) -> list[bytes]:
    return b"".join(drawn.lines(told)).splitlines()[1:]
