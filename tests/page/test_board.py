"""The board of the evaluation on the page: closed it costs nothing, open it holds the six aims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from handling import settle
from playwright.sync_api import Page

from xiancheng.outputs import evaluation, indicators
from xiancheng.study import Study

pytestmark = pytest.mark.long
Open = Callable[..., Page]


@pytest.mark.parametrize(("language", "first"), [("zh", "创新"), ("en", "Innovative")])
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
