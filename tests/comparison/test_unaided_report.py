"""A report tells what the baseline brings by itself before it tells what options bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import results
from xiancheng.comparison.report.document import Paragraph
from xiancheng.outputs import unaided


@pytest.mark.parametrize(("language", "first"), [("en", "Without any policy"), ("zh", "即使不出台任何政策")])
def test_what_falls_without_policy_stands_before_the_results(pair: Comparison, language: str, first: str) -> None:
    name = unaided.names(pair.study)[0]
    areas = pair.areas.copy()
    fall = np.linspace(1.0, 0.5, areas.sizes["year"])
    areas[name] = (areas[name] * areas["year"].copy(data=fall)).assign_attrs(areas[name].attrs)
    falling = replace(pair, runs=replace(pair.runs, areas=areas))
    sentences = [block.words for block in results.results(falling, language).blocks if isinstance(block, Paragraph)]
    matches = [sentence for sentence in sentences if sentence.startswith(first)]
    assert len(matches) == 2
    assert all(str(areas[name].attrs[f"title_{language}"]) in sentence for sentence in matches)


def test_where_nothing_moves_by_itself_nothing_is_said(pair: Comparison) -> None:
    blocks = results.results(pair, "en").blocks
    assert not [block for block in blocks if isinstance(block, Paragraph) and block.words.startswith("Without any")]
