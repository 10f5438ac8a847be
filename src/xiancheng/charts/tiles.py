"""A tiling of hexagons in place of a map: a tile for each place, where its neighbours stay its neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, int]
"""Column and row of a tile: rows run north, every row is half a tile further east than the one below it."""
SIDES: tuple[Cell, ...] = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
"""Steps to the six tiles around one, from east counterclockwise."""
STARTS = 3
"""The grid is laid over the places at the square of this many offsets; the best tiling of all stands."""
_ROWS = math.sqrt(3) / 2
_PAIR, _GROUP, _PART, _AWAY = 2.0, 0.5, 4.0, 0.35
"""What counts: a pair of neighbours kept, two tiles of a group side by side, a part a group falls into beyond one,
and the square of how far a tile lies from its place, in tiles."""
_ROUNDS = 30


def centre(cell: Cell) -> tuple[float, float]:
    """Return how far east and north of the first tile the centre of a tile lies [widths of a tile]."""
    return cell[0] + cell[1] / 2, cell[1] * _ROWS


def flat(lon: Sequence[float], lat: Sequence[float]) -> NDArray[np.float64]:
    """Return places on a plane whose unit is a degree of latitude (place, 2), true at the middle latitude."""
    across = math.cos(math.radians(float(np.mean(lat))))
    return np.column_stack([np.asarray(lon) * across, np.asarray(lat)])


def neighbours(points: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the pairs of places that no third place lies between: none is in the circle over the two.

    Args:
        points: places on a plane (place, 2).

    Source: Gabriel and Sokal (1969), A new statistical approach to geographic variation analysis.
    """
    square = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    return [(first, second) for first, second in combinations(range(len(points)), 2)
            if not (square[first] + square[second] < square[first, second] * (1 - 1e-9)).any()]


def are_side_by_side(first: Cell, second: Cell) -> bool:
    """Tell whether two tiles share a side."""
    return (second[0] - first[0], second[1] - first[1]) in SIDES


def tiling(points: NDArray[np.float64], groups: Sequence[str], starts: int = STARTS) -> list[Cell]:
    """Return a tile for each place, alike each time it is called.

    Args:
        points: places on a plane (place, 2).
        groups: what each place belongs to; a group stays in one piece where it can.
        starts: how many offsets of the grid are tried each way.
    """
    if len(points) < 3:
        return [(at, 0) for at in np.argsort(np.argsort(points[:, 0])).tolist()]
    pairs = neighbours(points)
    width = math.sqrt(_area(points) / len(points) / _ROWS)
    grid = (points - points.min(axis=0)) / width
    offsets = [np.array([east, north]) / starts for east in range(starts) for north in range(starts)]
    tilings = [_Tiling.laid(grid + offset, groups, pairs) for offset in offsets]
    for laid in tilings:
        laid.improve()
    return max(tilings, key=lambda laid: laid.score()).cells


def _area(points: NDArray[np.float64]) -> float:
    """Return the area that places stand for: the square of the usual way to the nearest six, times their number."""
    square = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    near = np.sort(square, axis=1)[:, 1:7]
    return float(np.median(near.mean(axis=1))) * _ROWS * len(points)


@dataclass
class _Tiling:
    """Tiles on their way to better ones.

    Attributes:
        points: where places lie [widths of a tile] (place, 2).
        groups: of places.
        friends: by place, the places that are its neighbours.
        cells: by place.
    """

    points: NDArray[np.float64]
    groups: Sequence[str]
    friends: Sequence[frozenset[int]]
    cells: list[Cell]
    _places: dict[Cell, int] = field(default_factory=dict)
    _members: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def laid(cls, points: NDArray[np.float64], groups: Sequence[str], pairs: Sequence[tuple[int, int]]) -> _Tiling:
        """Give each place a tile of its own so that the squares of all ways add up to the least."""
        from scipy.optimize import linear_sum_assignment  # heavy, and only needed to lay tiles anew

        rows = range(-2, int(points[:, 1].max() / _ROWS) + 4)
        cells = [(column - row // 2, row) for row in rows for column in range(-2, int(points[:, 0].max()) + 4)]
        centres = np.array([centre(cell) for cell in cells])
        ways = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        _, chosen = linear_sum_assignment(ways)
        friends: list[set[int]] = [set() for _ in points]
        for first, second in pairs:
            friends[first].add(second)
            friends[second].add(first)
        return cls(points, groups, [frozenset(those) for those in friends], [cells[at] for at in chosen])

    def __post_init__(self) -> None:
        """Note who lies where, and who belongs together."""
        self._places = {cell: place for place, cell in enumerate(self.cells)}
        for place, group in enumerate(self.groups):
            self._members.setdefault(group, []).append(place)

    def improve(self) -> None:
        """Move tiles to free ones beside them, and let neighbouring tiles change places, while anything gets better."""
        for _ in range(_ROUNDS):
            moves = sum(self._try(place, cell) for place in range(len(self.cells)) for cell in self._near(place))
            if not moves:
                return

    def score(self) -> float:
        """Return what the tiling is worth."""
        places = range(len(self.cells))
        return sum(self._worth(place) for place in places) / 2 - sum(
            _AWAY * self._away(place) / 2 for place in places) - _PART * sum(map(self._parts, self._members))

    def _near(self, place: int) -> Iterator[Cell]:
        column, row = self.cells[place]
        for east, north in (*SIDES, (1, 1), (-1, 2), (-2, 1), (-1, -1), (1, -2), (2, -1)):
            yield column + east, row + north

    def _try(self, place: int, cell: Cell) -> bool:
        other = self._places.get(cell)
        involved = [place] if other is None else [place, other]
        before = self._local(involved)
        start = self.cells[place]
        self._put(place, cell, other, start)
        if self._local(involved) > before + 1e-9:
            return True
        self._put(place, start, other, cell)
        return False

    def _put(self, place: int, cell: Cell, other: int | None, start: Cell) -> None:
        del self._places[self.cells[place]]
        self.cells[place] = cell
        self._places[cell] = place
        if other is not None:
            self.cells[other] = start
            self._places[start] = other

    def _local(self, involved: Sequence[int]) -> float:
        around = {self._places[cell] for place in involved for cell in self._beside(place) if cell in self._places}
        groups = {self.groups[place] for place in (*involved, *around)}
        return sum(map(self._worth, involved)) - _PART * sum(map(self._parts, groups))

    def _beside(self, place: int) -> list[Cell]:
        column, row = self.cells[place]
        return [(column + east, row + north) for east, north in SIDES]

    def _away(self, place: int) -> float:
        east, north = centre(self.cells[place])
        return float((self.points[place, 0] - east) ** 2 + (self.points[place, 1] - north) ** 2)

    def _worth(self, place: int) -> float:
        beside = [self._places[cell] for cell in self._beside(place) if cell in self._places]
        pairs = sum(other in self.friends[place] for other in beside)
        group = sum(self.groups[other] == self.groups[place] for other in beside)
        return _PAIR * pairs + _GROUP * group - _AWAY * self._away(place)

    def _parts(self, group: str) -> int:
        """Return into how many parts beyond one a group falls."""
        rest = {self.cells[place] for place in self._members[group]}
        parts = -1
        while rest:
            parts += 1
            reached = [rest.pop()]
            while reached:
                column, row = reached.pop()
                steps = {(column + east, row + north) for east, north in SIDES} & rest
                rest -= steps
                reached += steps
        return parts


def kept_pairs(cells: Sequence[Cell], pairs: Sequence[tuple[int, int]]) -> int:
    """Return how many pairs of neighbours lie side by side."""
    return sum(are_side_by_side(cells[first], cells[second]) for first, second in pairs)
