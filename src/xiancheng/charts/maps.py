"""Schematic maps: a dot for each place where it lies, all maps of one quantity on the same breaks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.charts import names
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
_WORDS = 16
"""What the note at the foot takes [pixels]."""
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
    shown = [label for label in labels if any(row["scenario"] == label for row in rows)]
    lon = [row["lon"] for row in rows if np.isfinite(row["lon"])]
    lat = [row["lat"] for row in rows if np.isfinite(row["lat"])]
    width, dot = (_SMALL_WIDTH, 60) if are_many(shown) else (WIDTH, 95)
    height = _height(lon, lat, width)
    size = _NAMES[len(shown) > _FEW]
    frame = Frame((width, height), _domain(lon), _domain(lat, _FOOT), math.sqrt(dot / math.pi))
    spots = {(row["scenario"], row["place"]): spot for name in shown
             for row, spot in _spots([row for row in rows if row["scenario"] == name], frame, size)}
    data = tuple({**row, "label": labels[row["scenario"]],
                  **spots.get((row["scenario"], row["place"]), {"mark": ""})}
                 for row in rows if np.isfinite(row["lon"]))
    schematic = text("chart.schematic", language)
    unit_words = text("chart.points", language) if unit in PERCENT_UNITS else axis
    layers = _layers_of_places(frame, [edge / divisor for edge in limits], dot, unit_words, size)
    specification: dict[str, Any] = {
        **panels(shown, labels),
        "spec": {
            "width": width, "height": height, "view": {"stroke": "#cccccc"},
            "transform": [{"calculate": f"datum.value / {divisor!r}", "as": "shown"}],
            "layer": [
                *layers,
                {"data": {"values": [{"word": schematic}]},
                 "mark": {"type": "text", "x": 4, "y": height - 6, "align": "left", "color": "#666666"},
                 "encoding": {"text": {"field": "word"}}},
            ],
        },
    }
    columns = {"label": text("chart.scenario", language), "place": text("chart.code", language),
               "name": text("chart.place", language), "value": text("chart.change", language)}
    return Chart(name, title, data, columns, specification, (schematic, *notes), {"value": unit})


@dataclass(frozen=True)
class Frame:
    """The square of a map: width and height and radius of a dot [pixels], and the degrees that it shows each way."""

    size: tuple[int, int]
    lon: tuple[float, float]
    lat: tuple[float, float]
    dot: float

    def pixels(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place lies [pixels], downwards from the upper left."""
        wide, high = self.size
        return (wide * (lon - self.lon[0]) / (self.lon[1] - self.lon[0]),
                high * (self.lat[1] - lat) / (self.lat[1] - self.lat[0]))

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return the degrees at a point [pixels]."""
        wide, high = self.size
        return (self.lon[0] + x / wide * (self.lon[1] - self.lon[0]),
                self.lat[1] - y / high * (self.lat[1] - self.lat[0]))


def _spots(rows: Sequence[Row], frame: Frame, size: float) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield each place that is named with its mark, where this stands and where a line to it ends [degrees]."""
    far = [row for row in extremes(rows) if np.isfinite(row["lon"])]
    dots = [frame.pixels(row["lon"], row["lat"]) for row in rows if np.isfinite(row["lon"])]
    at = [frame.pixels(row["lon"], row["lat"]) for row in far]
    spots = names.spots([row["name"] for row in far], at, dots, (frame.size[0], frame.size[1] - _WORDS), size,
                        frame.dot)
    for row, spot in zip(far, spots, strict=True):
        where = (*frame.degrees(spot.x, spot.y), *frame.degrees(spot.end_x, spot.end_y))
        keys = ("mark_lon", "mark_lat", "end_lon", "end_lat")
        yield row, {"mark": row["name"], "is_far": spot.is_far, **dict(zip(keys, where, strict=True))}


def _layers_of_places(
    frame: Frame, limits: Sequence[float], dot: int, unit_words: str, size: int
) -> tuple[dict[str, Any], ...]:
    """Return lines to names, the dots of places by colour and the names of those that stand out, for Vega-Lite."""
    where = {"x": _axis("lon", frame.lon), "y": _axis("lat", frame.lat)}
    colour = {"field": "shown", "type": "quantitative", "title": unit_words,
              "scale": {"type": "threshold", "domain": list(limits), "range": list(DIVERGING)},
              "legend": {"format": "~g", "orient": "bottom", "direction": "horizontal", "gradientLength": 320}}
    opacity = {"condition": {"test": "datum.is_listed", "value": 1}, "value": 0.35}
    dots = {"mark": {"type": "circle", "size": dot, "stroke": "#555555", "strokeWidth": 0.6, "opacity": 1},
            "encoding": {**where, "color": colour, "opacity": opacity}}
    leaders = {"transform": [{"filter": "datum.mark != '' && datum.is_far"}],
               "mark": {"type": "rule", "color": "#555555", "strokeWidth": 0.8},
               "encoding": {**where, "x2": {"field": "end_lon"}, "y2": {"field": "end_lat"}}}
    letters = {"type": "text", "color": "#222222", "baseline": "middle", "fontSize": size}
    halo = {**letters, "stroke": "white", "strokeWidth": 3, "strokeOpacity": 0.85}
    marks = ({"transform": [{"filter": "datum.mark != ''"}], "mark": mark,
              "encoding": {"x": _axis("mark_lon", frame.lon), "y": _axis("mark_lat", frame.lat),
                           "text": {"field": "mark"}}} for mark in (halo, letters))
    return dots, leaders, *marks


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


def _domain(values: Sequence[float], foot: float = 0.0) -> tuple[float, float]:
    span = max(values) - min(values) or 1.0
    return min(values) - (_MARGIN + foot) * span, max(values) + _MARGIN * span


def _axis(field: str, domain: tuple[float, float]) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "axis": None,
            "scale": {"domain": list(domain), "zero": False, "nice": False}}


def _height(lon: Sequence[float], lat: Sequence[float], width: int) -> int:
    """Return the height that gives both ways the same scale at the middle latitude."""
    wide = (max(lon) - min(lon)) * math.cos(math.radians(sum(lat) / len(lat)))
    return round(width * (1 + _FOOT) * (max(lat) - min(lat)) / wide) if wide > 0 else width
