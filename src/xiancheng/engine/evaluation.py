"""Expressions evaluated: lazily, each variable and each lasting part once, in NumPy or JAX by the same code.

What evaluates is written as coroutines, which `pending.value_of` runs: chains of equations nest no calls. One
`Evaluation` belongs to one moment: the host's constants, the start of a run, or one step. What changes less often is
asked of the evaluation below (`parent`), so that it is computed outside the loop over time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xiancheng.engine import assemble, bundles, products, syntax, vectors
from xiancheng.engine.arrays import Array, cut, full, together
from xiancheng.engine.compiled import Compiled
from xiancheng.engine.functions import TABLE, TIMELESS, Clock
from xiancheng.engine.graph import STEP as EVERY_STEP
from xiancheng.engine.graph import Stages
from xiancheng.engine.interpolate import at_points
from xiancheng.engine.loops import CELLS, SLOW, apart, laid, stored
from xiancheng.engine.once import Once
from xiancheng.engine.pending import pending
from xiancheng.engine.powers import literal_power
from xiancheng.engine.source import key
from xiancheng.engine.states import STAGES, STEP
from xiancheng.engine.subscripts import Piece, select, token_of
from xiancheng.engine.syntax import Call, External, LookupCall, Missing, Node, Number, Reference, StateCall, Values

LOGIC = (":AND:", ":OR:", ":NOT:", "IF THEN ELSE")


Ask = Callable[[Any], Awaitable[Array]]
"""Asks an evaluation, or what stands in for it, for a value."""


@dataclass(eq=False)
class Evaluation:
    """One moment of one run.

    Attributes:
        compiled: the model's plan and host data.
        stages: how often each part is computed.
        xp: numpy or jax.numpy.
        dtype: of all numbers.
        level: CONSTANT, ONCE or STEP: the most frequent stage computed here.
        parent: the evaluation of the stage below, or None.
        numbers: values by variable key that replace its equations.
        paths: (times, values) by variable key, one by one or put together.
        clock: time and step; nothing below STEP asks for them.
        memory: what functions remember, by label; None at the start, where they begin.
        start: the evaluation of the start, asked by INITIAL.
        memo: what has been computed, by label.
        questions: what has been asked of the parent, by label.
    """

    compiled: Compiled
    stages: Stages
    xp: Any
    dtype: Any
    level: int
    parent: Evaluation | Once | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    paths: Mapping[str, tuple[Any, Any]] | bundles.Bundles = field(default_factory=dict)
    clock: Clock = TIMELESS
    memory: Mapping[str, Any] | None = None
    start: Evaluation | None = None
    memo: dict[Any, Array] = field(default_factory=dict)
    questions: dict[Any, Ask] = field(default_factory=dict)

    async def variable(self, name: str) -> Array:
        """Return a variable over its own dims."""
        if self.stages.variables[name] < self.level:
            return await self._lower(("variable", name), lambda parent: parent.variable(name))
        return await self._once(name, lambda: self._variable(name))

    @pending
    async def node(self, node: Node, piece: Piece) -> Array:
        """Return the value of an expression inside an equation; the one call through which all others nest."""
        if self.stages.node(node) < self.level:
            return await self._lower((id(node), piece.label), lambda parent: parent.node(node, piece))
        return await _HANDLERS[type(node)](self, node, piece)

    async def piece(self, piece: Piece) -> Array:
        """Return the value of an equation over the piece's tokens."""
        return await self._once(piece.label, lambda: self.node(piece.component.node, piece))

    async def number(self, node: Node, piece: Piece) -> Array:
        """Return the value of an expression as numbers, 1 for true."""
        return self.as_number(await self.node(node, piece))

    async def _once(self, label: Any, compute: Callable[[], Awaitable[Array]]) -> Array:
        if label not in self.memo:
            self.memo[label] = await compute()
        return self.memo[label]

    async def _lower(self, label: Any, ask: Ask) -> Array:
        if ("lower", label) not in self.memo:
            self.questions[label] = ask
            self.memo["lower", label] = self._taken(await ask(self.parent))
        return self.memo["lower", label]

    def _taken(self, array: Array) -> Array:
        """Bring host numbers to the run's precision, and what a step is given to the order of its loops."""
        if isinstance(array.data, np.ndarray | np.generic) and array.data.dtype != bool:
            array = array.of(np.asarray(array.data, dtype=self.dtype))
        return self._laid(array) if self.level == EVERY_STEP else array

    def _laid(self, array: Array) -> Array:
        return Array(*laid(self.xp, array.data, array.dims, self.compiled.sizes))

    async def _variable(self, name: str) -> Array:
        dims = self.compiled.model.variables[name].dims
        if name in self.paths:
            return self._laid(Array(bundles.value(self, name), dims))
        if name in self.numbers:
            return Array(self.numbers[name], dims)
        pieces = self.compiled.plan.pieces[name]
        array = await assemble.variable(self.xp, pieces, self.piece, dims, self.compiled.sizes)
        return self._stored(array) if name in self.compiled.stored else array

    def _stored(self, array: Array) -> Array:
        """Let the compiler keep what several equations read, which it else computes anew inside each of them."""
        if array.is_bool or not self._is_large(array.data):
            return array
        return array.of(stored(self.clock.time > -self.xp.inf, array.data))

    def _apart(self, data: Any) -> Any:
        """Let the compiler write the result to other memory where a loop over many cells gains by it."""
        return apart(self.clock.time > -self.xp.inf, data) if self._is_large(data) else data

    def _is_large(self, data: Any) -> bool:
        """Tell whether this is computed in a compiled step, in a long loop."""
        compiled = self.xp is not np and self.memory is not None
        return compiled and not isinstance(data, tuple) and np.size(data) >= CELLS

    async def reference(self, node: Reference, piece: Piece) -> Array:
        """Return the cells that an expression refers to."""
        name = key(node.name)
        if name == "time":
            return Array(self.xp.asarray(self.clock.time, dtype=self.dtype))
        if name not in self.compiled.model.variables:
            return self._position(name, piece)
        selectors = select(name, node.subscripts, piece, self.compiled.model)
        dims = self.compiled.model.variables[name].dims
        shape = self.compiled.shape(name)
        if name in self.compiled.plan.partial and name not in self.stages.inputs:
            if self.stages.variables[name] < self.level:
                return await self._lower((id(node), piece.label), lambda parent: parent.reference(node, piece))
            pieces = self.compiled.plan.pieces[name]
            return await assemble.fetch(self.xp, pieces, self.piece, selectors, shape, self.compiled.sizes)
        return cut(self.xp, await self.variable(name), dims, selectors, shape)

    def _position(self, name: str, piece: Piece) -> Array:
        """Return the numbers, from 1, of a range or element used as a value."""
        ranges = self.compiled.model.dimensions
        numbers = np.array(ranges.number(name), dtype=self.dtype)
        if not ranges.is_range(name):
            return Array(numbers[0])
        token, places = token_of(name, piece, ranges)
        chosen = numbers if places is None else numbers[list(places)]
        return Array(chosen[0]) if token is None else Array(chosen, (token,))

    async def _number(self, node: Number, piece: Piece) -> Array:
        return Array(np.asarray(node.value, dtype=self.dtype))

    async def _values(self, node: Values, piece: Piece) -> Array:
        return Array(np.asarray(self.compiled.constant(node, piece), dtype=self.dtype), piece.tokens)

    async def _external(self, node: External, piece: Piece) -> Array:
        if node.kind == "constants":
            return Array(np.asarray(self.compiled.constant(node, piece), dtype=self.dtype), piece.tokens)
        return await self._recorded(node, piece)

    async def _recorded(self, node: External | Missing, piece: Piece) -> Array:
        series = self.compiled.series(node, piece)
        times, values = np.asarray(series.x, self.dtype), np.asarray(series.values, self.dtype)
        return Array(at_points(self.xp, times, values, self.clock.time, piece.component.keyword), piece.tokens)

    async def _lookup(self, node: LookupCall, piece: Piece) -> Array:
        return await products.lookup(self, node, piece)

    async def _call(self, node: Call, piece: Piece) -> Array:
        row = TABLE[node.function]
        if row.kind == "special":
            return await self._special(node, piece)
        if row.kind == "vector":
            return await products.vector(self, node, piece)
        arguments = [await self.node(argument, piece) for argument in node.arguments]
        if row.kind == "random":
            return vectors.drawn(self, node, piece, [self.as_number(argument) for argument in arguments])
        if row.kind == "along":
            return vectors.last_dimension(self, node, piece, arguments)
        if node.function == "^" and isinstance(node.arguments[1], Number):
            return Array(literal_power(self.xp, arguments[0].data, node.arguments[1].value), arguments[0].dims)
        if node.function not in LOGIC:
            arguments = [self.as_number(argument) for argument in arguments]
        elif node.function == "IF THEN ELSE":
            arguments[1:] = [self.as_number(argument) for argument in arguments[1:]]
        data, dims = together(self.xp, arguments, piece.tokens)
        if node.function in SLOW:
            data[0] = self._apart(data[0])
        if row.kind == "time":
            return Array(row.implement(self.xp, self.clock, *data), dims)
        return Array(row.implement(self.xp, *data), dims)

    def as_number(self, array: Array) -> Array:
        """Return numbers in the precision of the run, 1 for true."""
        return Array(array.data.astype(self.dtype), array.dims) if array.is_bool else array

    async def _special(self, node: Call, piece: Piece) -> Array:
        if node.function == "VECTOR ELM MAP":
            return await vectors.element(self, node, piece)
        if node.function == "ACTIVE INITIAL":
            return await self.node(node.arguments[1 if self.memory is None else 0], piece)
        if self.start is not None:
            return await self.start.node(node.arguments[0], piece)
        return await self.node(node.arguments[0], piece)

    async def shown(self, node: StateCall, piece: Piece) -> Array:
        """Return what a function that remembers shows now; at the start, what it begins with."""
        label, dims = self.compiled.label(node, piece), self.compiled.memory_dims(node, piece)
        memory = await self.begun(node, piece) if self.memory is None else self.memory[label]
        return Array(node.rule.show(self.xp, memory, await self._needed(node, piece, node.rule.show_needs)), dims)

    async def begun(self, node: StateCall, piece: Piece) -> Any:
        """Return what a function remembers at the start."""
        label = f"begun {self.compiled.label(node, piece)}"
        if label not in self.memo:
            needed = await self._needed(node, piece, node.rule.begin_needs)
            self.memo[label] = node.rule.begin(self.xp, needed, int(np.max(self.compiled.order(node, piece))))
        return self.memo[label]

    async def advanced(self, node: StateCall, piece: Piece, memory: Any) -> Any:
        """Return what a function remembers one step after it remembers `memory`."""
        needed = await self._needed(node, piece, node.rule.advance_needs)
        return node.rule.advance(self.xp, self._apart(memory), needed, self.clock.step)

    async def settled(self, node: StateCall, piece: Piece, memory: Any) -> Any:
        """Return what a function remembers at the end of a step that is no Euler step."""
        needed = await self._needed(node, piece, node.rule.advance_needs)
        return node.rule.settle(self.xp, memory, needed) if node.rule.settle else memory

    async def _needed(self, node: StateCall, piece: Piece, positions: tuple[int, ...]) -> dict[Any, Any]:
        """Return arguments by position over all dims, and the number of stages."""
        dims = self.compiled.memory_dims(node, piece)
        values: dict[Any, Any] = {STAGES: self.compiled.order(node, piece), STEP: self.clock.step}
        for position in positions:
            value = await self.number(node.arguments[position], piece)
            values[position] = self.xp.asarray(full(self.xp, value, dims, self.compiled.sizes), dtype=self.dtype)
        return values


_HANDLERS: dict[type[Node], Callable[..., Awaitable[Array]]] = {
    Number: Evaluation._number,
    Reference: Evaluation.reference,
    Call: Evaluation._call,
    StateCall: Evaluation.shown,
    LookupCall: Evaluation._lookup,
    Values: Evaluation._values,
    External: Evaluation._external,
    Missing: Evaluation._recorded,
    syntax.OwnMemory: vectors.own_memory,
}
