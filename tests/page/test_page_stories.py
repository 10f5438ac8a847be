"""Learning: what the page is stands there first, a story sets it step by step, a line is drawn before it shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from accessible import RULES
from axe_playwright_python.sync_playwright import Axe
from handling import begin_story, cell, draw_line, fragment, settle, slide
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.long
Open = Callable[..., Page]
MADE_BY = {"en": "no authority made", "zh": "不由任何政府部门制作"}


def step(page: Page, act: str = "next") -> None:
    page.click(f"[data-act=story-{act}]")
    settle(page)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_what_the_page_is_stands_there_at_first_and_can_be_had_again(open_page: Open, language: str) -> None:
    page = open_page(f"#lang={language}")
    lines = page.locator("#introduction p")
    assert lines.count() == 2
    assert MADE_BY[language] in lines.nth(1).inner_text()
    page.click("#introduction button.quiet")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#introduction").is_hidden()
    page.click("[data-act=learn]")
    assert MADE_BY[language] in page.locator("dialog[open]").inner_text()


def test_a_step_sets_the_page_and_says_what_it_claims_beside_the_numbers(open_page: Open) -> None:
    page = open_page("#lang=en")
    begin_story(page, "who_pays")
    for _ in range(2):
        step(page)
    said = fragment(page)
    assert said["A"] == "baseline;special_bonds=5000@2027"
    assert (said["place"], said["charts"].split(",")[0]) == ("province", "explicit_debt")
    assert page.locator("#headline").inner_text().startswith("Explicit debt")
    claims = page.locator("#story .claims li")
    assert claims.count() == 2
    assert page.locator(".chart").first.get_attribute("data-indicator") == "explicit_debt"


def test_what_is_claimed_follows_what_the_reader_sets(open_page: Open) -> None:
    """A claim that no longer holds says so; it is never words alone."""
    page = open_page("#lang=en")
    begin_story(page, "settling")
    page.click("#guess .controls button >> nth=1")
    settle(page)
    before = page.locator("#story .claims").inner_text()
    slide(page, "#bundle-county_jobs", "100")
    assert page.locator("#story .claims").inner_text() != before


def test_nothing_of_the_answer_shows_while_a_line_is_drawn(open_page: Open) -> None:
    page = open_page("#lang=en")
    begin_story(page, "ageing")
    assert page.locator("#guess").is_visible()
    for part in ("#bar", ".middle", "#charts", "#story .claims li", ".paper-model"):
        assert page.locator(part).count() == 0 or page.locator(part).first.is_hidden(), part
    page.click("#guess .controls button >> nth=1")
    settle(page)
    assert page.locator("#charts").is_visible()
    assert page.locator("polyline.paper-model").count() == 1
    assert page.locator("polyline.paper-mine").count() == 0


def test_a_line_drawn_by_pointer_is_shown_beside_the_models_with_the_distance_in_words(open_page: Open) -> None:
    page = open_page("#lang=en")
    begin_story(page, "ageing")
    show = page.locator("#guess .controls button").first
    assert show.is_disabled()
    draw_line(page, (70, 180), (20, 20), 9)
    show.click()
    settle(page)
    assert page.locator("polyline.paper-mine").count() == page.locator("polyline.paper-model").count() == 1
    words = page.locator("#guess [role=status]").inner_text()
    assert "On average your line lies" in words
    assert "In 2035" in words
    page.locator("#guess summary").click()
    assert page.locator("#guess tbody tr").count() == 16


def test_a_story_is_told_and_a_line_drawn_by_keys_alone(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    page.locator("[data-act=learn]").press("Enter")
    page.locator("button[data-story=ageing]").press("Enter")
    expect(page.locator("#guess .paper")).to_be_visible()
    settle(page)
    paper = page.locator("#guess .paper")
    paper.focus()
    level = paper.get_attribute("aria-valuetext")
    for key in ("ArrowLeft", "PageUp", "ArrowUp", "End", "ArrowDown"):
        page.keyboard.press(key)
    assert paper.get_attribute("aria-valuetext") != level
    page.locator("#guess .controls button").first.press("Enter")
    settle(page)
    page.locator("[data-act=story-next]").focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    assert fragment(page)["story"] == "ageing.2"
    page.keyboard.press("Escape")
    settle(page)
    assert page.locator("#story").is_hidden()
    assert page.evaluate("document.activeElement.dataset.act") == "learn"


def test_a_story_gives_back_the_plan_that_was_there_before(open_page: Open) -> None:
    page = open_page("#lang=en&A=baseline;county_industry=3@2028:68")
    mine = cell(page, "residents", 1)
    begin_story(page, "who_pays")
    step(page)
    step(page)
    assert "county_industry" not in fragment(page)["A"]
    step(page, "mine")
    assert fragment(page)["A"] == "baseline;county_industry=3@2028:68"
    assert cell(page, "residents", 1) == mine


def test_a_link_leads_to_a_step_of_a_story(open_page: Open) -> None:
    page = open_page("#lang=en&story=who_pays.3")
    settle(page)
    assert "Step 3 of 7" in page.locator("#story").inner_text()
    assert fragment(page)["A"] == "baseline;special_bonds=5000@2027"
    page.go_back()
    odd = open_page("#lang=en&story=no_such.9")
    assert "no_such" in odd.locator("#notices").inner_text()


def test_on_a_phone_nothing_of_a_step_is_cut_off(open_page: Open) -> None:
    """The line about keys is the last of the box; English is the longer one."""
    page = open_page("#lang=en&story=who_pays.4", width=390)
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.locator("#story").evaluate("(box) => box.scrollHeight - box.clientHeight") <= 1
    last = page.locator("#story > :last-child").bounding_box()
    sheet = page.locator("#sheet").bounding_box()
    assert last is not None
    assert sheet is not None
    assert last["y"] + last["height"] <= sheet["y"]


@pytest.mark.parametrize(("language", "width", "dark"), [
    pytest.param(language, width, dark, marks=pytest.mark.study)
    for language, width, dark in (("en", 1280, True), ("zh", 390, False), ("en", 390, True))
])
def test_axe_finds_nothing_in_a_story(open_page: Open, language: str, width: int, dark: bool) -> None:
    page = open_page(f"#lang={language}", width=width, dark=dark)
    begin_story(page, "settling")
    for part in ("drawn", "shown", "step"):
        if part == "shown":
            page.locator("#guess .paper").focus()
            page.keyboard.press("PageUp")
            page.click("#guess .controls button >> nth=0")
            settle(page)
        if part == "step":
            step(page)
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, f"{part}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        words = page.locator("#story .story-words").bounding_box()
        assert words is not None
        assert words["y"] + words["height"] <= 900
