"""The ways to run a program: what is given, what moves in time, how precise it is; and how one run is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from xiancheng.cache import Cache
from xiancheng.engine.arrays import Array, full
from xiancheng.engine.compiled import Compiled
from xiancheng.engine.evaluation import Ask, Evaluation
from xiancheng.engine.functions import Clock
from xiancheng.engine.graph import CONSTANT, ONCE, STEP, Stages, reached, stages
from xiancheng.engine.methods import Method, runge_kutta
from xiancheng.engine.once import Once
from xiancheng.engine.pending import value_of
from xiancheng.engine.program import Grid, Program, constants, opened
from xiancheng.engine.results import Prepared
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import StateCall


class StepResult(NamedTuple):
    """What a step saves, or all steps of a run together.

    Attributes:
        outputs: by key; of a run those that move have an axis of time in front, which their dims do not name.
        delays: each delay that is no constant, by label, in units of the shortest allowed.
    """

    outputs: dict[str, Array]
    delays: dict[str, Any]


@dataclass(frozen=True, eq=False)
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
        code: what has been compiled for it, by purpose; it changes no result.
    """

    compiled: Compiled
    grid: Grid
    outputs: tuple[str, ...]
    stages: Stages
    dtype: Any
    sample: Prepared
    chosen: tuple[int, ...] | None = None
    code: Cache = field(default_factory=Cache, repr=False)

    def simulate(self, xp: Any, scan: Callable[..., Any], numbers: Any, paths: Any) -> StepResult:
        """Return every output (those that move with time in front) and the shortest of each delay met."""
        with np.errstate(all="ignore"):
            once, start = self.begin(xp, numbers, paths)
            self.ask(once)
            every = self.grid.every

            def moment(memory: Any, step: Any) -> Moment:
                return self.moment(xp, once, paths, memory, step, start)

            def body(memory: Any, number: Any) -> tuple[Any, Any]:
                now = moment(memory, number * every)
                saved, memory = now.saved(), now.advanced()
                if every > 1:
                    memory, _ = scan(lambda memory, i: (moment(memory, number * every + i).advanced(), 0),
                                     memory, 1, every)
                return memory, saved

            saved = scan(body, self.memory(start), 0, self.rows)[1]
            outputs = {name: array.of(self._thinned(array.data)) for name, array in saved.outputs.items()}
            return StepResult(outputs | self.fixed(once), saved.delays)

    def _thinned(self, values: Any) -> Any:
        """Return what of all saved times is to be returned."""
        return values[np.array(self.chosen)] if self.chosen else values

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

    def begin(self, xp: Any, numbers: Any, paths: Any) -> tuple[Evaluation, Evaluation]:
        """Return the evaluation of what a run computes once, and of its start."""
        once = Evaluation(self.compiled, self.stages, xp, self.dtype, ONCE, self.host, numbers, paths)
        start = Evaluation(self.compiled, self.stages, xp, self.dtype, STEP, once, numbers, paths, self._clock(0))
        once.start = start
        return once, start

    def memory(self, start: Evaluation) -> dict[str, Any]:
        """Return what functions remember at the start."""
        return {self.compiled.label(*call): value_of(start.begun(*call)) for call in self.compiled.remembering()}

    def fixed(self, once: Evaluation) -> dict[str, Array]:
        """Return the outputs that do not move."""
        return {name: _output(once, name) for name in self.outputs if name not in self.moving()}

    def moment(
        self, xp: Any, once: Evaluation | Once, paths: Any, memory: Any, step: Any, start: Evaluation | None = None
    ) -> Moment:
        """Return the evaluation of one step."""
        clock = self._clock(step)
        return Moment(self, Evaluation(
            self.compiled, self.stages, xp, self.dtype, STEP, once, {}, paths, clock, memory, start), memory)

    @cached_property
    def sampled(self) -> tuple[Mapping[Any, Ask], StepResult]:
        """What the first step of the sample, on the host, asks of what is computed once, by label; what it saves."""
        once, start = self.begin(np, self.sample.numbers, self.sample.paths)
        first = self.first(once, start, self.sample.paths)
        return first.questions(once), first.saved()

    def own(self, value: Any) -> Any:
        """Return numbers in the precision of the run, which NumPy leaves where a number of Python's own joins in."""
        value = np.asarray(value)
        return value if value.dtype == bool else value.astype(self.dtype)

    def ask(self, once: Evaluation) -> None:
        """Compute all that steps ask of what is computed once, so that a loop over steps computes none of it."""
        for ask in self.sampled[0].values():
            value_of(ask(once))

    def empty(self, xp: Any, saved: StepResult) -> StepResult:
        """Return room for what each time to return saves, given what one time saves; of delays for the least."""
        outputs = {
            name: array.of(xp.zeros((len(self.times), *np.shape(array.data)), bool if array.is_bool else self.dtype))
            for name, array in saved.outputs.items()
        }
        return StepResult(outputs, {label: xp.full((), np.inf, self.dtype) for label in saved.delays})

    def first(self, once: Evaluation, start: Evaluation, paths: Any) -> Moment:
        """Return the first step, all of it computed."""
        now = self.moment(np, once, paths, self.memory(start), 0, start)
        now.saved(), now.advanced()
        return now

    def _clock(self, step: Any) -> Clock:
        return Clock(self.dtype(self.grid.start) + step * self.dtype(self.grid.step), float(self.grid.step))

    def moving(self) -> tuple[str, ...]:
        """Return the outputs that move in time."""
        return tuple(name for name in self.outputs if self.stages.variables[name] == STEP)


def _output(now: Evaluation, name: str) -> Array:
    array = value_of(now.variable(name))
    return array.of(now.xp.asarray(array.data))


def _advanced(
    now: Evaluation, calls: Mapping[str, tuple[StateCall, Piece]], memory: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what functions remember one step at the rates of a moment later."""
    return {label: value_of(now.advanced(*call, memory[label])) for label, call in calls.items()}


def _difference(later: Any, before: Any) -> Any:
    if isinstance(later, tuple):
        return tuple(_difference(part, other) for part, other in zip(later, before, strict=True))
    return later - before


@dataclass(frozen=True, eq=False)
class Moment:
    """One step of one run.

    Attributes:
        variant: the way the program is run.
        now: the evaluation of the step.
        memory: what functions remember, by label.
    """

    variant: Variant
    now: Evaluation
    memory: Mapping[str, Any]

    def advanced(self) -> dict[str, Any]:
        """Return what functions remember one step later."""
        method, calls = self.variant.grid.method, self.calls
        if method is Method.EULER:
            return _advanced(self.now, calls, self.memory)
        moving = {label: call for label, call in calls.items() if not call[0].rule.discrete}
        steady = {label: call for label, call in calls.items() if call[0].rule.discrete}

        def increments(memory: Mapping[str, Any], share: float) -> dict[str, Any]:
            later = _advanced(self._after(memory, share), moving, memory)
            return {label: _difference(later[label], memory[label]) for label in later}

        later = runge_kutta(method, self.memory, increments) | _advanced(self.now, steady, self.memory)
        settled = {label: value_of(self.now.settled(*call, later[label]))
                   for label, call in moving.items() if call[0].rule.settle is not None}
        return later | settled

    @property
    def calls(self) -> dict[str, tuple[StateCall, Piece]]:
        """The functions that remember, by label."""
        return {self.variant.compiled.label(*call): call for call in self.variant.compiled.remembering()}

    def _after(self, memory: Mapping[str, Any], share: float) -> Evaluation:
        """Return the evaluation of a moment inside the step, with what functions would remember then."""
        if share == 0.0:
            return self.now
        clock = Clock(self.now.clock.time + self.variant.dtype(share * self.now.clock.step), self.now.clock.step)
        return replace(self.now, clock=clock, memory=memory, memo={})

    def saved(self) -> StepResult:
        """Return the outputs that move and the delays."""
        return StepResult({name: _output(self.now, name) for name in self.variant.moving()}, self._delays())

    def questions(self, once: Evaluation) -> dict[Any, Ask]:
        """Return what the step has asked of what is computed once, by label; constants are not among it."""
        return {label: ask for label, ask in self.now.questions.items() if label not in once.questions}

    def _delays(self) -> dict[str, Any]:
        delays, now, compiled = {}, self.now, self.variant.compiled
        for node, piece in compiled.remembering():
            if node.rule.delay is not None:
                argument = node.arguments[node.rule.delay]
                if self.variant.stages.node(argument) != CONSTANT:
                    least = compiled.order(node, piece) * self.variant.grid.step
                    time = value_of(now.node(argument, piece))
                    if not np.ndim(least):
                        delays[compiled.label(node, piece)] = now.xp.min(time.data) / least
                        continue
                    dims = compiled.dims(node, piece)
                    delays[compiled.label(node, piece)] = now.xp.min(full(now.xp, time, dims, compiled.sizes) / least)
        return delays


def variant_of(
    program: Program, prepared: Prepared, dtype: Any, chosen: tuple[int, ...] | None = None
) -> Variant:
    """Return the way to run a program that the parameters ask for, and the times to return."""
    inputs = frozenset(prepared.numbers) | frozenset(prepared.paths)

    def make() -> Variant:
        often = stages(program.compiled.plan, inputs, prepared.paths)
        sample = prepared.first(dtype)
        compiled = program.compiled if inputs <= program.inputs else opened(program, inputs)
        return Variant(compiled, program.grid, program.outputs, often, np.dtype(dtype).type, sample, chosen)

    variant: Variant = program.variants.get((inputs, frozenset(prepared.paths), np.dtype(dtype).name, chosen), make)
    return variant


def complete(program: Program, prepared: Prepared) -> Prepared:
    """Add the model's own values of open inputs that the parameters leave out, so that one variant serves all."""
    taken = prepared.numbers.keys() | prepared.paths.keys()
    missing = sorted(name for name in program.inputs - taken if _stands_alone(program, name, program.inputs | taken))
    if not missing:
        return prepared
    host = constants(program.compiled, stages(program.compiled.plan, (), ()))
    own = {}
    for name in missing:
        dims, sizes = program.model.variables[name].dims, program.compiled.sizes
        array = full(np, value_of(host.variable(name)), dims, sizes)
        own[name] = np.array(array).reshape(program.compiled.shape(name))
    return Prepared({**prepared.numbers, **own}, prepared.paths, prepared.batched, prepared.runs)


def _stands_alone(program: Program, name: str, others: Set[str]) -> bool:
    """Tell whether an open input keeps its own value whatever the other inputs are."""
    if program.model.variables[name].kind == "data":
        return False
    return not (reached(program.model, [name]) - {name}) & others
