"""The page as a folder: it opens without a server, shows what the server shows, and says what it lacks."""

from __future__ import annotations

import gzip
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from handling import begin_story, draw_line, settle
from playwright.sync_api import Browser, Page

from xiancheng import cli
from xiancheng.outputs import stories
from xiancheng.web import export, learn
from xiancheng.web.app import Site
from xiancheng.web.assets import Asset
from xiancheng.web.one_script import one_script
from xiancheng.web.start import CATALOGUE

pytestmark = pytest.mark.long
Open = Callable[..., Page]
LINK = "#lang={language}&view=compare&place=371522&A=services_by_residence&B=balanced_text;county_industry=3@2028"


@pytest.fixture(scope="module")
def folder(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("class") / "page"
    export.write(site, written)
    return written


@pytest.fixture(scope="module")
def hosted(folder: Path) -> Iterator[str]:
    """A plain web server that knows nothing but files."""
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_folder_shows_what_the_server_shows(open_page: Open, hosted: str) -> None:
    link = LINK.format(language="en").replace(";county_industry=3@2028", "")
    pages = [open_page(link), open_page(link, at=hosted)]
    tables = [page.locator("#results").inner_text() for page in pages]
    assert tables[0] == tables[1]
    assert pages[1].locator("#notices").inner_text() == ""


def test_it_opens_from_a_folder_and_asks_nothing(browser: Browser, folder: Path, site: Site) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, color_scheme="dark")
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{folder.as_uri()}/index.html{LINK.format(language='zh')}")
    page.wait_for_selector("body[data-ready]", timeout=30_000)
    settle(page)
    assert "county_industry" in page.locator("#notices").inner_text(), "what the copy leaves out of a link is told"
    notice = page.locator(".base .notice").inner_text()
    assert str(len(site.choices.bases)) in notice
    assert "故事" in notice
    assert page.locator("#plan-words").inner_text() == "", "a scenario as it ships has a name of its own"
    assert [page.locator(part).is_visible() for part in (".bundle >> nth=0", "#assumptions", "#why")] == [False] * 3
    before = page.locator("#results").inner_text()
    page.locator("#base").select_option("austerity")
    settle(page)
    assert page.locator("#results").inner_text() != before
    page.click("[data-act=undo]")
    settle(page)
    assert page.locator("#results").inner_text() == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert [address for address in asked if not address.startswith(folder.as_uri())] == []
    assert sorted(address.rpartition("/")[2] for address in asked if "/runs/" in address) == sorted(
        f"{name}.js" for name in ("baseline", "services_by_residence", "balanced_text", "austerity"))
    assert complaints == []
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    context.close()


def test_its_stories_tell_what_those_of_the_server_tell(
    open_page: Open, hosted: str, folder: Path, site: Site
) -> None:
    """In the folder each plan of a step has its run, claims are held against it, and what is absent is said."""
    steps = [(story.id, number, step) for story in stories.read(site.service.built.study, site.choices.book)
             for number, step in enumerate(story.steps, start=1)]
    plans = {learn.plan(step) for *_, step in steps if step.set}
    assert len([file for file in (folder / "runs").iterdir() if "." in file.stem]) == len(plans) > 0
    story, number, _ = next(one for one in steps if one[2].set and not one[2].draw and one[2].claims)
    pages = [open_page(f"#lang=en&story={story}.{number}", at=at) for at in ("", hosted)]
    for page in pages:
        page.wait_for_selector("#story .claims li")
        settle(page)
    here, there = ([page.locator(part).inner_text() for part in ("#story", "#results", "#headline")] for page in pages)
    assert here == there
    assert pages[1].locator("#notices").inner_text() == ""
    pages[1].reload()
    pages[1].wait_for_selector("body[data-ready]")
    settle(pages[1])
    assert pages[1].locator("#notices").inner_text() == "", "the address of a step holds its plan"
    words = pages[1].locator("#plan-words").inner_text()
    names = [item.partition("=")[0] for item in next(one[2] for one in steps if one[:2] == (story, number)).set]
    assert names
    assert "of the story" in words
    assert [name for name in names if site.choices.book.levers[name].title["en"] not in words] == []
    story, number, _ = next(one for one in steps if one[2].beside and one[2].look == "who")
    beside = open_page(f"#lang=en&story={story}.{number - 1}", at=hosted)
    beside.wait_for_selector("#story .story-words")
    settle(beside)
    beside.click("[data-act=story-next]")
    beside.wait_for_selector("#who-table tbody tr")
    story, number, _ = next(one for one in steps if one[2].look == "why" and not one[2].draw)
    without = open_page(f"#lang=en&story={story}.{number}", at=hosted)
    without.wait_for_selector("#story .claims p")
    assert "xiancheng serve" in without.locator("#story .claims").inner_text()
    assert not without.locator("#why").is_visible()


def test_a_study_without_stories_promises_none(site: Site, folder: Path, browser: Browser, tmp_path: Path) -> None:
    offer = json.loads(gzip.decompress(site.files[CATALOGUE].packed))
    lone = Asset.of(json.dumps(offer | {"stories": []}).encode(), "json")
    bare = replace(site, files={**site.files, CATALOGUE: lone})
    assert export.has_stories(site)
    assert not export.has_stories(bare)
    shutil.copytree(folder, tmp_path / "page")
    told = (folder / export.OFFER).read_text(encoding="utf-8")
    changed = told.replace(json.dumps(offer["stories"], ensure_ascii=False, separators=(",", ":")), "[]")
    assert changed != told
    (tmp_path / "page" / export.OFFER).write_text(changed, encoding="utf-8")
    page = browser.new_page()
    page.goto(f"{(tmp_path / 'page').as_uri()}/index.html#lang=en&A=baseline;county_industry=3@2028")
    page.wait_for_selector("body[data-ready]", timeout=30_000)
    assert "stor" not in page.locator(".base .notice").inner_text()
    notices = page.locator("#notices").inner_text()
    page.close()
    assert "county_industry" in notices
    assert "stor" not in notices


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.study), "zh"])
def test_a_story_is_followed_from_a_folder(browser: Browser, folder: Path, language: str) -> None:
    """A memory stick holds a story whole: every step, lines to draw among them, and nothing is asked of anybody."""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{folder.as_uri()}/index.html#lang={language}")
    page.wait_for_selector("body[data-ready]", timeout=30_000)
    begin_story(page, "ageing")
    seen = [page.locator(".story-words").inner_text()]
    while "story=ageing.8" not in page.url and len(seen) < 12:
        if page.locator("#guess").is_visible():
            draw_line(page, (66, 170), (16, 120), 12)
            page.click("#guess .controls button >> nth=0")
            page.wait_for_selector("#story .claims")
        page.click("[data-act=story-next]")
        settle(page)
        seen.append(page.locator(".story-words").inner_text())
    assert len(set(seen)) == 8
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for place, word in ((tmp_path, {"en": "empty folder", "zh": "空文件夹"}),
                        (tmp_path / "notes.txt", {"en": "not a folder", "zh": "不是文件夹"})):
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(cli.main, ["serve", "--export", str(place), "--lang", language]).result()
        told = capsys.readouterr().err.replace("\n", " ")
        assert code == 3
        assert word[language] in told
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_module_in_a_form_that_is_not_read_is_named() -> None:
    with pytest.raises(ValueError, match=r"a\.js"):
        one_script({"a.js": "export default 3;\n"}, "a.js")
