"""A level is baseline and change; a gross flow has its net beside it; what the text does not ask for says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xiancheng.comparison import changes
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import beside, written
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE


def test_a_level_and_its_change_add_up_though_medians_do_not(pair: Comparison) -> None:
    """Three members whose changes go against their levels: the median of the levels is not that of the changes."""
    areas = pair.areas[["urban_share"]].isel(member=slice(0, 3)).copy(deep=True).load()
    for name, values in ((BASELINE, (0.5, 0.6, 0.7)), ("A", (0.62, 0.61, 0.6))):
        areas["urban_share"].loc[{"scenario": name, "year": 2035, "area": "68", "stress": REFERENCE}] = np.array(values)
    line = next(item for item in changes.lines(areas, ["urban_share"], level=["68"]) if item.option == "A")
    assert line.level.median == pytest.approx(line.baseline.median + line.change.median)
    assert float(np.median([0.62, 0.61, 0.6])) == pytest.approx(line.level.median)
    at = {"scenario": "A", "year": 2035, "area": "68", "stress": REFERENCE}
    areas["urban_share"].loc[at] = np.array([0.4, 0.9, 0.7])
    turned = next(item for item in changes.lines(areas, ["urban_share"], level=["68"]) if item.option == "A")
    assert turned.level.median == pytest.approx(0.6)
    assert turned.level.median == pytest.approx(turned.baseline.median + turned.change.median)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_gross_flow_has_its_net_beside_it(pair: Comparison, language: str) -> None:
    lines = changes.lines(pair.areas, ["gross_out_rate", "net_migration_rate"], level=["68"])
    gross, net = (next(item for item in lines if (item.indicator, item.option) == (name, "A"))
                  for name in ("gross_out_rate", "net_migration_rate"))
    said = beside.claim(pair, gross, written.claim(gross, language), language)
    assert net.title(language) in said
    assert said.startswith(gross.title(language))
    assert beside.title(pair, net, language) == net.title(language)


def test_the_net_of_a_gross_flow_that_is_shown_is_shown(pair: Comparison) -> None:
    assert "net_migration_18_34" not in pair.shown
    asked = replace(pair, indicators=("leaving_rate_18_34",))
    assert {"leaving_rate_18_34", "net_migration_18_34"} <= set(asked.shown)


def test_a_lever_that_the_text_does_not_ask_for_says_so(pair: Comparison) -> None:
    beyond = next(name for name, lever in pair.levers.items() if lever.is_beyond)
    named = next(name for name, lever in pair.levers.items() if not lever.is_beyond)
    assert beside.lever(pair, beyond, "en").endswith("(not in the policy text)")
    assert beside.lever(pair, named, "zh") == pair.levers[named].title["zh"]


def test_the_levels_of_the_long_table_add_up(pair: Comparison) -> None:
    table = pair.table()
    assert np.allclose(table.value, table.baseline + table.change, equal_nan=True)
