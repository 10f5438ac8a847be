"""Dots with their bands: many indicators in one unit, and money against effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import Chart, Row, are_many, colour_scale, shape_scale, title_of
from xiancheng.outputs.headline import axis_scale
from xiancheng.texts import PERCENT_UNITS, listing, text

_LINE = 26
_NARROW = 720
"""Width of all columns of dots together, where there are many."""


def in_deviations(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], language: str, *, notes: Sequence[str] = ()
) -> Chart:
    """Return a dot for each indicator and scenario, better to the right.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario, indicator (its title), value, low, high [standard deviations, better above 0].
        labels: by scenario.
        language: "zh" or "en".
        notes: sentences below the chart.
    """
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    order = list(dict.fromkeys(row["indicator"] for row in rows))
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    y = {"field": "indicator", "type": "nominal", "sort": order, "title": None, "axis": {"grid": True}}
    colour = {"field": "label", "type": "nominal", "scale": colour_scale(names, labels),
              "legend": {"title": None, "orient": "top", "columns": 1}}
    if are_many(names):
        specification = _in_columns(names, labels, data, y, language)
        note = listing([labels[name] for name in names], language)
        return Chart(name, title, data, _columns(language), specification, (note, *notes))
    offset = {"field": "label", "type": "nominal", "sort": [labels[name] for name in names]}
    specification = {
        "width": 380, "height": {"step": max(_LINE / len(names), 9)} if len(names) > 1 else _LINE * len(order),
        "layer": [
            {"mark": {"type": "rule", "color": "#333333"}, "encoding": {"x": {"datum": 0}}},
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 1.6},
             "encoding": {"y": y, "yOffset": offset, "color": colour,
                          "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
             "encoding": {"y": y, "yOffset": offset, "color": colour,
                          "shape": {"field": "label", "type": "nominal", "scale": shape_scale(names, labels),
                                    "legend": {"title": None, "orient": "top", "columns": 1}},
                          "x": {"field": "value", "type": "quantitative", "scale": _wide(data),
                                "title": text("chart.deviations", language)}}},
        ],
    }
    return Chart(name, title, data, _columns(language), specification, tuple(notes))


def _columns(language: str) -> dict[str, str]:
    return {"label": text("chart.scenario", language), "indicator": text("chart.indicator", language),
            "value": text("chart.median", language), "low": "5 %", "high": "95 %"}


def _in_columns(
    names: Sequence[str], labels: Mapping[str, str], rows: Sequence[Row], y: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Return a narrow column of dots for each scenario, all on the same lines and scale."""
    colour = {"field": "label", "type": "nominal", "scale": colour_scale(names, labels), "legend": None}
    axis = {"tickCount": 3, "labelOverlap": True}
    scale = _wide(rows)
    return {
        "facet": {"column": {"field": "scenario", "type": "nominal", "sort": list(names), "header": {
            "labelFontWeight": "bold", "title": text("chart.deviations", language), "titleOrient": "bottom",
            "titlePadding": 18}}},
        "spacing": 8,
        "spec": {"width": _NARROW / len(names), "height": {"step": 16}, "layer": [
            {"mark": {"type": "rule", "color": "#333333"}, "encoding": {"x": {"datum": 0}}},
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 1.6},
             "encoding": {"y": y, "color": colour,
                          "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 42, "opacity": 1},
             "encoding": {"y": y, "color": colour,
                          "x": {"field": "value", "type": "quantitative", "title": None, "axis": axis,
                                "scale": scale}}},
        ]},
    }


def _wide(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a scale that keeps small changes apart where a few are very large."""
    largest = max(abs(row["value"]) for row in rows)
    return {"type": "symlog", "constant": 1} if largest > 8 else {"type": "linear"}


def cost_and_effect(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], language: str, *, notes: Sequence[str] = ()
) -> Chart:
    """Return money against effect, one panel for each indicator.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario, indicator (its title), unit, cost, cost_low, cost_high [yuan], value, low, high [unit].
        labels: by scenario.
        language: "zh" or "en".
        notes: sentences below the chart.
    """
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    panels = [_panel([row for row in data if row["indicator"] == indicator], labels, language)
              for indicator in dict.fromkeys(row["indicator"] for row in rows)]
    specification = {"hconcat": panels, "spacing": 24}
    columns = {"indicator": text("chart.indicator", language), "label": text("chart.scenario", language),
               "cost": text("chart.money", language), "value": text("chart.effect", language), "low": "5 %",
               "high": "95 %"}
    return Chart(name, title, data, columns, specification, tuple(notes), {"cost": "yuan"})


def _panel(rows: Sequence[Row], labels: Mapping[str, str], language: str) -> dict[str, Any]:
    unit, indicator = str(rows[0]["unit"]), str(rows[0]["indicator"])
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    money, money_words = axis_scale([row["cost"] for row in rows], "yuan", language)
    size, words = axis_scale([row["value"] for row in rows], unit, language)
    words = text("chart.points", language) if unit in PERCENT_UNITS else words
    colour = {"field": "label", "type": "nominal", "scale": colour_scale(names, labels), "legend": None}
    x = {"field": "shown_cost", "type": "quantitative", "title": text("chart.money_axis", language, unit=money_words),
         "axis": {"tickCount": 4}}
    y = {"field": "shown_value", "type": "quantitative", "title": words}
    return {
        "title": {"text": title_of(indicator, 34), "anchor": "start", "fontSize": 12},
        "width": 190, "height": 190,
        "transform": [
            {"filter": {"field": "indicator", "equal": indicator}},
            *({"calculate": f"isValid(datum.{key}) ? datum.{key} / {money!r} : null", "as": f"shown_{key}"}
              for key in ("cost", "cost_low", "cost_high")),
            *({"calculate": f"isValid(datum.{key}) ? datum.{key} / {size!r} : null", "as": f"shown_{key}"}
              for key in ("value", "low", "high")),
        ],
        "layer": [
            {"mark": {"type": "rule", "color": "#999999"}, "encoding": {"y": {"datum": 0}}},
            {"mark": {"type": "rule", "color": "#999999"}, "encoding": {"x": {"datum": 0}}},
            {"mark": "rule", "encoding": {"x": x, "y": {"field": "shown_low", "type": "quantitative"},
                                          "y2": {"field": "shown_high"}, "color": colour}},
            {"mark": "rule", "encoding": {"y": y, "x": {"field": "shown_cost_low", "type": "quantitative"},
                                          "x2": {"field": "shown_cost_high"}, "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"x": x, "y": y, "color": colour,
                          "shape": {"field": "label", "type": "nominal", "scale": shape_scale(names, labels),
                                    "legend": None}}},
            {"mark": {"type": "text", "dx": 10, "dy": -8, "fontWeight": "bold"},
             "encoding": {"x": x, "y": y, "text": {"field": "short"}, "color": colour}},
        ],
    }
