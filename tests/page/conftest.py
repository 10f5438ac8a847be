"""One server and one browser for all tests of the page; every host but this machine is out of reach."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client import Client
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright
from stand import Stand, quick

from xiancheng.study import Study
from xiancheng.web import start
from xiancheng.web.app import Site

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def site(root: Path) -> Site:
    return start.site(Study(root), engine=quick)


@pytest.fixture(scope="session")
def stand(site: Site) -> Iterator[Stand]:
    made = Stand(site)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def client(stand: Stand) -> Client:
    return Client(stand.port)


def chromium(playwright: Playwright) -> Browser:
    """Return a running Chromium: that of the system, else the one that Playwright brought."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    # Chromium in a container has neither a sandbox nor much shared memory.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.name == "posix" else []
    return playwright.chromium.launch(executable_path=program, args=arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            found = chromium(playwright)
        except Error as error:
            pytest.fail(f"no Chromium: install it (on Debian and Ubuntu: apt-get install chromium). {error}")
        yield found
        found.close()


class Watched:
    """What a page asked for and complained about."""

    def __init__(self) -> None:
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def open_page(browser: Browser, stand: Stand, watched: Watched) -> Iterator[Open]:
    """Opens the page at a fragment; ends with a failure where it asked another host or an error was logged."""
    contexts = []

    def opened(fragment: str = "", *, width: int = 1280, locale: str = "en-GB", at: str = "",
               dark: bool = False) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, accept_downloads=True,
                                      color_scheme="dark" if dark else "light")
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: None if _here(request.url) else watched.elsewhere.append(request.url))
        page.on("console", lambda line: watched.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.route("**/*", lambda route: route.continue_() if _here(route.request.url) else route.abort())
        page.goto((at or stand.address) + fragment)
        page.wait_for_selector("body[data-ready]", timeout=30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not watched.elsewhere
    assert not [line for line in watched.complaints if "ERR_CONNECTION" not in line]


def _here(address: str) -> bool:
    return address.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:"))
