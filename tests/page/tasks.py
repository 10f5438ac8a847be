"""What people come to the page for, done as they would do it, with the number of acts that each takes.

An act is a click, a choice from a list, a word typed into a box, a key or a slider let go. `python tests/page/tasks.py`
does all of them with the real engine in Chromium and in the Firefox of the system, and prints the table; `--browser`
names one of the two. Firefox is driven over WebDriver BiDi, with `firefox.cjs` in between.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handling import cell, fragment, settle, slide
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

WAIT = 240_000  # [ms] for the first wider program of the real engine


@dataclass
class Visit:
    """A page and what has been done on it.

    Attributes:
        page: the page.
        acts: how many so far.
    """

    page: Page
    acts: int = 0

    def click(self, selector: str) -> None:
        """Click a thing and let the page come to rest."""
        self.page.locator(selector).first.click()
        self._rest()

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.page.locator(selector).first.select_option(value)
        self._rest()

    def write(self, selector: str, words: str) -> None:
        """Type words into a box and press Enter: two acts."""
        box = self.page.locator(selector).first
        box.select_text()
        box.press_sequentially(words)
        box.press("Enter")
        self.acts += 1
        self._rest()

    def drag(self, selector: str, value: str) -> None:
        """Drag a slider and let it go."""
        slide(self.page, selector, value)
        self._rest()

    def key(self, name: str) -> None:
        """Press a key."""
        self.page.keyboard.press(name)
        self.acts += 1

    def _rest(self) -> None:
        self.acts += 1
        settle(self.page)


def what_is_this(visit: Visit) -> None:
    """Say what the page is and who made its figures: nothing has to be done for it."""
    words = visit.page.locator("body").inner_text()
    assert "Projection, not forecast" in words
    assert "our selection" in words


def villagers_settle(visit: Visit) -> None:
    """Let villagers settle in towns, and see the way and the loops."""
    visit.drag("#bundle-settling", "60")
    visit.click("#why summary")
    visit.page.wait_for_selector("#why .values:text('baseline')", timeout=WAIT)
    assert visit.page.locator("#why .loop").count() > 0


def a_county(visit: Visit) -> None:
    """See a county with and without jobs in counties."""
    visit.write("[aria-label='Search the list: Place']", "Shenxian")
    visit.drag("#bundle-county_jobs", "60")
    assert "Shenxian" in visit.page.locator("#results-title").inner_text()
    assert cell(visit.page, "residents", 0) != cell(visit.page, "residents", 1)


def two_packages(visit: Visit) -> None:
    """Compare two packages and see who loses."""
    visit.choose("#base", "housing_first")
    visit.click("[data-act=tab-add]")
    visit.choose("#base", "county_town_first")
    visit.click("[data-act=view-compare]")
    visit.click("#who > summary")
    visit.page.wait_for_selector("#who-table tbody tr")
    assert visit.page.locator("#who .sums p").count() == 2


def a_link(visit: Visit) -> None:
    """Hand on a plan by its link."""
    visit.drag("#bundle-county_jobs", "60")
    visit.click("[data-act=share]")
    other = visit.page.context.browser.new_page()  # type: ignore[union-attr]
    other.goto(visit.page.url)
    other.wait_for_selector("body[data-ready]", timeout=WAIT)
    settle(other)
    assert cell(other, "residents", 1) == cell(visit.page, "residents", 1)
    other.close()


def undo(visit: Visit) -> None:
    """Take a change back."""
    calm = cell(visit.page, "residents", 1)
    visit.drag("#bundle-county_jobs", "60")
    visit.click("[data-act=undo]")
    assert cell(visit.page, "residents", 1) == calm


def take_away(visit: Visit) -> None:
    """Take away all places as a table, the map as a picture and the plan as a command."""
    for words in ("CSV of all places", "Save map_urban_share as PNG"):
        with visit.page.expect_download() as waited:
            visit.page.get_by_role("button", name=words).click()
        assert Path(waited.value.path()).stat().st_size > 1000
        visit.acts += 1
    visit.page.get_by_role("button", name="Copy as command").click()
    visit.acts += 1
    visit.page.wait_for_function("() => document.body.innerText.includes('xiancheng run baseline')")


def keyboard_alone(visit: Visit) -> None:
    """Move a lever by keys from the lever's own box of search on, and take it back."""
    visit.page.locator("#lever-search").focus()
    calm = visit.page.locator("#headline").inner_text()
    while not visit.page.evaluate("document.activeElement.matches('#bundle-settling')"):
        visit.key("Tab")
        assert visit.acts < 20
    for _ in range(4):
        visit.key("ArrowRight")
    settle(visit.page)
    assert visit.page.locator("#headline").inner_text() != calm
    visit.key("Control+z")


def language(visit: Visit) -> None:
    """Read the page in the other language."""
    visit.click("[data-act=lang-zh]")
    assert "政策工具" in visit.page.locator("aside h2").inner_text()


def target(visit: Visit) -> None:
    """Find the least setting that meets a target."""
    visit.click("details[data-bundle=shelters] summary")
    visit.write("[data-lever=shelter_building] .target input", "1.5")
    visit.click("[data-lever=shelter_building] .target button")
    visit.page.wait_for_function("""() => /\\d/.test(
      document.querySelector("[data-lever=shelter_building] [role=status]").textContent)""", timeout=WAIT)


def where_from(visit: Visit) -> None:
    """See where a figure comes from."""
    visit.click("#results tr[data-indicator=urban_share] button.about")
    words = visit.page.locator("dialog.about-box").inner_text()
    assert "2020 measured" in words
    assert "xiancheng show urban_share" in words


TASKS: Mapping[str, tuple[Callable[[Visit], None], int]] = {
    "what is this": (what_is_this, 0),
    "villagers settle, which loop": (villagers_settle, 2),
    "a county with and without": (a_county, 3),
    "two packages, who loses": (two_packages, 5),
    "a link in a new browser": (a_link, 2),
    "undo": (undo, 2),
    "take away": (take_away, 3),
    "the keyboard alone": (keyboard_alone, 12),
    "the other language": (language, 1),
    "the least setting for a target": (target, 4),
    "where a figure comes from": (where_from, 1),
}
"""By name what is done, and the most acts that it may take."""


def done(browser: Browser, address: str, name: str) -> int:
    """Do a task on a page of its own and return its acts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.goto(f"{address}#lang=en&place=province")
    page.wait_for_selector("body[data-ready]", timeout=WAIT)
    settle(page)
    visit = Visit(page)
    TASKS[name][0](visit)
    assert fragment(page)
    context.close()
    return visit.acts


def firefox_program() -> str | None:
    """Return the Firefox of the system, None where there is none."""
    return next((found for name in ("firefox", "firefox-esr") if (found := shutil.which(name))), None)


def firefox(playwright: Playwright) -> Browser:
    """Return the Firefox of the system, driven over WebDriver BiDi."""
    return playwright.firefox.launch(channel="moz-firefox", executable_path=firefox_program())


def main(words: Sequence[str] | None = None) -> int:
    """Do all tasks and print the acts of each; 1 where no browser is there."""
    sys.path.append(str(Path(__file__).parents[1]))  # what the page's own tests share with the others
    from conftest import chromium
    from stand import Stand

    from xiancheng.study import Study
    from xiancheng.web import start

    browsers: dict[str, Callable[[Playwright], Browser]] = {"chromium": chromium, "firefox": firefox}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", choices=tuple(browsers), action="append")
    kinds = parser.parse_args(words).browser or tuple(browsers)
    os.environ["NODE_OPTIONS"] = f"--require {Path(__file__).with_name('firefox.cjs')}"
    stand = Stand(start.site(Study(Path(__file__).resolve().parents[2])))
    stand.start()
    with sync_playwright() as playwright:
        counts = {kind: _counted(kind, playwright, browsers[kind], stand.address) for kind in kinds}
    stand.stop()
    return 0 if all(counts.values()) else 1


def _counted(kind: str, playwright: Playwright, launch: Callable[[Playwright], Browser], address: str) -> int:
    """Do all tasks in a browser, print the acts of each, and return how many were done; 0 where there is no such."""
    try:
        browser = launch(playwright)
        browser.new_page().close()
    except Error as error:
        print(f"{kind}: none here that can be driven: {error.message.splitlines()[0]}", file=sys.stderr)
        return 0
    for name in TASKS:
        print(f"{kind} {browser.version} | {name} | {done(browser, address, name)}", flush=True)
    browser.close()
    return len(TASKS)


if __name__ == "__main__":
    sys.exit(main())
