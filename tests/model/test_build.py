"""A study and a scenario become one complete run: text with its clock, values that replace constants."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xiancheng.engine import TimePath
from xiancheng.errors import StudyError
from xiancheng.model import build, clock
from xiancheng.scenarios import scenario
from xiancheng.study import Study

ASSUMED = ("total fertility rate", "outside attractiveness", "mortality multiplier")
PLACES = ["p370124", "p371503", "p371522", "rest_370100", "rest_371500"]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(Path(__file__).parents[1] / "mini")


def built(study: Study, *settings: str, base: str = "baseline", **options: Any) -> build.BuiltRun:
    return build.build(study, scenario.from_settings(study, settings, base), **options)


def test_the_baseline_runs_the_equations_as_they_stand_with_every_lever_at_rest(study: Study) -> None:
    run = built(study)
    assert run.text == study.equations.read_text(encoding="utf-8")
    assert list(run.places.elements) == PLACES
    assert set(run.parameters) == {"grant", "tax relief", *ASSUMED}
    assert not run.parameters["grant"].values.any()


def test_every_scenario_is_the_same_program(study: Study) -> None:
    shapes = {
        tuple((name, path.values.shape) for name, path in built(study, base=name).parameters.items())
        for name in scenario.files(study)
    }
    assert len(shapes) == 1


def test_another_start_reads_the_other_blocks_and_sets_the_clock(study: Study) -> None:
    text = built(study, start=2010, end=2024).text
    assert "tables/blocks/start_2010/places.csv" in text
    assert "start_2020" not in text
    assert "INITIAL TIME = 2010\n" in text
    assert "FINAL TIME = 2024.25\n" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [({"start": 2015}, "no start in 2015"), ({"end": 2020}, "end in 2020"), ({"end": 2051}, "up to 2050")],
)
def test_a_start_or_end_the_study_has_not_is_refused(study: Study, options: dict[str, int], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        built(study, **options)


def test_a_lever_moves_at_its_places_and_stays_at_its_baseline_elsewhere(study: Study) -> None:
    path = built(study, base="stay").parameters["grant"]
    assert path.values.shape == (len(path.times), len(PLACES))
    reached = path.at(clock.new_year(2030))
    assert dict(zip(PLACES, reached, strict=True)) == dict(zip(PLACES, [0, 20000, 20000, 0, 0], strict=True))
    np.testing.assert_array_equal(path.at(clock.new_year(2025)), np.zeros(5))


def test_of_two_settings_at_one_place_the_later_holds(study: Study) -> None:
    path = built(study, "grant=1000@2026:莘县", base="stay").parameters["grant"]
    np.testing.assert_allclose(path.at(clock.new_year(2030)), [0, 20000, 1000, 0, 0])


def test_a_lever_of_the_whole_province_has_one_value(study: Study) -> None:
    path = built(study, base="stay").parameters["tax relief"]
    assert path.values.ndim == 1
    assert path.at(clock.new_year(2028)) == 0.5


def test_a_lever_is_handed_on_in_the_unit_of_its_variable(study: Study) -> None:
    told = scenario.from_settings(study, ["grant=1000"])
    per_thousand = replace(told.levers["grant"][0], factor=0.001)
    run = build.build(study, replace(told, levers={"grant": (per_thousand,)}))
    np.testing.assert_allclose(run.parameters["grant"].at(2035.0), np.ones(5))


def test_a_named_column_becomes_the_path_of_its_variable(study: Study) -> None:
    path = built(study, base="stress_births").parameters["total fertility rate"]
    assert path.at(2028.0) == pytest.approx(0.9)
    assert path.at(2022.5) == pytest.approx(1.35)


def test_a_path_leaves_from_its_baseline_in_2025_and_stays_at_its_last_value(study: Study) -> None:
    path = built(study, "outside_attractiveness=0.5@2028").parameters["outside attractiveness"]
    assert path.at(clock.new_year(2025)) == 0.0
    assert path.at(clock.new_year(2026.5)) == pytest.approx(0.25)
    assert path.at(2035.0) == 0.5


def test_a_multiplier_leaves_from_its_baseline(study: Study) -> None:
    path = built(study, "mortality=1.2@2027").parameters["mortality multiplier"]
    assert (path.at(2021.0), path.at(2040.0)) == (1.0, 1.2)


def test_constants_come_from_the_scenario_and_the_call(study: Study) -> None:
    run = built(study, "leaving_rate=0.02", constants={"birth rate per child": 0.007})
    assert (run.parameters["leaving rate"], run.parameters["birth rate per child"]) == (0.02, 0.007)


def test_the_manifest_tells_the_whole_run(study: Study) -> None:
    one, other = built(study, base="stay", start=2010), built(study, base="stay", start=2020)
    assert one.manifest["scenario_sha256"] != other.manifest["scenario_sha256"]
    assert json.loads(json.dumps(one.manifest))["scenario"]["levers"]["grant"][0]["places"] == "莘县, 茌平县"


@cache
def residents(study: Study, engine: str, *settings: str, **options: Any) -> np.ndarray[Any, Any]:
    """Residents (time, place) of a run [person]; the same run is made once."""
    result = build.simulate(built(study, *settings, **options), variables=["residents"], engine=engine)
    return np.asarray(result["residents"].transpose("time", "place"))


@pytest.mark.parametrize("engine", build.ENGINES)
def test_the_run_starts_at_the_census_and_moves_by_its_levers(study: Study, engine: str) -> None:
    base, stay = residents(study, engine), residents(study, engine, base="stay")
    assert list(base[0]) == [320000, 520000, 890000, 7800000, 2200000]
    early = round((clock.new_year(2025) - 2020) * 8)
    np.testing.assert_array_equal(base[:early], stay[:early])
    assert np.all(stay[-1] > base[-1])
    assert (stay[-1] / base[-1])[2] > (stay[-1] / base[-1])[0]


@pytest.mark.parametrize("engine", build.ENGINES)
def test_a_lever_at_its_baseline_changes_nothing_bit_by_bit(study: Study, engine: str) -> None:
    still = residents(study, engine, "grant=0", "tax_relief=0", "mortality=1", "fertility_path=reference")
    np.testing.assert_array_equal(residents(study, engine), still)


@pytest.mark.parametrize("engine", build.ENGINES)
def test_a_start_in_2010_begins_with_the_census_of_2010(study: Study, engine: str) -> None:
    found = residents(study, engine, start=2010, end=2020)
    assert list(found[0]) == [330000, 540000, 960000, 6400000, 2100000]
    assert len(found) == 8 * 10 + 3


def test_the_compiled_run_agrees_with_the_reference(study: Study) -> None:
    settings = ("outside_attractiveness=0.4@2028", "leaving_rate=0.015")
    reference, found = (residents(study, engine, *settings, base="stay") for engine in ("pysd", "compiled"))
    assert np.abs(found - reference).max() <= 1e-9 * np.abs(reference).max()


def test_an_unknown_engine_or_variable_is_named(study: Study) -> None:
    with pytest.raises(StudyError, match="no engine abacus"):
        build.simulate(built(study), engine="abacus")
    with pytest.raises(StudyError, match="persons"):
        build.simulate(built(study), variables=["persons"])


def test_a_time_path_is_what_the_engine_expects() -> None:
    assert TimePath(np.array([2024.0]), np.array([[1.0, 2.0]])).at(2030.0).tolist() == [1.0, 2.0]
