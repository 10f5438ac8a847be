"""Every view in both languages, both schemes and both widths: axe finds nothing, each word's contrast is decided.

`pytest -m study tests/page/test_page_sweep.py` is the whole of it; no part is done by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from accessible import decide_contrast, find_nothing
from handling import LINK, SLIDER, begin_story, open_each, settle, slide
from playwright.sync_api import Page

from xiancheng.texts import LANGUAGES

pytestmark = pytest.mark.study
Open = Callable[..., Page]
WRONG = "&A=baseline;county_industry=99@2028;nothing=1&B=no_such&place=nowhere&frequency=3"
PLANS = LINK.partition("{view}")[2]


def nothing(page: Page) -> None:
    """Leave the page as it opens."""


def moved(page: Page) -> None:
    """Move a lever, so that something is announced and the headline tells a change."""
    page.locator("#introduction button.quiet").click()
    slide(page, SLIDER, "60")


def all_drawers(page: Page) -> None:
    """Open what opens: assumptions, tables, who, why, and one of the drawers of levers, which are all of one form."""
    boxes = ":not([data-bundle]), [data-bundle=families]"
    open_each(page, boxes)
    if page.locator("#why").is_visible():
        page.wait_for_selector("#why .values:not(:empty)")
        open_each(page, boxes)
    page.wait_for_selector("#who-table tbody tr", state="attached")


def chart_values(page: Page) -> None:
    """Read the map as a table and each chart's values."""
    for button in page.locator(".chart button[aria-pressed]").all():
        button.click()
    page.locator("#map-table").evaluate("(box) => { box.open = true; }")


def mechanism(page: Page) -> None:
    """Ask why, and open the picture of a sector."""
    moved(page)
    if page.locator("#sheet").is_visible():
        page.click("#sheet")
    page.click("#why summary")
    page.wait_for_selector("#why .values:not(:empty)")
    open_each(page, "#why *")


def bands(page: Page) -> None:
    """Show bands."""
    moved(page)
    page.click("[data-act=bands]")


def indicator(page: Page) -> None:
    """Open what an indicator is."""
    page.locator("#results button.about").first.click()


def lessons(page: Page) -> None:
    """Open the list of stories."""
    page.click("[data-act=learn]")


def tour(page: Page) -> None:
    """Begin the tour."""
    page.click("[data-act=tour]")


def drawing(page: Page) -> None:
    """Begin a story with a line to draw."""
    begin_story(page, "ageing")


def told_step(page: Page) -> None:
    """Follow a story to a step with its claims."""
    begin_story(page, "who_pays")
    for _ in range(3):
        page.click("[data-act=story-next]")
        settle(page)


VIEWS: Mapping[str, tuple[str, Callable[[Page], None]]] = {
    "open": ("", nothing), "moved": ("", moved), "drawers": ("", all_drawers), "values": ("", chart_values),
    "why": ("", mechanism), "bands": ("", bands), "changes": ("&show=change" + PLANS, nothing),
    "years": ("&show=met" + PLANS, nothing), "compare": ("&view=compare" + PLANS, nothing),
    "compare drawers": ("&view=compare" + PLANS, all_drawers), "indicator": ("", indicator), "learn": ("", lessons),
    "tour": ("", tour), "draw": ("", drawing), "story": ("", told_step), "warnings": (WRONG, nothing),
}
"""By name the end of the address, and what is done."""
BEFORE = ("indicator", "learn", "tour")
"""What stands before the rest of the page: its contrast is told where it stands."""
PICTURES = ("why", "compare drawers", "draw")
"""Views of which a picture with words is a part: a sector's stocks and flows, the line to draw."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_for_everyone(open_page: Open, view: str, language: str, width: int, dark: bool) -> None:
    end, act = VIEWS[view]
    page = open_page(f"#lang={language}{end}", width=width, dark=dark)
    act(page)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    find_nothing(page)
    if view not in BEFORE:
        decide_contrast(page, view in PICTURES)
