"""The page in a real browser: levers, steps back, languages, downloads, keyboard, small screens, accessibility."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from handling import ALL, SLIDER, cell, fragment, settle, slide, value
from playwright.sync_api import FloatRect, Page
from stand import IDLE

from xiancheng.web.app import Site

pytestmark = pytest.mark.long
Open = Callable[..., Page]


def test_the_first_picture_is_whole(open_page: Open) -> None:
    page = open_page("#lang=zh")
    assert page.locator("canvas").count() == 7
    assert page.locator("#results tbody tr").count() > 30
    assert "示意图" in page.locator("#map-note").inner_text()
    assert "本项目选取，非官方名单" in page.locator("#list-label").inner_text()
    assert page.locator("#money dd").count() == 3
    assert page.locator(".bundle").count() == 22


def test_a_dragged_lever_changes_the_province_and_is_one_step_back(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    calm = cell(page, "residents", 1)
    slide(page, SLIDER, "60")
    assert fragment(page)["A"] == "baseline;county_industry=3@2028"
    moved = cell(page, "residents", 1)
    assert moved != calm
    assert "Plan A, " in page.locator("#announcement").inner_text()
    page.click("[data-act=undo]")
    settle(page)
    assert cell(page, "residents", 1) == calm
    assert fragment(page)["A"] == "baseline"
    assert page.locator("[data-act=undo]").is_disabled()
    page.click("[data-act=redo]")
    settle(page)
    assert cell(page, "residents", 1) == moved
    assert value(page, SLIDER) == "60"


def drag(page: Page, to: str) -> None:
    """Move a slider without letting it go."""
    script = "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', {bubbles: true})); }"
    page.locator(SLIDER).evaluate(script, to)
    settle(page)


def test_a_drag_changes_words_and_leaves_the_table_and_the_link_as_they_are(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    link, calm = page.evaluate("location.hash"), cell(page, "residents", 1)
    page.evaluate("() => { window.row = document.querySelector('#results tr[data-indicator=residents]'); }")
    drag(page, "60")
    assert cell(page, "residents", 1) != calm
    assert page.evaluate("window.row.isConnected")
    assert page.evaluate("location.hash") == link
    page.locator(SLIDER).evaluate("(one) => one.dispatchEvent(new Event('change', {bubbles: true}))")
    settle(page)
    assert fragment(page)["A"] == "baseline;county_industry=3@2028"


def test_what_was_out_of_sight_during_a_drag_is_drawn_when_it_comes_into_sight(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    last = page.locator(".chart .summary").last
    calm = last.inner_text()
    drag(page, "60")
    assert last.inner_text() == calm
    last.scroll_into_view_if_needed()
    page.wait_for_function("(calm) => [...document.querySelectorAll('.summary')].at(-1).innerText !== calm", arg=calm)
    moved = last.inner_text()
    page.locator(SLIDER).evaluate("(one) => one.dispatchEvent(new Event('change', {bubbles: true}))")
    settle(page)
    assert last.inner_text() == moved


def test_cost_and_debt_room_stay_in_sight(open_page: Open) -> None:
    for width in (1280, 390):
        page = open_page("#lang=en", width=width)
        page.evaluate("scrollTo(0, 900)")
        settle(page)
        box = page.locator("#money").bounding_box()
        assert box is not None
        middle = [box["x"] + 30, box["y"] + box["height"] / 2]
        assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('#money') !== null", middle)


def test_the_mouse_drags_too(open_page: Open) -> None:
    page = open_page("#lang=en")
    page.locator(SLIDER).scroll_into_view_if_needed()
    box = page.locator(SLIDER).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 12), middle)
    page.mouse.up()
    settle(page)
    assert float(value(page, SLIDER)) > 50
    page.click("[data-act=undo]")
    settle(page)
    assert value(page, SLIDER) == "0"


def test_replay_shows_the_time_before_and_comes_back(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    calm = cell(page, "residents", 1)
    slide(page, SLIDER, "60")
    moved = cell(page, "residents", 1)
    page.click("[data-act=replay]")
    page.wait_for_selector("body[data-replaying]")
    assert page.locator("#announcement").inner_text() == "Before the change"
    assert cell(page, "residents", 1) == calm
    page.wait_for_selector("body:not([data-replaying])")
    settle(page)
    assert cell(page, "residents", 1) == moved
    assert fragment(page)["A"] == "baseline;county_industry=3@2028"


def test_a_lever_without_effect_says_so(open_page: Open) -> None:
    page = open_page("#lang=en")
    page.locator("details[data-bundle=mobility] summary").click()
    slide(page, f"#lever-{IDLE}", "0.9")
    assert page.locator("#announcement").inner_text().startswith("No effect: New-energy share of new cars")
    slide(page, SLIDER, "60")
    assert "No effect" not in page.locator("#announcement").inner_text()


def test_a_drawer_says_what_a_lever_is_and_sets_year_and_places(open_page: Open) -> None:
    page = open_page("#lang=en")
    page.locator("details[data-bundle=shelters] summary").click()
    lever = page.locator("[data-lever=shelter_building]")
    for words in ("article 14", "named in the policy text", "8 years", "200 yuan", "public budget", "assumed"):
        assert words in lever.inner_text()
    assert lever.locator("#year-shelter_building").is_disabled()
    lever.get_by_label("as a number").fill("2.5")
    lever.get_by_label("as a number").press("Enter")
    lever.locator("#year-shelter_building").select_option("2035")
    lever.locator("#where-shelter_building").select_option("68")
    settle(page)
    assert fragment(page)["A"] == "baseline;shelter_building=2.5@2035:68"


def test_an_assumption_that_is_changed_is_listed_in_sight(open_page: Open) -> None:
    page = open_page("#lang=zh")
    page.locator("#assumptions summary").click()
    assert page.locator("#changed-assumptions").is_hidden()
    page.locator("#assumptions select").first.select_option("low")
    settle(page)
    assert "总和生育率 = low" in page.locator("#changed-assumptions").inner_text()
    assert fragment(page)["A"] == "baseline;fertility_path=low"


def test_charts_are_chosen_by_search_and_have_a_table_twin(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    box = page.locator("[aria-label='Indicator of chart 1']")
    box.fill("births")
    box.press("Enter")
    settle(page)
    assert fragment(page)["charts"].split(",")[0] == "births"
    card = page.locator(".chart").first
    card.get_by_role("button", name="As a table").click()
    settle(page)
    assert card.locator("tbody tr").count() == 16
    assert card.locator("tbody tr").last.locator("td").first.inner_text() in card.locator(".summary").inner_text()


def test_a_place_on_the_map_switches_the_charts_to_it(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    before = page.locator(".chart .summary").first.inner_text()
    page.locator("#place").select_option("371522")
    settle(page)
    assert page.locator(".chart .summary").first.inner_text() != before
    canvas = page.locator("#map canvas")
    size = canvas.bounding_box()
    assert size is not None
    name = hovered(page, size)
    page.mouse.down()
    page.mouse.up()
    settle(page)
    assert fragment(page)["place"] != "371522"
    assert page.locator("#results-title").inner_text().startswith(name)


def hovered(page: Page, size: FloatRect, wanted: str = "") -> str:
    """Move the mouse over the map until it is on another place than the chosen one; return its name, or what is said.

    Args:
        page: the page.
        size: of the map.
        wanted: words that have to be said of the place; any when empty.
    """
    for right in range(20, int(size["width"]), 9):
        for down in range(20, int(size["height"] * 0.7), 9):
            page.mouse.move(size["x"] + right, size["y"] + down)
            words = page.locator("#map-hover").text_content() or ""
            if words and "Shen" not in words and wanted in words:
                return words if wanted else words.rsplit(" ", 1)[0]
    raise AssertionError("no place under the mouse")


def test_year_and_map_are_changed_without_a_step_back(open_page: Open) -> None:
    page = open_page("#lang=zh&A=" + ALL)
    for show in ("change", "met", "level"):
        page.locator("#map-show").select_option(show)
        settle(page)
        assert fragment(page)["show"] == show
        assert page.locator("#map canvas").count() == 1
    page.locator("#map-indicator").select_option("co2_per_resident")
    page.locator("#map-show").select_option("met")
    settle(page)
    assert page.locator("#map-reason").inner_text() == "该指标没有目标值。"
    page.locator("#year").fill("2028")
    settle(page)
    assert fragment(page)["year"] == "2028"
    assert "2028" in page.locator("#results-title").inner_text()
    assert page.locator("[data-act=undo]").is_disabled()


def test_the_colours_span_places_of_one_kind_and_what_lies_beyond_is_told(open_page: Open, site: Site) -> None:
    table = site.service.built.places
    dots = table.listed
    found = site.service.figures(site.choices.bases["baseline"]).values
    by_place = {name: values[:, -len(table):] for name, values in found.items() if np.isfinite(values[:, -1]).all()}
    name, values = next((name, one) for name, one in by_place.items() if (one[-1, ~dots] > one[-1, dots].max()).any())
    above = int((values[-1, ~dots] > values[-1, dots].max()).sum())
    page = open_page(f"#lang=en&map={name}&place=68")
    note = page.locator("#map-note")
    assert "colours span the listed places, 2035" in note.inner_text()
    assert f"lies above the scale: {above}" in note.inner_text()
    page.locator("#place").select_option(str(table.column("code")[~dots][0]))
    settle(page)
    assert "colours span the rests of prefectures" in note.inner_text()
    assert "above the scale" not in note.inner_text()
    page.get_by_role("button", name="Play", exact=True).click()
    settle(page)
    assert "colours span the rests of prefectures (with a square), all years" in note.inner_text()
    page.locator("#year").fill("2030")
    settle(page)
    assert "colours span the rests of prefectures (with a square), 2030" in note.inner_text()
    page.locator("#map-show").select_option("met")
    settle(page)
    assert "colours span" not in note.inner_text()


def test_a_place_that_misses_the_target_is_on_the_map_too(open_page: Open) -> None:
    page = open_page("#lang=en&map=urban_share&show=met&place=68")
    size = page.locator("#map canvas").bounding_box()
    assert size is not None
    assert hovered(page, size, "not by 2035")


def test_plans_are_added_compared_and_removed(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    slide(page, SLIDER, "60")
    for _ in range(3):
        page.click("[data-act=tab-add]")
        settle(page)
    slide(page, "#bundle-shelters", "50")
    page.click("[data-act=view-compare]")
    settle(page)
    assert page.locator("#results thead th").count() == 2 + 2 * 4 + 2
    assert page.locator("[data-act=tab-add]").count() == 0
    assert cell(page, "residents", 1) == cell(page, "residents", 3) != cell(page, "residents", 7)
    page.click("[data-act=tab-remove]")
    settle(page)
    assert set(fragment(page)) >= {"A", "B", "C"}
    assert "D" not in fragment(page)


def test_bands_come_on_demand(open_page: Open) -> None:
    page = open_page("#lang=en&place=province&show=change")
    page.locator(".chart").first.get_by_role("button", name="As a table").click()
    assert "[" not in page.locator("#money").inner_text()
    page.click("[data-act=bands]")
    page.wait_for_function("() => document.querySelector('.chart tbody')?.textContent.includes('–')", timeout=60_000)
    settle(page)
    assert fragment(page)["bands"] == "1"
    assert all("[" in words for words in page.locator("#money dd").all_inner_texts()), "each sum bears its band"
    assert "they differ in all that is not known" in page.locator("#bands-note").inner_text()
    page.locator("#map-table").evaluate("(box) => { box.open = true; }")
    assert " to " in page.locator("#map-table tbody td").first.inner_text()


def test_what_comes_without_any_policy_stands_below_the_results(open_page: Open) -> None:
    """Whoever pulls a lever of housing sees what the baseline brings by itself, for the place in sight."""
    page = open_page("#lang=en&place=68")
    listed = page.locator("#unaided").inner_text()
    assert listed.startswith("Without any policy")
    assert "Housing burden" in listed
    other = open_page("#lang=zh&place=province").locator("#unaided").inner_text()
    assert other.startswith("即使不出台任何政策")
