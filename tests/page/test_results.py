"""What a change did, in words and in sight: the own figure of a lever, side effects, cost; the board of six aims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handling import ALL, SLIDER, settle, slide, value
from playwright.sync_api import Browser, Page, Route, expect
from stand import Stand

from xiancheng.outputs import evaluation, indicators
from xiancheng.scenarios import levers
from xiancheng.study import Study

pytestmark = pytest.mark.long
Open = Callable[..., Page]


@pytest.mark.parametrize(("language", "first"), [
    ("zh", "创新"), pytest.param("en", "Innovative", marks=pytest.mark.study),
])
def test_the_board_opens_to_the_six_aims_with_their_figures(
    open_page: Open, root: Path, language: str, first: str
) -> None:
    """Every indicator of the aims that the study has stands there once, with a value before the policy."""
    page = open_page(f"#lang={language}&place=province")
    assert not page.locator("#board-table tbody").count()
    page.click("#board summary")
    settle(page)
    page.wait_for_selector("#board-table tbody")
    assert page.locator("#board-table th.aim").all_inner_texts()[0] == first
    study = Study(root)
    there = indicators.read(study)
    names = [name for aim in evaluation.read(study) for name in aim.indicators if name in there]
    rows = page.locator("#board-table tr[data-indicator]")
    assert rows.evaluate_all("(all) => all.map((row) => row.dataset.indicator)") == names
    refuge = page.locator("#board-table tr[data-indicator=refuge_area] td").all_inner_texts()
    assert any("2035" in words for words in refuge[-1:])
    assert all(words.strip() for words in refuge)


OWN = "jobs_per_working_age"


def test_a_change_says_what_its_lever_is_for_what_else_and_what_it_costs(open_page: Open, root: Path) -> None:
    """No count of signs: the own figure first, in words, in the table, among the charts and large."""
    assert levers.read(Study(root))["county_industry"].own_indicator == OWN
    page = open_page("#lang=en&place=province")
    assert page.locator("#results th.plan").first.is_hidden(), "at rest the table shows levels"
    assert "nothing is moved" in page.locator("#headline").inner_text()
    slide(page, SLIDER, "60")
    words = page.locator("#announcement").inner_text()
    assert words.startswith("Plan A, province 2035: Jobs per resident aged 16-59 ")
    assert "largest side effect: " in words
    assert "public cost " in words
    assert " better, " not in words
    assert page.locator("#headline").inner_text().startswith("Jobs per resident aged 16-59")
    assert page.locator("#results tbody tr").first.get_attribute("data-indicator") == OWN
    assert page.locator(".chart.first").get_attribute("data-indicator") == OWN
    assert page.locator("#results th.plan").first.is_visible()
    page.click("[data-act=lang-zh]")
    settle(page)
    words = page.locator("#announcement").inner_text()
    assert words.startswith("方案A，")
    assert "年：劳动年龄人口人均就业岗位" in words


def test_what_a_second_change_did_is_told_as_its_own_and_stays_of_its_place(open_page: Open) -> None:
    """The large figure stands against the baseline, the last change against the plan before it: it says so."""
    page = open_page("#lang=en&place=province")
    slide(page, "#bundle-families", "40")
    assert "alone" not in page.locator("#announcement").inner_text()
    slide(page, SLIDER, "60")
    words = page.locator("#announcement").inner_text()
    assert words.startswith("Plan A, province 2035, the last change alone: ")
    page.select_option("#place", "68")
    settle(page)
    page.click("[data-act=lang-zh]")
    page.click("[data-act=lang-en]")
    settle(page)
    assert page.locator("#announcement").inner_text() == words


def test_below_its_least_change_a_figure_is_about_the_same(open_page: Open) -> None:
    page = open_page("#lang=en")
    script = """() => import("/files/effects.js").then(({judged, inWords}) => {
      const indicator = {id: "x", title: {en: "Share"}, unit: "share", direction: "higher", least: [0.005, 0]};
      return [0.004, 0.006, -0.006].map((difference) => [
        judged(difference, 0.5, indicator).sign, inWords({indicator, level: 0.5, difference})]);
    })"""
    assert page.evaluate(script) == [
        ["●", "Share: about the same"], ["▲", "Share +0.60 points (better)"], ["▼", "Share -0.60 points (worse)"]]


def test_every_slider_of_a_bundle_reaches_both_ends_and_commits_what_is_held(open_page: Open) -> None:
    page = open_page("#lang=en")
    script = """async () => {
      const {atStrength, together} = await import("/files/levers.js");
      const offer = await (await fetch("/files/catalogue.json")).json();
      return offer.bundles.flatMap((bundle) => {
        const levers = bundle.levers.map((id) => offer.levers.find((one) => one.id === id));
        const {min, max, step} = document.getElementById(`bundle-${bundle.id}`);
        const wrong = [];
        for (let held = Number(min); held <= Number(max); held += Number(step)) {
          const values = Object.fromEntries(levers.map((lever) => [lever.id, atStrength(lever, held)]));
          const {percent, isOne} = together(levers, (lever) => values[lever.id], held);
          if (percent !== held || !isOne) wrong.push([bundle.id, held, percent]);
        }
        const ends = levers.filter(
          (lever) => atStrength(lever, 100) !== lever.high || atStrength(lever, -100) !== lever.low);
        return [...wrong, ...ends.map((lever) => [bundle.id, lever.id])];
      });
    }"""
    assert page.evaluate(script) == []
    for end in ("max", "min"):
        bound = page.locator("#bundle-affordable").get_attribute(end) or ""
        slide(page, "#bundle-affordable", bound)
        assert value(page, "#bundle-affordable") == bound


def test_a_link_says_of_every_plan_what_its_reader_should_know(open_page: Open) -> None:
    page = open_page("#lang=en&tab=A&A=baseline;county_industry=2@2030&B=baseline;county_industry=4@2027"
                     "&C=baseline;electric_vehicles=0.9@2033")
    notes = page.locator(".notice.notes").inner_text()
    assert "Plan B: " in notes
    assert "county_industry" in notes
    assert "Plan C changes none of the figures" in notes
    assert "Plan A" not in notes


def test_a_long_line_of_warnings_is_cut(open_page: Open) -> None:
    wrong = ";".join(f"nothing_{number}=1" for number in range(30))
    page = open_page(f"#lang=en&A=baseline;{wrong}")
    assert page.locator(".notice.warning li").count() == 11
    assert page.locator(".notice.warning li").last.inner_text() == "and 20 more"
    page.keyboard.press("Escape")
    assert page.locator(".notice.warning").count() == 0


def test_keys_and_the_browser_go_back_by_steps(open_page: Open) -> None:
    page = open_page("#lang=en&A=" + ALL)
    calm = page.evaluate("location.hash")
    slide(page, SLIDER, "60")
    moved = page.evaluate("location.hash")
    page.keyboard.press("Control+z")
    settle(page)
    assert page.evaluate("location.hash").split("&A=")[1] == calm.split("&A=")[1]
    page.keyboard.press("Control+Shift+z")
    settle(page)
    assert page.evaluate("location.hash") == moved
    other = open_page("#lang=en")
    slide(other, SLIDER, "60")
    other.go_back()
    settle(other)
    assert value(other, SLIDER) == "0"
    other.go_forward()
    settle(other)
    assert value(other, SLIDER) == "60"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_a_lever_and_its_effect_are_in_sight_together(open_page: Open, language: str, width: int) -> None:
    """The last bundle in hand: the large result and, on a narrow screen, its chart stand beside or above the levers."""
    page = open_page(f"#lang={language}", width=width)
    last = page.locator(".bundle input[type=range]").last
    last.scroll_into_view_if_needed()
    slide(page, f"#{last.get_attribute('id')}", "100")
    last.scroll_into_view_if_needed()
    seen = """(part) => { const {left, top, width, height} = part.getBoundingClientRect();
      return part.contains(document.elementFromPoint(left + width / 2, top + height / 2)); }"""
    parts = [last, page.locator("#headline .large")] + ([page.locator(".chart.first .plot")] if width < 760 else [])
    for part in parts:
        assert part.evaluate(seen), part
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_that_does_not_arrive_is_said_in_both_languages(browser: Browser, stand: Stand) -> None:
    page = browser.new_page()
    page.route("**/files/levers.js", lambda route: route.abort())
    page.goto(stand.address)
    page.wait_for_function("() => document.getElementById('wait').textContent.includes('did not arrive')")
    assert "未能载入" in page.locator("#wait").inner_text()
    page.close()


def test_the_least_setting_is_found_and_set_from_the_drawer(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    page.locator("details[data-bundle=county_jobs] summary").click()
    lever = page.locator("[data-lever=county_industry]")
    lever.get_by_role("button", name="Find the least setting").click()
    assert "Write a number" in lever.locator("[role=status]").inner_text()
    slide(page, "#lever-county_industry", "3")
    reached = page.locator("#headline .large span").first.inner_text()
    slide(page, "#lever-county_industry", "0")
    lever.locator(".target input").fill(reached)
    lever.get_by_role("button", name="Find the least setting").click()
    lever.get_by_role("button", name="Set it").click(timeout=60_000)
    settle(page)
    assert "needs" in lever.locator("[role=status]").inner_text()
    assert page.locator("#headline .large span").first.inner_text() == reached
    assert 2 < float(value(page, "#lever-county_industry")) < 4


def test_why_shows_values_on_the_way_and_what_a_loop_does_to_them(open_page: Open) -> None:
    page = open_page("#lang=en&place=68&A=baseline;county_industry=3@2028:68")
    page.click("#why summary")
    verdict = page.locator("#why .loops > [role=status]")
    page.wait_for_selector("#why .loops > [role=status]:text('with all loops')", timeout=60_000)
    whole = verdict.inner_text()
    assert whole.startswith("What the plan changes in Jobs per resident aged 16-59, 2035")
    said = page.locator("#why .values").all_inner_texts()
    assert len(said) == page.locator("#why ol > li").count() > 2
    assert all("2035" in words and "baseline" in words and "plan A" in words for words in said)
    page.locator("#why .loop input").first.check()
    page.wait_for_selector("#why .loops > [role=status]:text('without')", timeout=60_000)
    assert page.locator("#why .loop").count() == 16
    page.locator("#why .loop input").first.uncheck()
    page.wait_for_selector("#why .loops > [role=status]:not(:text('without'))")
    assert verdict.inner_text() == whole


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.study)])
def test_why_says_first_of_all_what_is_being_done(open_page: Open, language: str) -> None:
    """The equations are read, then a program may have to be compiled: neither is waited for without a word."""
    page = open_page(f"#lang={language}&place=68&A=baseline;county_industry=3@2028:68")
    words = {"en": ("Reading the equations", "Compiling a wider program"), "zh": ("正在读取", "正在编译")}[language]
    page.route("**/why/progress", lambda route: route.fulfill(
        json={"done": 0, "of": 2, "is_compiling": True, "seconds": 7}))
    held: list[Route] = []
    for path in ("**/why/county_industry", "**/why"):
        page.route(path, lambda route: held.append(route))
    page.click("#why summary")
    first = page.locator("#why-body > :first-child")
    expect(first).to_contain_text(words[0], timeout=30_000)
    held.pop().continue_()
    expect(first).to_contain_text(words[1], timeout=30_000)
    expect(first).to_contain_text("7")
    expect(first.get_by_role("button")).to_be_visible()
    held.pop().continue_()
    expect(first).to_be_empty(timeout=30_000)


def test_sectors_of_pictures_are_named_in_the_language_of_the_page(open_page: Open) -> None:
    page = open_page("#lang=zh")
    slide(page, SLIDER, "60")
    page.click("#why summary")
    page.wait_for_selector("#why .sketch", state="attached")
    names = page.locator("#why details.drawer:has(.sketch) > summary").all_inner_texts()
    assert names
    assert not [name for name in names if any("a" <= sign <= "z" for sign in name)]
