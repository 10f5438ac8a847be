"""Writes the pictures of the page in docs/images anew, with the real engine: `make pictures`."""

from __future__ import annotations

import sys
from pathlib import Path

from conftest import chromium
from handling import settle, slide
from playwright.sync_api import Browser, sync_playwright
from stand import Stand

from xiancheng.study import Study
from xiancheng.texts import LANGUAGES
from xiancheng.web import start

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"wide": (1400, 1080), "narrow": (390, 844)}
PULLED = {"#bundle-families": "40", "#bundle-county_jobs": "60"}
PLANS = "A=baseline;county_industry=3@2028&B=services_by_residence&C=county_town_first"


def main(folder: Path) -> None:
    """Write one picture for each view, language and width."""
    stand = Stand(start.site(Study(ROOT)))
    stand.start()
    try:
        with sync_playwright() as playwright:
            browser = chromium(playwright)
            for language in LANGUAGES:
                for size in SIZES:
                    explore(browser, stand.address, language, size, folder)
                    compare(browser, stand.address, language, size, folder)
            browser.close()
    finally:
        stand.stop()


def explore(browser: Browser, address: str, language: str, size: str, folder: Path) -> None:
    """Draw one plan, its levers as somebody has just let them go."""
    take(browser, f"{address}#lang={language}", size, folder / f"page_explore_{language}_{size}.png", PULLED)


def compare(browser: Browser, address: str, language: str, size: str, folder: Path) -> None:
    """Draw three plans side by side."""
    link = f"{address}#lang={language}&view=compare&show=change&{PLANS}"
    take(browser, link, size, folder / f"page_compare_{language}_{size}.png", {})


def take(browser: Browser, address: str, size: str, file: Path, pulled: dict[str, str]) -> None:
    """Open an address, pull levers, and write what is seen."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    for slider, value in pulled.items():
        slide(page, slider, value)
    settle(page)
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    settle(page)
    page.screenshot(path=file)
    page.close()
    print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
