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
    "aside { height: auto !important; }"]) sheet.insertRule(rule, sheet.cssRules.length);
}"""
"""Lays everything out so that nothing covers or cuts anything: then every word's contrast can be told."""
CONTRAST = """(selector) => {
  const part = document.querySelector(selector);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  let ground = part;
  while (ground && numbers(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const ink = part instanceof SVGElement ? getComputedStyle(part).fill : getComputedStyle(part).color;
  const pair = [ink, getComputedStyle(ground).backgroundColor].map(light);
  return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
}"""
"""The contrast of a thing that axe leaves open, such as a button whose only sign is no letter (WCAG 2.2)."""


def find_nothing(page: Page) -> None:
    """Hold the page as it stands against all rules of axe."""
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()


def decide_contrast(page: Page) -> None:
    """Hold the contrast of every word: by axe where it can tell, else by the colours of the word and its ground."""
    page.evaluate(UNROLL)
    contrast = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert contrast.violations_count == 0, contrast.generate_report()
    undecided = [node["target"][0] for rule in contrast.response["incomplete"] for node in rule["nodes"]]
    found = {one: page.evaluate(CONTRAST, one) for one in undecided}
    assert {one: value for one, value in found.items() if value < ENOUGH} == {}
    assert len(undecided) < 5, undecided
