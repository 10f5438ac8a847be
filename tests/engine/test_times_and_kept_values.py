"""Asking for some times only, or keeping what many equations read, changes no number beyond the order of sums."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng import engine
from xiancheng.engine.batches import pieces
from xiancheng.engine.labels import PlainRun
from xiancheng.engine.program import Program
from xiancheng.engine.results import prepare
from xiancheng.engine.variants import complete
from xiancheng.errors import StudyError

SIZE = 64
EQUATIONS = f"""{{UTF-8}}
from: (f1-f{SIZE}) ~ ~ |
to: (t1-t{SIZE}) ~ ~ |
stock[from] = INTEG(inflow[from] - SUM(weight[from, to!]) * stock[from] / lifetime, 10) ~ person ~ |
inflow[from] = base + 0.01 * SUM(weight[from, to!] * weight[from, to!]) ~ person/year ~ |
weight[from, to] = 1 / (1 + (from + 2 * to) * EXP(-base / 9) / total) ~ dmnl ~ |
square[from, to] = weight[from, to] * weight[from, to] ~ dmnl ~ |
single[from, to] = total * (from + to) * (from + 2 * to) / (1 + from * to) ~ dmnl ~ |
shown = SUM(square[from!, to!] * single[from!, to!]) ~ dmnl ~ |
total = SUM(stock[from!]) ~ person ~ |
base = 3 ~ person/year ~ |
lifetime = 90 ~ year ~ |
seen = DELAY3I(total, patience, total) ~ person ~ |
patience = IF THEN ELSE(Time = hour, shortest, 3) ~ year ~ |
hour = 2023.5 ~ year ~ |
shortest = 3 ~ year ~ |
INITIAL TIME = 2020 ~ year ~ |
FINAL TIME = 2026 ~ year ~ |
TIME STEP = 0.25 ~ year ~ |
SAVEPER = 0.5 ~ year ~ |
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    file = tmp_path_factory.mktemp("times") / "model.mdl"
    file.write_text(EQUATIONS, encoding="utf-8")
    return engine.compile(file, outputs=["stock", "shown", "seen", "base"], inputs=["base", "shortest"])


def several(program: Program, bases: list[float], steps: tuple[int, ...]) -> list[PlainRun]:
    prepared = complete(program, prepare(program, {"base": bases}, batch=True))
    return [run for runs, _ in pieces(program, prepared, steps) for run in runs]


def test_only_what_is_large_costly_and_read_by_several_is_kept(program: Program) -> None:
    assert program.compiled.stored == {"weight"}


def test_what_is_kept_is_what_numpy_computes(program: Program) -> None:
    found, exact = engine.run(program), engine.run(program, backend="numpy")
    for name in exact.data_vars:
        np.testing.assert_allclose(found[name].values, exact[name].values, rtol=1e-12)


def test_derivatives_go_through_what_is_kept(program: Program) -> None:
    found = engine.gradient(program, "stock", {"base": 3.0}, by=["base"])["base"]
    above, below = (engine.run(program, {"base": value})["stock"].values for value in (3 + 1e-4, 3 - 1e-4))
    np.testing.assert_allclose(found, (above - below) / 2e-4, rtol=1e-6, atol=1e-9)


SETS = ((0,), (12,), (0, 12), (3, 4, 9), (0, 1, 2, 8, 11), tuple(range(13)))


@pytest.mark.parametrize("steps", SETS)
@pytest.mark.parametrize("branch", [None, 2022.25, 2026.0])
def test_some_times_are_those_of_the_whole_run(program: Program, steps: tuple[int, ...], branch: float | None) -> None:
    whole = engine.run(program, {"base": 4.0})
    found = engine.run(program, {"base": 4.0}, branch=branch, steps=steps)
    xr.testing.assert_allclose(found, whole.isel(time=list(steps)), rtol=1e-12)
    xr.testing.assert_identical(found, engine.run(program, {"base": 4.0}, steps=steps))
    exact = engine.run(program, {"base": 4.0}, backend="numpy", steps=steps)
    assert list(exact["time"].values) == list(found["time"].values)
    np.testing.assert_allclose(exact["stock"].values, found["stock"].values, rtol=1e-12)


@given(bases=st.lists(st.floats(0.5, 9), min_size=1, max_size=9), steps=st.sampled_from(SETS))
def test_many_runs_return_the_same_times(program: Program, bases: list[float], steps: tuple[int, ...]) -> None:
    runs = several(program, bases, steps)
    whole = engine.batch(program, {"base": bases})
    for name in whole.data_vars:
        found = np.stack([run.arrays[str(name)][0] for run in runs])
        np.testing.assert_allclose(found, whole[name].isel(time=list(steps)).values, rtol=1e-12)


@pytest.mark.parametrize("backend", ["jax", "numpy"])
def test_a_delay_too_short_between_the_times_asked_for_is_refused(program: Program, backend: str) -> None:
    for steps in (None, (0, 12)):
        with pytest.raises(StudyError, match="order × TIME STEP"):
            engine.run(program, {"shortest": 0.1}, backend=backend, steps=steps, strict=True)
    if backend == "jax":
        prepared = complete(program, prepare(program, {"shortest": [3.0, 0.1]}, batch=True))
        _, ratios = next(iter(pieces(program, prepared, (0, 12))))
        (least,) = ratios.values()
        assert least[0] == pytest.approx(4.0)
        assert least[1] < 1


def test_the_file_of_the_test_is_read_alike_by_the_reference(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "model.mdl"
    file.write_text(EQUATIONS, encoding="utf-8")
    exact = engine.reference.run(file, {}, outputs=["stock", "shown", "seen"])
    found = engine.run(program)
    for name in ("stock", "shown", "seen"):
        np.testing.assert_allclose(found[name].values, exact[name].values, rtol=1e-9)
