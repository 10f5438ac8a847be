"""Calls as they are written, brought to the arguments of the table of functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xiancheng.engine.syntax import Call, External, LookupCall, Node, Refused, Text, Values, bounded, children, literal
from xiancheng.texts import phrase

_STARTS = {
    "DELAY1": ("DELAY1", 2), "DELAY1I": ("DELAY1", 3), "DELAY3": ("DELAY3", 2), "DELAY3I": ("DELAY3", 3),
    "SMOOTH": ("SMOOTH", 2), "SMOOTHI": ("SMOOTH", 3), "SMOOTH3": ("SMOOTH3", 2), "SMOOTH3I": ("SMOOTH3", 3),
}
"""Functions that begin with their input unless a start is written: the row of the table, and how many they take."""
_WORDS = ("input", "time", "initial")
_TABLES = {"CONSTANTS": ("constants", 3), "DATA": ("data", 4), "LOOKUPS": ("lookups", 4)}
_GET = re.compile(r"GET (?:XLS|DIRECT) (CONSTANTS|DATA|LOOKUPS)")


def call(function: str, arguments: Sequence[Node]) -> Node:
    """Return the call of a function.

    Args:
        function: its name in capitals, blanks folded.
        arguments: as written.

    Raises:
        Refused: another number of arguments, or a table that is not named by texts.
    """
    reading = _GET.fullmatch(function)
    if reading is not None:
        return _external(function, *_TABLES[reading.group(1)], arguments)
    name, count = _STARTS.get(function, (function, None))
    if count is None:
        return Call(name, tuple(arguments))
    if len(arguments) != count:
        raise Refused("engine.arguments", function=function, count=len(arguments), arguments=", ".join(_WORDS[:count]))
    return Call(name, (*arguments, *([copy(bounded(arguments[0]))] if count == 2 else [])))


def _external(function: str, kind: str, count: int, arguments: Sequence[Node]) -> External:
    words = [argument.value for argument in arguments if isinstance(argument, Text)]
    if len(words) != count or len(arguments) != count:
        names = ("file", "tab", "cell") if count == 3 else ("file", "tab", "row or column", "cell")
        raise Refused("engine.arguments", function=function, count=len(arguments), arguments=", ".join(names))
    return External(kind, words[0], words[1], words[2] if count == 4 else "", words[-1])


def copy(node: Node) -> Node:
    """Return the same expression as nodes of its own: what each of them remembers is its own."""
    if isinstance(node, Call):
        return replace(node, arguments=tuple(map(copy, node.arguments)))
    if isinstance(node, LookupCall):
        return LookupCall(node.lookup, copy(node.argument))
    return replace(node) if not children(node) else node


def tabbed(text: str) -> Values:
    """Return the numbers of a TABBED ARRAY.

    Raises:
        Refused: something in it is no number.
    """
    try:
        return Values(np.array([literal(number) for number in text.replace("\\", " ").split()]))
    except ValueError:
        raise Refused("engine.unreadable", reason=phrase("engine.reason.near", text=text[:40])) from None
