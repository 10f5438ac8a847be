"""The door from Python: what stands beside a design counts, and what is wrong is told before anything runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from effort import soon_refused
from miniature import Write, mini_study

import xiancheng
from xiancheng.cli import main
from xiancheng.model import tables
from xiancheng.study import Study
from xiancheng.sweeps import draw, indices, store
from xiancheng.texts import in_language

DESIGN = 'scenarios = ["baseline"]\nmembers = 2\nblock = 8'


@pytest.fixture
def own(mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The miniature study, whose blocks are not those of the real one, and an empty working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tables, "check", lambda root: None)
    monkeypatch.setattr(tables, "check_once", lambda study: None)
    return mini


def test_what_stands_beside_a_design_counts_and_is_told(own: Study, write: Write) -> None:
    """A pair of numbers keeps year and places of the design; all else stands in for what the design says."""
    file = write("n = 64", DESIGN)
    found = xiancheng.sweep(
        file, levers={"grant": (0, 10)}, scenarios=["stay"], stresses=[], indicators=["residents"], n=np.int64(4),
        years=np.array([2030, 2032]), end=2033, block=4, places=["68"], study=own, store="both.zarr",
    )
    assert set(found["scenario"].values) == {"stay"}
    assert float(found["grant"].max()) <= 10
    assert found["residents"].shape[:2] == (4, 2)
    manifest = json.loads(Path("both.zarr", "sweep.json").read_text(encoding="utf-8"))
    assert manifest["changes"]["runs"] == {"scenarios": ["stay"], "stresses": [], "end": 2033, "block": 4}
    factor = next(factor for factor in manifest["design"]["factors"] if factor["name"] == "grant")
    assert (factor["numbers"], factor["year"]) == ({"low": 0, "high": 10}, 2030)
    assert manifest["design"]["end"] == 2033
    with pytest.raises(xiancheng.StudyError, match=r"differs in .*years"):
        xiancheng.sweep(file, study=own, store="both.zarr")
    again = xiancheng.replay("both.zarr", 3, study=own)
    stored = xiancheng.results("both.zarr")["residents"].isel(run=3)
    assert np.array_equal(again["residents"].values, stored.values)
    assert stored.dtype == np.float64


def test_a_design_that_was_made_runs_as_it_is(own: Study, write: Write) -> None:
    entry = {"low": 1, "high": 2, "year": 2026}
    made = xiancheng.design(write("n = 64", DESIGN), n=2, levers={"grant": entry}, study=own)
    assert (made.n, next(one.year for one in made.factors if one.name == "grant")) == (2, 2026)
    with pytest.raises(xiancheng.StudyError, match="n, seed stand beside it"):
        xiancheng.sweep(made, n=3, seed=4, study=own)
    assert not list(Path.cwd().glob("*.zarr"))


# what is asked -> (call, words of the first problem, words of what is allowed)
WRONG: dict[str, tuple[Callable[[Study], Any], str, str]] = {
    "an end that is no whole number": (lambda study: xiancheng.run(study=study, end=2033.5), "end is 2033.5", "2035"),  # type: ignore[arg-type]
    "an end as text": (lambda study: xiancheng.run(study=study, end="2033"), "end is '2033'", "2035"),  # type: ignore[arg-type]
    "a truth for a start": (lambda study: xiancheng.run(study=study, start=True), "start is True", "whole number"),
    "settings as text": (lambda study: xiancheng.run(study=study, settings="grant=1"), "settings is 'grant=1'", "list"),
    "variables as text": (lambda study: xiancheng.run(study=study, variables="births"), "variables is", "['births']"),
    "details as text": (lambda study: xiancheng.run(study=study, details="sex"), "details is 'sex'", "['sex']"),
    "a step of a third": (lambda study: xiancheng.run(study=study, time_step=1 / 3), "step is 0.33", "0.125"),
    "indicators of a comparison as text": (
        lambda study: xiancheng.compare("stay", study=study, indicators="births"), "indicators is", "['births']"),
    "a level that is none": (lambda study: xiancheng.run(study=study, places=["69"]), "places names 69", "province"),
    "levels as text": (lambda study: xiancheng.run(study=study, places="68"), "places is '68'", "['68']"),
    "details of sums": (
        lambda study: xiancheng.run(study=study, places=["68"], details=["sex"]), "details (sex)", "without details"),
    "a lever's range as text": (
        lambda study: xiancheng.sweep(levers={"grant": ("1", "x")}, n=4, study=study), "grant.low is '1'",
        "0 to 30,000 yuan"),
    "a range of three": (lambda study: xiancheng.sweep(levers={"grant": (1, 2, 3)}, n=4, study=study), "[1, 2, 3]",
                         "(low, high)"),
    "levers as a list": (lambda study: xiancheng.sweep(levers=["grant"], n=4, study=study), "levers is", "dictionary"),  # type: ignore[arg-type]
    "scenarios as text": (
        lambda study: xiancheng.sweep(levers={"grant": (0, 1)}, scenarios="stay", n=4, study=study),
        "runs.scenarios is", "list"),
    "a name that no design has": (
        lambda study: xiancheng.sweep(levers={"grant": (0, 1)}, member=3, study=study), "called member", "members"),  # type: ignore[call-arg]
    "a year beyond the runs": (
        lambda study: xiancheng.sweep(levers={"grant": (0, 1)}, n=4, end=2030, years=[2034], study=study),
        "2034", "2020 to 2030"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_one_problem_before_anything_runs(name: str, own: Study) -> None:
    call, words, allowed = WRONG[name]
    problems = soon_refused(lambda: call(own))
    assert len(problems) == (2 if name == "a lever's range as text" else 1)
    first = problems[0]
    assert words in first.found
    assert allowed in f"{first.allowed} {first.hint}"
    assert "{" not in str(in_language(first.found, "zh")) + str(in_language(first.allowed, "zh")).replace('{"', "")
    assert not list(Path.cwd().glob("*.zarr"))


@pytest.mark.parametrize("more", [["--dry-run"], []])
def test_a_folder_with_something_else_is_refused_by_a_dry_run_too(
    own: Study, write: Write, more: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    Path("other.zarr").mkdir()
    Path("other.zarr", "note.txt").write_text("note", encoding="utf-8")
    file = write("n = 4")
    assert main(["sweep", str(file), "--study", str(own.root), "-o", "other.zarr", *more, "--lang", "en"]) == 3
    assert "something else" in capfd.readouterr().err
    assert [file.name for file in Path("other.zarr").iterdir()] == ["note.txt"]


@pytest.mark.parametrize(("kind", "far"), [(store.DOUBLE, 1e-9), (store.SINGLE, None)])
def test_an_offset_leaves_indices_as_they_are(kind: str, far: float | None) -> None:
    """Ishigami and Homma (1990) on a hundred million: what is stored tells them, four bytes do not."""
    from SALib.test_functions import Ishigami

    cube = np.concatenate(list(draw.points("saltelli", 512, 3, 7, 4)))
    plain = Ishigami.evaluate(cube * 2 * np.pi - np.pi)
    stored = (1e8 + plain).astype(kind).astype(float)
    first, second = indices.sobol(plain[:, None], 3).first, indices.sobol(stored[:, None], 3).first
    assert (abs(first - second).max() < 1e-6) == (far is not None)


def test_every_name_of_the_door_is_there_and_has_words() -> None:
    assert set(xiancheng.__all__) <= set(dir(xiancheng))
    for name in xiancheng.__all__:
        assert getattr(xiancheng, name).__doc__, name
    assert isinstance(xiancheng.results.__doc__, str)
    assert xr.Dataset.__name__ in str(xiancheng.sweep.__annotations__["return"])


def test_sums_of_a_run_are_those_of_a_sweep(own: Study, one_county: dict[str, Path]) -> None:
    """One name for the axis, the same labels, and a county by its name; a setting is a dictionary."""
    swept = xiancheng.results(one_county["float64"])
    row = swept.isel(run=0)
    settings = {"grant": {2028: float(row["grant"])}, "grant_scale": float(row["grant_scale"])}
    placed = [f"grant={float(row['grant'])!r}@2028:371522", f"grant_scale={float(row['grant_scale'])!r}"]
    sums = xiancheng.run(study=own, settings=placed, places=["68", "place"])
    assert sums["residents"].dims == ("year", "area")
    shown = [str(area) for area in swept["area"].values[swept["level"].values != "quantile"]]
    assert sorted(sums["area"].values) == sorted(shown)
    own_values, kept = (data["residents"].sel(year=2035, area=shown) for data in (sums, row))
    assert own_values.values == pytest.approx(kept.values, rel=1e-9)
    assert list(own_values["name_zh"].values) == list(kept["name_zh"].values)
    (name,) = sums["name_zh"].values[sums["area"].values == "371522"]
    for data in (sums, row):
        assert data.set_xindex("name_zh").sel(name_zh=name)["area"].item() == "371522"
    wide = xiancheng.run(study=own, settings=settings, places=["68"])["residents"].sel(area="68", year=2035)
    assert wide != sums["residents"].sel(area="68", year=2035)


def test_half_a_step_and_a_lever_in_one_place(own: Study) -> None:
    """A step half as long changes residents by little; a lever given as a dictionary changes its place."""
    usual, half = xiancheng.run(study=own)["residents"], xiancheng.run(study=own, time_step=0.0625)["residents"]
    assert 0 < abs(half / usual - 1).max() < 0.01
    code = "371522"
    moved = xiancheng.run(study=own, levers={"grant": {"points": {2026: 30000}, "places": [code]}})["residents"]
    place = usual["place"].values[usual["adcode"].values == code]
    assert (moved.sel(place=place, year=2035) != usual.sel(place=place, year=2035)).all()


@pytest.fixture(scope="module")
def one_county(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A lever that does little in one place, looked at there and in the sum, by the numbers it is computed in."""
    folder = tmp_path_factory.mktemp("county")
    study, stores = mini_study(root, folder / "mini"), {}
    grant = {"low": 0, "high": 1, "year": 2028, "places": ["371522"]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "check", lambda folder: None)
        patch.setattr(tables, "check_once", lambda study: None)
        for precision in ("float64", "float32"):
            stores[precision] = folder / f"{precision}.zarr"
            xiancheng.sweep(
                sampler="saltelli", n=64, seed=1, levers={"grant": grant}, constants={"grant_scale": (5000, 20000)},
                scenarios=["baseline"], indicators=["residents"], years=[2035], places=["68", "place"],
                precision=precision, block=64, store=stores[precision], study=study,
            )
    return stores


def test_a_small_effect_in_one_county_shows_in_the_sum(one_county: dict[str, Path]) -> None:
    """Nothing else moves there, so that indices of the sum are those of the county."""
    store = one_county["float64"]
    names = [str(name) for name in xiancheng.results(store)["area"].values]
    (county,) = [name for name in names if "371522" in name]
    table = xiancheng.sensitivity(store, areas=["68", county]).set_index(["area", "factor"])
    assert (table["steps"] > 1e4).all()
    columns = ["first", "total"]
    assert table.loc["68", columns].to_numpy() == pytest.approx(table.loc[county, columns].to_numpy(), abs=1e-6)
    assert table.loc[("68", "grant"), "total"] > 0.5


def test_results_that_spread_over_few_steps_are_marked(
    one_county: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    """The same in numbers of four bytes: the table says how few steps there are, the command what that means."""
    table = xiancheng.sensitivity(one_county["float32"], areas=["68"])
    assert table["steps"].between(0, 100, inclusive="neither").all()
    for precision, marked in (("float32", True), ("float64", False)):
        for language, word in (("en", "rounding"), ("zh", "舍入")):
            assert main(["sensitivity", str(one_county[precision]), "--places", "68", "--lang", language]) == 0
            said = capfd.readouterr()
            assert (word in said.out + said.err) == marked
