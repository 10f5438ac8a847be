"""Points of lookups as they are written: pairs, or all x and then all y; limits in brackets are for drawing."""

from __future__ import annotations

import re

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.syntax import Points, Refused, literal
from xiancheng.texts import phrase

_NUMBER = r"[-+]?\s*(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LIMITS = re.compile(r"\[[^\]]*\]")
_PAIR = re.compile(rf"\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)")
_FLAT = re.compile(rf"\s*\(?\s*({_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\)?\s*")


def points(text: str) -> Points:
    """Return the points of a lookup, by x.

    Args:
        text: what stands in its parentheses, with or without them.

    Raises:
        Refused: no points, or something else between them.
    """
    bare = _LIMITS.sub(" ", text)
    pairs = [(literal(x), literal(y)) for x, y in _PAIR.findall(bare)]
    rest = re.sub(r"[\s,]", "", _PAIR.sub("", bare))
    if not pairs:
        flat = _FLAT.fullmatch(bare)
        numbers = [literal(number) for number in flat.group(1).split(",")] if flat else []
        half = len(numbers) // 2
        pairs, rest = list(zip(numbers[:half], numbers[half:], strict=False)), "" if len(numbers) == 2 * half else "("
    if not pairs or rest not in ("", "()"):
        raise Refused("engine.unreadable", reason=phrase("engine.reason.points", text=rest[:40]))
    x, y = np.array(pairs).T
    order = np.argsort(x, kind="stable")
    return Points(*_apart(x[order], y[order]))


def _apart(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Put points of one x a last digit apart: a lookup jumps right after it, from the first y to the last."""
    same = np.flatnonzero(np.diff(x) == 0)
    middle = [at for at in same if at > 0 and x[at - 1] == x[at]]
    x, y = np.delete(x, middle), np.delete(y, middle)
    for at in np.flatnonzero(np.diff(x) == 0):
        x[at + 1] = np.nextafter(x[at], np.inf)
    return x, y
