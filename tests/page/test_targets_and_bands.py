"""What the server answers besides runs: the least setting for a target, bands over members, why a lever works."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from client import Client

from xiancheng.engine.labels import PlainRun
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model.inputs import Constant
from xiancheng.model.settings import Scenario
from xiancheng.web import wire
from xiancheng.web.app import Site
from xiancheng.web.mechanism import Mechanism, MechanismRequest, is_amount, merged_over
from xiancheng.web.money import ROOM, SUMS, Money, sum_name
from xiancheng.web.simulator import Simulator
from xiancheng.web.spread import Spread


def test_bands_of_a_change_are_those_of_pairs_in_the_same_member(client: Client, site: Site) -> None:
    """What differs between members alone drops out: the baseline changes nothing in any of them."""
    for levers, moves in (({}, False), ({"county_industry": {"value": 3}}, True)):
        header, numbers = wire.unpacked(client.post("/bands", {"levers": levers, "indicators": ["residents"]}).content)
        shaped = numbers.reshape(len(header["indicators"]), 2, 3, header["years"], header["areas"])
        change = shaped[0, header["kinds"].index("change")]
        assert bool((np.abs(change) > 0).any()) is moves
    assert client.post("/bands/progress", {}).json() == {"done": 0, "of": len(site.service.members)}


def test_the_money_of_bands_is_summed_in_each_member_from_the_first_year_of_levers(site: Site) -> None:
    """The band of a sum is not the sum of bands: it is made of what each member comes to."""
    money = Money.of(site.service.built.study)
    years = [money.first_year - 1, money.first_year, money.first_year + 1]
    values = {name: np.array([[5.0], [7.0], [11.0]], dtype=np.float32) for name in money.indicators.values()}
    sums = money.sums(values, years)
    for office in SUMS:
        assert sums[sum_name(office)][:, 0].tolist() == [0, 7, 18]
    assert money.limit is not None
    np.testing.assert_allclose(sums[sum_name(ROOM)][:, 0], (money.limit - 1) * np.array([5, 7, 11]), rtol=1e-6)
    assert not money.sums({}, years)


def test_bands_that_are_stopped_end_with_a_sentence_and_can_be_made_again(site: Site) -> None:
    baseline = site.choices.bases["baseline"]
    runs: list[int] = []

    def read(scenario: Scenario, member: object) -> dict[str, np.ndarray]:
        runs.append(1)
        if len(runs) == 2:
            spread.stop("mark")
        return {"x": np.full((1, 1), float(len(runs)), dtype=np.float32)}

    spread = Spread([{}, {}, {}], read, baseline)
    with pytest.raises(StudyError, match="stopped"):
        spread.bands("mark", baseline)
    assert (len(runs), spread.count("mark")) == (2, 0)
    assert spread.bands("mark", baseline)["x"].shape == (2, 3, 1, 1)
    calm = Spread([{}, {}, {}], read, baseline, "mark")
    runs.clear()
    calm.bands("mark", baseline)
    assert len(runs) == 3, "the baseline is not run beside itself"


def test_the_least_setting_reaches_its_target_on_top_of_the_plan_and_what_is_less_does_not(client: Client) -> None:
    plan = {"levers": {"shelter_building": {"value": 2}}}
    place, year = 1, -1

    def level(value: float) -> float:
        levers = {**plan["levers"], "county_industry": {"value": value, "year": 2035}}
        return float(client.run(levers=levers, indicators=["residents"])[1][0, year, place])

    ends = [level(-1), level(5)]
    goal = {"lever": "county_industry", "indicator": "residents", "at_least": ends[1] > ends[0],
            "value": 0.4 * level(0) + 0.6 * ends[1], "year": 2035, "area": "68"}
    answer = client.post("/target", {**plan, "target": goal}).json()
    assert answer["is_met"], answer
    assert answer["reached"] == pytest.approx(goal["value"], rel=1e-3)
    assert 0 < answer["setting"] < 5
    beyond = client.post("/target", {**plan, "target": {**goal, "value": 3 * ends[1] - 2 * level(0)}}).json()
    assert (beyond["is_met"], beyond["at_bound"]) == (False, True)


@pytest.mark.parametrize(("part", "word"), [
    ({"lever": "county_indstry"}, "county_indstry"), ({"indicator": "happiness"}, "happiness"),
    ({"year": 1999}, "1999"), ({"area": "Nowhere"}, "Nowhere"), ({"value": "much"}, "value"),
    ({"command": "rm"}, "command"),
])
def test_a_wrong_target_gets_a_sentence_in_both_languages(client: Client, part: dict[str, object], word: str) -> None:
    goal = {"lever": "county_industry", "indicator": "residents", "at_least": True, "value": 1.0, "year": 2035,
            "area": "68"}
    answer = client.post("/target", {"target": {**goal, **part}})
    assert answer.status == 400
    for language in ("zh", "en"):
        assert any(word in problem[language] for problem in answer.json()["problems"])


@pytest.mark.parametrize("lever", ["county_industry", "shelter_building", "childcare_places"])
def test_the_way_of_a_lever_leads_from_equation_to_equation_to_its_figure(
    client: Client, site: Site, lever: str
) -> None:
    own = site.choices.book.levers[lever]
    answer = client.get(f"/why/{lever}").json()
    names = [one["name"].lower() for one in answer["variables"]]
    assert names[0] == own.variable.lower()
    assert key(names[-1]) in {key(name) for name in site.service.reader.needed([own.own_indicator])}
    for before, one in zip(names, answer["variables"][1:], strict=False):
        assert before in " ".join(one["equation"].lower().split()), (before, one["name"])
        for constant in one["constants"]:
            assert constant["name"].lower() in " ".join(one["equation"].lower().split())
            assert constant["evidence"]
    assert all(one["sentence"] and one["unit"] for one in answer["variables"])


def asked_why(loops: list[str], levers: dict[str, object], **part: object) -> dict[str, object]:
    return {"levers": levers, "mechanism": {"lever": "county_industry", "area": "68", "cut": loops, **part}}


def test_why_tells_the_values_of_the_plan_beside_the_baseline_and_with_loops_cut(client: Client, site: Site) -> None:
    pulled = {"county_industry": {"value": 3, "year": 2030}}
    lever = site.choices.book.levers["county_industry"]
    answer = client.post("/why", asked_why([], pulled)).json()
    assert [one["id"] for one in answer["variables"]] == site.mechanism.ways.ids(lever)
    assert "cut" not in answer
    area = site.areas.index("68")
    for who, levers in (("baseline", {}), ("plan", pulled)):
        assert len(answer["figure"][who]) == len(site.years)
        assert all(len(one[who]) == len(site.years) for one in answer["variables"])
        _, numbers = client.run(levers=levers, indicators=[lever.own_indicator])
        assert (np.ptp(answer["figure"][who]) > 0) == bool(np.ptp(numbers[0, :, area]) > 0)
    assert answer["figure"]["plan"] != answer["figure"]["baseline"]
    cut = client.post("/why", asked_why(["R1"], pulled)).json()
    assert cut["figure"] == answer["figure"]
    assert cut["cut"] != cut["figure"], "the switch of the loop is handed to the model"


def test_amounts_are_added_over_places_and_groups_and_all_else_is_averaged() -> None:
    values = np.arange(24.0).reshape(2, 3, 4)
    inside = np.array([True, False, True])
    assert merged_over(values, ("place", "age"), inside, is_sum=True).tolist() == [44, 140]
    assert merged_over(values, ("place", "age"), inside, is_sum=False).tolist() == [5.5, 17.5]
    assert merged_over(values[:, 0, 0], (), inside, is_sum=True).tolist() == [0, 12]
    amounts = {unit: is_amount(unit) for unit in ("person", "yuan/year", "m2", "dmnl", "yuan/person/year", "year",
                                                  "1/year", "yuan*year/tonne")}
    assert [unit for unit, is_sum in amounts.items() if is_sum] == ["person", "yuan/year", "m2"]


@pytest.mark.parametrize(("part", "word"), [
    ({"lever": "county_indstry"}, "county_indstry"), ({"area": "Nowhere"}, "Nowhere"), ({"cut": ["R99"]}, "R99"),
    ({"cut": "R1"}, "cut"), ({"command": "rm"}, "command"),
])
def test_a_wrong_question_why_gets_a_sentence_in_both_languages(
    client: Client, part: dict[str, object], word: str
) -> None:
    answer = client.post("/why", asked_why([], {}, **part))
    assert answer.status == 400
    for language in ("zh", "en"):
        assert any(word in problem[language] for problem in answer.json()["problems"])


def test_the_sectors_of_a_way_have_their_pictures(client: Client) -> None:
    way = client.get("/why/county_industry").json()["variables"]
    for sector in {one["sector"] for one in way}:
        picture = client.get(f"/sketch/{sector}")
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert b"<svg" in picture.content
        names = " ".join(re.sub(rb"<[^>]+>", b" ", picture.content).decode().split())
        assert all(one["name"] in names for one in way if one["sector"] == sector)
    assert client.get("/sketch/..%2f..%2fpyproject").status == 404


def test_there_is_no_way_for_a_lever_that_is_not_there(client: Client) -> None:
    assert client.get("/why/county_indstry").status == 404


class Slow:
    """An engine that waits until it is let go."""

    def __init__(self, engine: Simulator) -> None:
        self.engine, self.called, self.free = engine, threading.Event(), threading.Event()

    def run(self, scenario: Scenario, constants: Mapping[str, Constant | TimePath]) -> PlainRun:
        self.called.set()
        assert self.free.wait(30)
        return self.engine.run(scenario, constants)


def test_why_says_how_far_it_is_and_ends_before_its_next_run_when_nobody_wants_it(site: Site) -> None:
    service = site.service
    slow = Slow(service.simulator)
    mechanism = Mechanism(service, site.mechanism.ways, lambda built, variables: slow)
    plan = site.choices.bases["austerity"]
    with ThreadPoolExecutor(1) as aside:
        answer = aside.submit(mechanism.answer, MechanismRequest("county_industry", 1, (), plan))
        assert slow.called.wait(30)
        words = mechanism.progress.words()
        assert (words["of"], words["done"], words["is_compiling"]) == (2, 0, True)
        mechanism.progress.is_stopped = True
        slow.free.set()
        with pytest.raises(StudyError, match="stopped"):
            answer.result(30)
    assert mechanism.progress.words()["of"] == 0
    assert mechanism.answer(MechanismRequest("county_industry", 1, (), plan))["figure"]
