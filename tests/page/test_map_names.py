"""Names of prefectures on the map can be read: none covers another, in either language, on any screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from stand import Stand

pytestmark = pytest.mark.long
COVERED = """async ([language, scale]) => {
  const {tilesOf, namesOf, nameSize} = await import("/files/tiles.js");
  const offer = await (await fetch("/files/catalogue.json")).json();
  const places = offer.areas.filter((one) => one.level === "place");
  const {at, box} = tilesOf(places);
  const nameOf = (id) => offer.areas.find((one) => one.id === id)?.name[language];
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `bold ${nameSize(scale)}px 'Noto Sans CJK SC', sans-serif`;
  const names = namesOf(places, at, nameOf, {scale, box})
    .map((one) => ({...one, wide: pen.measureText(one.name).width / scale}));
  const high = nameSize(scale) / scale;
  return names.flatMap((one, number) => names.slice(number + 1)
    .filter((other) => Math.abs(one.x - other.x) < (one.wide + other.wide) / 2 - 1e-6
      && Math.abs(one.y - other.y) < high - 1e-6)
    .map((other) => `${one.name} ${other.name}`));
}"""


@pytest.fixture(scope="module")
def once_open(browser: Browser, stand: Stand) -> Iterator[Page]:
    """The page, for all that is asked of its files alone."""
    page = browser.new_page()
    page.goto(stand.address)
    yield page
    page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scale", [20, 24, 30, 44])
def test_no_name_of_a_prefecture_covers_another(once_open: Page, language: str, scale: int) -> None:
    assert once_open.evaluate(COVERED, [language, scale]) == []
