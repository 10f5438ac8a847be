"""Plans and places side by side: names, money, who gains and loses, places in charts, values where one points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from handling import fragment, settle
from playwright.sync_api import Page

from xiancheng.web.app import Site

pytestmark = pytest.mark.long
Open = Callable[..., Page]
LINK = "#lang=en&view=compare&map=urban_share&A=baseline;county_industry=3@2028&B=austerity&nameB=Tight"


def column(page: Page, number: int) -> list[str]:
    return page.locator(f"#who-table tbody td:nth-of-type({number})").all_inner_texts()


def test_plans_bear_names_and_their_own_money(open_page: Open) -> None:
    page = open_page(LINK + "&place=province")
    rows = page.locator("#plans-table tbody tr")
    assert [row.get_attribute("data-plan") for row in rows.all()] == ["A", "B"]
    assert page.locator("[data-act=tab-B]").inner_text() == "B: Tight"
    name = rows.first.locator("input")
    name.fill("Jobs first")
    name.press("Enter")
    settle(page)
    assert fragment(page)["nameA"] == "Jobs%20first"
    assert page.locator("[data-act=tab-A]").inner_text() == "A: Jobs first"
    assert "A: Jobs first" in page.locator("#results thead").inner_text()
    for tab in ("A", "B"):
        page.click(f"[data-act=tab-{tab}]")
        settle(page)
        cost = page.locator("#money dd").first.inner_text()
        assert cost == page.locator(f"#plans-table [data-plan={tab}] td").nth(1).inner_text()


def test_who_gains_and_loses_is_counted_sorted_and_searched(open_page: Open, site: Site) -> None:
    page = open_page(LINK)
    page.click("#who > summary")
    page.wait_for_selector("#who-table tbody tr")
    settle(page)
    values = [site.service.figures(site.choices.bases[name]).values["urban_share"][-1] for name in
              ("baseline", "austerity")]
    places = len(site.service.built.places)
    difference = (values[1] - values[0])[-places:]
    assert page.locator("#who-table tbody tr").count() == places
    sums = page.locator("#who .sums p").all_inner_texts()
    assert sums[1].startswith("B: Tight: ")
    assert sums[1].endswith(f"of {places}")
    page.click("#who-table [data-column=B]")
    shown = [float(words.split(" ")[0]) if words[:1] in "+-" else 0.0 for words in column(page, 4)]
    assert shown == sorted(shown, reverse=True)
    top = site.areas[-places:][int(np.argmax(difference))]
    assert page.locator("#who-table tbody tr").first.get_attribute("data-place") == top
    page.click("#who-table [data-column=B]")
    assert page.locator("#who-table [aria-sort=ascending]").count() == 1
    assert page.locator("#who-table tbody tr").last.get_attribute("data-place") == top
    page.locator("#who-search").fill("shenxian")
    assert page.locator("#who-table tbody tr").count() == 1
    page.get_by_role("button", name="Prefectures", exact=True).click()
    page.locator("#who-search").fill("")
    page.wait_for_function("() => document.querySelectorAll('#who-table tbody tr').length === 16")
    assert page.locator("#who canvas").count() == 1


def test_other_places_are_lines_in_the_charts(open_page: Open) -> None:
    page = open_page("#lang=en&place=68&A=baseline;county_industry=3@2028")
    assert " · Plan A" in page.locator(".chart .summary").first.inner_text()
    page.locator("#beside").select_option("371522")
    settle(page)
    page.locator("#beside").select_option("province")
    settle(page)
    assert fragment(page)["beside"] == "371522,province"
    words = page.locator(".chart .summary").first.inner_text()
    assert [part.rsplit(" ", 2)[0] for part in words.split(" · ")][1].startswith("Shenxian")
    assert " · province " in words
    page.get_by_role("button", name="Take Shenxian out of the charts").click()
    settle(page)
    assert fragment(page)["beside"] == "province"


def test_a_chart_tells_its_values_under_pointer_finger_and_focus(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    card = page.locator(".chart").first
    plot, words = card.locator(".frame"), card.locator(".readout")
    plot.scroll_into_view_if_needed()
    assert words.inner_text() == ""
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    year = int(words.inner_text().split(":")[0])
    assert 2022 < year < 2034
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 40)
    assert words.inner_text() == ""
    plot.focus()
    assert plot.get_attribute("aria-valuenow") == "2035"
    page.keyboard.press("Home")
    said = plot.get_attribute("aria-valuetext") or ""
    assert said.startswith("2020: Baseline ")
    assert words.inner_text() == said
    page.keyboard.press("ArrowRight")
    assert (plot.get_attribute("aria-valuetext") or "").startswith("2021: ")


def test_what_an_indicator_is_opens_by_key_and_closes_again(open_page: Open) -> None:
    page = open_page("#lang=zh&place=province")
    button = page.locator("#results tr[data-indicator=urban_share] button.about")
    button.focus()
    page.keyboard.press("Enter")
    box = page.locator("dialog.about-box")
    words = box.inner_text()
    for part in ("2020年为", "xiancheng show urban_share", "单位", "目标"):
        assert part in words
    page.keyboard.press("Escape")
    assert box.is_hidden()
    assert page.evaluate("document.activeElement.closest('[data-indicator]').dataset.indicator") == "urban_share"
