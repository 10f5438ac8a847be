"""Areas of several places in one order for everybody: the province, the listed places, prefectures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.model.places import LIST, PREFECTURE, PROVINCE, Area, Places


@dataclass(frozen=True, eq=False)
class Areas:
    """Which places make each area. Everybody sums over all of them at once, so that every sum has the same bits.

    Attributes:
        rows: the areas.
        members: 1 where a place belongs to an area (area, place).
        counties: whether a place is a county-level unit, not the rest of a prefecture (place).
    """

    rows: tuple[Area, ...]
    members: Floats
    counties: NDArray[np.bool_]

    @classmethod
    def of(cls, places: Places) -> Areas:
        """Return the areas of the places of a study."""
        return cls.by_level(places.areas, np.array([not place.is_rest for place in places], dtype=bool))

    @classmethod
    def by_level(cls, level: Callable[[str], list[Area]], counties: NDArray[np.bool_]) -> Areas:
        """Return the areas of every level; `level` gives those of one."""
        rows = tuple(area for name in (PROVINCE, LIST, PREFECTURE) for area in level(name))
        return cls(rows, np.array([area.members for area in rows], dtype=float), counties)

    def at(self, *levels: str) -> list[int]:
        """Return the positions of the areas of some levels, level by level."""
        return [position for level in levels for position, area in enumerate(self.rows) if area.level == level]
