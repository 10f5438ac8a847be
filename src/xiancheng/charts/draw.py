"""Charts drawn by Vega: as SVG for pages, as PNG where no browser draws."""

from __future__ import annotations

import json
from types import ModuleType

from xiancheng.charts.chart import FONTS, Chart
from xiancheng.errors import MissingPart

_VERSION = "5.20"
"""Vega-Lite of the specifications, one that every release of the renderer still carries."""
SCALE = 2.0


def renderer() -> ModuleType:
    """Return the module that draws.

    Raises:
        MissingPart: it is not installed.
    """
    try:
        import vl_convert
    except ImportError:
        raise MissingPart("report", "vl-convert-python") from None
    return vl_convert


def svg(chart: Chart, font: str = FONTS) -> str:
    """Return a chart as SVG.

    Args:
        chart: the chart.
        font: families of the letters.
    """
    return str(renderer().vegalite_to_svg(json.dumps(chart.complete(font)), vl_version=_VERSION))


def png(chart: Chart, font: str, scale: float = SCALE) -> bytes:
    """Return a chart as PNG.

    Args:
        chart: the chart.
        font: a family of this machine that holds every character of the chart.
        scale: pixels for each point of the specification.
    """
    return bytes(renderer().vegalite_to_png(json.dumps(chart.complete(font)), vl_version=_VERSION, scale=scale))


def size(picture: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels, which stand at the head of the file."""
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
