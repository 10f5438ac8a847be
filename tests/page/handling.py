"""What tests do with the page: read it, drag a slider, wait until it is at rest."""

from __future__ import annotations

from playwright.sync_api import Page

SLIDER = "#bundle-county_jobs"
LINK = "#lang=en&view={view}&A=baseline;county_industry=3@2028:68;mortality=0.9@2030&B=balanced_text&C=austerity"
ALL = ";".join(["baseline", "county_industry=3@2028:68", "shelter_building=2.5@2035"])


def value(page: Page, selector: str) -> str:
    return page.locator(selector).input_value()


def settle(page: Page) -> None:
    """Wait until nothing is asked for any more and the picture is that of the state."""
    page.wait_for_function("() => !document.body.hasAttribute('data-busy')")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))")
    page.wait_for_function("() => !document.body.hasAttribute('data-busy')")


def open_each(page: Page, which: str = "*") -> None:
    """Open boxes until none in sight is closed: opening one, or an answer that comes, brings others into sight."""
    settle(page)
    closed = page.locator(f"details:not([open]):visible:is({which})")
    while closed.count():
        closed.first.evaluate("(box) => { box.open = true; }")
    page.wait_for_function("() => !document.querySelector('details[open] > .sketch:empty')")


def fragment(page: Page) -> dict[str, str]:
    words = page.evaluate("location.hash").removeprefix("#").split("&")
    return dict(word.split("=", 1) for word in words)


def cell(page: Page, indicator: str, column: int) -> str:
    return page.locator(f"#results tr[data-indicator={indicator}] td").nth(column).inner_text()


def slide(page: Page, selector: str, to: str) -> None:
    """Drag a slider: several values on the way, one release."""
    page.locator(selector).evaluate(
        """(slider, to) => {
          const from = Number(slider.value);
          for (let step = 1; step <= 5; step += 1) {
            slider.value = from + (Number(to) - from) * step / 5;
            slider.dispatchEvent(new Event("input", {bubbles: true}));
          }
          slider.dispatchEvent(new Event("change", {bubbles: true}));
        }""",
        to,
    )
    settle(page)


def begin_story(page: Page, story: str) -> None:
    """Open a story from the list."""
    page.click("[data-act=learn]")
    page.click(f"button[data-story={story}]")
    settle(page)


def draw_line(page: Page, begin: tuple[float, float], end: tuple[float, float], moves: int) -> None:
    """Draw a line of one's own by pointer: from a point of the chart to one so far from its right end [px]."""
    box = page.locator("#guess .paper svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + begin[0], box["y"] + begin[1])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - end[0], box["y"] + end[1], steps=moves)
    page.mouse.up()
