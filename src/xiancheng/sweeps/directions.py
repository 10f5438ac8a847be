"""Ways to move a lever: in one place, as far as its range allows, by the law of its ramp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.parameters import TimePath
from xiancheng.interpolate import linear
from xiancheng.model.build import BuiltRun
from xiancheng.model.clock import new_year
from xiancheng.model.inputs import even
from xiancheng.scenarios import ramp, scenario
from xiancheng.scenarios.levers import Lever
from xiancheng.sweeps.columns import SHARE, bent, laid_over

STEP = 0.01
"""A step of a lever: this part of its range."""
BOTH, UP, DOWN = "both", "up", "down"
TRACE = 1e-11
"""Part of a range by which levers leave where they rest, so that a maximum of two equal terms takes the side told."""


@dataclass(frozen=True)
class Direction:
    """One way to move a lever.

    Attributes:
        lever: the lever; position: of the place in the equations, -1 for a lever of the province.
        points: its values by calendar year [its unit].
        up: how far it may go up; down: how far down [its unit].
    """

    lever: Lever
    position: int
    points: Mapping[int, float]
    up: float
    down: float

    @property
    def side(self) -> str:
        """The sides to which it can be moved."""
        return BOTH if self.up > 0 and self.down > 0 else UP if self.up > 0 else DOWN

    @property
    def step(self) -> float:
        """A step, down where it stands at its upper end [unit of the lever]."""
        size = STEP * (self.lever.high - self.lever.low)
        return size if self.up > 0 else -size

    def corners(self, move: float, departure: float) -> Floats:
        """Return the corners of its path with all values moved: times, values (corner, 2) [unit of the lever]."""
        goals = [(departure, self.lever.baseline),
                 *((new_year(year), value + move) for year, value in sorted(self.points.items()))]
        return np.array(ramp.follow(goals, self.lever.fastest))

    def gain(self, departure: float, times: Floats) -> Floats:
        """Return what the path of its variable gains for one more of the lever (time,)."""
        width = SHARE * (self.lever.high - self.lever.low)
        up, down = min(width, self.up), min(width, self.down)
        above, below = (np.interp(times, *self.corners(move, departure).T) for move in (up, -down))
        return np.asarray((above - below) / (up + down) * self.lever.model_factor)


def directions(built: BuiltRun, since: int | None = None) -> list[Direction]:
    """Return every lever in every place, as far as it can be moved.

    Args:
        built: the run; where its scenario sets a lever, all of the lever's values move together.
        since: year in which a lever that is not set reaches its value; the first year of settings when None.
    """
    book = scenario.book(built.study)
    year = book.clock.first_setting if since is None else since
    ways: list[Direction] = []
    for lever in book.levers.values():
        rest = {year: lever.baseline}
        settings = built.scenario.levers.get(lever.id, ())
        if lever.scope == "province":
            ways.append(_direction(lever, -1, dict(settings[-1].points) if settings else rest))
            continue
        own = dict.fromkeys(built.places.elements, rest)
        for setting in settings:
            own |= {place: dict(setting.points) for place in setting.places}
        ways += [_direction(lever, position, points) for position, points in enumerate(own.values())]
    return ways


def _direction(lever: Lever, position: int, points: Mapping[int, float]) -> Direction:
    return Direction(lever, position, points, lever.high - max(points.values()), min(points.values()) - lever.low)


def moved(built: BuiltRun, way: Direction, move: float) -> dict[str, TimePath]:
    """Return the path of a lever that is moved in its place, by variable [unit of the lever]."""
    corners = way.corners(move, built.clock.departure)
    places = None if way.position < 0 else (way.position,)
    before = built.parameters[way.lever.variable]
    return {way.lever.variable: laid_over(before, corners, way.lever.model_factor, places)}


def off_kinks(built: BuiltRun) -> BuiltRun:
    """Return the run with every lever a trace off where it stands: up, down while it stands at its upper end.

    Where a lever rests, equations such as MAX(lever - share, 0) have a kink, and a slope there would be the mean of
    both sides; a trace away it is that of the side to which a step goes.
    """
    book = scenario.book(built.study)
    departure, first = built.clock.departure, new_year(book.clock.first_setting)
    parameters = dict(built.parameters)
    for lever in book.levers.values():
        path, trace = parameters[lever.variable], TRACE * (lever.high - lever.low)
        times = np.union1d(bent(path), (departure, first))
        values = np.asarray(linear(np, path.times, path.values, times)) / lever.model_factor
        rise = np.clip((times - departure) / (first - departure), 0, 1).reshape(-1, *[1] * (values.ndim - 1))
        moved_off = values + rise * np.where(values + trace > lever.high, -trace, trace)
        parameters[lever.variable] = even(times, moved_off * lever.model_factor)
    return replace(built, parameters=parameters)
