"""A run in stretches: begun on the host, then carried on by compiled code from any saved time to any other.

What the host begins need not be compiled, and runs that differ only from some time on share all that went before.

Why not one compiled loop from start to end, as a batch has it? A study's start is hundreds of equations that are
computed once; left to the host, a third less is compiled. So the host evaluates the start and the first step, and notes
what the step asks of what never changes (`Once`): that goes into the compiled loop as arguments. The loop therefore
holds one step and nothing else, and its bounds are arguments too: one piece of code carries a run to the present year,
and on to the end. A person who moves a lever on the page changes the run from the present year on; the years before are
told the same and come from the few beginnings that stay in memory, known by a digest of every value, and of every path
at the steps until then. A digest of paths as they are would call two runs different that differ only later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from xiancheng.cache import Cache
from xiancheng.engine import small_steps
from xiancheng.engine.bundles import Bundles
from xiancheng.engine.compiling import compiler_options, import_jax
from xiancheng.engine.gathered import MOST_BYTES, Few, Gathering
from xiancheng.engine.machine import Code, compiled
from xiancheng.engine.once import Once
from xiancheng.engine.variants import Moment, StepResult, Variant
from xiancheng.interpolate import linear

_BEGINNINGS = 4
"""Runs whose beginning stays in memory."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A run that stands at a saved time.

    Attributes:
        row: number of that time, 0 for the start.
        once: what no step changes.
        memory: what functions remember, by label.
        saved: what was saved before that time: outputs (time to return, *dims) and delays.
        fixed: outputs that do not move.
    """

    row: int
    once: Once
    memory: Mapping[str, Any]
    saved: StepResult
    fixed: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Stretches:
    """Runs of one variant, each begun once for all runs that are told the same until then.

    Attributes:
        variant: the way the program is run.
        beginnings: runs at the time until which several are told the same.
    """

    variant: Variant
    beginnings: Cache = field(default_factory=lambda: Cache(_BEGINNINGS))

    def run(self, numbers: Mapping[str, Any], paths: Mapping[str, Any], branch: int = 0) -> StepResult:
        """Return what `simulate` of the variant returns.

        Args:
            numbers: values by key.
            paths: (times, values) by key.
            branch: number of a saved time; runs that are told the same before it share what they do before it.
        """
        standing = self._standing(numbers, paths, min(branch, self.variant.rows - 1))
        end = self._carried(standing, paths, self.variant.rows)
        return end.saved._replace(outputs={**end.saved.outputs, **end.fixed})

    def _standing(self, numbers: Mapping[str, Any], paths: Mapping[str, Any], row: int) -> Standing:
        def make() -> Standing:
            if row == 0:
                return self._start(numbers, paths)
            return self._carried(self._standing(numbers, paths, 0), paths, row)

        standing: Standing = self.beginnings.get((row, self._digest(numbers, paths, row)), make)
        return standing

    def _digest(self, numbers: Mapping[str, Any], paths: Mapping[str, Any], row: int) -> bytes:
        """Return a digest of all that a run is told until a saved time."""
        grid, dtype = self.variant.grid, self.variant.dtype
        moments = dtype(grid.start) + np.arange(max(row * grid.every, 1)) * dtype(grid.step)
        digest = hashlib.sha256()
        for name in sorted(numbers):
            digest.update(name.encode() + numbers[name].tobytes())
        for name in sorted(paths):
            times, values = paths[name]
            content = _bytes_of(times, values, moments)
            digest.update(f"{name} {len(content)} ".encode() + content)
        return digest.digest()

    def _start(self, numbers: Mapping[str, Any], paths: Mapping[str, Any]) -> Standing:
        """Begin a run on the host."""
        variant = self.variant
        with np.errstate(all="ignore"):
            once, start = variant.begin(np, numbers, paths)
            first = variant.first(once, start, paths)
            values = {label: first.now.memo["lower", label] for label in first.questions(once)}
            begun = Once(variant.host, values), variant.memory(start), first.saved(), variant.fixed(once)
        once, memory, saved, fixed = import_jax().tree.map(variant.own, begun)
        return Standing(0, *_placed(once, memory, variant.empty(np, saved)), fixed)

    def _carried(self, standing: Standing, paths: Mapping[str, Any], row: int) -> Standing:
        """Carry a run on to a saved time, or to its end."""
        tree = import_jax().tree
        now, shape = tree.flatten((standing.once, standing.memory, standing.saved, paths))
        carried = self.code(now, shape).run(*now, np.int64(standing.row), np.int64(row))
        memory, saved = tree.unflatten(tree.structure((standing.memory, standing.saved)), carried)
        return replace(standing, row=row, memory=memory, saved=saved)

    def begun(self, numbers: Mapping[str, Any], paths: Mapping[str, Any]) -> Standing:
        """Return a run at its start."""
        return self._standing(numbers, paths, 0)

    def code(self, now: Sequence[Any], shape: Any) -> Code:
        """Return the machine code that carries a run on, from numbers in a row and two saved times to numbers in a row.

        Args:
            now: what no step changes, what functions remember, what is saved and the paths, in a row.
            shape: how they are put together.
        """
        kinds = tuple((number.shape, number.dtype) for number in now)
        code: Code = self.variant.code.get(("stretch", shape, kinds), lambda: self._made(now, shape))
        return code

    def few(self, now: Sequence[Any], shape: Any) -> Few | None:
        """Return how what the code takes and gives is put together; None where it is not, the program being large."""
        tree, leaves = import_jax().tree, import_jax().tree.leaves
        once, memory, saved, _ = tree.unflatten(shape, now)
        begin, outputs = len(leaves((once, memory))), len(leaves(saved.outputs))
        every = Gathering.of(now, (begin, begin + outputs))
        memories = len(leaves(memory))
        output = Gathering.of(leaves((memory, saved)), (memories, memories + outputs))
        return Few(every, output) if every.is_small() else None

    def _made(self, now: Sequence[Any], shape: Any) -> Code:
        few, bounds = self.few(now, shape), (np.int64(0), np.int64(1))
        if few is None:
            return self._compiled(partial(self._stretch, carry, shape), (*now, *bounds))
        function = few.inside(partial(self._stretch, small_steps.carry, shape))
        return few.outside(self._compiled(function, (*few.input.together(np, now), *bounds)))

    def _compiled(self, function: Callable[..., Any], numbers: Sequence[Any]) -> Code:
        return compiled(import_jax().jit(function, compiler_options=compiler_options()).lower(*numbers), numbers)

    def _stretch(self, carry: Callable[..., Any], shape: Any, *numbers: Any) -> list[Any]:
        jax = import_jax()
        *now, first, last = numbers
        once, memory, saved, paths = jax.tree.unflatten(shape, now)
        bundles = Bundles.of(jax.numpy, paths)

        def step(memory: Any, number: Any) -> Moment:
            return self.variant.moment(jax.numpy, once, bundles, memory, number)

        carried: list[Any] = jax.tree.leaves(carry(self.variant, step, (memory, saved), first, last))
        return carried


def carry(variant: Variant, step: Callable[[Any, Any], Moment], now: Any, first: Any, last: Any) -> Any:
    """Carry a run on from a saved time to another, compiled; of what is saved, the times to return are kept.

    Args:
        variant: the way the program is run.
        step: the evaluation of a step, from what functions remember and its number.
        now: what functions remember, and room for what is saved.
        first: number of the saved time that the run stands at.
        last: number of the saved time to go to.
    """
    memory, room = now
    kinds = kinds_of(room.outputs)
    packed = [_stacked([room.outputs[name] for name in names], 1) for names in kinds]
    memory, packed, delays = carry_packed(variant, step, (memory, packed, room.delays), kinds, (first, last))
    return memory, StepResult(unpacked(room.outputs, packed), delays)


def carry_packed(
    variant: Variant, step: Callable[[Any, Any], Moment], now: tuple[Any, list[Any], Any], kinds: list[list[str]],
    rows: tuple[Any, Any],
) -> tuple[Any, list[Any], Any]:
    """Do the same with the outputs of one kind in one array.

    Args:
        variant: the way the program is run.
        step: as of `carry`.
        now: what functions remember, by kind the room for outputs (time, output, *dims), and the least of the delays.
        kinds: names of the outputs of each kind.
        rows: numbers of the saved times to go on from and to go to.
    """
    jax = import_jax()
    every, slots = variant.grid.every, jax.numpy.asarray(variant.slots)
    memory, packed, delays = now

    def put(room: tuple[list[Any], Any], saved: StepResult, row: Any) -> tuple[list[Any], Any]:
        slot = slots[row] if variant.chosen else row
        update = jax.lax.dynamic_update_index_in_dim
        outputs = [update(rooms, _stacked([saved.outputs[name] for name in names], 0), slot, 0)
                   for rooms, names in zip(room[0], kinds, strict=True)]
        return outputs, jax.tree.map(jax.numpy.minimum, room[1], saved.delays)

    def body(row: Any, carried: Any) -> Any:
        memory, room = carried
        moment = step(memory, row * every)
        room, memory = put(room, moment.saved(), row), moment.advanced()
        if every > 1:
            memory = jax.lax.fori_loop(1, every, lambda i, memory: step(memory, row * every + i).advanced(), memory)
        return memory, room

    memory, (packed, delays) = jax.lax.fori_loop(*rows, body, (memory, (packed, delays)))
    return memory, packed, delays


def unpacked(outputs: Mapping[str, Any], packed: Sequence[Any]) -> dict[str, Any]:
    """Return outputs one by one.

    Args:
        outputs: arrays of the same kinds, in the order to return them in.
        packed: by kind, the outputs of it (time, output, *dims).
    """
    data = {name: rooms[:, seat] for rooms, names in zip(packed, kinds_of(outputs), strict=True)
            for seat, name in enumerate(names)}
    return {name: array.of(data[name]) for name, array in outputs.items()}


def _placed(once: Once, memory: Any, saved: StepResult) -> tuple[Once, Any, StepResult]:
    """Bring what a run goes on from to where code reads it, so that runs that share it need not.

    Of a small program it stays on the host, where it is put together into few arrays.
    """
    jax, now = import_jax(), (once, memory, saved)
    is_small = all(number.nbytes <= MOST_BYTES for number in jax.tree.leaves((once, memory)))
    placed: tuple[Once, Any, StepResult] = now if is_small else jax.device_put(now)
    return placed


def kinds_of(outputs: Mapping[str, Any]) -> list[list[str]]:
    """Return the names of outputs of one shape and type together: a step writes all of them down at once."""
    kinds: dict[Any, list[str]] = {}
    for name, array in outputs.items():
        kinds.setdefault((array.data.shape, array.data.dtype), []).append(name)
    return list(kinds.values())


def _stacked(arrays: Sequence[Any], axis: int) -> Any:
    return import_jax().numpy.stack([array.data for array in arrays], axis)


def _bytes_of(times: Any, values: Any, moments: Any) -> bytes:
    """Return what a path says at some rising moments: the one value where it stays at it to the bit, as most do."""
    until = values[: int(times.searchsorted(moments[-1])) + 1]
    first: bytes = until[:1].tobytes()
    if len(until) == 1 or until.tobytes() == first * len(until):
        return first
    along: bytes = linear(np, times, values, moments).tobytes()
    return along
