"""What may move: levers at places, by points in years; laid into the paths of runs, and written as a scenario does."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.source import key
from xiancheng.model.clock import new_year
from xiancheng.model.settings import Point
from xiancheng.scenarios import ramp
from xiancheng.scenarios.levers import Lever


@dataclass(frozen=True)
class Move:
    """A lever that moves as one at some places.

    Attributes:
        lever: the lever.
        words: its places, as a scenario file writes them.
        positions: of the places in the equations; None for a lever of the whole province.
        years: calendar years of its points, rising.
        low: least value allowed [unit of the lever]; high: largest.
        departure: model time at which it leaves its baseline at the earliest.
        label: what it is called in tables and logs.
    """

    lever: Lever
    words: Any
    positions: tuple[int, ...] | None
    years: tuple[int, ...]
    low: float
    high: float
    departure: float
    label: str

    def corners(self, values: Sequence[float] | Floats) -> list[Point]:
        """Return the path that its ramp makes of values by point [unit of the lever], in model time."""
        goals = [(new_year(year), float(value)) for year, value in zip(self.years, values, strict=True)]
        return ramp.follow([(self.departure, self.lever.baseline), *goals], self.lever.fastest)

    def path(self, values: Sequence[float] | Floats, times: Floats) -> Floats:
        """Return its variable at model times (time,) [unit of the variable]."""
        corners = np.array(self.corners(values))
        return np.asarray(np.interp(times, corners[:, 0], corners[:, 1]) * self.lever.model_factor)

    def reach(self, before: float, point: int) -> tuple[float, float]:
        """Return the least and the largest value that a point can have after a value at the point before it."""
        since = self.departure if point == 0 else new_year(self.years[point - 1])
        most = self.lever.fastest * (new_year(self.years[point]) - since)
        return max(self.low, before - most), min(self.high, before + most)


@dataclass(frozen=True)
class Moves:
    """All that may move, as one row of values: the points of the first move, then those of the second, ….

    A share of 0 is the least that a point can be after the one before it, as bounds and ramp have it, 1 the largest.
    """

    moves: tuple[Move, ...]

    @property
    def size(self) -> int:
        """The number of values."""
        return sum(len(move.years) for move in self.moves)

    @property
    def labels(self) -> list[str]:
        """What each value is called."""
        return [f"{move.label}@{year}" if len(move.years) > 1 else move.label
                for move in self.moves for year in move.years]

    def parts(self, row: Floats) -> list[Floats]:
        """Return what of a row is that of each move."""
        ends = np.cumsum([len(move.years) for move in self.moves])
        return np.split(np.asarray(row), ends[:-1])

    @property
    def bounds(self) -> Floats:
        """Least and largest value (value, 2) [unit of each lever]."""
        return np.array([(move.low, move.high) for move in self.moves for _ in move.years])

    @property
    def baseline(self) -> Floats:
        """Values of no policy (value,) [unit of each lever]."""
        return np.array([move.lever.baseline for move in self.moves for _ in move.years])

    def values(self, shares: Floats) -> Floats:
        """Return values (value,) [unit of each lever] from shares of what can be reached."""
        return np.concatenate([_values(move, part)[0] for move, part in
                               zip(self.moves, self.parts(shares), strict=True)])

    def slopes(self, shares: Floats) -> Floats:
        """Return the derivative of `values` by shares (value, share)."""
        slopes, first = np.zeros((self.size, self.size)), 0
        for move, part in zip(self.moves, self.parts(shares), strict=True):
            own = _values(move, part)[1]
            slopes[first : first + len(part), first : first + len(part)] = own
            first += len(part)
        return slopes

    def shares(self, values: Floats) -> Floats:
        """Return the shares of values; what cannot be reached is taken as close as it can be."""
        rows = []
        for move, part in zip(self.moves, self.parts(values), strict=True):
            before = move.lever.baseline
            for point, value in enumerate(part):
                low, high = move.reach(before, point)
                before = float(np.clip(value, low, high))
                rows.append((before - low) / (high - low) if high > low else 0.0)
        return np.array(rows)

    def lay(self, paths: MutableMapping[str, Floats], run: int, values: Floats, times: Floats) -> None:
        """Put the values of one run into the paths of many.

        Args:
            paths: by key of the variable, (run, time) or (run, time, place), changed in place.
            run: which run.
            values: of its points (value,) [unit of each lever].
            times: model times of the paths.
        """
        for move, part in zip(self.moves, self.parts(values), strict=True):
            own = paths[key(move.lever.variable)]
            if move.positions is None:
                own[run] = move.path(part, times)
            else:
                own[run][:, list(move.positions)] = move.path(part, times)[:, None]

    def tables(self, values: Floats) -> Mapping[str, list[dict[str, Any]]]:
        """Return the entries of a scenario by lever: values by year and places."""
        entries: dict[str, list[dict[str, Any]]] = {}
        for move, part in zip(self.moves, self.parts(values), strict=True):
            points = {str(year): float(value) for year, value in zip(move.years, part, strict=True)}
            entries.setdefault(move.lever.id, []).append({"points": points, "places": move.words})
        return entries


def _values(move: Move, shares: Floats) -> tuple[Floats, Floats]:
    """Return the values of a move's points, and their derivative by its shares."""
    values, slopes = np.zeros(len(shares)), np.zeros((len(shares), len(shares)))
    before, slope = move.lever.baseline, np.zeros(len(shares))
    for point, share in enumerate(shares):
        low, high = move.reach(before, point)
        moves_low, moves_high = low > move.low, high < move.high
        slope = slope * ((1 - share) * moves_low + share * moves_high)
        slope[point] += high - low
        before = float(low + share * (high - low))
        values[point], slopes[point] = before, slope
    return values, slopes
