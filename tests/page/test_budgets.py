"""The best use of a budget: what is found keeps the budget in every year, and nothing tried beside it gains more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from client import Client
from handling import fragment, settle
from playwright.sync_api import Page

Open = Callable[..., Page]
LEVERS = ("county_industry", "childcare_places", "park_green")
PLACE, BUDGET = 1, 3e9
"""The list of places, by its position among areas, and yuan a year."""
WISH = {"indicator": "residents", "area": "68", "year": 2035, "is_more": True, "budget": BUDGET,
        "levers": list(LEVERS)}


def outcome(client: Client, levers: Mapping[str, Any]) -> tuple[float, float]:
    """Residents in the last year, and the most public money of a year beyond that of the plan."""
    before, after = (client.run(levers=one, indicators=["residents", "public_money"])[1][:, :, PLACE]
                     for one in ({}, levers))
    return float(after[0, -1]), float(np.nanmax((after - before)[1, 6:]))


def test_what_is_found_keeps_the_budget_and_nothing_beside_it_gains_more(client: Client) -> None:
    answer = client.post("/budget", {"budget": WISH}).json()
    assert answer["is_kept"], answer
    assert set(answer["levers"]) == set(LEVERS)
    residents, money = outcome(client, answer["levers"])
    assert residents == pytest.approx(answer["after"], rel=1e-5)
    assert money == pytest.approx(answer["most"], rel=1e-3, abs=1e5)
    assert money <= BUDGET * 1.001
    assert residents >= answer["before"]
    random = np.random.default_rng(1)
    highs = {"county_industry": (0, 5), "childcare_places": (20, 50), "park_green": (0.2, 0.6)}
    for _ in range(12):
        other = {name: {"value": round(float(low + random.uniform() * (high - low)), 4), "year": 2031}
                 for name, (low, high) in highs.items()}
        gained, spent = outcome(client, other)
        assert gained <= residents * (1 + 1e-6) or spent > BUDGET


def test_no_lever_goes_below_what_it_is_today(client: Client) -> None:
    answer = client.post("/budget", {"budget": {**WISH, "is_more": False}}).json()
    assert answer["levers"]["childcare_places"]["value"] >= 20
    assert answer["levers"]["county_industry"]["value"] >= 0


@pytest.mark.parametrize(("part", "word"), [
    ({"levers": ["county_indstry"]}, "county_indstry"), ({"levers": []}, "levers"), ({"indicator": "luck"}, "luck"),
    ({"area": "Nowhere"}, "Nowhere"), ({"budget": 0}, "budget"), ({"year": 1999}, "1999"),
    ({"levers": ["debt_discipline"]}, ""), ({"command": "rm"}, "command"),
])
def test_a_wrong_budget_gets_a_sentence_in_both_languages(client: Client, part: dict[str, object], word: str) -> None:
    answer = client.post("/budget", {"budget": {**WISH, **part}})
    assert answer.status == 400, answer.content
    for language in ("zh", "en"):
        assert any(word in problem[language] for problem in answer.json()["problems"])


@pytest.mark.long
def test_what_is_found_can_be_set_on_the_page(open_page: Open) -> None:
    page = open_page("#lang=en")
    page.click("#budget summary")
    page.select_option("#budget-figure", "residents")
    page.select_option("#budget-way", "fewer")
    page.select_option("#budget-levers", "county_jobs")
    page.click("#budget-find")
    assert "amount" in page.locator("#budget [role=status]").inner_text()
    page.fill("#budget-money", "2")
    page.click("#budget-find")
    page.wait_for_selector("#budget [role=status] li", timeout=60_000)
    words = page.locator("#budget [role=status]").inner_text()
    assert "settings tried" in words
    page.locator("#budget [role=status] button").click()
    settle(page)
    assert "county_industry=" in fragment(page)["A"]
