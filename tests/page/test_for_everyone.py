"""The page for everyone: both languages, the keyboard alone, small screens, aids, and the numbers as a file."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from handling import ALL, LINK, SLIDER, cell, fragment, open_each, settle, value
from playwright.sync_api import Page

from xiancheng.scenarios import levers
from xiancheng.scenarios.scenario import from_settings
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, catalogue
from xiancheng.web import request as requests
from xiancheng.web.app import Site

pytestmark = pytest.mark.long
Open = Callable[..., Page]
LEVERS = len(levers.read(Study(Path(__file__).parents[2])))


def test_both_languages_say_everything(open_page: Open) -> None:
    page = open_page("#lang=zh&A=balanced_text")
    open_each(page)
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


def test_the_file_of_all_places_holds_every_area_with_its_mark(open_page: Open, site: Site) -> None:
    page = open_page("#lang=zh&A=baseline;county_industry=3@2028")
    with page.expect_download() as waited:
        page.get_by_role("button", name="导出各地CSV").click()
    with open(waited.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["unit"]]
    assert {row["area"] for row in rows} == set(site.areas)
    begun = [row for row in rows if (row["indicator"], row["year"]) == ("residents", "2020")]
    assert {row["evidence"] for row in begun} == {"measured"}
    assert {row["evidence"] for row in rows if row["year"] == "2035"} == {"assumed"}
    residents = site.service.figures(site.choices.bases["baseline"]).values["residents"]
    own = [row for row in rows if (row["scenario"], row["indicator"]) == ("基准", "residents")]
    for row in own:
        shown = residents[site.years.index(int(row["year"])), site.areas.index(row["area"])]
        assert float(row["value"]) == pytest.approx(float(shown), rel=1e-6)
        assert float(row["change"]) == 0


def test_a_plan_is_taken_away_as_a_command_that_says_the_same(open_page: Open, site: Site, root: Path) -> None:
    """What is copied is read as the command line reads it, and is the scenario that the page has run."""
    page = open_page("#lang=en&A=balanced_text;county_industry=3@2028:68;mortality=0.9@2030;fertility_path=low")
    script = """() => Promise.all(["takeaway", "link"].map((name) => import(`/files/${name}.js`))).then(
      ([{command, python}, {settingWords}]) => {
        const levers = {county_industry: {value: 3, year: 2028, places: "68"}};
        const assumptions = {mortality: {value: 0.9, year: 2030}, fertility_path: {value: "low"}};
        const plan = {base: "balanced_text", levers, assumptions};
        const apart = {a: {value: 1, year: 2030, places: ["371522", "371525"]}};
        return [command(plan), python(plan), plan, settingWords({levers: apart, assumptions: {}})];
      })"""
    command, python, plan, apart = page.evaluate(script)
    words = shlex.split(command)
    assert words[:3] == ["xiancheng", "run", "balanced_text"]
    settings = [word for word, before in zip(words[4:], words[3:-1], strict=True) if before == "--set"]
    scenario = from_settings(Study(root), settings, "balanced_text")
    asked = requests.checked(plan, site.choices).scenario
    assert (scenario.levers, scenario.assumptions) == (asked.levers, asked.assumptions)
    assert all(repr(word).replace("'", '"') in python for word in settings)
    assert apart == ["a=1@2030:371522", "a=1@2030:371525"]
    page.get_by_role("button", name="Copy as command").click()
    page.wait_for_function("() => document.body.innerText.includes(\"--set 'mortality=0.9@2030'\")")


def test_charts_and_map_are_saved_as_pictures(open_page: Open) -> None:
    page = open_page("#lang=zh")
    parts = {"residents": page.locator(".chart").first, "map_urban_share": page.locator("#year-controls")}
    for name, part in parts.items():
        for kind, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
            with page.expect_download() as waited:
                part.get_by_text(kind, exact=True).click()
            assert waited.value.suggested_filename == f"{name}.{kind.lower()}"
            assert Path(waited.value.path()).read_bytes().startswith(begin)


def test_levers_are_found_by_a_word_of_either_language(open_page: Open) -> None:
    page = open_page("#lang=en")
    for words in ("shelter", "避难"):
        page.locator("#lever-search").fill(words)
        shown = page.locator(".bundle:visible")
        assert 0 < shown.count() < 8
        assert page.locator("#bundle-shelters").is_visible()
        assert page.locator("#bundle-county_jobs").is_hidden()
    page.locator("#lever-search").fill("")
    assert page.locator("#bundle-county_jobs").is_visible()


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


@pytest.mark.parametrize(("view", "language"), [
    ("compare", "en"),
    *(pytest.param(*case, marks=pytest.mark.study)
      for case in (("explore", "zh"), ("explore", "en"), ("compare", "zh"))),
])
def test_a_narrow_screen_needs_no_sideways_scrolling(open_page: Open, view: str, language: str) -> None:
    page = open_page(LINK.format(view=view).replace("lang=en", f"lang={language}"), width=390)
    open_each(page)
    page.wait_for_function("(levers) => document.querySelectorAll('.lever').length === levers", arg=LEVERS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("language", "width"), [
    ("zh", 390), pytest.param("en", 1280, marks=pytest.mark.study),
])
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


def test_every_long_list_is_searched(open_page: Open) -> None:
    """A box above a long choice narrows it in place, Enter takes the first that is left; rows of tables likewise."""
    page = open_page("#lang=en")
    assert page.evaluate("""() => [...document.querySelectorAll("main select, .base select")]
      .filter((list) => list.options.length > 12 && !list.parentElement.querySelector("input[type=search]"))
      .map((list) => list.id)""") == []
    box = page.get_by_label("Search the list: Place", exact=True)
    box.fill("shenx")
    shown = page.locator("#place option:not([hidden])")
    assert shown.evaluate_all("(all) => all.map((one) => one.value)") == ["371522"]
    box.press("Enter")
    settle(page)
    assert fragment(page)["place"] == "371522"
    assert box.input_value() == ""
    page.get_by_label("Search the results").fill("urban")
    rows = page.locator("#results tbody tr:visible").all_inner_texts()
    assert rows
    assert all("urban" in words.lower() for words in rows)


def test_keys_go_from_place_to_place_on_the_map_and_choose_one(open_page: Open) -> None:
    """The name and value of the place in hand stand beside it, for eyes and for whoever is read to."""
    page = open_page("#lang=en&place=371522")
    page.locator("#year-controls button").last.focus()
    page.keyboard.press("Tab")
    frame, tip = page.locator("#map-frame"), page.locator("#map-hover")
    assert tip.inner_text().startswith("Shenxian ")
    page.keyboard.press("ArrowRight")
    words = tip.inner_text()
    assert not words.startswith("Shenxian")
    assert frame.get_attribute("aria-valuetext") == words
    page.keyboard.press("Enter")
    settle(page)
    assert page.locator("#results-title").inner_text().startswith(words.rsplit(" ", 1)[0])
    page.keyboard.press("Tab")
    assert tip.is_hidden()
