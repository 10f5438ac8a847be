"""Nobody is left out: axe finds nothing in any view, and the contrast of every word is decided."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from handling import LINK, settle
from playwright.sync_api import Page

from xiancheng.web.app import Site

pytestmark = pytest.mark.long
Open = Callable[..., Page]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNROLL = """() => {
  const sheet = document.styleSheets[0];
  for (const rule of [
    "body { width: 2000px !important; }", ".columns, #charts { display: block !important; }",
    ".scroll, aside, pre, #tools { max-height: none !important; overflow: visible !important; }",
    "header, #bar, aside, thead th, tbody th, #sheet { position: static !important; }",
    "aside { height: auto !important; }"]) sheet.insertRule(rule, sheet.cssRules.length);
}"""
"""Lays everything out so that nothing covers or cuts anything: then every word's contrast can be told."""
CONTRAST = """(selector) => {
  const part = document.querySelector(selector);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  let ground = part;
  while (ground && numbers(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const pair = [getComputedStyle(part).color, getComputedStyle(ground).backgroundColor].map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""
"""The contrast of a thing that axe leaves open, such as a button whose only sign is no letter (WCAG 2.2)."""


@pytest.mark.parametrize(("view", "language", "width", "drawers", "dark"), [
    ("explore", "zh", 1280, True, False), ("compare", "en", 390, False, True),
    *(pytest.param(*view, marks=pytest.mark.study) for view in (
        ("explore", "zh", 1280, False, True), ("explore", "en", 1280, True, False),
        ("compare", "zh", 1280, False, False), ("compare", "en", 1280, False, True),
        ("explore", "zh", 390, False, False))),
])
def test_axe_finds_nothing(
    open_page: Open, view: str, language: str, width: int, drawers: bool, dark: bool
) -> None:
    page = open_page(LINK.format(view=view).replace("lang=en", f"lang={language}"), width=width, dark=dark)
    page.locator(".chart").first.locator("button[aria-pressed]").click()
    if drawers:
        for one in page.locator("details[data-bundle=families], #assumptions, #map-table, #why, #who").all():
            one.evaluate("(box) => { box.open = true; }")
        page.wait_for_selector("#who-table tbody tr")
        page.wait_for_selector("#why li")
    settle(page)
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    page.evaluate(UNROLL)
    contrast = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert contrast.violations_count == 0, contrast.generate_report()
    undecided = [node["target"][0] for rule in contrast.response["incomplete"] for node in rule["nodes"]]
    assert [one for one in undecided if page.evaluate(CONTRAST, one) < 4.5] == []
    assert len(undecided) < 5, undecided


@pytest.mark.parametrize(("language", "width", "steps"), [("zh", 1280, 0), ("en", 390, 3), ("zh", 390, 6)])
def test_axe_finds_nothing_in_the_tour(open_page: Open, language: str, width: int, steps: int) -> None:
    page = open_page(f"#lang={language}", width=width)
    page.click("[data-act=tour]")
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


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
