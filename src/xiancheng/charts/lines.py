"""Lines over years with their bands, a label at the end of each; beside them what changes against the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import BASELINE, SHARES, Chart, Row, axis_scale, colour_scale, dash_scale
from xiancheng.texts import text

WIDTH, HEIGHT = 360, 220
_FAR = 1.0
"""A target further from the lines than this share of their span is told in a note: drawn, it would press them flat."""
_APART = 0.065
"""Share of the height that two labels keep between them."""
_LEVEL, _CHANGE = ("value", "low", "high"), ("change", "change_low", "change_high")


def chart(
    name: str, title: str, rows: Sequence[Row], labels: Mapping[str, str], unit: str, language: str, *,
    notes: Sequence[str] = (), aim: float | None = None, aim_word: str = "",
) -> Chart:
    """Return a chart of one quantity over years.

    Args:
        name: id of the chart.
        title: what it shows.
        rows: scenario (id), short (its label at the end of the line), year, value, low, high [unit]; low and high None
            where there is no band. Rows with change, change_low and change_high get a second panel of changes.
        labels: by scenario, in the order of the lines.
        unit: of the values.
        language: "zh" or "en".
        notes: sentences below the chart.
        aim: a target or ceiling [unit] that is drawn as a level line, or None.
        aim_word: what stands beside that line; the word for a target when empty.
    """
    names = [one for one in labels if any(row["scenario"] == one for row in rows)]
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    word = aim_word or text("chart.target", language)
    drawn = aim if aim is not None and _is_near(aim, data) else None
    said = list(notes)
    if aim is not None and drawn is None:
        said.append(text("chart.far_target", language, word=word, value=_written(aim, unit, language)))
    panels = [_panel(data, _LEVEL, names, labels, unit, language, drawn, word)]
    has_change = any(row.get("change") is not None for row in data)
    if has_change:
        options = [one for one in names if one != BASELINE]
        panels.append(_panel(data, _CHANGE, options, labels, unit, language, None, ""))
    columns = {"label": text("chart.scenario", language), "year": text("chart.year", language),
               "value": text("chart.median", language), "low": "5 %", "high": "95 %"}
    if has_change:
        low, high = (text("chart.change_end", language, end=end) for end in ("5 %", "95 %"))
        columns |= {"change": text("chart.change", language), "change_low": low, "change_high": high}
    specification = {"hconcat": panels, "spacing": 16} if has_change else panels[0]
    return Chart(name, title, data, columns, specification, tuple(said), dict.fromkeys((*_LEVEL, *_CHANGE), unit))


def _written(aim: float, unit: str, language: str) -> str:
    from xiancheng.texts import number

    return number(aim, unit, language)


def _is_near(aim: float, rows: Sequence[Row]) -> bool:
    values = [row["value"] for row in rows if row["value"] is not None]
    span = max(values) - min(values)
    return bool(min(values) - _FAR * span <= aim <= max(values) + _FAR * span)


def _panel(
    rows: Sequence[Row], keys: Sequence[str], names: Sequence[str], labels: Mapping[str, str], unit: str, language: str,
    aim: float | None, word: str,
) -> dict[str, Any]:
    """Return the level or the change of some scenarios."""
    told = [row for row in rows if row["scenario"] in names]
    numbers = [row[key] for row in told for key in keys if row.get(key) is not None]
    divisor, axis = axis_scale([*numbers, *([aim] if aim is not None else [])], unit, language)
    if keys is _CHANGE:
        points = text("chart.points", language) if unit in SHARES else axis
        axis = text("chart.change_axis", language, unit=points)
    years = sorted({int(row["year"]) for row in told})
    colour = {"field": "label", "type": "nominal", "scale": colour_scale(names, labels), "legend": None}
    x = {"field": "year", "type": "quantitative", "title": None, "scale": {"domain": [years[0], years[-1]]},
         "axis": {"format": "d", "grid": False, "values": [year for year in years if year % 5 == 0]}}
    layers = [_band(x, colour), _line(x, colour, names, labels, axis),
              _end(x, colour, _ends(told, keys[0], years[-1], numbers, divisor))]
    if keys is _CHANGE:
        layers.insert(0, {"mark": {"type": "rule", "color": "#666666", "strokeDash": [4, 3]},
                          "encoding": {"y": {"datum": 0}}})
    if aim is not None:
        layers.insert(0, _aim(aim / divisor, word))
    shown = [{"calculate": f"isValid(datum.{key}) ? datum.{key} / {divisor!r} : null", "as": f"shown_{part}"}
             for key, part in zip(keys, _LEVEL, strict=True)]
    chosen = {"filter": {"field": "scenario", "oneOf": list(names)}}
    return {"width": WIDTH, "height": HEIGHT, "transform": [chosen, *shown], "layer": layers}


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


def _ends(
    rows: Sequence[Row], key: str, last: int, numbers: Sequence[float], divisor: float
) -> list[dict[str, Any]]:
    """Return where the labels stand: at the ends of their lines, moved apart where they would cover each other."""
    ends = sorted((row for row in rows if row["year"] == last and row.get(key) is not None), key=lambda row: row[key])
    gap = _APART * (max(numbers) - min(numbers)) if numbers else 0.0
    found: list[dict[str, Any]] = []
    for row in ends:
        at = float(row[key])
        if found:
            at = max(at, found[-1]["at"] * divisor + gap)
        found.append({"year": last, "at": at / divisor, "short": row["short"], "label": row["label"]})
    return found


def _end(x: Any, colour: Any, ends: Sequence[Row]) -> dict[str, Any]:
    """Write the scenario at the end of its line: its letter, or the word for the baseline."""
    return {
        "data": {"values": list(ends)},
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
        "encoding": {"x": x, "y": {"field": "at", "type": "quantitative"}, "text": {"field": "short"},
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
