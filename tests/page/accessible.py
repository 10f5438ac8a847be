"""What is held of every view: axe finds nothing, and the contrast of every word is decided."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENOUGH = 4.5
"""The contrast of words that are not large (WCAG 2.2)."""
UNROLL = """() => {
  const sheet = document.styleSheets[0];
  for (const rule of [
    "body { width: 2000px !important; }", ".columns, #charts { display: block !important; }",
    ".scroll, aside, pre, #tools { max-height: none !important; overflow: visible !important; }",
    "header, #bar, aside, thead th, tbody th, #sheet { position: static !important; }",
    "#story, .tour { position: static !important; max-height: none !important; overflow: visible !important; }",
    "aside { height: auto !important; }", "* { pointer-events: all !important; }",
  ]) sheet.insertRule(rule, sheet.cssRules.length);
}"""
"""Lays everything out so that nothing covers or cuts anything and all that is painted is found where it is."""
CONTRAST = """(selector) => {
  const part = document.querySelector(selector);
  part.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const numbers = (colour) => { const found = (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return [...found.slice(0, 3), found.length > 3 ? found[3] : 1]; };
  const faded = (one) => (one ? Number(getComputedStyle(one).opacity) * faded(one.parentElement) : 1);
  const painted = (one) => {
    const style = getComputedStyle(one);
    if (!(one instanceof SVGElement) || one.tagName === "svg") return [...numbers(style.backgroundColor)];
    if (["text", "tspan", "g"].includes(one.tagName) || style.fill === "none") return [0, 0, 0, 0];
    const fill = numbers(style.fill);
    return [...fill.slice(0, 3), fill[3] * Number(style.fillOpacity)];
  };
  const over = (top, below) => below.map((one, at) => top[at] * top[3] + one * (1 - top[3]));
  const box = part.getBoundingClientRect();
  const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const own = stack.findIndex((one) => one === part || part.contains(one));
  if (own < 0 || stack.slice(0, own).some((one) => painted(one)[3] > 0)) return 0;
  const letters = part instanceof SVGElement;
  const below = stack.slice(own).filter((one) => (one === part ? !letters : !part.contains(one)));
  let ground = [255, 255, 255];
  for (const one of below.reverse()) {
    const [red, green, blue, dense] = painted(one);
    ground = over([red, green, blue, dense * faded(one)], ground);
  }
  const style = getComputedStyle(part);
  const ink = numbers(letters ? style.fill : style.color);
  const light = (colour) => colour.map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const pair = [over([...ink.slice(0, 3), ink[3] * faded(part)], ground), ground].map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""
"""The contrast of what axe leaves open (letters in pictures, a button whose only sign is no letter), from all that is
painted below its middle, each over the next (WCAG 2.2); 0 where it is not to be found."""
IN_PICTURE = "(selector) => document.querySelector(selector) instanceof SVGElement"


def find_nothing(page: Page) -> None:
    """Hold the page as it stands against all rules of axe."""
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


def decide_contrast(page: Page, has_pictures: bool = False) -> None:
    """Hold the contrast of every word: by axe where it can tell, else by the colours of the word and all below it.

    Args:
        page: the page.
        has_pictures: whether words stand in pictures, all of which axe leaves open; of the others it may leave few.
    """
    page.evaluate(UNROLL)
    contrast = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert contrast.violations_count == 0, contrast.generate_report()
    undecided = [node["target"][0] for rule in contrast.response["incomplete"] for node in rule["nodes"]]
    found = {one: page.evaluate(CONTRAST, one) for one in undecided}
    assert {one: value for one, value in found.items() if value < ENOUGH} == {}
    few = [one for one in undecided if not (has_pictures and page.evaluate(IN_PICTURE, one))]
    assert len(few) < 5, few
