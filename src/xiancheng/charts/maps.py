"""Schematic maps: a dot for each place where it lies, all maps of one quantity on the same breaks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xiancheng.charts.chart import DIVERGING, Chart, Row, are_many, panels
from xiancheng.outputs.headline import axis_scale
from xiancheng.texts import PERCENT_UNITS, text

WIDTH, _SMALL_WIDTH = 330, 245
"""Width of a map, and where there are many."""
NAMED = 5
"""Places that are named on a map: as many that rise most as fall most."""
_FEW, _NAMES = 2, (10, 12)
"""Maps beside each other up to which names of places have small letters, and those letters and the large ones."""
_STEPS = 2.5
_MARGIN, _FOOT = 0.05, 0.09
"""Room around the dots, and below them for the note, as shares of the span."""
_NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def breaks(values: Sequence[float]) -> tuple[float, ...]:
    """Return round breaks of seven classes around zero that hold nearly all values but those that are zero.

    Args:
        values: changes, of every map that is to share them [any unit].
    """
    sizes = [abs(value) for value in values if np.isfinite(value) and value]
    largest = float(np.quantile(sizes, 0.95)) if sizes else 0.0
    step = _round_up(largest / _STEPS) if largest > 0 else 1.0
    return tuple(float(step * share) for share in (-2.0, -1.0, -0.2, 0.2, 1.0, 2.0))


def _round_up(value: float) -> float:
    size = 10.0 ** math.floor(math.log10(value))
    return next(nice * size for nice in _NICE if nice * size >= value * (1 - 1e-9))


def chart(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], unit: str, language: str, *,
    notes: Sequence[str] = (), edges: Sequence[float] | None = None,
) -> Chart:
    """Return maps of change side by side, one for each scenario, on the same breaks.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario, place (code), name, lon, lat [degrees], value [unit], is_listed; listed places are drawn full.
        labels: by scenario, in the order of the maps.
        unit: of the values.
        language: "zh" or "en".
        notes: sentences below the chart.
        edges: breaks [unit]; those of the values when None.
    """
    limits = edges if edges is not None else breaks([row["value"] for row in rows])
    divisor, axis = axis_scale([limits[-1]], unit, language)
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    lon = [row["lon"] for row in rows if np.isfinite(row["lon"])]
    lat = [row["lat"] for row in rows if np.isfinite(row["lat"])]
    width, dot = (_SMALL_WIDTH, 60) if are_many(names) else (WIDTH, 95)
    height = _height(lon, lat, width)
    far = {(row["scenario"], row["place"]) for row in extremes(rows)}
    data = tuple({**row, "label": labels[row["scenario"]],
                  "mark": row["name"] if (row["scenario"], row["place"]) in far else ""}
                 for row in rows if np.isfinite(row["lon"]))
    schematic = text("chart.schematic", language)
    unit_words = text("chart.points", language) if unit in PERCENT_UNITS else axis
    places, marks = _layers_of_places(lon, lat, [edge / divisor for edge in limits], dot, unit_words)
    marks["mark"]["fontSize"] = _NAMES[len(names) > _FEW]
    specification: dict[str, Any] = {
        **panels(names, labels),
        "spec": {
            "width": width, "height": height, "view": {"stroke": "#cccccc"},
            "transform": [{"calculate": f"datum.value / {divisor!r}", "as": "shown"}],
            "layer": [
                places, marks,
                {"data": {"values": [{"word": schematic}]},
                 "mark": {"type": "text", "x": 4, "y": height - 6, "align": "left", "color": "#666666"},
                 "encoding": {"text": {"field": "word"}}},
            ],
        },
    }
    columns = {"label": text("chart.scenario", language), "place": text("chart.code", language),
               "name": text("chart.place", language), "value": text("chart.change", language)}
    return Chart(name, title, data, columns, specification, (schematic, *notes), {"value": unit})


def _layers_of_places(
    lon: Sequence[float], lat: Sequence[float], limits: Sequence[float], dot: int, unit_words: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the dots of places by colour and the names beside those that stand out, as layers of Vega-Lite."""
    where = {"x": _axis("lon", lon), "y": _axis("lat", lat, _FOOT)}
    colour = {"field": "shown", "type": "quantitative", "title": unit_words,
              "scale": {"type": "threshold", "domain": list(limits), "range": list(DIVERGING)},
              "legend": {"format": "~g", "orient": "bottom", "direction": "horizontal", "gradientLength": 320}}
    opacity = {"condition": {"test": "datum.is_listed", "value": 1}, "value": 0.35}
    dots = {"mark": {"type": "circle", "size": dot, "stroke": "#555555", "strokeWidth": 0.6, "opacity": 1},
            "encoding": {**where, "color": colour, "opacity": opacity}}
    names = {"transform": [{"filter": "datum.mark != ''"}],
             "mark": {"type": "text", "dy": -9, "color": "#222222"},
             "encoding": {**where, "text": {"field": "mark"}}}
    return dots, names


def extremes(rows: Sequence[Row], most: int = NAMED) -> list[Row]:
    """Return of each scenario the listed places that rise most and those that fall most, in this order.

    Args:
        rows: as of `chart`.
        most: places of each kind.
    """
    chosen = []
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        own = sorted((row for row in rows if row["scenario"] == scenario and row["is_listed"]),
                     key=lambda row: -row["value"])
        chosen += [row for row in own[:most] if row["value"] > 0]
        chosen += [row for row in own[::-1][:most] if row["value"] < 0]
    return chosen


def _axis(field: str, values: Sequence[float], foot: float = 0.0) -> dict[str, Any]:
    span = max(values) - min(values)
    domain = [min(values) - (_MARGIN + foot) * span, max(values) + _MARGIN * span]
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": domain, "zero": False,
                                                                             "nice": False}}


def _height(lon: Sequence[float], lat: Sequence[float], width: int) -> int:
    """Return the height that gives both ways the same scale at the middle latitude."""
    wide = (max(lon) - min(lon)) * math.cos(math.radians(sum(lat) / len(lat)))
    return round(width * (1 + _FOOT) * (max(lat) - min(lat)) / wide) if wide > 0 else width
