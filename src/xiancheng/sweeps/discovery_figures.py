"""Figures of a discovery: its boxes, and the way to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xiancheng.charts import boxes as charts
from xiancheng.charts import draw
from xiancheng.charts.chart import Chart
from xiancheng.outputs import fonts
from xiancheng.sweeps import discovery_words, prim
from xiancheng.sweeps.boxes import HIGH, LOW, measures
from xiancheng.texts import number, text

if TYPE_CHECKING:
    from xiancheng.sweeps.discovery import BoxFinding, Discovery

LIMITS, EXCHANGE = "boxes", "coverage_and_density"
_USUAL, _FALLBACK = "DejaVu Sans", "en"


def charts_of(discovery: Discovery, language: str) -> list[Chart]:
    """Return the chart of the boxes and that of the way PRIM takes inwards; none without a box."""
    if not discovery.boxes:
        return []
    title = discovery_words.summary(discovery, language)
    rows = [row for at, finding in enumerate(discovery.boxes, 1) for row in _bars(discovery, at, finding, language)]
    columns = {"box": text("discover.column_box", language), "factor": text("discover.column_factor", language),
               "inside": text("discover.column_limit", language)}
    notes = (text("figure.area_is", language, label=discovery.runs.store.manifest["list_label"][str(language)]),
             text("result.nature", language))
    boxes = charts.limits(LIMITS, title, rows, language, columns=columns, notes=notes)
    return [boxes, charts.exchange(EXCHANGE, title, _way(discovery), language, notes=notes)]


def _bars(discovery: Discovery, at: int, finding: BoxFinding, language: str) -> list[dict[str, Any]]:
    about = finding.measures
    heading = text("discover.heading", language, box=at, density=discovery_words.share(about.density, language),
                   coverage=discovery_words.share(about.coverage, language))
    order = dict.fromkeys(limit.edge.factor for limit in finding.limits)
    return [{"box": at, "heading": heading, **_bar(discovery, position, finding, language)} for position in order]


def _bar(discovery: Discovery, position: int, finding: BoxFinding, language: str) -> dict[str, Any]:
    factor, column = discovery.runs.factors[position], discovery.runs.sample.values[:, position]
    edges = [limit.edge for limit in finding.limits if limit.edge.factor == position]
    name = {"factor": discovery_words.title(factor, language)}
    if factor.discrete:
        allowed = discovery_words.choices(discovery.runs, position, edges, language)
        return {**name, "start": 0.0, "stop": len(allowed) / len(factor.choices), "left": "", "right": "",
                "inside": " / ".join(allowed)}
    least, largest = float(np.min(column)), float(np.max(column))
    bounds = {edge.side: edge.value for edge in edges}
    ends = [(bounds.get(side, usual) - least) / (largest - least) for side, usual in ((LOW, least), (HIGH, largest))]
    written = {side: number(value, factor.unit, language) for side, value in bounds.items()}
    inside = " – ".join(filter(None, [written.get(LOW), written.get(HIGH)])) if len(bounds) > 1 else (
        f"≥ {written[LOW]}" if LOW in written else f"≤ {written[HIGH]}")
    return {**name, "start": ends[0], "stop": ends[1], "left": number(least, factor.unit, language),
            "right": number(largest, factor.unit, language), "inside": inside}


def _way(discovery: Discovery) -> list[dict[str, Any]]:
    """Return the boxes that PRIM peels first, and those that are told of."""
    sample = discovery.runs.sample
    rows: list[dict[str, Any]] = []
    for box in prim.trajectory(sample):
        about = measures(sample, box)
        rows.append({"coverage": about.coverage, "density": about.density, "label": "",
                     "factors": len({edge.factor for edge in box.edges})})
    return rows + [{"coverage": finding.measures.coverage, "density": finding.measures.density, "label": str(at),
                    "factors": len({limit.edge.factor for limit in finding.limits})}
                   for at, finding in enumerate(discovery.boxes, 1)]


def save(discovery: Discovery, folder: Path, language: str) -> list[Path]:
    """Draw the figures and write them as PNG; return the files.

    Args:
        discovery: what to show.
        folder: where to; made if need be.
        language: of the labels; English where no font holds the characters.

    Raises:
        MissingPart: the renderer is not installed.
    """
    files = []
    for chart, family in _lettered(discovery, language):
        picture = draw.png(chart, family)
        folder.mkdir(parents=True, exist_ok=True)
        files.append(folder / f"{chart.id}.png")
        files[-1].write_bytes(picture)
    return files


def _lettered(discovery: Discovery, language: str) -> list[tuple[Chart, str]]:
    """Return the charts with a font that holds their letters, in English where there is none."""
    charts = charts_of(discovery, language)
    words = [word for chart in charts for word in (chart.title, *chart.notes, *_cells(chart))]
    letters = fonts.characters_of(letter for word in words for letter in word if not letter.isascii())
    family = fonts.family_for(letters) if letters else _USUAL
    if family is None and language != _FALLBACK:
        return _lettered(discovery, _FALLBACK)
    return [(chart, family or _USUAL) for chart in charts]


def _cells(chart: Chart) -> list[str]:
    return [str(value) for row in chart.rows for value in row.values()]
