"""Bars of length one that show of how many parts something is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import Chart, Row, panels
from xiancheng.texts import text

KINDS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B8860B", "#BBBBBB")
"""Colours of the parts in their order, the last for the rest."""


def stacked(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], language: str, *, notes: Sequence[str] = (),
) -> Chart:
    """Return a bar for each line of each scenario, parted by kind.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario, line (its title), kind (its title), value [share]; those of a line add up to 1.
        labels: by scenario, in the order of the panels.
        language: "zh" or "en".
        notes: sentences below the chart.
    """
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    data = tuple({**row, "label": labels[row["scenario"]], "order": kinds.index(row["kind"])} for row in rows)
    specification: dict[str, Any] = {
        **panels(names, labels),
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 220, "height": {"step": 26},
            "mark": {"type": "bar"},
            "encoding": {
                "y": {"field": "line", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 190}},
                "x": {"field": "value", "type": "quantitative", "stack": "zero", "scale": {"domain": [0, 1]},
                      "title": text("chart.part_of_variance", language), "axis": {"format": ".0%", "tickCount": 5}},
                "color": {"field": "kind", "type": "nominal", "sort": kinds,
                          "scale": {"domain": kinds, "range": list(KINDS[: len(kinds)])},
                          "legend": {"title": None, "orient": "bottom", "columns": 4, "labelLimit": 260}},
                "order": {"field": "order", "type": "quantitative"},
            },
        },
    }
    columns = {"label": text("chart.scenario", language), "line": text("report.indicator", language),
               "kind": text("chart.kind", language), "value": text("chart.part_of_variance", language)}
    return Chart(name, title, data, columns, specification, tuple(notes), {"value": "share"})
