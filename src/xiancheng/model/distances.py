"""Distances between places, and which of them share a prefecture."""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.model.place_list import centre
from xiancheng.model.places import Places
from xiancheng.model.sources import Sources

EARTH_RADIUS_KM = 6371.0088
INSIDE = 0.4
"""Mean distance inside a place, in square roots of its area."""

ZONE_AREA_KM2 = 100.0
"""Area of a development zone that stands as a place of its own; assumed, for its land is counted in other units."""

LEAST_KM = 1.0


def distance_km(sources: Sources, places: Places) -> Floats:
    """Return distances between the centres of residents of 2010 [km] (place, place); 0.4 sqrt(area) on the diagonal."""
    weights = dict(zip(places.unit_index, sources.first["residents"].tolist(), strict=True))
    points = []
    for inside, prefecture in zip(places.members, places.prefecture_members, strict=True):
        points.append(centre([places.units[i] for i in inside], [places.units[i] for i in prefecture], weights))
    lon, lat = np.radians(np.array(points)).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    between = np.maximum(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), LEAST_KM)
    distance: Floats = between
    np.fill_diagonal(distance, INSIDE * np.sqrt(_areas(places)))
    return distance


def _areas(places: Places) -> Floats:
    areas = [sum(places.units[i].area_km2 or 0.0 for i in inside) for inside in places.members]
    return np.array([area or ZONE_AREA_KM2 for area in areas])


def same_prefecture(places: Places) -> Floats:
    """Return 1 where two places belong to one prefecture, else 0 (place, place)."""
    codes = np.array([place.prefecture for place in places])
    same: Floats = (codes[:, None] == codes).astype(np.float64)
    return same
