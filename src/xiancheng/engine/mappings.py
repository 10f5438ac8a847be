"""Mappings between ranges: for each element of the target, the element that stands for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiancheng.engine.source import key


def mapped(
    parts: Sequence[str], order: Sequence[str] | None, target: str, elements: Mapping[str, Sequence[str]]
) -> tuple[int, ...] | None:
    """Return, for each element of a target range, the position of the element that maps to it; None if they do not fit.

    Args:
        parts: what the mapping range is written of: elements and subranges.
        order: what they map to, element or subrange of the target each; None for the target's own order.
        target: key of the target.
        elements: keys of elements by key of range.
    """
    expanded = [list(elements.get(key(part), (key(part),))) for part in parts]
    flat = [[element] for unit in expanded for element in unit]
    goal = [[element] for element in elements[target]]
    if order is None:
        pairs = _pairs(flat, goal)
    else:
        units = [list(elements.get(key(part), (key(part),))) for part in order]
        pairs = _pairs(expanded, units) or _pairs(flat, units)
    if pairs is None:
        return None
    places = {element: position for position, (element,) in enumerate(flat)}
    sources = {end: places[start] for start, end in pairs}
    if set(sources) != set(elements[target]):
        return None
    return tuple(sources[element] for element in elements[target])


def _pairs(starts: Sequence[Sequence[str]], ends: Sequence[Sequence[str]]) -> list[tuple[str, str]] | None:
    """Return pairs of elements of units that correspond: one to one, or one to all of a subrange."""
    if len(starts) != len(ends):
        return None
    pairs: list[tuple[str, str]] = []
    for start, end in zip(starts, ends, strict=True):
        if len(start) not in (1, len(end)):
            return None
        pairs += zip(list(start) * len(end) if len(start) == 1 else start, end, strict=True)
    return pairs
