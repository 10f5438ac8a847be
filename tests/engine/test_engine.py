"""The engine's own rules: one model run by PySD, NumPy and JAX, alone, in batches, with other constants, derived."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from xiancheng import engine
from xiancheng.engine import graph, read, units
from xiancheng.errors import StudyError

CONTROLS = """
INITIAL TIME = 2020 ~ year ~ |
FINAL TIME = 2024 ~ year ~ |
TIME STEP = 0.25 ~ year ~ |
SAVEPER = 0.5 ~ year ~ |
"""
MOVES = (
    """{UTF-8}
place: p1, p2, p3 ~ ~ |
other <-> place ~ ~ |
age: (a0-a3) ~ ~ |
later: (a1-a3) ~ ~ |
before: (a0-a2) -> later ~ ~ |
rate[place] = GET DIRECT CONSTANTS('rates.csv', ',', 'B2*') ~ 1/year ~ Leaving a place. |
outside = 3 ~ person/year ~ Comers. |
人均GDP = 2 ~ yuan/person ~ |
GDP = 人均GDP * SUM(persons[place!, age!]) ~ yuan ~ |
number[place] = 1, 2, 3 ~ dmnl ~ |
share[place, other] = IF THEN ELSE(number[place] = number[other], 0, pull[other])
    / (SUM(pull[other!]) - pull[place]) ~ dmnl ~ |
pull[place] = 1, 2, 4 ~ dmnl ~ |
leaving[place, age] = rate[place] * persons[place, age] ~ person/year ~ |
moves[place, other, age] = leaving[place, age] * share[place, other] ~ person/year ~ |
coming[other, age] = SUM(moves[place!, other, age]) ~ person/year ~ |
grown[place, later] = 0.5 * persons[place, before] ~ person ~ |
grown[place, a0] = 0 ~ person ~ |
persons[place, age] = INTEG(coming[place, age] - leaving[place, age] + outside, 100) ~ person ~ People. |
seen[place] = DELAY1I(persons[place, a0], patience, 100) ~ person ~ |
patience = 1 ~ year ~ |
total = SUM(persons[place!, age!]) ~ person ~ |
"""
    + CONTROLS
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "rates.csv").write_text("place,rate\np1,0.1\np2,0.2\np3,0.05\n", encoding="utf-8")
    (tmp_path / "moves.mdl").write_text(MOVES, encoding="utf-8")
    return tmp_path / "moves.mdl"


def agree(first: xr.Dataset, second: xr.Dataset, relative: float = 1e-9) -> None:
    for name in first.data_vars:
        one, other = first[name], second[name].transpose(*first[name].dims)
        allowed = relative * float(np.abs(other).max()) + 1e-12
        assert float(np.abs(one - other).max()) <= allowed, name


PATH = engine.TimePath(np.array([2021.0, 2023.0]), np.array([3.0, 9.0]))
RATES = engine.TimePath(np.array([2020.5, 2022.0]), np.array([[0.1, 0.2, 0.05], [0.3, 0.1, 0.0]]))


@pytest.mark.parametrize(
    "parameters",
    [{}, {"outside": 7.0}, {"rate": np.array([0.3, 0.1, 0.2])}, {"OUTSIDE": PATH}, {"rate": RATES, "人均GDP": 5.0}],
)
def test_pysd_numpy_and_jax_agree_whatever_is_replaced(model: Path, parameters: Mapping[str, Any]) -> None:
    program = engine.compile(model, inputs=list(parameters))
    result = engine.run(program, parameters)
    agree(engine.reference.run(model, parameters), result)
    agree(engine.run(program, parameters, backend="numpy"), result)


def test_the_reference_writes_nothing_beside_the_model(model: Path) -> None:
    before = sorted(model.parent.iterdir())
    shares: list[float] = []
    engine.reference.run(model, outputs=["total"], progress=shares.append)
    assert sorted(model.parent.iterdir()) == before
    assert shares[-1] == 1.0


def test_the_reference_saves_when_it_is_asked_to(model: Path) -> None:
    yearly = engine.reference.run(model, outputs=["total"], save=1.0)
    chosen = engine.reference.run(model, outputs=["total"], save=[2021.0, 2023.5])
    assert list(yearly["time"].values) == [2020, 2021, 2022, 2023, 2024]
    assert list(chosen["time"].values) == [2021, 2023.5]


@pytest.mark.parametrize("runner", ["reference", "compiled"])
def test_another_text_reads_its_tables_beside_the_original(model: Path, runner: str) -> None:
    text = MOVES.replace("FINAL TIME = 2024", "FINAL TIME = 2022")
    if runner == "reference":
        result = engine.reference.run(model, outputs=["total"], text=text)
    else:
        result = engine.run(engine.compile(model, outputs=["total"], text=text))
    assert result["time"].values[-1] == 2022


def test_results_carry_names_units_and_elements(model: Path) -> None:
    result = engine.run(engine.compile(model, outputs=["persons", "total"]))
    assert list(result.data_vars) == ["persons", "total"]
    assert result["persons"].dims == ("time", "place", "age")
    assert list(result["place"].values) == ["p1", "p2", "p3"]
    assert result["persons"].attrs == {"units": "person", "description": "People."}


def test_asking_for_less_changes_no_bit_of_it_beyond_rounding(model: Path) -> None:
    everything = engine.run(engine.compile(model))
    for name in ("total", "coming", "seen"):
        agree(engine.run(engine.compile(model, outputs=[name])), everything, 1e-13)


def test_a_variable_used_only_in_sums_gives_the_same_sum_as_one_that_is_shown(model: Path) -> None:
    hidden = engine.run(engine.compile(model, outputs=["coming"]))
    shown = engine.run(engine.compile(model, outputs=["moves", "coming"]))
    np.testing.assert_allclose(shown["moves"].sum("place").values, shown["coming"].values, rtol=1e-13)
    agree(hidden, shown, 1e-13)


def test_a_batch_gives_each_run_what_it_gives_alone(model: Path) -> None:
    program = engine.compile(model, outputs=["total", "persons"], inputs=["rate", "outside"])
    rates = np.array([[0.1, 0.2, 0.3], [0.0, 0.0, 0.0], [0.5, 0.1, 0.2]])
    paths = [1.0, PATH, 5.0]
    batch = engine.batch(program, {"rate": rates, "outside": paths})
    assert batch["persons"].dims == ("run", "time", "place", "age")
    turned = engine.batch(program, {"rate": rates[::-1], "outside": paths[::-1]})
    for number in range(3):
        alone = engine.run(program, {"rate": rates[number], "outside": paths[number]})
        agree(batch.isel(run=number), alone, 1e-12)
        assert batch.isel(run=number).identical(turned.isel(run=2 - number))


def test_single_precision_is_close_and_said(model: Path) -> None:
    program = engine.compile(model, outputs=["total"])
    single = engine.run(program, dtype="float32")
    assert single["total"].dtype == np.float32
    np.testing.assert_allclose(single["total"], engine.run(program)["total"], rtol=1e-5)


def last_total(outputs: Mapping[str, Any]) -> Any:
    return outputs["total"][-1] + outputs["seen"][-1, 0]


def test_gradients_are_central_differences(model: Path) -> None:
    program = engine.compile(model, outputs=["total", "seen"], inputs=["rate", "outside", "patience"])
    point = {"rate": np.array([0.1, 0.2, 0.05]), "outside": 3.0, "patience": 1.0}
    slopes = engine.gradient(program, last_total, point)
    for name, start in point.items():
        for place in range(np.size(start)):
            step = np.zeros(np.shape(start))
            step.reshape(-1)[place] = 1e-4
            ends = [engine.run(program, {**point, name: start + sign * step}) for sign in (1, -1)]
            up, down = (last_total({"total": end["total"].values, "seen": end["seen"].values}) for end in ends)
            assert np.reshape(slopes[name], -1)[place] == pytest.approx((up - down) / 2e-4, rel=1e-5, abs=1e-6)


def test_a_delay_that_a_parameter_makes_too_short_is_told_and_refused_in_every_row_of_a_batch(model: Path) -> None:
    program = engine.compile(model, outputs=["seen"], inputs=["patience"])
    with pytest.warns(engine.ShortDelayWarning, match="'seen'"):
        engine.run(program, {"patience": 0.1})
    with pytest.raises(StudyError, match="'seen'"):
        engine.run(program, {"patience": 0.1}, strict=True)
    with pytest.raises(StudyError, match="'seen'"):
        engine.batch(program, {"patience": np.array([1.0, 0.2, 3.0])})


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"outsid": 1.0}, "did you mean 'outside'"),
        ({"rate": [1.0, 2.0]}, "does not fit"),
        ({"persons": 1.0}, "cannot be replaced"),
        ({"TIME STEP": 1.0}, "the clock follows from it"),
        ({"outside": np.nan}, "not a finite number"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(model: Path, parameters: Mapping[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        engine.run(engine.compile(model, outputs=["total"]), parameters)


def test_labels_in_another_order_are_put_in_order(model: Path) -> None:
    program = engine.compile(model, outputs=["total"], inputs=["rate"])
    labelled = xr.DataArray([0.3, 0.1, 0.2], {"place": ["p3", "p1", "p2"]}, ["place"])
    turned = engine.run(program, {"rate": labelled})
    assert turned.identical(engine.run(program, {"rate": np.array([0.1, 0.2, 0.3])}))


def test_causes_name_what_feeds_what_is_fed_and_the_loops(model: Path) -> None:
    found = graph.causes(read.read(model), "Leaving")
    assert found.feeds == ("rate", "persons")
    assert found.fed == ("moves", "persons")
    assert ("leaving", "persons", "leaving") in found.loops


def test_a_variable_knows_its_line_group_and_text(model: Path) -> None:
    variable = read.read(model).variable("GDP")
    assert variable.line == 1 + MOVES[: MOVES.index("GDP = 人均GDP")].count("\n")
    assert variable.equation == "GDP = 人均GDP * SUM(persons[place!, age!])"
    assert read.read(model).variable("grown").dims == ("place", "age")


def test_sound_units_raise_no_finding(model: Path) -> None:
    assert units.check(model) == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("rate[place] * persons[place, age] ~ person/year", "rate[place] * persons[place, age] ~ person", "leaving"),
        ("~ 1/year ~ Leaving", "~ 1/month ~ Leaving", "leaving"),
        ("- leaving[place, age] + outside", "- persons[place, age] + outside", "persons"),
        ("outside = 3 ~ person/year", "outside = 3 ~ person", "persons"),
        ("人均GDP = 2 ~ yuan/person", "人均GDP = 2 ~ yuan", "GDP"),
        ("patience = 1 ~ year", "patience = 1 ~ person", "seen"),
        ("total = SUM(persons[place!, age!])", "total = SUM(persons[place!, age!]) + 1", "total"),
        ("total = SUM(persons[place!, age!])", "total = EXP(SUM(persons[place!, age!]))", "total"),
        ("total = SUM(persons[place!, age!])", "total = SUM(persons[place!, age!]) * Time", "total"),
        ("SAVEPER = 0.5 ~ year", "SAVEPER = 0.5 ~ month", "SAVEPER"),
        ("outside = 3 ~ person/year", "outside = 3 ~ person//year", "outside"),
    ],
)
def test_a_wrong_unit_anywhere_is_found(model: Path, old: str, new: str, name: str) -> None:
    assert old in MOVES
    found = units.check_model(read.read(model, MOVES.replace(old, new)))
    assert any(repr(name) in problem.found for problem in found), found
