"""A run in stretches: begun on the host, then carried on by compiled code from any saved time to any other.

What the host begins need not be compiled, and runs that differ only from some time on share all that went before.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np

from xiancheng.engine.arrays import Array
from xiancheng.engine.compiling import compiler_options, import_jax
from xiancheng.engine.evaluation import Held
from xiancheng.engine.program import deep
from xiancheng.engine.variants import DELAY, Moment, Variant

_KEPT = 4
"""Runs whose beginning stays in memory."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A run that stands at a saved time.

    Attributes:
        row: number of that time, 0 for the start.
        held: what no step changes, by number of the label.
        kept: what functions remember, by label.
        saved: what was saved before that time, by output (time to return, *dims) and delay.
        fixed: outputs that do not move.
    """

    row: int
    held: Mapping[str, Any]
    kept: Mapping[str, Any]
    saved: Mapping[str, Any]
    fixed: Mapping[str, Any]


@dataclass(eq=False)
class Stretches:
    """Runs of one variant, each begun once for all runs that are told the same until then.

    Attributes:
        variant: the way the program is run.
    """

    variant: Variant
    _begun: OrderedDict[tuple[int, bytes], Standing] = field(default_factory=OrderedDict)
    _labels: dict[Any, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _code: list[Callable[..., Any]] = field(default_factory=list)

    def run(self, given: Mapping[str, Any], paths: Mapping[str, Any], branch: int = 0) -> dict[str, Any]:
        """Return what `simulate` of the variant returns.

        Args:
            given: values by key.
            paths: (times, values) by key.
            branch: number of a saved time; runs that are told the same before it share what they do before it.
        """
        standing = self._standing(given, paths, min(branch, self.variant.rows - 1))
        end = self._carried(standing, paths, self.variant.rows)
        return {**end.saved, **end.fixed}

    @property
    def beginnings(self) -> int:
        """The number of beginnings kept."""
        return len(self._begun)

    def forget(self) -> None:
        """Forget every beginning."""
        with self._lock:
            self._begun.clear()

    def _standing(self, given: Mapping[str, Any], paths: Mapping[str, Any], row: int) -> Standing:
        mark = row, self._told(given, paths, row)
        with self._lock:
            if mark in self._begun:
                self._begun.move_to_end(mark)
                return self._begun[mark]
        if row == 0:
            found = self._start(given, paths)
        else:
            found = self._carried(self._standing(given, paths, 0), paths, row)
        with self._lock:
            self._begun[mark] = found
            while len(self._begun) > _KEPT:
                self._begun.popitem(last=False)
        return found

    def _told(self, given: Mapping[str, Any], paths: Mapping[str, Any], row: int) -> bytes:
        """Return a digest of all that a run is told until a saved time."""
        grid, dtype = self.variant.grid, self.variant.dtype
        moments = dtype(grid.start) + np.arange(max(row * grid.every, 1)) * dtype(grid.step)
        digest = hashlib.sha256()
        for name in sorted(given):
            digest.update(name.encode() + np.ascontiguousarray(given[name]).tobytes())
        for name in sorted(paths):
            times, values = paths[name]
            digest.update(name.encode() + _along(times, values, moments).tobytes())
        return digest.digest()

    def _start(self, given: Mapping[str, Any], paths: Mapping[str, Any]) -> Standing:
        """Begin a run on the host."""
        variant = self.variant
        with deep(), np.errstate(all="ignore"):
            once, start = variant.begin(np, given, paths)
            kept = import_jax().tree.map(self._own, variant.kept(start))
            first = variant.first(once, start, paths)
            saved = {name: self._own(value) for name, value in first.saved().items()}
            fixed = {name: self._own(value) for name, value in variant.fixed(once).items()}
        asked = {label: first.now.memo["lower", label] for label in first.asked}
        with self._lock:
            for label, array in asked.items():
                self._labels.setdefault(label, (str(len(self._labels)), array.dims))
        held = {self._labels[label][0]: self._own(array.data) for label, array in asked.items()}
        return Standing(0, held, kept, variant.empty(np, saved), fixed)

    def _own(self, value: Any) -> Any:
        """Return numbers in the precision of the run, which NumPy leaves where a number of Python's own joins in."""
        value = np.asarray(value)
        return value if value.dtype == bool else value.astype(self.variant.dtype)

    def _carried(self, standing: Standing, paths: Mapping[str, Any], row: int) -> Standing:
        """Carry a run on to a saved time, or to its end."""
        if not self._code:
            self._code.append(import_jax().jit(self._carry, compiler_options=compiler_options()))
        told = standing.held, standing.kept, standing.saved, paths
        kept, saved = self._code[0](*told, np.int64(standing.row), np.int64(row))
        return replace(standing, row=row, kept=kept, saved=saved)

    def _carry(self, held: Any, kept: Any, saved: Any, paths: Any, first: Any, last: Any) -> Any:
        values = {label: Array(held[number], dims) for label, (number, dims) in self._labels.items()}
        once = Held(self.variant.host, values)

        def step(kept: Any, number: Any) -> Moment:
            return self.variant.moment(import_jax().numpy, once, paths, kept, number)

        with deep():
            return carry(self.variant, step, (kept, saved), first, last)


def carry(variant: Variant, step: Callable[[Any, Any], Moment], told: Any, first: Any, last: Any) -> Any:
    """Carry a run on from a saved time to another, compiled; of what is saved, the times to return are kept.

    Args:
        variant: the way the program is run.
        step: the evaluation of a step, from what functions remember and its number.
        told: what functions remember, and room for what is saved.
        first: number of the saved time that the run stands at.
        last: number of the saved time to go to.
    """
    jax = import_jax()
    every, slots = variant.grid.every, jax.numpy.asarray(variant.slots)

    def put(room: Any, name: str, value: Any, row: Any) -> Any:
        if name.startswith(DELAY):
            return jax.numpy.minimum(room, value)
        return jax.lax.dynamic_update_index_in_dim(room, value, slots[row] if variant.chosen else row, 0)

    def body(row: Any, carried: Any) -> Any:
        kept, room = carried
        now = step(kept, row * every)
        room = {name: put(room[name], name, value, row) for name, value in now.saved().items()}
        kept = now.advanced()
        if every > 1:
            kept = jax.lax.fori_loop(1, every, lambda i, kept: step(kept, row * every + i).advanced(), kept)
        return kept, room

    return jax.lax.fori_loop(first, last, body, told)


def _along(times: Any, values: Any, moments: Any) -> Any:
    """Return a path (point, …) at several moments: linear between points, constant outside."""
    if len(times) == 1:
        return values
    at = np.clip(np.searchsorted(times, moments, side="right") - 1, 0, len(times) - 2)
    first, second = times[at], times[at + 1]
    weight = np.clip((moments - first) / (second - first), 0.0, 1.0).reshape(-1, *[1] * (values.ndim - 1))
    return np.where(weight >= 1.0, values[at + 1], values[at] + (values[at + 1] - values[at]) * weight)
