"""Distances between places, and which of them share a prefecture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xiancheng.model.place_list import centre
from xiancheng.model.places import Geography
from xiancheng.model.sources import Sources

Array = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
INSIDE = 0.4
"""Mean distance inside a place, in square roots of its area."""

ZONE_AREA_KM2 = 100.0
"""Area of a development zone that stands as a place of its own; assumed, for its land is counted in other units."""

LEAST_KM = 1.0


def distance_km(sources: Sources, geography: Geography) -> Array:
    """Return distances between the centres of residents of 2010 [km] (place, place); 0.4 sqrt(area) on the diagonal."""
    weights = dict(zip(geography.unit_index, sources.units[2010]["residents"].tolist(), strict=True))
    points = []
    for inside, prefecture in zip(geography.members, geography.prefecture_members, strict=True):
        points.append(centre([geography.units[i] for i in inside], [geography.units[i] for i in prefecture], weights))
    lon, lat = np.radians(np.array(points)).T
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    between = np.maximum(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), LEAST_KM)
    distance: Array = between
    np.fill_diagonal(distance, INSIDE * np.sqrt(_areas(geography)))
    return distance


def _areas(geography: Geography) -> Array:
    areas = [sum(geography.units[i].area_km2 or 0.0 for i in inside) for inside in geography.members]
    return np.array([area or ZONE_AREA_KM2 for area in areas])


def same_prefecture(geography: Geography) -> Array:
    """Return 1 where two places belong to one prefecture, else 0 (place, place)."""
    codes = np.array([place.prefecture_code for place in geography.places])
    same: Array = (codes[:, None] == codes).astype(np.float64)
    return same
