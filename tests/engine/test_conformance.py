"""Each small model in conformance/ states one rule; the engine gives the expected values on JAX and on NumPy.

Expected values: PySD's (conformance/expected/, rewritten by `python tests/engine/conformance/regenerate.py`) or, where
PySD cannot be asked, worked out by hand (conformance/by_hand.py, each with its reason). Two values agree when they
differ by no more than 1e-9 of the variable's largest size, plus 1e-12.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from xiancheng import engine

HERE = Path(__file__).parent / "conformance"
CASES = sorted(model.stem for model in HERE.glob("*.mdl"))
LIVE = [
    "cohorts_migrate_and_age",
    "data_modes",
    "delays_on_subscripts",
    "epidemic_on_two_groups",
    "integer_part_goes_towards_zero",
    "inverse_of_a_matrix",
    "lookup_by_element",
    "migration_between_all_pairs",
    "ramp_input",
    "vector_select",
]


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"conformance_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BY_HAND = _module("by_hand").BY_HAND


def expected(case: str) -> pd.DataFrame:
    """Rows: variables and elements; columns: saved times."""
    if case not in BY_HAND:
        frame = pd.read_csv(HERE / "expected" / f"{case}.csv", index_col="variable")
        return frame.set_axis(frame.columns.astype(float), axis=1)
    hand = BY_HAND[case]
    rows = {
        name: [value(time) if callable(value) else float(value) for time in hand.times]
        for name, value in hand.values.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(hand.times))


def name_key(name: str) -> str:
    """Vensim's rule for equal names: any case, blanks and underscores alike."""
    return re.sub(r"[\s_]+", " ", name.strip('" ').casefold())


def series(dataset: xr.Dataset, column: str) -> np.ndarray:
    """The values over time of `name` or `name[element, …]`."""
    name, _, inside = column.partition("[")
    found = {name_key(str(variable)): variable for variable in dataset.data_vars}
    array = dataset[found[name_key(name)]]
    elements = [element.strip() for element in inside.rstrip("]").split(",")] if inside else []
    dims = [dim for dim in array.dims if dim != "time"]
    if not elements:  # PySD names no element where there is but one
        array = array.isel({dim: 0 for dim in dims if array.sizes[dim] == 1})
        dims = [dim for dim in array.dims if dim != "time"]
    assert len(dims) == len(elements), f"{column}: dims {array.dims}"
    for dim, element in zip(dims, elements, strict=True):
        array = array.isel({dim: list(array[dim].values).index(element)})
    return np.broadcast_to(np.asarray(array.values, dtype=float), (dataset.sizes["time"],))


def disagreements(dataset: xr.Dataset, wanted: pd.DataFrame) -> list[str]:
    """One line for each row of `wanted` that the dataset does not give."""
    times = np.asarray(wanted.columns, dtype=float)
    if dataset.sizes["time"] != len(times) or not np.allclose(dataset["time"].values, times, rtol=1e-12, atol=1e-9):
        return [f"times {dataset['time'].values} instead of {times}"]
    wrong = []
    groups = wanted.groupby([str(column).partition("[")[0] for column in wanted.index])
    for _, rows in groups:
        sizes = np.abs(rows.values)
        allowed = 1e-9 * np.nanmax(sizes[sizes < 1e30], initial=0) + 1e-12
        for column, values in rows.iterrows():
            got = series(dataset, str(column))
            if not np.allclose(got, values.values, rtol=0, atol=allowed, equal_nan=True):
                wrong.append(f"{column}: {got} instead of {values.values}")
    return wrong


@cache
def compiled(case: str) -> Any:
    return engine.compile(HERE / f"{case}.mdl")


def test_every_model_states_its_rule_and_has_expected_values() -> None:
    assert len(CASES) >= 100
    by_pysd = {path.stem for path in (HERE / "expected").glob("*.csv")}
    assert by_pysd | set(BY_HAND) == set(CASES)
    assert not by_pysd & set(BY_HAND)
    assert all(".rule" in (HERE / f"{case}.mdl").read_text(encoding="utf-8") for case in CASES)


@pytest.mark.parametrize("case", CASES)
def test_numpy_gives_the_expected_values(case: str) -> None:
    assert disagreements(engine.run(compiled(case), backend="numpy"), expected(case)) == []


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_jax_gives_the_expected_values(case: str) -> None:
    assert disagreements(engine.run(compiled(case)), expected(case)) == []


@pytest.mark.parametrize("case", CASES)
def test_check_raises_no_false_alarm(case: str) -> None:
    assert list(engine.check(HERE / f"{case}.mdl")) == []


@pytest.mark.parametrize("case", LIVE)
def test_pysd_still_says_what_is_stored(case: str) -> None:
    assert disagreements(engine.reference.run(HERE / f"{case}.mdl"), expected(case)) == []


def same_bits(first: xr.Dataset, second: xr.Dataset) -> bool:
    """Equal to the last bit, names and coordinates included."""
    return first.identical(second)


REPEATED = ["predator_and_prey", "cohorts_migrate_and_age", "delays_on_subscripts"]


@pytest.mark.parametrize("case", REPEATED)
def test_the_same_call_twice_gives_the_same_bits(case: str) -> None:
    assert same_bits(engine.run(compiled(case)), engine.run(compiled(case)))


OVERRIDES: Mapping[str, Mapping[str, float]] = {
    "stock_grows_by_compound_steps": {"rate": 0.2},
    "teacup_with_units": {"room": 30.0, "time to cool": 5.0},
}


@pytest.mark.parametrize("case", OVERRIDES)
def test_changed_constants_do_not_leak_into_the_next_run(case: str) -> None:
    program = engine.compile(HERE / f"{case}.mdl", inputs=list(OVERRIDES[case]))
    before = engine.run(program)
    changed = engine.run(program, OVERRIDES[case])
    assert not same_bits(before, changed)
    assert same_bits(before, engine.run(program))
    assert disagreements(changed, stored_form(engine.reference.run(HERE / f"{case}.mdl", OVERRIDES[case]))) == []


def stored_form(dataset: xr.Dataset) -> pd.DataFrame:
    """A dataset of scalars as rows of variables and columns of times."""
    rows = {str(name): np.broadcast_to(array.values, (dataset.sizes["time"],)) for name, array in dataset.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(dataset["time"].values.astype(float)))


@pytest.mark.parametrize(("name", "value", "total"), [("人均GDP", 7.0, 26.0), ("GDP", 8.0, 14.0)])
def test_changing_a_chinese_name_changes_that_variable(name: str, value: float, total: float) -> None:
    """2 a head, 3 heads and 5 more are 11: with 7 a head 26, with 8 more 14."""
    program = engine.compile(HERE / "names_that_share_latin_letters.mdl", inputs=[name])
    changed = engine.run(program, {name: value})
    assert series(changed, "总GDP") == pytest.approx(total + np.arange(5))


def test_a_run_is_the_same_whatever_its_neighbours_in_the_batch() -> None:
    program = engine.compile(HERE / "stock_grows_by_compound_steps.mdl", inputs=["rate"])
    few = engine.batch(program, {"rate": np.array([0.01, 0.05])})
    many = engine.batch(program, {"rate": np.array([0.05, 0.3, 0.01, -0.2, 0.0])})
    assert few.sizes["run"] == 2
    assert same_bits(few.isel(run=1), many.isel(run=0))
    assert same_bits(few.isel(run=0), many.isel(run=2))


def test_a_batch_of_one_is_the_single_run() -> None:
    program = engine.compile(HERE / "stock_grows_by_compound_steps.mdl", inputs=["rate"])
    single = engine.run(program, {"rate": 0.07})
    batch = engine.batch(program, {"rate": np.array([0.07])}).isel(run=0)
    np.testing.assert_allclose(batch["x"], single["x"], rtol=1e-13)
