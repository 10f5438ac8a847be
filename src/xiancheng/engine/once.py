"""What a run computes once, known already, in the place of the evaluation that would compute it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiancheng.engine.arrays import Array
from xiancheng.engine.graph import CONSTANT
from xiancheng.engine.pending import pending
from xiancheng.engine.subscripts import Piece
from xiancheng.engine.syntax import Node, Reference

if TYPE_CHECKING:
    from xiancheng.engine.evaluation import Evaluation


@dataclass(frozen=True, eq=False)
class Once:
    """What a run computes once, known already; it stands in the place of the evaluation that would compute it.

    Attributes:
        host: the evaluation of the constants.
        values: by the label under which a step asks for it.
    """

    host: Evaluation
    values: Mapping[Any, Array]

    def parts(self) -> tuple[tuple[Array, ...], tuple[Evaluation, tuple[Any, ...]]]:
        """Return what compiled code takes of it as numbers, and what belongs to the code."""
        labels = tuple(self.values)  # as the step asks: the same in every process, as code that is kept must be
        return tuple(self.values[label] for label in labels), (self.host, labels)

    @staticmethod
    def of_parts(code: tuple[Evaluation, tuple[Any, ...]], numbers: Sequence[Array]) -> Once:
        """Put the two together again."""
        return Once(code[0], dict(zip(code[1], numbers, strict=True)))

    async def variable(self, name: str) -> Array:
        """Return a variable over its own dims."""
        if self.host.stages.variables[name] == CONSTANT:
            return await self.host.variable(name)
        return self.values["variable", name]

    @pending
    async def node(self, node: Node, piece: Piece) -> Array:
        """Return the value of an expression inside an equation."""
        if self.host.stages.node(node) == CONSTANT:
            return await self.host.node(node, piece)
        return self.values[id(node), piece.label]

    async def reference(self, node: Reference, piece: Piece) -> Array:
        """Return the cells that an expression refers to."""
        if self.host.stages.node(node) == CONSTANT:
            return await self.host.reference(node, piece)
        return self.values[id(node), piece.label]
