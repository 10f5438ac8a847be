"""What was published after the census stands beside the baseline of the same time."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from xiancheng.comparison import published
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import published as page
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE


def yearly(comparison: Comparison, quantity: str, unit: float) -> dict[int, float]:
    """The published series as its table has it."""
    with (comparison.study.tables / "province_yearly.csv").open(encoding="utf-8", newline="") as lines:
        return {int(row["year"]): float(row["value"]) * unit for row in csv.DictReader(lines)
                if row["quantity"] == quantity and int(row["year"]) > 2020}


@pytest.mark.parametrize(("indicator", "quantity", "unit", "after"), [
    ("births", "births", 1e4, 0.0), ("urban_share", "urban_share", 0.01, 1 / 6),
])
def test_a_figure_stands_beside_the_baseline_of_its_time(
    pair: Comparison, indicator: str, quantity: str, unit: float, after: float
) -> None:
    """A year end lies a sixth of the way from one 1 November to the next."""
    figures = {item.year: item for item in published.figures(pair.study, pair.areas) if item.indicator == indicator}
    values = yearly(pair, quantity, unit)
    assert {year: item.published for year, item in figures.items()} == pytest.approx(values)
    at = pair.areas[indicator].sel(scenario=BASELINE, stress=REFERENCE, area="province")
    for year, item in figures.items():
        model = (1 - after) * at.sel(year=year).values + after * at.sel(year=year + 1).values
        assert item.model.median == pytest.approx(float(np.median(model)), rel=1e-3)
        assert item.gap.median == pytest.approx(item.model.median - values[year])


def test_years_that_did_not_run_have_no_row(pair: Comparison) -> None:
    short = replace(pair, runs=replace(pair.runs, areas=pair.areas.sel(year=slice(2020, 2022))))
    years = {item.year for item in published.figures(short.study, short.areas)}
    assert years == {2021, 2022}
    ends = {item.year for item in published.figures(short.study, short.areas) if item.indicator == "residents"}
    assert ends == {2021}
    none = replace(pair, runs=replace(pair.runs, areas=pair.areas.sel(year=slice(2030, 2035))))
    assert page.tables(none, "zh") == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_says_published_model_and_gap(pair: Comparison, language: str) -> None:
    (table,) = page.tables(pair, language)
    for row in table.rows:
        assert row[4].value == pytest.approx(row[3].value - row[2].value)
