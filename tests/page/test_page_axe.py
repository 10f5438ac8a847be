"""Nobody is left out: axe finds nothing, and the contrast of every word is decided; all views are in the sweep."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from accessible import CONTRAST, decide_contrast, find_nothing
from handling import LINK, open_each, settle
from playwright.sync_api import Browser, Page

from xiancheng.web.app import Site

pytestmark = pytest.mark.long
Open = Callable[..., Page]


@pytest.mark.parametrize(("view", "language", "width", "drawers", "dark"), [
    ("explore", "zh", 1280, False, False),
    *(pytest.param(*case, marks=pytest.mark.study)
      for case in (("explore", "zh", 1280, True, False), ("compare", "en", 390, False, True))),
])
def test_axe_finds_nothing(
    open_page: Open, view: str, language: str, width: int, drawers: bool, dark: bool
) -> None:
    page = open_page(LINK.format(view=view).replace("lang=en", f"lang={language}"), width=width, dark=dark)
    page.locator(".chart").first.locator("button[aria-pressed]").click()
    if drawers:
        open_each(page, "[data-bundle=families], #assumptions, #map-table, #why, #who")
        page.wait_for_selector("#who-table tbody tr")
        page.wait_for_selector("#why li")
    settle(page)
    find_nothing(page)
    decide_contrast(page)


@pytest.mark.parametrize(("language", "width", "steps"), [
    ("en", 390, 3), *(pytest.param("zh", width, steps, marks=pytest.mark.study)
                      for width, steps in ((1280, 0), (390, 6))),
])
def test_axe_finds_nothing_in_the_tour(open_page: Open, language: str, width: int, steps: int) -> None:
    page = open_page(f"#lang={language}", width=width)
    page.click("[data-act=tour]")
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    find_nothing(page)


@pytest.mark.parametrize(("word", "least", "most"), [
    ("#plain", 20.9, 21.1), ("#dark", 1.0, 1.1), ("#veiled", 5.2, 5.4), ("#faint", 1.5, 3.0), ("#covered", 0.0, 0.0),
    ("#button", 1.0, 1.1),
])
def test_contrast_is_told_from_all_that_is_painted_below(
    browser: Browser, word: str, least: float, most: float
) -> None:
    """Black on white, on black, on white veiled in half of black, faded, and where something else covers the word."""
    page = browser.new_page()
    page.set_content("""<body style="background: white; margin: 0"><svg width="600" height="300">
      <text id="plain" x="10" y="30">words</text>
      <rect x="100" y="0" width="90" height="50" fill="#000"/><text id="dark" x="110" y="30">words</text>
      <rect x="200" y="0" width="90" height="50" fill="#000" fill-opacity="0.5"/>
      <text id="veiled" x="210" y="30">words</text>
      <g opacity="0.3"><text id="faint" x="10" y="130">words</text></g>
      <text id="covered" x="110" y="130">words</text><rect x="100" y="100" width="90" height="50" fill="none"/>
      </svg><button id="button" style="background: black; color: black; border: 0">words</button>
      <div style="position: absolute; left: 100px; top: 100px; width: 90px; height: 50px; background: tan"></div>
      </body>""")
    told = page.evaluate(CONTRAST, word)
    page.close()
    assert least <= told <= most


def test_words_of_a_sectors_picture_have_contrast_on_every_ground(site: Site) -> None:
    """Axe leaves words of pictures open: each colour of words is held against each that they may stand on."""
    sectors = {variable["sector"] for lever in site.choices.book.levers.values()
               for variable in site.mechanism.ways.way(lever)["variables"][:1]}
    assert sectors
    for sector in sectors:
        picture = site.mechanism.ways.picture(sector) or ""
        words = set(re.findall(r'<text[^>]* fill="(#\w+)"', picture)) | {"#00578a"}
        grounds = set(re.findall(r'<(?:rect|circle)[^>]* fill="(#\w+)"', picture))
        assert grounds
        assert min(contrast(word, ground) for word in words for ground in grounds) >= 4.5, sector


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
