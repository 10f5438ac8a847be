"""Charts drawn by Vega: as SVG for pages, as PNG where no browser draws; `python -m` it to draw those of a folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from xiancheng.charts.chart import FONTS, Chart
from xiancheng.errors import MissingPart

_VERSION = "5.20"
"""Vega-Lite of the specifications, one that every release of the renderer still carries."""
Draw = Callable[[Chart], bytes]
"""Returns a chart's picture as PNG."""
SCALE = 2.0
_CHARTS, _MOMENT = "charts.json", 0.01
"""File of what is to be drawn, and how long to wait before looking again [s]."""


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
    return _png(json.dumps(chart.complete(font)), scale)


def _png(specification: str, scale: float) -> bytes:
    return bytes(renderer().vegalite_to_png(specification, vl_version=_VERSION, scale=scale))


@contextmanager
def aside(charts: Sequence[Chart], font: str) -> Iterator[Draw]:
    """Draw charts as PNG in a process of their own, while the caller lays out what stands around them.

    Yields what returns a chart's picture: it waits for it, and draws what that process could not.

    Args:
        charts: in the order in which their pictures are asked for; their ids differ.
        font: a family of this machine that holds every character of the charts.
    """
    with TemporaryDirectory() as name:
        folder, places = Path(name), {chart.id: number for number, chart in enumerate(charts)}
        specifications = json.dumps([chart.complete(font) for chart in charts])
        (folder / _CHARTS).write_text(specifications, encoding="utf-8")
        process = _begun(name) if charts else None

        def picture(chart: Chart) -> bytes:
            file = folder / f"{places.get(chart.id, len(places))}.png"
            while process is not None and chart.id in places and not file.exists() and process.poll() is None:
                time.sleep(_MOMENT)
            return file.read_bytes() if file.exists() else png(chart, font)

        try:
            yield picture
        finally:
            if process is not None:
                process.kill()
                process.wait()


def _begun(folder: str) -> subprocess.Popen[bytes] | None:
    """Begin to draw what a folder holds; None where no further process can be had."""
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.Popen([sys.executable, "-m", "xiancheng.charts.draw", folder],
                                stdin=nowhere, stdout=nowhere, stderr=nowhere)
    except OSError:
        return None


def draw_all(folder: Path) -> None:
    """Draw the charts that `aside` has put into a folder; a picture is there when it is whole."""
    for number, specification in enumerate(json.loads((folder / _CHARTS).read_text(encoding="utf-8"))):
        part = folder / f"{number}.part"
        part.write_bytes(_png(json.dumps(specification), SCALE))
        part.rename(folder / f"{number}.png")


def size(picture: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels, which stand at the head of the file."""
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))
