"""What the server answers: the numbers of any run, each scenario its own, and a sentence for whatever is wrong."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest
import xarray as xr
from client import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from stand import QuickEngine

from xiancheng.engine.parameters import TimePath
from xiancheng.model.inputs import inputs
from xiancheng.model.settings import Scenario
from xiancheng.outputs import places, result, targets
from xiancheng.web import wire
from xiancheng.web.app import Site
from xiancheng.web.guard import HEADERS
from xiancheng.web.request import LARGEST
from xiancheng.web.service import Service, identity
from xiancheng.web.simulator import CompiledSimulator


@pytest.fixture(scope="module")
def plan(site: Site) -> Scenario:
    """A scenario that moves every variable, so that no year is like the one before."""
    return site.choices.bases["balanced_text"]


@pytest.fixture(scope="module")
def usual(site: Site, plan: Scenario) -> xr.Dataset:
    """The result of the same run as every other part of the project reads it."""
    engine = site.service.simulator
    assert isinstance(engine, QuickEngine)
    return result.result(engine.labelled(plan, {}), site.service.built, engine="none")


def test_the_page_shows_the_numbers_of_any_other_result(site: Site, usual: xr.Dataset, plan: Scenario) -> None:
    found = site.service.figures(plan)
    first = len(site.areas) - usual.sizes["place"]
    assert set(found.values) == set(usual.data_vars)
    for level in places.LEVELS:
        table = places.aggregate(usual, level)
        columns = [site.areas.index(str(area)) for area in table["area"].values]
        for name in found.values:
            shown = found.values[name][:, columns]
            if name in table:
                np.testing.assert_allclose(shown, table[name].values, rtol=2e-6, err_msg=f"{name} {level}")
            else:
                assert np.isnan(shown).all(), f"{name} has no value for {level}"
    for name, values in found.values.items():
        if "place" in usual[name].attrs["levels"].split("; "):
            np.testing.assert_allclose(values[:, first:], usual[name].values, rtol=2e-6, err_msg=name)


def test_some_indicators_are_read_as_all_of_them_are(site: Site, plan: Scenario) -> None:
    """To the last bit, however few are read together."""
    run, reader = site.service.simulator.run(plan, {}), site.service.reader
    everything = reader.everywhere(run, list(reader.indicators))
    for name, values in everything.items():
        np.testing.assert_array_equal(reader.everywhere(run, [name])[name], values, err_msg=name)


def test_what_is_asked_for_later_is_read_off_the_same_run(site: Site) -> None:
    engine = site.service.simulator
    assert isinstance(engine, QuickEngine)
    plan = site.choices.bases["austerity"]
    own = Service(site.service.built, engine, site.service.reader)
    before = engine.runs
    some = own.figures(plan, ["residents", "urban_share"])
    assert set(some.values) == {"residents", "urban_share"}
    assert own.at_hand(identity(plan), ["urban_share"]) is not None
    assert own.at_hand(identity(plan), ["births"]) is None
    later = own.figures(plan, ["births", "residents"])
    assert later.values["residents"] is some.values["residents"]
    assert set(later.values) == {"births", "residents"}
    assert engine.runs == before + 1


def test_targets_are_met_in_the_same_year_as_in_any_other_result(site: Site, usual: xr.Dataset, plan: Scenario) -> None:
    found = site.service.figures(plan)
    outcomes = targets.outcomes(usual, "en", places.LEVELS)
    assert len(outcomes) > 100
    for one in outcomes:
        assert found.met[one.indicator][site.areas.index(one.area)] == one.met, one


def test_an_answer_holds_what_was_asked_for_and_no_more(client: Client, site: Site) -> None:
    header, numbers = client.run(indicators=["urban_share", "residents"])
    assert header["indicators"] == ["urban_share", "residents"]
    assert numbers.shape == (2, len(site.years), len(site.areas))
    assert list(header["met"]) == ["urban_share"]


def test_a_lever_at_its_baseline_changes_nothing(client: Client) -> None:
    _, calm = client.run()
    _, same = client.run(levers={"county_industry": {"value": 0}})
    _, moved = client.run(levers={"county_industry": {"value": 2}})
    np.testing.assert_array_equal(calm, same)
    assert np.nanmax(np.abs(moved - calm)) > 0


def test_the_ramp_is_told_where_it_holds_a_lever_back(client: Client) -> None:
    header, _ = client.run(levers={"county_industry": {"value": 4, "year": 2027}})
    (note,) = header["notes"]  # type: ignore[misc]
    assert "county_industry" in note["en"]
    assert "过渡期" in note["zh"]


def test_every_scenario_of_the_study_can_be_asked_for(client: Client, site: Site) -> None:
    for name in site.choices.bases:
        header, _ = client.run(base=name, indicators=["residents"])
        assert str(header["scenario"]) == name


def test_equal_scenarios_run_once_and_none_is_mixed_up(client: Client, site: Site) -> None:
    engine = site.service.simulator
    assert isinstance(engine, QuickEngine)
    before = engine.runs
    values = [0.2517 + step / 8 for step in range(6)] * 4
    found: dict[int, np.ndarray] = {}

    def one(number: int, value: float) -> None:
        found[number] = client.run(levers={"county_industry": {"value": value}}, indicators=["residents"])[1]

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(values)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.runs - before == 6
    for number, value in enumerate(values):
        np.testing.assert_array_equal(found[number], found[values.index(value)])
    assert len({array.tobytes() for array in found.values()}) == 6


def test_bands_hold_the_middle_between_their_ends(client: Client, site: Site) -> None:
    answer = client.post("/bands", {"indicators": ["residents", "urban_share"]})
    header, numbers = wire.unpacked(answer.content)
    shaped = numbers.reshape(-1, 2, 3, header["years"], header["areas"])
    assert len(shaped) == len(header["indicators"])
    low, middle, high = shaped[:2, 0].transpose(1, 0, 2, 3)
    assert header["members"] == len(site.service.members) == 20
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high[:, -1] > low[:, -1]).any()


WRONG = {
    "no lever of that name": {"levers": {"county_indstry": {"value": 1}}},
    "above its range": {"levers": {"county_industry": {"value": 5.1}}},
    "below its range": {"levers": {"county_industry": {"value": -9}}},
    "a word for a number": {"levers": {"county_industry": {"value": "3"}}},
    "a truth for a number": {"levers": {"county_industry": {"value": True}}},
    "a year too far": {"levers": {"county_industry": {"value": 1, "year": 20260}}},
    "a year gone by": {"levers": {"county_industry": {"value": 1, "year": 2020}}},
    "no such place": {"levers": {"county_industry": {"value": 1, "places": ["Nowhere"]}}},
    "a lever of the province at a place": {"levers": {"special_bonds": {"value": 1, "places": [7]}}},
    "too many places": {"levers": {"county_industry": {"value": 1, "places": ["371522"] * 500}}},
    "no such assumption": {"assumptions": {"weather": {"value": 1}}},
    "no such path": {"assumptions": {"fertility_path": {"value": "<b>"}}},
    "a file for a scenario": {"base": "scenarios/baseline.toml"},
    "a file of the machine": {"base": "../../../../etc/passwd"},
    "no such indicator": {"indicators": ["<script>alert(1)</script>"]},
    "an unknown key": {"command": "rm"},
    "a list": [],
    "nothing": None,
}


@pytest.mark.parametrize("told", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_request_gets_a_sentence_in_both_languages(client: Client, told: object) -> None:
    answer = client.post("/run", told)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/json"
    problems = answer.json()["problems"]
    assert problems
    for problem in problems:
        assert len(problem["en"]) > 10
        assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["zh"])
    assert len(answer.content) < 8_000


RAW = {
    "not a number": b'{"levers": {"county_industry": {"value": NaN}}}',
    "infinite": b'{"levers": {"county_industry": {"value": Infinity}}}',
    "too large a number": b'{"levers": {"county_industry": {"value": 1e999}}}',
    "deep lists": b"[" * 16_000,
    "deep objects": b'{"a":' * 3_000,
    "oversized": b'{"base": "' + b"x" * 3 * LARGEST + b'"}',
    "a long name": b'{"levers": {"' + b"x" * 15_000 + b'": {"value": 1}}}',
    "not UTF-8": b"\xff\xfe\x00",
    "half a character": b'{"base": "\\ud800"}',
    "half a character as a name": b'{"levers": {"\\udfff": {"value": 1}}}',
    "a zero byte": b'{"base": "\\u0000"}',
    "nothing": b"",
}


@pytest.mark.parametrize("body", RAW.values(), ids=RAW.keys())
def test_hostile_bytes_get_a_short_sentence(client: Client, body: bytes) -> None:
    answer = client.post("/run", content=body)
    assert answer.status == 400
    assert answer.json()["problems"]
    assert len(answer.content) < 4_000


@settings(max_examples=150)
@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["base", "levers", "assumptions", "indicators", "county_industry", "value", "year", "places"])
        | st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
))
def test_no_request_makes_the_server_fail(client: Client, told: object) -> None:
    answer = client.post("/run", content=json.dumps(told).encode())
    assert answer.status in (200, 400)


@pytest.mark.parametrize("path", [
    "/files/../app.py", "/files/..%2fapp.py", "/files/%2e%2e%2f%2e%2e%2fpyproject.toml", "/files//etc/passwd",
    "/files/..\\app.py", "/etc/passwd", "/files/", "/files/index.html%00.js", "/static/page.css",
])
def test_no_path_leads_out_of_the_files_of_the_page(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status == 404
    assert answer.json()["problems"][0]["zh"]


def test_every_answer_bears_the_headers_of_safety(client: Client) -> None:
    for answer in (client.get("/"), client.get("/files/main.js"), client.post("/run", {"x": 1}), client.get("/x")):
        for name, value in HEADERS.items():
            assert answer.headers[name.lower()] == value
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_another_host_name_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status == 400


def test_another_page_may_not_ask(client: Client) -> None:
    own = {"Origin": f"http://127.0.0.1:{client.port}"}
    told = {"indicators": ["residents"]}
    assert client.post("/run", told, headers=own).status == 200
    for origin in ("https://elsewhere.example", "null", f"http://127.0.0.1:{client.port + 1}"):
        answer = client.post("/run", told, headers={"Origin": origin})
        assert answer.status == 403
        assert "another page" in answer.json()["problems"][0]["en"]


def test_files_that_have_not_changed_are_not_sent_again(client: Client) -> None:
    first = client.get("/files/charts.js")
    again = client.get("/files/charts.js", headers={"if-none-match": first.headers["etag"]})
    assert (first.status, again.status, len(again.content)) == (200, 304, 0)


def test_what_rests_is_laid_out_once_and_is_what_every_scenario_would_say_itself(site: Site) -> None:
    service = site.service
    simulator = CompiledSimulator(service.built, ())
    for base in site.choices.bases.values():
        scenario = service.settled(base)
        whole = inputs(service.built.study, scenario, service.built.places)
        quick_inputs = simulator.inputs(scenario, {})
        assert list(quick_inputs) == list(whole)
        for name, value in whole.items():
            own = quick_inputs[name]
            assert isinstance(own, TimePath) == isinstance(value, TimePath)
            parts = [(one.times, one.values) if isinstance(one, TimePath) else (one,) for one in (own, value)]
            assert all(np.array_equal(*pair) for pair in zip(*parts, strict=True)), name
