"""A run gone backward: what a number made of its results changes by, for one more of every path at every step.

Why not one derivative of a whole run (`gradients`)? XLA is then given the beginning, the loop and what turns both
around at once, which takes minutes on a study. Here a run goes forward by the code that runs have anyway, from saved
time to saved time, and what its functions remember is noted on the way. What has to be compiled besides is one step
turned around, in a loop. Paths go into the step as their values at that step: the slope of any way to write a path
follows from those by the chain rule, in NumPy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.cache import Cache
from xiancheng.engine import integrate, machine, ready, turned
from xiancheng.engine.devices import import_jax
from xiancheng.engine.labels import PlainRun, plain
from xiancheng.engine.machine import Code
from xiancheng.engine.program import Program
from xiancheng.engine.ready import Call, Ready
from xiancheng.interpolate import linear

Weights = Mapping[str, Floats]
"""What a number made of results changes by for one more of each: by key of an output, (time, *dims)."""
PATHS, WHOLE = "back", "whole"
"""What code that goes back gives: slopes by paths, or by what a run is told at its start."""
_CODES = Cache(4)


@dataclass(frozen=True, eq=False)
class Passage:
    """A run that went forward, with all that is needed to go back.

    Attributes:
        call: what was asked.
        start: the run at its start, ready to go.
        paths: (times, values) of each path, in the order of the code.
        memories: what functions remember at each saved time, each (time, ...).
        result: what it saves.
        program: compiles the equations.
    """

    call: Call
    start: Ready
    paths: tuple[tuple[Floats, Floats], ...]
    memories: tuple[Floats, ...]
    result: PlainRun
    program: Callable[[], Program]

    @cached_property
    def times(self) -> Floats:
        """The model times of all steps, those after the last saved time among them (step)."""
        saved = self.start.labels.times
        step = (saved[1] - saved[0]) / self.start.every if len(saved) > 1 else 1.0
        return np.asarray(saved[0] + step * np.arange(self.start.steps * self.start.every))

    @cached_property
    def values(self) -> list[Floats]:
        """The paths at every step, each (saved time, step from there, *dims)."""
        shape = self.start.steps, self.start.every
        return [np.asarray(linear(np, *path, self.times)).reshape(*shape, *path[1].shape[1:]) for path in self.paths]

    def slopes(self, weights: Weights) -> Slopes:
        """Return what a number changes by for one more of every path at every step.

        What paths are at the start, before the first step, is held: what begins there does not move with them.

        Args:
            weights: those of the number, at the times of `result`; outputs without a weight may be left out.

        Raises:
            StudyError: equations that are not integrated by Euler's rule.
        """
        code = _turning(self.call, PATHS, lambda: turned.lowered(self.program(), self.call.parameters))
        moved = code.run(*self._numbers(weights))
        arrays = [np.asarray(array).reshape(-1, *array.shape[2:]) for array in moved]
        return Slopes(self.times, dict(zip(self.start.paths, arrays, strict=True)))

    def by_numbers(self, weights: Weights) -> dict[str, Floats]:
        """Return what the number changes by for one more of every number that the run is told, by key.

        Args:
            weights: as of `slopes`.

        Raises:
            StudyError: as of `slopes`.
        """
        back = _turning(self.call, WHOLE, lambda: turned.lowered_whole(self.program(), self.call.parameters))
        slopes = back.run(*self._numbers(weights))
        remembered = len(self.memories)
        _, numbers, paths = integrate.inputs(self.program(), self.call.parameters, "float64", None)
        fixed = [turned.summed(weights.get(name), (self.start.steps, *np.shape(data)), dims, self._dims(name)).sum(0)
                 for name, (data, dims) in sorted(self.start.fixed.items())]
        values = [*(numbers[name] for name in sorted(numbers)),
                  *(part for name in sorted(paths) for part in paths[name])]
        code = _beginning(self.call, self.program)
        moved = code.run(*values, *slopes[remembered:], *slopes[:remembered], *fixed)
        return {name: np.asarray(slope) for name, slope in zip(sorted(numbers), moved, strict=True)}

    def _numbers(self, weights: Weights) -> list[Any]:
        """Return what the code that goes back takes."""
        outputs = [turned.summed(weights.get(name), self._shape(name, dims), dims, self._dims(name))
                   for name, dims in self.start.moving]
        later = [np.zeros(memory.shape[1:]) for memory in self.memories]
        return [*self.start.once, *self.memories, *self.values, *outputs, *later]

    def _dims(self, name: str) -> tuple[str, ...]:
        return next(label.dims for label in self.start.labels.variables if label.key == name)

    def _shape(self, name: str, dims: Sequence[str]) -> tuple[int, ...]:
        ranges = self.start.labels.ranges
        return (self.start.steps, *(len(ranges[dim][1]) for dim in dims))


@dataclass(frozen=True, eq=False)
class Slopes:
    """What a number changes by for one more of what a run is told.

    Attributes:
        times: model times of the steps (step).
        paths: by key of the variable, at every step (step, *dims).
    """

    times: Floats
    paths: Mapping[str, Floats]


def passage(call: Call, program: Callable[[], Program]) -> Passage:
    """Run forward and note what is needed to go back.

    Args:
        call: what is asked; every parameter a number, an array or a path.
        program: compiles the equations; called only where something of this run is not kept.

    Raises:
        StudyError: parameters that do not fit.
    """
    start, forward, numbers = _begun(call, program)
    count = len(start.once), start.remembered
    now, rest = list(numbers[count[0] :]), list(numbers[: count[0]])
    memories: list[list[Any]] = []
    carried = now[: len(now) - 2 - 2 * len(start.paths)]
    paths = now[len(carried) : len(now) - 2]
    pairs = tuple((np.asarray(path[0]), np.asarray(path[1])) for path in zip(paths[::2], paths[1::2], strict=True))
    if start.few is None:  # laid where the code takes them once, not at every saved time
        rest, paths = import_jax().device_put((rest, paths))
    for row in range(start.steps):
        memories.append([np.asarray(array) for array in carried[: count[1]]])
        carried = forward.run(*rest, *carried, *paths, np.int64(row), np.int64(row + 1))
    if not start.is_sound(carried):
        integrate.run(program(), call.parameters, strict=True)  # says what is wrong
    result = plain(start.labels, start.outputs(carried))
    return Passage(call, start, pairs, tuple(map(np.stack, zip(*memories, strict=True))), result, program)


def _begun(call: Call, program: Callable[[], Program]) -> tuple[Ready, Code, list[Any]]:
    try:
        return ready.of(call)
    except Exception:  # nothing is kept of this run, or not what fits
        return ready.begun(call, program())


def _turning(call: Call, purpose: str, lowered: Callable[[], tuple[Any, list[Any]]]) -> Code:
    """Return code that goes back, from this process or an earlier one where it was compiled of the same."""
    name = f"{purpose}-{hashlib.sha256(ready.kind(call).encode()).hexdigest()}"

    def make() -> Code:
        before = machine.of(name)
        return machine.compiled(*lowered(), name) if before is None else before

    code: Code = _CODES.get(name, make)
    return code


def _beginning(call: Call, program: Callable[[], Program]) -> Code:
    """Return the beginning of a run turned around."""
    lengths = [np.shape(getattr(value, "times", ())) for value in call.parameters.values()]
    name = f"begin-{hashlib.sha256(f'{ready.kind(call)} {lengths}'.encode()).hexdigest()}"

    def make() -> Code:
        code = machine.of(name)
        return machine.compiled(*turned.lowered_beginning(program(), call.parameters), name) if code is None else code

    made: Code = _CODES.get(name, make)
    return made


def forget() -> None:
    """Forget the code that is kept in memory."""
    _CODES.clear()
