"""Bars by year, parted by kind, one panel for each scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import Chart, Row, are_many, panels
from xiancheng.outputs.headline import axis_scale
from xiancheng.texts import text

KINDS = ("#0072B2", "#56B4E9", "#E69F00", "#999999")
"""Colours of the parts, in their order."""


def by_year(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], unit: str, language: str, *,
    notes: Sequence[str] = (),
) -> Chart:
    """Return stacked bars of a flow by year.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario, year, kind (its title), value [unit].
        labels: by scenario, in the order of the panels.
        unit: of the values.
        language: "zh" or "en".
        notes: sentences below the chart.
    """
    divisor, axis = axis_scale([row["value"] for row in rows], unit, language)
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    specification: dict[str, Any] = {
        **panels(names, labels),
        "spec": {
            "width": 235 if are_many(names) else 300, "height": 120 if are_many(names) else 200,
            "transform": [{"calculate": f"datum.value / {divisor!r}", "as": "shown"}],
            "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": -45}},
                "y": {"field": "shown", "type": "quantitative", "title": axis, "stack": "zero"},
                "color": {"field": "kind", "type": "nominal", "sort": kinds,
                          "scale": {"domain": kinds, "range": list(KINDS[: len(kinds)])},
                          "legend": {"title": None, "orient": "bottom", "columns": 1, "labelLimit": 420}},
                "order": {"field": "kind", "type": "nominal"},
            },
        },
    }
    columns = {"label": text("chart.scenario", language), "year": text("chart.year", language),
               "kind": text("chart.kind", language), "value": text("chart.change", language)}
    return Chart(name, title, data, columns, specification, tuple(notes), {"value": unit})
