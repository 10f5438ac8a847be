"""The page for everyone: both languages, the keyboard alone, small screens, aids, and the numbers as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from handling import ALL, SLIDER, cell, fragment, settle, value
from playwright.sync_api import Page

from xiancheng.scenarios import levers
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, catalogue

pytestmark = pytest.mark.long
Open = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEVERS = len(levers.read(Study(Path(__file__).parents[2])))
LINK = "#lang=en&view={view}&A=baseline;county_industry=3@2028:68;mortality=0.9@2030&B=balanced_text&C=austerity"


def test_both_languages_say_everything(open_page: Open) -> None:
    page = open_page("#lang=zh&A=balanced_text")
    for one in page.locator("details").all():
        one.evaluate("(box) => { box.open = true; }")
    page.wait_for_function("(levers) => document.querySelectorAll('.lever').length === levers", arg=LEVERS)
    zh = page.locator("body").inner_text()
    page.click("[data-act=lang-en]")
    settle(page)
    en = page.locator("body").inner_text()
    assert page.evaluate("document.documentElement.lang") == "en"
    for shown in (zh, en):
        assert not re.findall(r"\b(?:page|unit|evidence|target|payer|cost_unit|in_text|unit_column)\.[a-z_]+", shown)
        assert "undefined" not in shown
        assert "NaN" not in shown
    assert not re.findall(r"[\u4e00-\u9fff]+", en.replace("中文", ""))
    assert "推演" in zh
    assert "Projection, not forecast" in en


def test_keys_of_the_page_are_all_used_or_known(open_page: Open) -> None:
    page = open_page("#lang=en")
    known = page.evaluate("fetch('/files/catalogue.json').then((answer) => answer.json()).then((all) => all.texts)")
    assert set(known) == set(LANGUAGES)
    assert {key for key in catalogue() if key.startswith("page.")} <= set(known["zh"])


def test_the_file_holds_the_numbers_on_the_screen(open_page: Open) -> None:
    page = open_page("#lang=en&place=province&A=" + ALL)
    with page.expect_download() as waited:
        page.click("[data-act=export]")
    with open(waited.value.path(), "rb") as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["scenario", "place", "place_name", "year", "indicator", "title", "value", "unit"]
    table = {(row[0], row[4], row[3]): float(row[6]) for row in rows[1:] if len(row) == 8}
    shown = page.locator("#results tbody tr").all()
    for line in shown:
        indicator = line.get_attribute("data-indicator")
        for column, scenario in ((0, "Baseline"), (1, "Plan A")):
            written = line.locator("td").nth(column).inner_text()
            held = table.get((scenario, indicator or "", "2035"), float("nan"))
            assert near(written, held), (indicator, written, held)
    assert any(page.url in cell for row in rows for cell in row)


def near(written: str, held: float) -> bool:
    """Tell whether what is written is the number, to the digits that are shown."""
    if written == "—":
        return held != held
    match = re.fullmatch(r"(-?[\d,]+(?:\.(\d+))?)(%| million| billion)?", written)
    assert match, written
    scale = {"%": 0.01, " million": 1e6, " billion": 1e9, None: 1.0}[match[3]]
    return abs(float(match[1].replace(",", "")) * scale - held) <= 0.51 * scale * 10.0 ** -len(match[2] or "")


def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    calm = cell(page, "residents", 1)
    reach(page, "#bundle-county_jobs")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    settle(page)
    assert value(page, SLIDER) == "20"
    assert cell(page, "residents", 1) != calm
    reach(page, "[data-act=undo]", backwards=True)
    page.keyboard.press("Enter")
    settle(page)
    assert value(page, SLIDER) == "15"
    assert page.evaluate("document.activeElement.dataset.act") == "undo"
    reach(page, "[data-act=view-compare]", backwards=True)
    page.keyboard.press("Space")
    settle(page)
    assert fragment(page)["view"] == "compare"
    reach(page, "#year")
    page.keyboard.press("Home")
    settle(page)
    assert fragment(page)["year"] == "2020"


def reach(page: Page, selector: str, backwards: bool = False) -> None:
    """Go to an element with the tabulator key."""
    for _ in range(200):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{selector} is out of reach of the keyboard")


@pytest.mark.parametrize("view", ["explore", "compare"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_narrow_screen_needs_no_sideways_scrolling(open_page: Open, view: str, language: str) -> None:
    page = open_page(LINK.format(view=view).replace("lang=en", f"lang={language}"), width=390)
    for one in page.locator("details").all():
        one.evaluate("(box) => { box.open = true; }")
    page.wait_for_function("(levers) => document.querySelectorAll('.lever').length === levers", arg=LEVERS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("view", "language", "width", "drawers"), [
    ("explore", "zh", 1280, False), ("explore", "en", 1280, True), ("compare", "zh", 1280, False),
    ("compare", "en", 1280, False), ("explore", "zh", 390, False), ("compare", "en", 390, False),
])
def test_axe_finds_nothing(open_page: Open, view: str, language: str, width: int, drawers: bool) -> None:
    page = open_page(LINK.format(view=view).replace("lang=en", f"lang={language}"), width=width)
    page.locator(".chart").first.locator("button").click()
    if drawers:
        for one in page.locator("details[data-bundle=families], #assumptions, #map-table").all():
            one.evaluate("(box) => { box.open = true; }")
    settle(page)
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_the_tour_is_walked_by_keyboard_alone_and_leaves_nothing_behind(
    open_page: Open, language: str, width: int
) -> None:
    page = open_page(f"#lang={language}", width=width)
    before = page.evaluate("[location.hash, localStorage.length, sessionStorage.length, document.cookie]")
    reach(page, "[data-act=tour]")
    page.keyboard.press("Enter")
    titles = [page.locator("#tour-title").inner_text()]
    for _ in range(6):
        marked = page.locator(".toured").bounding_box()
        assert marked is not None
        assert marked["y"] + marked["height"] > 0, "the part in question is in sight"
        assert marked["y"] < 900
        assert page.evaluate("document.activeElement.closest('.tour') !== null"), "focus stays in the tour"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        titles.append(page.locator("#tour-title").inner_text())
    assert len(set(titles)) == 7
    page.keyboard.press("ArrowLeft")
    assert page.locator("#tour-title").inner_text() == titles[-2]
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('.toured')")
    assert page.locator(".tour").is_hidden()
    assert page.evaluate("document.activeElement.dataset.act") == "tour"
    assert page.evaluate("[location.hash, localStorage.length, sessionStorage.length, document.cookie]") == before
    page.keyboard.press("Enter")
    assert page.locator("#tour-title").inner_text() == titles[0], "it begins at the beginning again"
    for _ in range(7):
        page.keyboard.press("Enter")
    assert page.locator(".tour").is_hidden()


@pytest.mark.parametrize(("language", "width", "steps"), [("zh", 1280, 0), ("en", 390, 3), ("zh", 390, 6)])
def test_axe_finds_nothing_in_the_tour(open_page: Open, language: str, width: int, steps: int) -> None:
    page = open_page(f"#lang={language}", width=width)
    page.click("[data-act=tour]")
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
