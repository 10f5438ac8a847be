"""Boundaries that somebody brings for the map: GeoJSON whose areas bear codes of places or of their parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.charts.tiles import flat
from xiancheng.errors import Problem, StudyError
from xiancheng.model.places import Places
from xiancheng.texts import Phrase, phrase, phrase_list

LARGEST = 100
"""The most a file may hold [millions of bytes]."""
CODES = ("code", "adcode", "id")
"""Properties that a code is looked for in, after the id of the feature itself."""
WIDTH = 14.0
"""The width of all areas together on the plane of the map: about that of the tiles."""
_AIR = 0.15
_NAMED = 8
_MOST = 10
Ring = NDArray[np.float64]


@dataclass(frozen=True)
class Boundaries:
    """Outlines of places, on the plane of the map.

    Attributes:
        page: what the page is handed: the box of all, and by code the middle of a place and its outline around it.
        areas: areas of the file that belong to places.
        others: areas of the file with other codes.
    """

    page: Mapping[str, Any]
    areas: int
    others: int


def read(file: Path, where: Places) -> Boundaries:
    """Return the boundaries of a file.

    Args:
        file: GeoJSON, longitude and latitude in degrees.
        where: the places; a place may also be put together from the census units that it is made of.

    Raises:
        StudyError: everything wrong in the file, at once.
    """
    features = _features(file)
    owners = {code: place.code for place in where for code in (place.code, *place.members)}
    problems: list[Problem] = []
    rings: dict[str, list[Ring]] = {}
    rows: dict[str, int] = {}
    for row, feature in enumerate(features, start=1):
        code = _code(feature)
        if code not in owners:
            continue
        if code in rows:
            problems.append(Problem.of(str(file), "boundaries.twice", row, code=code, row=rows[code]))
        rows[code] = row
        try:
            rings.setdefault(owners[code], []).extend(_rings(feature))
        except _WrongShape as wrong:
            problems.append(Problem.of(str(file), wrong.key, row, code=code))
    problems = problems[:_MOST] or _lacking(file, rows, len(features), where, rings)
    if problems:
        raise StudyError(problems)
    return Boundaries(_page(rings), len(rows), len(features) - len(rows))


class _WrongShape(Exception):
    """An area that cannot be drawn; `key` is that of the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _features(file: Path) -> Sequence[Any]:
    try:
        if file.stat().st_size > LARGEST * 1_000_000:
            raise StudyError(Problem.of(str(file), "boundaries.large", most=LARGEST))
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudyError(Problem.of(str(file), "boundaries.unread", reason=reason)) from None
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise StudyError(Problem.of(str(file), "boundaries.no_json", line)) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or content.get("type") != "FeatureCollection":
        raise StudyError(Problem.of(str(file), "boundaries.no_collection"))
    return features


def _code(feature: Any) -> str:
    """Return the code of an area, empty where it bears none."""
    if not isinstance(feature, dict):
        return ""
    properties = feature.get("properties")
    named = properties if isinstance(properties, dict) else {}
    words = (feature.get("id"), *(named.get(name) for name in CODES))
    return next((str(word).strip() for word in words if isinstance(word, str | int) and str(word).strip()), "")


def _lacking(
    file: Path, rows: Mapping[str, int], count: int, where: Places, rings: Mapping[str, Sequence[Ring]]
) -> list[Problem]:
    if not rows:
        return [Problem.of(str(file), "boundaries.no_code", count=count)]
    lacking: list[Phrase | str] = [phrase("boundaries.place", code=place.code, **place.names)
                                   for place in where if place.code not in rings]
    more = max(0, len(lacking) - _NAMED)
    listed = phrase_list(lacking[:_NAMED])
    return [Problem.of(str(file), "boundaries.lacks", count=len(lacking), places=listed, more=more)] if lacking else []


def _rings(feature: Mapping[str, Any]) -> Iterator[Ring]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _WrongShape("boundaries.shape")
    coordinates = geometry.get("coordinates")  # type: ignore[union-attr]
    try:
        polygons = [coordinates] if kind == "Polygon" else list(coordinates)
        outlines = [np.array([point[:2] for point in ring], dtype=float) for polygon in polygons for ring in polygon]
    except (TypeError, ValueError, IndexError, KeyError):
        raise _WrongShape("boundaries.numbers") from None
    if not outlines or any(ring.ndim != 2 or ring.shape[1] != 2 or len(ring) < 4 for ring in outlines):
        raise _WrongShape("boundaries.numbers")
    if any(not np.isfinite(ring).all() or (np.abs(ring) > (180, 90)).any() for ring in outlines):
        raise _WrongShape("boundaries.degrees")
    return iter(outlines)


def _page(rings: Mapping[str, Sequence[Ring]]) -> Mapping[str, Any]:
    every = np.concatenate([ring for own in rings.values() for ring in own])
    plane = flat(every[:, 0].tolist(), every[:, 1].tolist())
    low, high = plane.min(axis=0), plane.max(axis=0)
    scale = WIDTH / max(high[0] - low[0], 1e-9)
    plane = (plane - low) * scale
    ends = [[-_AIR, round(float(top) + _AIR, 3)] for top in plane.max(axis=0)]
    places: dict[str, Any] = {}
    at = 0
    for code, own in rings.items():
        parts = []
        for ring in own:
            parts.append(plane[at : at + len(ring)])
            at += len(ring)
        middle = _middle(max(parts, key=lambda part: abs(_area(part))))
        places[code] = {"x": round(middle[0], 3), "y": round(middle[1], 3), "path": _path(parts, middle)}
    return {"box": {"x": ends[0], "y": ends[1]}, "places": places}


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centre of gravity of an outline."""
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]
    if abs(cross.sum()) < 1e-12:
        return float(ring[:, 0].mean()), float(ring[:, 1].mean())
    east, north = ((ring + after) * cross[:, None]).sum(axis=0) / (3 * cross.sum())
    return float(east), float(north)


def _path(parts: Sequence[Ring], middle: tuple[float, float]) -> str:
    """Return outlines around a middle as a path of SVG, whose y runs down."""
    lines = []
    for part in parts:
        points = [(round(float(x - middle[0]), 3), round(float(middle[1] - y), 3)) for x, y in part]
        points = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
        lines.append("M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z")
    return "".join(lines)
