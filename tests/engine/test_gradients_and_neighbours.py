"""A gradient is the slope of the run itself, finite at the edges; a run knows nothing of its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from xiancheng import engine
from xiancheng.engine import gradients

MODELS = Path(__file__).parent / "conformance"


def last(outputs: Mapping[str, Any]) -> Any:
    """Sum up every output at the last saved time."""
    return sum(values[-1].sum() for values in outputs.values())


def last_of_run(program: Any, parameters: Mapping[str, Any]) -> float:
    return float(sum(np.asarray(array)[-1].sum() for array in engine.run(program, parameters).data_vars.values()))


SLOPES: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "cohorts_migrate_and_age": (("residents",), {"fertility": np.array([0, 0, 0.3, 0.1, 0.0])}),
    "delays_on_subscripts": (("d1", "s3", "sn"), {"height": np.array([1.0, 2.0, -3.0])}),
    "lookup_by_element": (("z",), {"x": np.array([0.51, 1.02, 1.53])}),
    "stock_grows_by_compound_steps": (("x",), {"rate": 0.05}),
    "teacup_with_units": (("temperature",), {"room": 20.0, "time to cool": 10.0, "start": 90.0}),
}


@pytest.fixture(params=["forward", "backward"])
def direction(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Derivatives are taken one way and the other, whatever would take less."""
    monkeypatch.setattr(gradients, "_BACKWARD", 10**9 if request.param == "forward" else 0)
    return str(request.param)


@pytest.mark.parametrize("case", SLOPES)
@pytest.mark.usefixtures("direction")
def test_a_gradient_equals_central_differences(case: str) -> None:
    outputs, parameters = SLOPES[case]
    program = engine.compile(MODELS / f"{case}.mdl", outputs=outputs, inputs=list(parameters))
    found = engine.gradient(program, last, parameters)
    for name, value in parameters.items():
        for place in np.ndindex(np.shape(value)):
            width = np.zeros(np.shape(value))
            width[place] = 1e-5 * max(1.0, abs(np.asarray(value)[place]))
            above = last_of_run(program, {**parameters, name: value + width})
            below = last_of_run(program, {**parameters, name: value - width})
            slope = (above - below) / (2 * width[place])
            assert found[name][place] == pytest.approx(slope, rel=1e-5, abs=1e-6 * np.abs(found[name]).max())


EDGES = ("root", "by root", "square", "quotient", "otherwise", "guarded", "guarded quotient", "multiple", "stock")


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.usefixtures("direction")
def test_slopes_at_zero_are_finite(name: str) -> None:
    parameters = {"nothing": 0.0, "two": 2.0}
    program = engine.compile(MODELS / "edges_of_functions_at_zero.mdl", outputs=[name], inputs=list(parameters))
    found = engine.gradient(program, last, parameters)
    assert np.isfinite(found["nothing"])
    assert np.isfinite(found["two"])


def test_a_batch_with_paths_gives_each_run_its_own_result() -> None:
    """Three runs: a path, another path, a plain number; each equals the run alone."""
    program = engine.compile(MODELS / "stock_grows_by_compound_steps.mdl", inputs=["rate"])
    times = np.array([0.0, 2.0, 4.0])
    paths = [engine.TimePath(times, np.array(values)) for values in ([0.0, 0.1, 0.2], [0.3, 0.0, -0.1])]
    together = engine.batch(program, {"rate": paths})
    for number, path in enumerate(paths):
        alone = engine.run(program, {"rate": path})
        np.testing.assert_allclose(together["x"].isel(run=number), alone["x"], rtol=1e-13)
        by_pysd = engine.reference.run(MODELS / "stock_grows_by_compound_steps.mdl", {"rate": path})
        np.testing.assert_allclose(alone["x"], by_pysd["x"], rtol=1e-9)


def test_numpy_and_jax_give_the_same_batch() -> None:
    program = engine.compile(MODELS / "epidemic_on_two_groups.mdl", inputs=["people"])
    people = np.array([[1000.0, 500.0], [800.0, 900.0], [10.0, 2000.0]])
    fast = engine.batch(program, {"people": people})
    slow = engine.batch(program, {"people": people}, backend="numpy")
    xr.testing.assert_allclose(fast, slow, rtol=1e-9)


def test_single_precision_stays_near_double() -> None:
    program = engine.compile(MODELS / "cohorts_migrate_and_age.mdl", outputs=["residents"])
    single, double = engine.run(program, dtype="float32"), engine.run(program)
    np.testing.assert_allclose(single["residents"], double["residents"], rtol=1e-5)


@pytest.mark.usefixtures("direction")
@pytest.mark.parametrize(("choice", "slopes"), [("MAX", (0.0, 1e-8)), ("MIN", (1e-8, 0.0))])
def test_of_two_small_terms_a_gradient_follows_the_one_that_is_chosen(
    tmp_path: Path, choice: str, slopes: tuple[float, float],
) -> None:
    """However small numbers are, a model's own choice between them is its own."""
    file = tmp_path / "small.mdl"
    file.write_text("{UTF-8}\na = 0.1 ~~|\nb = 0.2 ~~|\nINITIAL TIME = 0 ~~|\nFINAL TIME = 2 ~~|\nTIME STEP = 1 ~~|\n"
                    f"SAVEPER = 1 ~~|\nx = {choice}(a * 1e-8, b * 1e-8) ~~|\n", encoding="utf-8")
    program = engine.compile(file, outputs=["x"], inputs=["a", "b"])
    found = engine.gradient(program, last, {"a": 0.1, "b": 0.2})
    assert (float(found["a"]), float(found["b"])) == pytest.approx(slopes, rel=1e-9)
