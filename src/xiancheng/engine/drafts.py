"""An equation as it stands, before variables are put together from theirs."""

from __future__ import annotations

from dataclasses import dataclass

from xiancheng.engine.entries import Entry
from xiancheng.engine.syntax import Node


@dataclass(frozen=True)
class Component:
    """One equation of a variable.

    Attributes:
        subscripts: left-hand keys, ranges or elements.
        excepts: the groups after :EXCEPT:.
        node: the right side.
        keyword: how a data variable moves between points, or None.
        line: where the equation begins.
        equation: the text.
    """

    subscripts: tuple[str, ...]
    excepts: tuple[tuple[str, ...], ...]
    node: Node
    keyword: str | None
    line: int
    equation: str


Draft = tuple[Entry, str, Component]
"""An entry, the name that it defines as written, and its equation."""
