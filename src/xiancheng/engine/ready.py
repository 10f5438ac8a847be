"""A run made ready: the machine code of its steps, its beginning and its labels, for the processes that come later.

The second process that runs the same equations on the same tables with the same beginning neither parses nor plans nor
compiles: it takes the code, gives it the paths of this run and puts the labels on. What is kept is known by a digest of
everything that it follows from, and of all that a run is told at its start. Whatever does not fit (another shape, a
delay that was too short, a result that is no number, a file that is damaged) is left to the ordinary way, which says
what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import xarray as xr

from xiancheng.cache import Cache
from xiancheng.engine import keeping, machine
from xiancheng.engine.finite import are_finite
from xiancheng.engine.gathered import Few
from xiancheng.engine.labels import Labels, PlainRun, dataset, plain
from xiancheng.engine.machine import Code
from xiancheng.engine.parameters import TimePath
from xiancheng.engine.source import key
from xiancheng.interpolate import linear

if TYPE_CHECKING:
    from xiancheng.engine.program import Program

_LONGEST = 1 - 1e-6
_AT_ONCE = 4
"""Runs whose code stays in memory."""


@dataclass(frozen=True)
class Call:
    """What is asked of an engine: all that a run follows from.

    Attributes:
        path: the file of the model.
        text: its text.
        tables: digest of all tables that it reads.
        outputs: names of the variables to return; all when None.
        parameters: values by name of the variable, numbers or paths.
        start: the model time of its start.
        moments: names the rule by which some of the saved times are returned, "" for all of them.
    """

    path: Path
    text: str
    tables: str
    outputs: tuple[str, ...] | None
    parameters: Mapping[str, Any]
    start: float
    moments: str = ""


@dataclass(frozen=True)
class Ready:
    """What a process needs for a run besides the paths in time.

    Attributes:
        labels: of the results.
        start: the model time of the start.
        steps: number of saved times.
        every: steps from one to the next.
        shapes: by key of every parameter, the sizes along the dims of its variable.
        paths: keys of those that are paths, in the order of the code.
        begun: what the code takes before the paths: what no step changes, what is remembered, room for what is saved;
            of what is all zero, shape and type.
        remembered: how many of the results of the code come before the outputs.
        moving: key and dims of each output that moves, in the order of the code.
        delays: how many delays come behind them.
        fixed: data and dims of each output that does not move.
        holes: of outputs that are defined on part of their ranges, which cells have an equation.
        code: name of the machine code.
        few: how what it takes and gives is put together; None where it is not.
    """

    labels: Labels
    start: float
    steps: int
    every: int
    shapes: Mapping[str, tuple[int, ...]]
    paths: tuple[str, ...]
    begun: tuple[Any, ...]
    remembered: int
    moving: tuple[tuple[str, tuple[str, ...]], ...]
    delays: int
    fixed: Mapping[str, tuple[Any, tuple[str, ...]]]
    holes: Mapping[str, Any]
    code: str
    few: Few | None

    @property
    def once(self) -> tuple[Any, ...]:
        """What no step changes, as numbers."""
        count = len(self.begun) - self.remembered - len(self.moving) - self.delays
        return tuple(np.asarray(number, dtype=float) for number in _begun(self.begun[:count]))

    def outputs(self, carried: Sequence[Any]) -> dict[str, tuple[Any, tuple[str, ...], bool]]:
        """Return the outputs with their dims and whether they move, from what the code has carried to the end."""
        moving = zip(self.moving, carried[self.remembered : self.remembered + len(self.moving)], strict=True)
        outputs = {name: (np.asarray(data), dims, True) for (name, dims), data in moving}
        return outputs | {name: (data, dims, False) for name, (data, dims) in self.fixed.items()}

    def is_sound(self, carried: Sequence[Any]) -> bool:
        """Tell whether no delay was too short and every result that has an equation is a finite number."""
        if any(np.asarray(delay).min() < _LONGEST for delay in carried[self.remembered + len(self.moving) :]):
            return False
        outputs = self.outputs(carried)
        holes = plain(self.labels, {name: outputs[name] for name in self.holes}, self.holes) if self.holes else None
        filled = [] if holes is None else [np.where(cells, holes.arrays[name][0], 0.0)
                                           for name, cells in self.holes.items()]
        return are_finite([*(data for name, (data, _, _) in outputs.items() if name not in self.holes), *filled])


class _Unusual(Exception):
    """A run has to go the ordinary way."""


_LOADED = Cache(_AT_ONCE)


def run(call: Call) -> xr.Dataset | None:
    """Return the results of a run that an earlier process, or this one, made ready; None for the ordinary way."""
    try:
        ready, code, numbers = of(call)
        return _results(ready, code.run(*numbers))
    except Exception:  # whatever is wrong, the ordinary way tells it or does without
        return None


def run_plain(call: Call) -> PlainRun | None:
    """Return the results of such a run without labels; None for the ordinary way."""
    try:
        ready, code, numbers = of(call)
        carried = code.run(*numbers)
        return plain(ready.labels, ready.outputs(carried)) if ready.is_sound(carried) else None
    except Exception:  # as in `run`
        return None


def of(call: Call) -> tuple[Ready, Code, list[Any]]:
    """Return what is ready for a run, its code and what the code takes; raises an error of any kind where none is."""
    name = _name(call)
    ready, code = _LOADED.get(name, lambda: _loaded(name))
    return ready, code, [*_begun(ready.begun), *_paths(ready, call), np.int64(0), np.int64(ready.steps)]


def begun(call: Call, program: Program) -> tuple[Ready, Code, list[Any]]:
    """Return the same for a run that nothing is kept of.

    Args:
        call: what is asked.
        program: the program.

    Raises:
        StudyError: parameters that do not fit.
    """
    ready, code = _made(call, program)
    return ready, code, [*_begun(ready.begun), *_paths(ready, call), np.int64(0), np.int64(ready.steps)]


def keep(call: Call, program: Program, steps: tuple[int, ...] | None = None) -> None:
    """Keep what a run that has just been done the ordinary way made of its program.

    Args:
        call: what was asked.
        program: the program that was run, by `integrate.run`.
        steps: positions of the saved times that were returned, all when None.
    """
    if len(call.text) < keeping.LONG or keeping.folder() is None or float(program.grid.start) != call.start:
        return
    try:
        name = _name(call)
        ready, code = _made(call, program, steps)
        if not code.name:
            raise _Unusual
    except Exception:  # parameters of another kind, or code that cannot be written out
        return
    _LOADED.get(name, lambda: (ready, code))
    keeping.put(name, pickle.dumps(ready, pickle.HIGHEST_PROTOCOL))


def _made(call: Call, program: Program, steps: tuple[int, ...] | None = None) -> tuple[Ready, Code]:
    from xiancheng.engine import integrate  # what the ready way does without

    variant, numbers, paths = integrate.inputs(program, call.parameters, "float64", steps)
    stretches = integrate.stretches(variant)
    standing = stretches.begun(numbers, paths)
    begun = jax.tree.leaves((standing.once, standing.memory, standing.saved))
    now, shape = jax.tree.flatten((standing.once, standing.memory, standing.saved, paths))
    code = stretches.code(now, shape)
    outputs = standing.saved.outputs
    labels = Labels.of(program, variant.times)
    ready = Ready(
        labels, float(program.grid.start), variant.rows, program.grid.every,
        {key(name): program.compiled.shape(key(name)) for name in call.parameters}, tuple(sorted(paths)),
        tuple(_thin(np.asarray(number)) for number in begun), len(jax.tree.leaves(standing.memory)),
        tuple((name, outputs[name].dims) for name in sorted(outputs)), len(standing.saved.delays),
        {name: (np.asarray(array.data), array.dims) for name, array in standing.fixed.items()},
        {name: cells for name, cells in program.model.holes.items() if name in program.outputs},
        code.name, stretches.few(now, shape),
    )
    if len(now) != len(begun) + 2 * len(paths):
        raise _Unusual
    return ready, code


def _loaded(name: str) -> tuple[Ready, Code]:
    payload = keeping.get(name)
    if payload is None:
        raise _Unusual
    ready: Ready = pickle.loads(payload)
    code = machine.of(ready.code)
    if code is None:
        raise _Unusual
    return ready, code if ready.few is None else ready.few.outside(code)


def _thin(numbers: Any) -> Any:
    return numbers if numbers.any() else (numbers.shape, numbers.dtype)


def _begun(begun: Sequence[Any]) -> Iterator[Any]:
    """Yield what the code takes before the paths."""
    for numbers in begun:
        yield np.zeros(*numbers) if isinstance(numbers, tuple) else numbers


def _paths(ready: Ready, call: Call) -> list[Any]:
    """Return the paths of a run as the code takes them; every parameter has to fit its variable."""
    values = {key(name): value for name, value in call.parameters.items()}
    if values.keys() != ready.shapes.keys() or ready.start != call.start:
        raise _Unusual
    parts: list[Any] = []
    for name, value in values.items():
        if not isinstance(value, TimePath):
            _fit(np.asarray(value, dtype=float), ready.shapes[name], 0)
    for name in ready.paths:
        path = values[name]
        parts += [path.times, _fit(path.values, ready.shapes[name], 1)]
    return parts


def _fit(values: Any, shape: tuple[int, ...], leading: int) -> Any:
    if not np.isfinite(values).all() or values.ndim not in (leading, leading + len(shape)):
        raise _Unusual
    values = values.reshape(values.shape + (1,) * (leading + len(shape) - values.ndim))
    return np.ascontiguousarray(np.broadcast_to(values, (*values.shape[:leading], *shape)))


def _results(ready: Ready, carried: Sequence[Any]) -> xr.Dataset:
    if not ready.is_sound(carried):
        raise _Unusual
    return dataset(ready.labels, ready.outputs(carried), None)


def _name(call: Call) -> str:
    """Return a digest of all that a run follows from until its first step, and of the kinds of its paths."""
    beginning = hashlib.sha256()
    kinds = []
    for name, value in call.parameters.items():
        if isinstance(value, TimePath):
            shape: Any = ["path", len(value.times), np.ndim(value.values)]
            values = linear(np, value.times, value.values, np.asarray([call.start]))
        elif isinstance(value, int | float | np.ndarray):
            values = np.asarray(value, dtype=float)
            shape = ["number", *values.shape]
        else:
            raise _Unusual
        kinds.append([name, *shape])
        beginning.update(np.ascontiguousarray(values).tobytes() + f"{values.shape}{name}".encode())
    parts = [machine.place(), str(call.path), call.text, call.tables, call.outputs, call.start, call.moments,
             kinds]
    parts.append(beginning.hexdigest())
    return f"run-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


def kind(call: Call) -> str:
    """Return all that the code of a run follows from, whatever the values and the points of its paths are."""
    kinds = [[name, *(["path"] if isinstance(value, TimePath) else ["number", *np.shape(value)])]
             for name, value in call.parameters.items()]
    return json.dumps([machine.place(), str(call.path), call.text, call.tables, call.outputs, call.start, call.moments,
                       kinds])
