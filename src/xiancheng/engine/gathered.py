"""Small programs: what goes into their code and comes out of it stands in few arrays.

Each array that goes into compiled code or comes out of it takes some microseconds, whatever its size, and this decides
how long a run of some hundred numbers takes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng.engine.devices import import_jax
from xiancheng.engine.machine import Code

MOST_BYTES = 512
"""Size up to which an array is small: that of XLA's ThunkExecutor (`execute_sequential_buffer_threshold`)."""


@dataclass(frozen=True)
class Gathering:
    """How arrays in a row are put together into few, each of no more than `MOST_BYTES` for a saved time.

    Attributes:
        kinds: shape and type of each.
        rooms: positions, first and behind the last, of those with an axis of saved times in front.
    """

    kinds: tuple[tuple[tuple[int, ...], Any], ...]
    rooms: tuple[int, int] = (0, 0)

    @staticmethod
    def of(arrays: Sequence[Any], rooms: tuple[int, int] = (0, 0)) -> Gathering:
        """Return how to put arrays together."""
        return Gathering(tuple((array.shape, array.dtype) for array in arrays), rooms)

    def is_small(self) -> bool:
        """Tell whether every array is small, rooms for a saved time."""
        return all(cells * kind.itemsize <= MOST_BYTES
                   for cells, (_, kind) in zip(self._cells, self.kinds, strict=True))

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The positions of those that are put together."""
        groups: list[list[int]] = []
        last: dict[Any, tuple[list[int], int]] = {}
        for place, (cells, (_, kind)) in enumerate(zip(self._cells, self.kinds, strict=True)):
            group, taken = last.get((self._leading(place), kind), ([], MOST_BYTES))
            if taken + cells * kind.itemsize > MOST_BYTES:
                group, taken = [], 0
                groups.append(group)
            group.append(place)
            last[self._leading(place), kind] = group, taken + cells * kind.itemsize
        return tuple(map(tuple, groups))

    def together(self, xp: Any, arrays: Sequence[Any]) -> list[Any]:
        """Return few arrays: (cell,), of rooms (time, cell)."""
        return [xp.concatenate([arrays[place].reshape(self._lines[place]) for place in group], -1)
                for group in self.groups]

    def apart(self, parts: Sequence[Any]) -> list[Any]:
        """Return the arrays from the few."""
        arrays: list[Any] = [None] * len(self.kinds)
        for group, part in zip(self.groups, parts, strict=True):
            end = 0
            for place in group:
                begin, end, shape = end, end + self._cells[place], self.kinds[place][0]
                is_line = len(shape) == part.ndim - 1
                arrays[place] = part[..., begin] if is_line else part[..., begin:end].reshape(shape)
        return arrays

    def _leading(self, place: int) -> int:
        return int(self.rooms[0] <= place < self.rooms[1])

    @cached_property
    def _cells(self) -> tuple[int, ...]:
        return tuple(math.prod(shape[self._leading(place) :]) for place, (shape, _) in enumerate(self.kinds))

    @cached_property
    def _lines(self) -> tuple[tuple[int, ...], ...]:
        return tuple((*shape[: self._leading(place)], self._cells[place])
                     for place, (shape, _) in enumerate(self.kinds))


@dataclass(frozen=True)
class Few:
    """Few arrays for code, in place of all that it takes and gives.

    Attributes:
        input: what it takes besides two saved times.
        output: what it gives.
    """

    input: Gathering
    output: Gathering

    def inside(self, function: Callable[..., Any]) -> Callable[..., list[Any]]:
        """Return a function of few arrays and two saved times, to be compiled, given one of all arrays."""
        xp = import_jax().numpy

        def few(*parts: Any) -> list[Any]:
            *now, first, last = parts
            return self.output.together(xp, function(*self.input.apart(now), first, last))

        return few

    def outside(self, code: Code) -> Code:
        """Return code that takes all arrays and gives them, given what is compiled of few."""

        def run(*numbers: Any) -> list[Any]:
            *now, first, last = numbers
            parts = [_along_time(np.asarray(part)) for part in code.run(*self.input.together(np, now), first, last)]
            return self.output.apart(parts)

        return Code(run, code.name)


def _along_time(part: Any) -> Any:
    """Return what a run gives with the times of each cell side by side, for reading alone."""
    part = np.copy(part, order="F")
    part.flags.writeable = False
    return part
