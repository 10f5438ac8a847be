"""Writes the pictures of the page in docs/images anew, with the real engine: `make pictures`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from conftest import chromium
from handling import begin_story, draw_line, settle, slide
from playwright.sync_api import Browser, Page, sync_playwright
from stand import Stand

from xiancheng.study import Study
from xiancheng.texts import LANGUAGES
from xiancheng.web import start

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"wide": (1400, 1080), "narrow": (390, 844)}
WAIT = 240_000  # [ms] for the wider program of why, where it has not been compiled yet
PULLED = {"#bundle-families": "40", "#bundle-county_jobs": "60"}
PLANS = "&view=compare&show=change&A=baseline;county_industry=3@2028&B=services_by_residence&C=county_town_first"


def opening(page: Page) -> None:
    """Leave the page as whoever opens it for the first time sees it."""


def explore(page: Page) -> None:
    """Pull levers as somebody has just let them go."""
    close_introduction(page)
    for slider, value in PULLED.items():
        slide(page, slider, value)


def why(page: Page) -> None:
    """Open the way from a lever to its figure."""
    close_introduction(page)
    slide(page, "#bundle-county_jobs", "60")
    if page.locator("#sheet").is_visible():
        page.click("#sheet")
    page.click("#why summary")
    page.wait_for_selector("#why .values:not(:empty)", timeout=WAIT)
    page.wait_for_function("() => document.querySelector('#why [role=status]').children.length === 0", timeout=WAIT)
    page.locator("#why").evaluate("(box) => box.scrollIntoView({block: 'start'})")


def draw(page: Page) -> None:
    """Draw a line before the model's, and see both."""
    begin_story(page, "ageing")
    draw_line(page, (66, 170), (16, 120), 12)
    page.click("#guess .controls button >> nth=0")


def story(page: Page) -> None:
    """Follow a story to a step that moves a lever."""
    begin_story(page, "who_pays")
    for _ in range(3):
        page.click("[data-act=story-next]")
        settle(page)


def close_introduction(page: Page) -> None:
    page.click("#introduction button.quiet")


VIEWS: Mapping[str, tuple[str, Callable[[Page], None]]] = {
    "open": ("", opening), "explore": ("", explore), "compare": (PLANS, close_introduction), "why": ("", why),
    "draw": ("", draw), "story": ("", story),
}
"""By name the end of the address, and what is done; those that lead somewhere stay there, others show the top."""
STAYS = ("why", "draw", "story")


def main(folder: Path) -> None:
    """Write one picture for each view, language and width."""
    stand = Stand(start.site(Study(ROOT)))
    stand.start()
    try:
        with sync_playwright() as playwright:
            browser = chromium(playwright)
            draw_all(browser, stand.address, folder)
            browser.close()
    finally:
        stand.stop()


def draw_all(browser: Browser, address: str, folder: Path) -> None:
    """Write the pictures of a page that is served."""
    for view in VIEWS:
        for language in LANGUAGES:
            for size in SIZES:
                take(browser, address, view, language, size, folder / f"page_{view}_{language}_{size}.png")


def take(browser: Browser, address: str, view: str, language: str, size: str, file: Path) -> None:
    """Open an address, do what belongs to a view, and write what is seen."""
    width, height = SIZES[size]
    end, act = VIEWS[view]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{address}#lang={language}{end}")
    page.wait_for_selector("body[data-ready]")
    act(page)
    settle(page)
    if view not in STAYS:
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        settle(page)
    page.screenshot(path=file)
    context.close()
    print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
