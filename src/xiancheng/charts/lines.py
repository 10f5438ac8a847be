"""Lines over years with their bands, a label at the end of each; beside them what changes against the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xiancheng.charts.chart import (
    BASELINE,
    COLUMNS,
    Chart,
    Row,
    are_many,
    colour_scale,
    dash_scale,
    title_of,
)
from xiancheng.outputs.headline import axis_scale
from xiancheng.texts import PERCENT_UNITS, text

WIDTH, HEIGHT = 360, 220
_WIDE, _NARROW = 500, 200
"""Width of the panel of changes, and of that of levels beside it."""
_OVERVIEW, _SMALL_WIDTH, _SMALL_HEIGHT = 640, 205, 105
"""Size of the panel of all lines and of those of one option each, where there are many."""
_FAR = 1.0
"""A target further from the lines than this share of their span is told in a note: drawn, it would press them flat."""
_FLAT = 1e-6
"""Share of the level below which a span is rounding."""
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
    names = [label for label in labels if any(row["scenario"] == label for row in rows)]
    data = tuple({**row, "label": labels[row["scenario"]]} for row in rows)
    word = aim_word or text("chart.target", language)
    drawn = aim if aim is not None and _is_near(aim, data) else None
    sentences = list(notes)
    if aim is not None and drawn is None:
        sentences.append(text("chart.far_target", language, word=word, value=_written(aim, unit, language)))
    has_change = any(row.get("change") is not None for row in data)
    panels = [_panel(data, _LEVEL, names, labels, unit, language, drawn, word)]
    if has_change and not are_many(names):
        options = [name for name in names if name != BASELINE]
        change = {**_panel(data, _CHANGE, options, labels, unit, language, None, ""), "width": _WIDE}
        together = _together(data, names)
        level = _panel(_jointly(data, together), _LEVEL, list(together), labels, unit, language, drawn, word)
        panels = [change, {**level, "width": _NARROW}]
        if len(together) < len(names):
            sentences.append(text("chart.together", language))
    columns = {"label": text("chart.scenario", language), "year": text("chart.year", language),
               "value": text("chart.median", language), "low": "5 %", "high": "95 %"}
    if has_change:
        low, high = (text("chart.change_end", language, end=end) for end in ("5 %", "95 %"))
        columns |= {"change": text("chart.change", language), "change_low": low, "change_high": high}
    apart = {"resolve": {"scale": {"color": "independent", "strokeDash": "independent"}}}
    specification = {"hconcat": panels, "spacing": 16, **apart} if len(panels) > 1 else panels[0]
    if are_many(names):
        keys = _CHANGE if has_change else _LEVEL
        specification = {"vconcat": [{**specification, "width": _OVERVIEW},
                                     _multiples(data, keys, names, labels, unit, language)], "spacing": 22}
    return Chart(name, title, data, columns, specification, tuple(sentences), dict.fromkeys((*_LEVEL, *_CHANGE), unit))


def _written(aim: float, unit: str, language: str) -> str:
    from xiancheng.texts import number

    return number(aim, unit, language)


def _is_near(aim: float, rows: Sequence[Row]) -> bool:
    values = [row["value"] for row in rows if row["value"] is not None]
    span = max(values) - min(values)
    return bool(min(values) - _FAR * span <= aim <= max(values) + _FAR * span)


def _together(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[str]]:
    """Return scenarios whose levels lie on one another in every year, by the first of them, the baseline foremost."""
    values: dict[str, dict[int, float]] = {name: {} for name in names}
    for row in rows:
        if row["scenario"] in values and row["value"] is not None:
            values[row["scenario"]][row["year"]] = row["value"]
    every = [row[key] for row in rows for key in _LEVEL if row.get(key) is not None]
    near = _APART * (max(every) - min(every)) if every else 0.0
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda own: own != BASELINE):
        first = next((line for line in groups if values[line].keys() == values[name].keys() and all(
            abs(values[line][year] - value) < near for year, value in values[name].items())), name)
        groups.setdefault(first, []).append(name)
    return groups


def _jointly(rows: Sequence[Row], groups: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return rows whose word at the end of a line names all scenarios that it stands for."""
    short = {row["scenario"]: row["short"] for row in rows}
    words = {first: " ".join([short[first], *("".join(short[name] for name in own[1:]),) * (len(own) > 1)])
             for first, own in groups.items()}
    return [{**row, "short": words.get(row["scenario"], row["short"])} for row in rows]


def _panel(
    rows: Sequence[Row], keys: Sequence[str], names: Sequence[str], labels: Mapping[str, str], unit: str, language: str,
    aim: float | None, word: str,
) -> dict[str, Any]:
    """Return the level or the change of some scenarios."""
    shown = [row for row in rows if row["scenario"] in names]
    numbers = [row[key] for row in shown for key in keys if row.get(key) is not None]
    divisor, axis = _axis([*numbers, *([aim] if aim is not None else [])], keys, unit, language)
    years = sorted({int(row["year"]) for row in shown})
    colour, x, near = _colour(names, labels), _years(years), {"zero": False}
    layers = [_line(x, colour, names, labels, axis, near),
              _end(x, colour, _ends(shown, keys[0], years[-1], numbers, divisor))]
    if not are_many(names):
        layers.insert(0, _band(x, colour, near))
    if keys is _CHANGE:
        layers.insert(0, _ZERO)
    if aim is not None:
        layers.insert(0, _aim(aim / divisor, word))
    return {"width": WIDTH, "height": HEIGHT, "transform": _shown(keys, names, divisor), "layer": layers}


def _multiples(
    rows: Sequence[Row], keys: Sequence[str], names: Sequence[str], labels: Mapping[str, str], unit: str, language: str
) -> dict[str, Any]:
    """Return a small panel for each option, all on one scale: its change, or its level beside the baseline."""
    numbers = [row[key] for row in rows for key in keys if row.get(key) is not None]
    divisor, axis = _axis(numbers, keys, unit, language)
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if keys is _CHANGE:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= _FLAT * max(abs(low), abs(high)):
        low, high = low - abs(low) / 2, high + abs(high) / 2
    scale = {"zero": False, "nice": True, "domain": [low / divisor, high / divisor]}
    colour, x = _colour(names, labels), _years(sorted({int(row["year"]) for row in rows}))
    panels = []
    for position, name in enumerate(name for name in names if name != BASELINE):
        side = None if position % COLUMNS else axis
        layers = [*([_ZERO] if keys is _CHANGE else []), _band(x, colour, scale),
                  _line(x, colour, names, labels, side, scale)]
        chosen = [name] if keys is _CHANGE else [BASELINE, name]
        panels.append({"title": {"text": title_of(labels[name], 32), "anchor": "start", "fontSize": 11},
                      "width": _SMALL_WIDTH, "height": _SMALL_HEIGHT, "layer": layers,
                      "transform": _shown(keys, chosen, divisor)})
    return {"concat": panels, "columns": COLUMNS, "spacing": 14}


_ZERO: dict[str, Any] = {"mark": {"type": "rule", "color": "#666666", "strokeDash": [4, 3]},
                         "encoding": {"y": {"datum": 0}}}


def _axis(values: Sequence[float], keys: Sequence[str], unit: str, language: str) -> tuple[float, str]:
    """Return what values are divided by and the title of their axis."""
    divisor, axis = axis_scale(values, unit, language)
    if keys is _CHANGE:
        points = text("chart.points", language) if unit in PERCENT_UNITS else axis
        axis = text("chart.change_axis", language, unit=points)
    return divisor, axis


def _colour(names: Sequence[str], labels: Mapping[str, str]) -> dict[str, Any]:
    return {"field": "label", "type": "nominal", "scale": colour_scale(names, labels), "legend": None}


def _years(years: Sequence[int]) -> dict[str, Any]:
    return {"field": "year", "type": "quantitative", "title": None, "scale": {"domain": [years[0], years[-1]]},
            "axis": {"format": "d", "grid": False, "values": [year for year in years if year % 5 == 0]}}


def _shown(keys: Sequence[str], names: Sequence[str], divisor: float) -> list[dict[str, Any]]:
    """Return the steps that choose scenarios and bring their values to the unit of the axis."""
    shown = [{"calculate": f"isValid(datum.{key}) ? datum.{key} / {divisor!r} : null", "as": f"shown_{part}"}
             for key, part in zip(keys, _LEVEL, strict=True)]
    return [{"filter": {"field": "scenario", "oneOf": list(names)}}, *shown]


def _band(x: Any, colour: Any, scale: Any) -> dict[str, Any]:
    return {
        "transform": [{"filter": "isValid(datum.shown_low) && datum.shown_high > datum.shown_low"}],
        "mark": {"type": "area", "opacity": 0.16},
        "encoding": {"x": x, "y": {"field": "shown_low", "type": "quantitative", "scale": scale},
                     "y2": {"field": "shown_high"}, "color": colour},
    }


def _line(
    x: Any, colour: Any, names: Sequence[str], labels: Mapping[str, str], axis: str | None, scale: Any
) -> dict[str, Any]:
    return {
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": x, "color": colour,
            "y": {"field": "shown_value", "type": "quantitative", "title": axis, "scale": scale},
            "strokeDash": {"field": "label", "type": "nominal", "scale": dash_scale(names, labels), "legend": None},
        },
    }


def _ends(
    rows: Sequence[Row], key: str, last: int, numbers: Sequence[float], divisor: float
) -> list[dict[str, Any]]:
    """Return where the labels stand: at the ends of their lines, moved apart where they would cover each other."""
    ends = sorted((row for row in rows if row["year"] == last and row.get(key) is not None), key=lambda row: row[key])
    gap = _APART * (max(numbers) - min(numbers)) if numbers else 0.0
    labels: list[dict[str, Any]] = []
    for row in ends:
        at = float(row[key])
        if labels:
            at = max(at, labels[-1]["at"] * divisor + gap)
        labels.append({"year": last, "at": at / divisor, "short": row["short"], "label": row["label"]})
    return labels


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
