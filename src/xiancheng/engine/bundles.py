"""Paths of one form put together, so that compiled code moves along all of them at once.

What is compiled grows with the number of operations. A path by itself takes dozens of them, to find its place between
two points and to draw the line, and a study has a path by lever: put together, a hundred of them take what one does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from xiancheng.engine.arrays import Array
from xiancheng.engine.devices import import_jax
from xiancheng.engine.interpolate import at_points
from xiancheng.engine.loops import stored
from xiancheng.interpolate import linear

Path = tuple[Any, Any]
"""Times (point,) and values (point, *dims)."""


@dataclass(frozen=True, eq=False)
class Bundles:
    """Paths, known by the key of their variable.

    Attributes:
        groups: times (path, point) and values (path, point, *dims) of paths of one form.
        seats: number of the group of a path, and its row there, by key.
    """

    groups: tuple[Path, ...]
    seats: Mapping[str, tuple[int, int]]

    @staticmethod
    def of(xp: Any, paths: Mapping[str, Path], apart: Collection[str] = (), leading: int = 0) -> Bundles:
        """Put paths together.

        Args:
            xp: numpy, or jax.numpy in compiled code.
            paths: by key.
            apart: keys of those that differ from run to run; beside what holds for all runs they form groups of
                their own, so that nothing is copied for every run.
            leading: number of axes of runs in front of the values of those.
        """
        members, seats = dict[Any, list[Path]](), dict[str, tuple[int, int]]()
        numbers = dict[Any, int]()
        for name, (times, values) in paths.items():
            form = name in apart, times.dtype, values.dtype, values.shape
            group = numbers.setdefault(form, len(numbers))
            seats[name] = group, len(members.setdefault(form, []))
            members[form].append((times, values))
        stacked = [(xp.stack([times for times, _ in group]),
                    xp.stack([values for _, values in group], leading if form[0] else 0))
                   for form, group in members.items()]
        return Bundles(tuple(stacked), seats)

    def parts(self) -> tuple[tuple[Path, ...], tuple[tuple[str, tuple[int, int]], ...]]:
        """Return what compiled code takes of them as numbers, and what belongs to the code."""
        return self.groups, tuple(self.seats.items())

    @staticmethod
    def of_parts(code: tuple[tuple[str, tuple[int, int]], ...], numbers: tuple[Path, ...]) -> Bundles:
        """Put the two together again."""
        return Bundles(tuple(numbers), dict(code))

    def __contains__(self, name: str) -> bool:
        return name in self.seats

    def moved(self, group: int, moment: Any) -> Any:
        """Return the values of all paths of a group at a moment (path, *dims)."""
        jax = import_jax()
        return jax.vmap(partial(linear, jax.numpy), in_axes=(0, 0, None))(*self.groups[group], moment)


def value(now: Any, name: str) -> Any:
    """Return where a path is at the moment of an evaluation, which moves a group of paths once for all of them.

    What the group comes to is kept: computed inside of what reads it, a path that stays where it is would give other
    last bits between its points than after them.

    Args:
        now: the evaluation, with its paths one by one or put together.
        name: key of the variable.
    """
    if not isinstance(now.paths, Bundles):
        times, values = now.paths[name]
        return at_points(now.xp, times, values, now.clock.time, None)
    group, row = now.paths.seats[name]
    label = "paths", group
    if label not in now.memo:
        moved = now.paths.moved(group, now.clock.time)
        now.memo[label] = Array(stored(now.clock.time > -now.xp.inf, moved))
    return now.memo[label].data[row]
