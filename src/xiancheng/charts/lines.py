"""Lines over years with their bands, a label at the end of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import Chart, Row, axis_scale, colour_scale, dash_scale
from xiancheng.texts import text

WIDTH, HEIGHT = 400, 240


def chart(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], unit: str, language: str, *,
    notes: Sequence[str] = (), aim: float | None = None, aim_word: str = "",
) -> Chart:
    """Return a chart of one quantity over years.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario (id), year, value, low, high [unit]; low and high missing where there is no band.
        labels: by scenario, in the order of the lines.
        unit: of the values.
        language: "zh" or "en".
        notes: sentences below the chart.
        aim: a target or ceiling [unit] that is drawn as a level line, or None.
        aim_word: what stands beside that line; the word for a target when empty.
    """
    numbers = [row[key] for row in rows for key in ("value", "low", "high") if row[key] is not None]
    divisor, axis = axis_scale([*numbers, *([aim] if aim is not None else [])], unit, language)
    names = [one for one in labels if any(row["scenario"] == one for row in rows)]
    years = sorted({int(row["year"]) for row in rows})
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    colour = {"field": "label", "type": "nominal", "scale": colour_scale(names, labels), "legend": None}
    x = {"field": "year", "type": "quantitative", "title": None, "scale": {"domain": [years[0], years[-1]]},
         "axis": {"format": "d", "grid": False, "values": [year for year in years if year % 5 == 0]}}
    layers = [_band(x, colour), _line(x, colour, names, labels, axis), _end(x, colour, years[-1])]
    if aim is not None:
        layers.insert(0, _aim(aim / divisor, aim_word or text("chart.target", language)))
    specification: dict[str, Any] = {
        "width": WIDTH, "height": HEIGHT, "padding": {"left": 5, "top": 5, "right": 90, "bottom": 5},
        "transform": [{"calculate": f"isValid(datum.{key}) ? datum.{key} / {divisor!r} : null", "as": f"shown_{key}"}
                      for key in ("value", "low", "high")],
        "layer": layers,
    }
    columns = {"label": text("chart.scenario", language), "year": text("chart.year", language),
               "value": text("chart.median", language), "low": "5 %", "high": "95 %"}
    return Chart(name, title, data, columns, specification, tuple(notes), dict.fromkeys(("value", "low", "high"), unit))


def _band(x: Any, colour: Any) -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.shown_low) && datum.shown_high > datum.shown_low"}],
        "mark": {"type": "area", "opacity": 0.16},
        "encoding": {"x": x, "y": {"field": "shown_low", "type": "quantitative", "scale": {"zero": False}},
                     "y2": {"field": "shown_high"}, "color": colour},
    }


def _line(x: Any, colour: Any, names: Sequence[str], labels: Mapping[str, str], axis: str) -> dict[str, Any]:
    return {
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": x, "color": colour,
            "y": {"field": "shown_value", "type": "quantitative", "title": axis, "scale": {"zero": False}},
            "strokeDash": {"field": "label", "type": "nominal", "scale": dash_scale(names, labels), "legend": None},
        },
    }


def _end(x: Any, colour: Any, last: int) -> dict[str, Any]:
    """Write the scenario at the end of its line: its letter, or the word for the baseline."""
    return {
        "transform": [{"filter": f"datum.year == {last}"}],
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
        "encoding": {"x": x, "y": {"field": "shown_value", "type": "quantitative"}, "text": {"field": "short"},
                     "color": colour},
    }


def _aim(aim: float, word: str) -> dict[str, Any]:
    return {
        "data": {"values": [{"aim": aim, "word": word}]},
        "layer": [
            {"mark": {"type": "rule", "color": "#000000", "strokeDash": [1, 3]},
             "encoding": {"y": {"field": "aim", "type": "quantitative"}}},
            {"mark": {"type": "text", "align": "left", "x": 4, "dy": -6},
             "encoding": {"y": {"field": "aim", "type": "quantitative"}, "text": {"field": "word"}}},
        ],
    }
