"""The ways to run a program: what is given, what moves in time, how precise it is; and how one run is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from xiancheng.engine.arrays import full
from xiancheng.engine.compiled import Compiled
from xiancheng.engine.evaluation import Ask, Evaluation, Held
from xiancheng.engine.functions import TABLE, Clock
from xiancheng.engine.graph import CONSTANT, ONCE, STEP, Stages, reached, stages
from xiancheng.engine.program import Grid, Program, constants, deep
from xiancheng.engine.results import Prepared

DELAY = "delay "
"""Begins the name of a delay among what a step saves."""


@dataclass(eq=False)
class Variant:
    """One way to run a program: which parameters it takes and how precise it is.

    Attributes:
        compiled: plan and host data.
        grid: the clock.
        outputs: keys of the variables to return.
        stages: how often each part is computed.
        dtype: of all numbers.
        sample: parameters of the kind that it takes.
        chosen: positions, rising, among the saved times of those to return; all when None.
        dims: of each output, known after the first trace.
    """

    compiled: Compiled
    grid: Grid
    outputs: tuple[str, ...]
    stages: Stages
    dtype: Any
    sample: Prepared
    chosen: tuple[int, ...] | None = None
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the precision."""
        return str(np.dtype(self.dtype).name)

    def simulate(self, xp: Any, scan: Callable[..., Any], given: Any, paths: Any) -> dict[str, Any]:
        """Return every output (those that move with time in front) and the shortest delay ratio met."""
        with deep(), np.errstate(all="ignore"):
            return self._simulate(xp, scan, given, paths)

    def _simulate(self, xp: Any, scan: Callable[..., Any], given: Any, paths: Any) -> dict[str, Any]:
        once, start = self.begin(xp, given, paths)
        for ask in self.asked.values():  # here, so that the loop computes none of it
            ask(once)
        every = self.grid.every

        def moment(kept: Any, step: Any) -> Moment:
            return self.moment(xp, once, paths, kept, step, start)

        def body(kept: Any, number: Any) -> tuple[Any, Any]:
            now = moment(kept, number * every)
            saved, kept = now.saved(), now.advanced()
            if every > 1:
                kept, _ = scan(lambda kept, i: (moment(kept, number * every + i).advanced(), 0), kept, 1, every)
            return kept, saved

        _, found = scan(body, self.kept(start), 0, self.rows)
        return {name: self._thinned(name, value) for name, value in found.items()} | self.fixed(once)

    def _thinned(self, name: str, value: Any) -> Any:
        """Return what of all saved times is to be returned; of delays all, since the shortest may lie between."""
        return value[np.array(self.chosen)] if self.chosen and not name.startswith(DELAY) else value

    @cached_property
    def host(self) -> Evaluation:
        """The evaluation of the constants."""
        return constants(self.compiled, self.stages)

    @property
    def rows(self) -> int:
        """The number of saved times until the last to return."""
        return self.chosen[-1] + 1 if self.chosen else self.grid.steps // self.grid.every + 1

    @property
    def times(self) -> Any:
        """The saved times to return."""
        return self.grid.saved[list(self.chosen)] if self.chosen else self.grid.saved

    @cached_property
    def slots(self) -> Any:
        """For each saved time the first to return that is not before it: what comes later there overwrites it."""
        rows = np.arange(self.rows)
        return np.searchsorted(np.array(self.chosen), rows) if self.chosen else rows

    def begin(self, xp: Any, given: Any, paths: Any) -> tuple[Evaluation, Evaluation]:
        """Return the evaluation of what a run computes once, and of its start."""
        once = Evaluation(self.compiled, self.stages, xp, self.dtype, ONCE, self.host, given, paths)
        start = Evaluation(self.compiled, self.stages, xp, self.dtype, STEP, once, given, paths, self._clock(0))
        once.start = start
        return once, start

    def kept(self, start: Evaluation) -> dict[str, Any]:
        """Return what functions remember at the start."""
        return {self.compiled.label(*one): start.begun(*one) for one in self.compiled.remembering()}

    def fixed(self, once: Evaluation) -> dict[str, Any]:
        """Return the outputs that do not move."""
        return {name: self.data(once, name) for name in self.outputs if name not in self.moving()}

    def moment(
        self, xp: Any, once: Evaluation | Held, paths: Any, kept: Any, step: Any, start: Evaluation | None = None
    ) -> Moment:
        """Return the evaluation of one step."""
        clock = self._clock(step)
        return Moment(self, Evaluation(
            self.compiled, self.stages, xp, self.dtype, STEP, once, {}, paths, clock, kept, start))

    @cached_property
    def sampled(self) -> Moment:
        """The first step of a run with the sample, computed on the host."""
        once, start = self.begin(np, self.sample.given, self.sample.paths)
        return self.first(once, start, self.sample.paths)

    @property
    def asked(self) -> Mapping[Any, Ask]:
        """What a step asks of what is computed once, by label."""
        return self.sampled.asked

    def empty(self, xp: Any, saved: Mapping[str, Any]) -> dict[str, Any]:
        """Return room for what each time to return saves, given what one time saves; of delays for the least."""
        return {
            name: xp.full((), np.inf, self.dtype) if name.startswith(DELAY)
            else xp.zeros((len(self.times), *np.shape(value)), bool if value.dtype == bool else self.dtype)
            for name, value in saved.items()
        }

    def first(self, once: Evaluation, start: Evaluation, paths: Any) -> Moment:
        """Return the first step, all of it computed."""
        now = self.moment(np, once, paths, self.kept(start), 0, start)
        now.saved(), now.advanced()
        return now

    def _clock(self, step: Any) -> Clock:
        return Clock(self.dtype(self.grid.start) + step * self.dtype(self.grid.step), float(self.grid.step))

    def moving(self) -> tuple[str, ...]:
        """Return the outputs that move in time."""
        return tuple(name for name in self.outputs if self.stages.variables[name] == STEP)

    def data(self, now: Evaluation, name: str) -> Any:
        """Return an output's data, its dims noted."""
        array = now.variable(name)
        self.dims[name] = array.dims
        return now.xp.asarray(array.data)


@dataclass(frozen=True, eq=False)
class Moment:
    """One step of one run.

    Attributes:
        variant: the way the program is run.
        now: the evaluation of the step.
    """

    variant: Variant
    now: Evaluation

    def advanced(self) -> dict[str, Any]:
        """Return what functions remember one step later."""
        compiled = self.variant.compiled
        return {compiled.label(*one): self.now.advanced(*one) for one in compiled.remembering()}

    def saved(self) -> dict[str, Any]:
        """Return the outputs that move, and each delay that is no constant in units of the shortest allowed."""
        return {name: self.variant.data(self.now, name) for name in self.variant.moving()} | self._delays()

    @property
    def asked(self) -> dict[Any, Ask]:
        """Return what the step has asked of what is computed once, by label; constants are not among it."""
        once = self.now.parent
        assert isinstance(once, Evaluation)
        return {label: ask for label, ask in self.now.asked.items() if label not in once.asked}

    def _delays(self) -> dict[str, Any]:
        found, now, compiled = {}, self.now, self.variant.compiled
        for node, piece in compiled.remembering():
            rule = TABLE[node.function].state
            if rule is not None and rule.delay is not None:
                argument = node.arguments[rule.delay]
                if self.variant.stages.node(argument) != CONSTANT:
                    least = compiled.order(node, piece) * self.variant.grid.step
                    label = f"{DELAY}{compiled.label(node, piece)}"
                    found[label] = now.xp.min(now.node(argument, piece).data) / least
        return found


def variant_of(
    program: Program, prepared: Prepared, dtype: Any, chosen: tuple[int, ...] | None = None
) -> Variant:
    """Return the way to run a program that the parameters ask for, and the times to return."""
    given = frozenset(prepared.given) | frozenset(prepared.paths)
    label = ("variant", given, frozenset(prepared.paths), np.dtype(dtype).name, chosen)
    if label not in program.variants:
        found = stages(program.compiled.plan, given, prepared.paths)
        program.variants[label] = Variant(
            program.compiled, program.grid, program.outputs, found, np.dtype(dtype).type, prepared.first(dtype), chosen)
    return program.variants[label]  # type: ignore[no-any-return]


def complete(program: Program, prepared: Prepared) -> Prepared:
    """Add the model's own values of open inputs that the parameters leave out, so that one variant serves all."""
    taken = prepared.given.keys() | prepared.paths.keys()
    missing = sorted(name for name in program.inputs - taken if _stands_alone(program, name, program.inputs | taken))
    if not missing:
        return prepared
    host = constants(program.compiled, stages(program.compiled.plan, (), ()))
    own = {}
    with deep():
        for name in missing:
            shape = program.compiled.shape(name)
            array = host.variable(name)
            dims = program.model.variables[name].dims
            own[name] = np.array(full(np, array, dims, program.compiled.sizes)).reshape(shape)
    return Prepared({**prepared.given, **own}, prepared.paths, prepared.batched, prepared.runs)


def _stands_alone(program: Program, name: str, others: Set[str]) -> bool:
    """Tell whether an open input keeps its own value whatever the other inputs are."""
    if program.model.variables[name].kind == "data":
        return False
    return not (reached(program.model, [name]) - {name}) & others
