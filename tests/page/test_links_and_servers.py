"""Links that are old, wrong or hostile, numbers as everywhere else in the project, a server that goes and returns."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from handling import SLIDER, cell, fragment, open_each, settle, slide
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from stand import Stand

from xiancheng.outputs import units
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, number
from xiancheng.web.app import Site
from xiancheng.web.assets import Asset
from xiancheng.web.start import CATALOGUE

pytestmark = pytest.mark.long
Open = Callable[..., Page]


def offered(site: Site) -> dict[str, Any]:
    return json.loads(gzip.decompress(site.files[CATALOGUE].packed))  # type: ignore[no-any-return]


def scenarios(offer: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any scenario that the page can hold."""
    codes = [one["id"] for one in offer["areas"] if one["level"] == "place"]

    def lever(one: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        several = st.lists(st.sampled_from(codes), min_size=1, max_size=5, unique=True)
        where = st.sampled_from(offer["place_groups"]) | several
        return st.fixed_dictionaries({
            "value": st.floats(one["low"], one["high"]) | st.sampled_from([one["low"], one["high"], one["baseline"]]),
            "year": st.integers(2026, 2050),
            "places": st.just("all") if one["scope"] == "province" else where,
        })

    def assumption(one: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
        if one["kind"] == "column":
            return st.fixed_dictionaries({"value": st.sampled_from(one["columns"])})
        return st.fixed_dictionaries({"value": st.floats(one["low"], one["high"]), "year": st.integers(2026, 2050)})

    def some(entries: list[dict[str, Any]], one: Any) -> st.SearchStrategy[dict[str, Any]]:
        chosen = st.lists(st.sampled_from(entries), max_size=4, unique_by=lambda entry: entry["id"])
        return chosen.flatmap(lambda found: st.fixed_dictionaries({entry["id"]: one(entry) for entry in found}))

    return st.fixed_dictionaries({
        "base": st.sampled_from([one["id"] for one in offer["scenarios"]]),
        "levers": some(offer["levers"], lever),
        "assumptions": some(offer["assumptions"], assumption),
    })


def states(offer: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any state that the page can be in."""
    ids = [one["id"] for one in offer["indicators"]]

    def whole(tabs: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({
            "model": st.just(offer["model"]),
            "view": st.sampled_from(["explore", "compare"]),
            "lang": st.sampled_from(LANGUAGES),
            "year": st.sampled_from(offer["years"]),
            "place": st.sampled_from([one["id"] for one in offer["areas"]]),
            "map": st.sampled_from(ids),
            "show": st.sampled_from(["level", "change", "met"]),
            "charts": st.lists(st.sampled_from(ids), min_size=6, max_size=6, unique=True),
            "bands": st.booleans(),
            "beside": st.lists(st.sampled_from([one["id"] for one in offer["areas"]]), max_size=3, unique=True),
            "names": st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["x", "紧缩 & 平衡", "a=b;c@d:e+f,#%"])),
            "story": st.sampled_from(["", *(f"{one['id']}.{len(one['steps'])}" for one in offer["stories"])]),
            "tab": st.sampled_from(tabs),
            "scenarios": st.fixed_dictionaries({tab: scenarios(offer) for tab in tabs}),
        })

    return st.sets(st.sampled_from("ABCD"), min_size=1).map(sorted).flatmap(whole)


@pytest.fixture(scope="module")
def codec(browser: Browser, stand: Stand) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Writes a state as a link, and reads it again, in the browser."""
    page = browser.new_page()
    page.goto(stand.address)
    page.evaluate("""async () => {
      window.link = await import("/files/link.js");
      window.offer = await (await fetch("/files/catalogue.json")).json();
    }""")
    script = "(state) => window.link.decode('#' + window.link.encode(state), window.offer, 'en')"
    return lambda state: page.evaluate(script, state)  # type: ignore[no-any-return]


def test_every_state_comes_back_from_its_link(site: Site, codec: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    @settings(max_examples=100)
    @given(states(offered(site)))
    def back(state: dict[str, Any]) -> None:
        found = codec(state)
        assert found["warnings"] == []
        assert found["other"] is None
        assert found["state"] == state

    back()


def test_a_link_opens_to_the_same_picture(open_page: Open) -> None:
    page = open_page("#lang=en&place=province")
    slide(page, SLIDER, "60")
    shown = page.locator("#results").inner_text()
    other = open_page("#" + page.evaluate("location.hash").removeprefix("#"))
    assert other.locator("#results").inner_text() == shown
    assert fragment(other) == fragment(page)


WRONG = {
    "levers": ("A=baseline;county_indstry=3", "county_indstry"),
    "range": ("A=baseline;county_industry=99", "99 is out of range (-1 to 5)"),
    "no number": ("A=baseline;county_industry=NaN", "NaN is out of range"),
    "year": ("A=baseline;county_industry=3@1999", "1999"),
    "place": ("A=baseline;county_industry=3@2028:999999", "there is no place 999999"),
    "scenario": ("A=wishful", "There is no scenario wishful"),
    "indicator": ("charts=births,happiness", "There is no indicator happiness"),
    "former indicator": ("charts=births,in_situ_share", "in_county_moves_share takes its place"),
    "former indicator on the map": ("map=in_situ_share", "in_county_moves_share takes its place"),
    "former indicator as a lever": ("A=baseline;in_situ_share=1", "in_county_moves_share takes its place"),
    "view": ("view=beyond", "there is no beyond"),
    "escape": ("A=%E0%A4%A", "cannot be read"),
    "script": ("A=baseline;<img src=x onerror=alert(1)>=3", "<img src"),
    "prototype": ("__proto__=1&constructor=2&A=__proto__;__proto__=1", "There is no scenario __proto__"),
    "long": ("A=baseline;" + "x" * 5000 + "=1", "x…"),
}


DAILY = ("levers", "range", "year", "former indicator", "escape", "script", "prototype", "long")
"""One of each kind of mistake; the others, of the same kinds, are among the slow cases."""


@pytest.mark.parametrize(("words", "said"), [
    pytest.param(*WRONG[name], id=name, marks=() if name in DAILY else pytest.mark.study) for name in WRONG
])
def test_what_a_link_has_wrong_is_named_and_the_page_stands(open_page: Open, words: str, said: str) -> None:
    page = open_page("#lang=en&" + words)
    assert said in page.locator(".notice.warning").inner_text()
    assert page.locator("#results tbody tr").count() > 30
    assert page.evaluate("document.images.length") == 0


def test_a_link_of_another_model_says_so(open_page: Open) -> None:
    page = open_page("#lang=en&model=00000000.11111111&A=baseline;county_industry=2")
    assert "00000000.11111111" in page.locator(".notice.model").inner_text()
    assert fragment(page)["A"] == "baseline;county_industry=2@2026"


def test_script_in_a_name_is_shown_and_never_run(open_page: Open, site: Site) -> None:
    offer = offered(site)
    bad = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    for one in (*offer["areas"], *offer["indicators"], *offer["levers"], *offer["scenarios"], *offer["assumptions"]):
        for names in (one.get("name"), one.get("title"), one.get("meaning"), one.get("sentence")):
            if names:
                names.update({language: bad + words for language, words in names.items()})
    hostile = Asset.of(json.dumps(offer).encode(), "json")
    other = Stand(replace(site, files={**site.files, CATALOGUE: hostile}))
    other.start()
    try:
        page = open_page("#lang=en&place=371522", at=other.address)
        open_each(page)
        assert "<img src=x" in page.locator("#results-title").inner_text()
        assert page.title() != "taken"
        assert page.evaluate("document.images.length") == 0
    finally:
        other.stop()


def test_numbers_are_written_as_everywhere_else(open_page: Open, site: Site, root: Path) -> None:
    page = open_page("#lang=en")
    names = sorted({one["unit"] for one in offered(site)["indicators"]} | {"", "no such unit"})
    values = [0.0, 1.0, -1.0, 0.5, 0.123, 0.0123, -0.00123, 7.25, 999.0, 1234.5, -98765.4, 1e6,
              2.5e7, -3.75e8, 4.2e9, 1e12]
    cases = [(value, unit, sign) for value in values for unit in names for sign in (False, True)]
    script = """async ([cases, language]) => {
      const [{number}, texts] = [await import("/files/numbers.js"), await import("/files/texts.js")];
      texts.useLanguage(language);
      return cases.map(([value, unit, sign]) => number(value, unit, {sign}));
    }"""
    for language in LANGUAGES:
        shown, spoken = page.evaluate(script, [cases, language]), units.spoken(Study(root), language)
        for (value, unit, sign), words in zip(cases, shown, strict=True):
            assert words == number(value, unit, spoken, sign=sign), (value, unit, language)


def test_a_server_that_goes_leaves_the_picture_and_is_found_again(open_page: Open, site: Site) -> None:
    own = Stand(site)
    own.start()
    page = open_page("#lang=en&place=province", at=own.address)
    calm = cell(page, "residents", 1)
    own.stop()
    slider = page.locator(SLIDER)
    slider.evaluate("(one) => { one.value = 60; one.dispatchEvent(new Event('change', {bubbles: true})); }")
    page.wait_for_selector(".notice.lost")
    assert "asks again" in page.locator(".notice.lost").inner_text()
    assert cell(page, "residents", 1) == calm
    assert page.locator("canvas").count() == 7
    own.start()
    page.wait_for_function("() => !document.querySelector('.notice.lost')", timeout=20_000)
    settle(page)
    assert cell(page, "residents", 1) != calm
    assert fragment(page)["A"] == "baseline;county_industry=3@2028"
    own.stop()
