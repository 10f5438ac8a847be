"""What evaluations share: the plan, sizes, and the data read once from tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.cache import Cache
from xiancheng.engine import sources
from xiancheng.engine.blocks import Series
from xiancheng.engine.depends import everything
from xiancheng.engine.graph import Plan
from xiancheng.engine.loops import CELLS, short_first
from xiancheng.engine.pending import pending, value_of
from xiancheng.engine.read import Model
from xiancheng.engine.shapes import Dims, dims_of
from xiancheng.engine.source import key
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Call, External, Missing, Node, StateCall, Values, walk

Value = TypeVar("Value")
OPERATIONS = 7
"""Operations a cell from which on a large value that several equations read is kept, not computed in each of them."""


@dataclass(eq=False)
class Compiled:
    """A plan with its host data; nothing here depends on a run.

    Attributes:
        plan: the plan.
        names: keys of the variables that the outputs need.
        sizes: number of elements by dimension, with and without `!`.
        orders: number of stages by label, one or one for each element, for functions whose arguments give it.
    """

    plan: Plan
    names: frozenset[str]
    sizes: Mapping[str, int]
    orders: Mapping[str, Any] = field(default_factory=dict)
    _memo: Cache = field(default_factory=Cache)

    @property
    def model(self) -> Model:
        """Return the model."""
        return self.plan.model

    @cached_property
    def largest(self) -> int:
        """The number of cells of the largest variable."""
        return max((int(np.prod(self.shape(name))) for name in self.names), default=1)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the size of a variable along its dims."""
        return tuple(self.sizes[dim] for dim in self.model.variables[name].dims)

    def constant(self, node: External | Values, piece: Piece) -> Floats:
        """Return the numbers of a constant equation."""
        return self._once(("constant", piece.label), lambda: sources.constant(node, piece, self.model))

    def series(self, node: External | Missing, piece: Piece) -> Series:
        """Return the points in time of a data equation."""
        return self._once(("series", piece.label), lambda: sources.series(node, piece, self.model))

    def lookup(self, name: str) -> Series:
        """Return the points of a named lookup."""
        return self._once(("lookup", name), lambda: sources.lookup(self.model.variables[name], self.model))

    def dims(self, node: Node, piece: Piece) -> Dims:
        """Return the dimensions of an expression."""
        return self._once(("dims", id(node), piece.label), lambda: dims_of(node, piece, self.model))

    def memory_dims(self, node: StateCall, piece: Piece) -> Dims:
        """Return the dimensions of what a function remembers, in the order in which it is kept."""
        dims = self.dims(node, piece)
        return short_first(dims, self.sizes) if isinstance(self.order(node, piece), int) else dims

    def label(self, node: Call, piece: Piece) -> str:
        """Return a name for what a function remembers, the same in every run."""
        return self._once(("label", id(node), piece.label), lambda: self._label(node, piece))

    def order(self, node: StateCall, piece: Piece) -> Any:
        """Return the number of stages of a function, one or one for each element; 1 where it keeps none."""
        return node.rule.order or self.orders.get(self.label(node, piece), 1)

    def remembering(self) -> Iterator[tuple[StateCall, Piece]]:
        """Yield every function that remembers, in every piece that the outputs need, in the order of the file."""
        for name in self.plan.pieces:
            if name in self.names:
                for piece in self.plan.pieces[name]:
                    for node in walk(piece.component.node):
                        if isinstance(node, StateCall):
                            yield node, piece

    @cached_property
    def stored(self) -> frozenset[str]:
        """The large variables that several equations read and that take much to compute."""
        named = {name: list(self._read(name)) for name in self.names & self.plan.pieces.keys()}
        readers = Counter(name for pieces in named.values() for read in pieces for name in set(read))
        large = {
            name for name in named if np.prod(self.shape(name)) >= CELLS and not self._remembers(name)
        }
        effort: dict[str, int] = {}
        names: set[str] = set()

        @pending
        async def weigh(name: str) -> int:
            """Return the operations for a cell, with those of what is computed inside it."""
            if name not in effort:
                effort[name] = 0
                pieces = self.plan.pieces[name]
                own = [sum(isinstance(node, Call) for node in walk(piece.component.node)) for piece in pieces]
                inside = [sum([await weigh(other) for other in read if other in large]) for read in named[name]]
                effort[name] = max(map(sum, zip(own, inside, strict=True)))
                if effort[name] >= OPERATIONS and readers[name] > 1:
                    names.add(name)
                    effort[name] = 0
            return effort[name]

        for name in sorted(large):
            value_of(weigh(name))
        return frozenset(names)

    def _read(self, name: str) -> Iterator[list[str]]:
        """Yield, for each equation of a variable, the variables that it reads."""
        for piece in self.plan.pieces[name]:
            yield [key(reference.name) for reference in everything(piece.component.node)]

    def _remembers(self, name: str) -> bool:
        roots = [piece.component.node for piece in self.plan.pieces[name]]
        return any(isinstance(node, StateCall) for node in roots)

    def _label(self, node: Call, piece: Piece) -> str:
        place = next(i for i, part in enumerate(walk(piece.component.node)) if part is node)
        return f"{piece.label}/{place}"

    def _once(self, label: tuple[Hashable, ...], compute: Callable[[], Value]) -> Value:
        value: Value = self._memo.get(label, compute)
        return value
