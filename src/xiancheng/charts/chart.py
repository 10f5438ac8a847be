"""A chart as data: tidy rows, what they mean, and the Vega-Lite specification that draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

BASELINE = "baseline"
_HUES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#B8860B", "#000000", "#7A4FBF")
"""Told apart by people who do not see all colours; the first four are those of the page."""
_GAPS = ([1, 0], [9, 3], [2, 2], [9, 3, 2, 3], [6, 2], [1, 3], [12, 3], [4, 2, 1, 2])
_MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left")
LETTERS = "ABCDEFGHIJKL"
"""Options that have a colour; beyond eight the colours come again with other dashes and marks."""
SIDE_BY_SIDE = 4
"""Scenarios besides the baseline up to which a chart holds all in one panel; more get a panel each."""
_UPRIGHT = 800
"""Width of panels in one row up to which they stay so on an upright page [pixels]."""
COLUMNS = 3
"""Panels beside each other where there are many."""


def _looks(baseline: Any, kinds: Sequence[Any], shift: int) -> dict[str, Any]:
    """Return a look for the baseline and each option; the second round begins elsewhere, so that no pair repeats."""
    turns = (position + shift * (position // len(kinds)) for position in range(len(LETTERS)))
    return {BASELINE: baseline, **{item: kinds[turn % len(kinds)] for item, turn in zip(LETTERS, turns, strict=True)}}


COLOURS: dict[str, str] = _looks("#666666", _HUES, 0)
"""Colour of the baseline and of every option; each line has a dash and a label of its own too."""
DASHES: dict[str, list[int]] = _looks([4, 3], _GAPS, 3)
SHAPES: dict[str, str] = _looks("circle", _MARKS, 3)
DIVERGING = ("#b35806", "#e08214", "#fdb863", "#e8e8ec", "#b2abd2", "#8073ac", "#542788")
"""PuOr with a grey middle: orange for less, purple for more; never red and green."""
FONTS = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, Hiragino Sans GB, SimHei, sans-serif"
INK = "#333333"
"""Units that are written in per cent."""
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Chart:
    """What a page or a report shows.

    Attributes:
        id: stable name.
        title: what it shows, with the place and the year or unit.
        rows: the data, in the units of their indicators; what a table twin lists and what the specification draws.
        columns: title of each column of the rows that a table twin shows, by key.
        specification: Vega-Lite without its data.
        notes: sentences that stand below it.
        units: unit by column, "" for none; a column "unit" in the rows goes before it.
        alt: what is seen, in words, for those who do not see it.
    """

    id: str
    title: str
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    specification: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    alt: str = ""

    def complete(self, font: str = FONTS) -> dict[str, Any]:
        """Return the whole specification, its data in it.

        Args:
            font: families of the letters.
        """
        return {
            "$schema": _SCHEMA,
            "description": self.title,
            "config": configuration(font),
            **self.specification,
            "data": {"values": [{key: plain(value) for key, value in row.items()} for row in self.rows]},
        }


    def upright(self) -> Chart:
        """Return the chart for an upright page: panels too wide for one row stand two in a row."""
        facet, panel = self.specification.get("facet", {}), self.specification.get("spec", {})
        wide = panel.get("width", 0)
        count = len({row.get("label") for row in self.rows})
        if "column" not in facet or not isinstance(wide, int) or wide * count <= _UPRIGHT:
            return self
        return replace(self, specification={**self.specification, "facet": facet["column"], "columns": 2})


def configuration(font: str = FONTS) -> dict[str, Any]:
    """Return the look that all charts share."""
    return {
        "font": font,
        "aria": False,  # the picture as a whole has its words, in the language of the report
        "background": "white",
        "view": {"stroke": None},
        "axis": {"labelColor": INK, "titleColor": INK, "gridColor": "#dddddd", "domainColor": "#999999",
                 "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260},
        "header": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 300},
        "text": {"fontSize": 11},
    }


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; a missing number is null."""
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def colour_scale(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the colours of some scenarios by their labels."""
    return {"domain": [labels[name] for name in names], "range": [COLOURS[name] for name in names]}


def dash_scale(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the dashes of some scenarios by their labels."""
    return {"domain": [labels[name] for name in names], "range": [DASHES[name] for name in names]}


def shape_scale(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the shapes of some scenarios by their labels."""
    return {"domain": [labels[name] for name in names], "range": [SHAPES[name] for name in names]}


def are_many(names: Sequence[str]) -> bool:
    """Tell whether there are too many scenarios for one panel."""
    return sum(name != BASELINE for name in names) > SIDE_BY_SIDE


def panels(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return how a chart falls into one panel for each scenario: in one row, or in rows of COLUMNS of many.

    Args:
        names: scenarios in their order.
        labels: by scenario.
    """
    facet = {"field": "label", "type": "nominal", "title": None, "sort": [labels[name] for name in names],
            "header": {"labelFontWeight": "bold"}}
    return {"facet": facet, "columns": COLUMNS} if are_many(names) else {"facet": {"column": facet}}


def title_of(words: str, width: int = 46) -> list[str]:
    """Return a long title in lines of at most about so many characters of Latin width."""
    lines, line, used = [], "", 0
    for part in _parts(words):
        size = sum(2 if ord(letter) > 0x2E7F else 1 for letter in part)
        if used + size > width and line:
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + part, used + size
    return [*lines, line.strip()]


def _parts(words: str) -> list[str]:
    """Return words with their blanks, Chinese characters one by one."""
    parts: list[str] = []
    for letter in words:
        if parts and ord(letter) <= 0x2E7F and ord(parts[-1][-1]) <= 0x2E7F and parts[-1][-1] != " ":
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts
