"""Boxes of factors: each limit as a bar within the range of its factor, and how boxes trade coverage for density."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import INK, Chart, Row, title_of
from xiancheng.texts import text

_WIDTH, _LINE, _SIDE = 460, 44, 300
_RANGE, _INSIDE = "#d9d9de", "#D55E00"


def limits(
    name: str, title: str, rows: Sequence[Row], language: str, *, notes: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
) -> Chart:
    """Return a panel for each box with a bar for each factor, from its least to its largest value.

    Args:
        name: id of the chart.
        title: what the boxes tell of.
        rows: box (number), heading (of the box), factor (its title), start, stop (shares of the range, 0 to 1), left,
            right (what stands at the ends of the range), inside (what stands at the bar).
        language: "zh" or "en".
        notes: sentences below the chart.
        columns: titles of the columns of the table twin.
    """
    panels = [_panel([row for row in rows if row["box"] == box], language)
              for box in dict.fromkeys(row["box"] for row in rows)]
    specification = {"vconcat": panels, "spacing": 26, "title": _heading(title, notes, 92)}
    return Chart(name, title, tuple(rows), columns or {}, specification, tuple(notes))


def _heading(title: str, notes: Sequence[str], width: int) -> dict[str, Any]:
    """Return the title with the notes below it, so that a picture that travels alone keeps them."""
    lines = [line for note in notes for line in title_of(note, width + 20)]
    return {"text": title_of(title, width), "anchor": "start", "fontSize": 13, "subtitle": lines,
            "subtitleFontSize": 9, "subtitleColor": "#666666", "subtitlePadding": 4}


def _panel(rows: Sequence[Row], language: str) -> dict[str, Any]:
    order = list(dict.fromkeys(row["factor"] for row in rows))
    y = {"field": "factor", "type": "nominal", "sort": order, "title": None,
         "axis": {"labelLimit": 340, "domain": False, "ticks": False, "labelPadding": 10}}

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}

    words = {"type": "text", "fontSize": 10, "color": INK}
    return {
        "title": {"text": title_of(str(rows[0]["heading"]), 92), "anchor": "start", "fontSize": 12,
                  "fontWeight": "normal"},
        "width": _WIDTH, "height": {"step": _LINE},
        "transform": [{"filter": {"field": "box", "equal": rows[0]["box"]}},
                      {"calculate": "0", "as": "least"}, {"calculate": "1", "as": "largest"},
                      {"calculate": "(datum.start + datum.stop) / 2", "as": "middle"}],
        "layer": [
            {"mark": {"type": "bar", "height": 6, "color": _RANGE},
             "encoding": {"y": y, "x": x("least"), "x2": {"field": "largest"}}},
            {"mark": {"type": "bar", "height": 14, "color": _INSIDE},
             "encoding": {"y": y, "x": x("start"), "x2": {"field": "stop"}}},
            {"mark": {**words, "align": "left", "dy": 16},
             "encoding": {"y": y, "x": x("least"), "text": {"field": "left"}}},
            {"mark": {**words, "align": "right", "dy": 16},
             "encoding": {"y": y, "x": x("largest"), "text": {"field": "right"}}},
            {"mark": {**words, "dy": -14, "fontWeight": "bold", "fontSize": 11},
             "encoding": {"y": y, "x": x("middle"), "text": {"field": "inside"}}},
        ],
    }


def exchange(
    name: str, title: str, rows: Sequence[Row], language: str, *, notes: Sequence[str] = (),
) -> Chart:
    """Return coverage against density of all boxes on the way inwards; those that are told of are ringed.

    Args:
        name: id of the chart.
        title: what the boxes tell of.
        rows: coverage, density (shares), factors (how many are limited), label ("" for a box on the way).
        language: "zh" or "en".
        notes: sentences below the chart.
    """
    def axis(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": text(f"chart.{field}", language),
                "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 5}}

    place = {"x": axis("coverage"), "y": axis("density")}
    colour = {"field": "factors", "type": "quantitative", "scale": {"scheme": "cividis", "reverse": True},
              "legend": {"title": text("chart.limited_factors", language), "tickMinStep": 1, "format": "d"}}
    chosen = [{"filter": "datum.label != ''"}]
    specification = {
        "title": _heading(title, notes, 60), "width": _SIDE, "height": _SIDE,
        "layer": [
            {"transform": [{"filter": "datum.label == ''"}],
             "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
             "encoding": {**place, "color": colour}},
            {"transform": chosen, "mark": {"type": "point", "size": 220, "strokeWidth": 2.5, "color": _INSIDE},
             "encoding": place},
            {"transform": chosen, "mark": {"type": "text", "dx": 16, "align": "left", "fontWeight": "bold",
                                           "color": INK}, "encoding": {**place, "text": {"field": "label"}}},
        ],
    }
    columns = {"coverage": text("chart.coverage", language), "density": text("chart.density", language),
               "factors": text("chart.limited_factors", language)}
    return Chart(name, title, tuple(rows), columns, specification, tuple(notes))
