"""Subscript ranges: their elements, subranges, copies and mappings by position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from xiancheng.engine import tables
from xiancheng.engine.entries import Entry
from xiancheng.engine.mappings import mapped
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Refused
from xiancheng.errors import Problem, StudyError

_DEFINITION = re.compile(r'^\s*("[^"]*"|[^:=\[(<"]+?)\s*(?::(?!=|[A-Za-z ]+:)|<->)\s*(.*)$', re.DOTALL)
_EXTERNAL = re.compile(r"^GET[\s_]+(?:DIRECT|XLS)[\s_]+SUBSCRIPTS?\s*\((.*)\)$", re.IGNORECASE)
MOST_ELEMENTS = 100_000
"""Elements that a range written by its ends may have."""
_DIGITS = 15
_SERIES = re.compile(r"^\(\s*(\S.*?)\s*-\s*(\S.*?)\s*\)$")


@dataclass(frozen=True)
class Range:
    """A subscript range.

    Attributes:
        name: as written.
        elements: element names as written, in order.
        maps: the ranges that it may stand for, by key: for each of their elements the position here.
        line: where it is defined.
    """

    name: str
    elements: tuple[str, ...]
    maps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    line: int = 0
    positions: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return len(self.elements)


@dataclass(frozen=True)
class Dimensions:
    """All ranges of a model by key, and for each element the ranges that hold it."""

    ranges: Mapping[str, Range]
    holders: Mapping[str, tuple[str, ...]]

    def with_second(self, elements: Iterable[str], taken: Iterable[str]) -> tuple[str | None, Dimensions]:
        """Return a copy of the range that holds all elements, for a variable that has it twice, and ranges with it."""
        first = self.smallest(elements)
        if first is None:
            return None, self
        range_, number = self.ranges[first], 2
        while (name := f"{first}_{number}") in taken or name in self.holders:
            number += 1
        if name in self.ranges:
            return name, self
        copy = Range(f"{range_.name} {number}", range_.elements, {}, range_.line, range_.positions)
        return name, Dimensions({**self.ranges, name: copy}, self.holders)

    def is_range(self, name: str) -> bool:
        """Tell whether a subscript is a range, its `!` aside."""
        return key(name.rstrip("!")) in self.ranges

    def is_element(self, name: str) -> bool:
        """Tell whether a subscript is an element of some range."""
        return key(name) in self.holders

    def elements(self, name: str) -> tuple[str, ...]:
        """Return element keys of a range, or the one key of an element."""
        range_ = self.ranges.get(key(name.rstrip("!")))
        return tuple(range_.positions) if range_ else (key(name),)

    def smallest(self, elements: Iterable[str], avoid: Iterable[str] = ()) -> str | None:
        """Return the key of the first smallest range that holds all elements, taken ranges avoided."""
        members, taken = set(elements), set(avoid)
        fitting = [
            name for name, range_ in self.ranges.items() if name not in taken and members <= range_.positions.keys()
        ]
        return min(fitting, key=lambda name: self.ranges[name].size, default=None)

    def number(self, name: str) -> tuple[int, ...]:
        """Return the positions, from 1, in the widest range of the family, of a range or an element."""
        elements = self.elements(name)
        families = [range_ for range_ in self.ranges.values() if set(elements) <= range_.positions.keys()]
        widest = max(families, key=lambda range_: range_.size)
        return tuple(widest.positions[element] + 1 for element in elements)


def is_definition(entry: Entry) -> bool:
    """Tell whether an entry defines a subscript range."""
    return _DEFINITION.match(entry.equation) is not None


def dimensions(entries: Iterable[Entry], folder: Path, file: str) -> tuple[Dimensions, list[Problem]]:
    """Read the ranges, passing over entries of variables; everything wrong with them comes back as problems."""
    problems: list[Problem] = []
    raw: dict[str, _Raw] = {}
    for entry in entries:
        part = _read(entry, folder, file, problems)
        if part is None:
            continue
        if key(part.name) in raw:
            first = raw[key(part.name)].line
            problems.append(Problem.of(file, "engine.range.twice", entry.line, name=part.name, line=first))
        else:
            raw[key(part.name)] = part
    ranges = _expand(raw, file, problems)
    ranges = _mapped(raw, ranges, file, problems)
    holders: dict[str, tuple[str, ...]] = {}
    for name, range_ in ranges.items():
        for element in range_.positions:
            holders[element] = (*holders.get(element, ()), name)
    for name in ranges.keys() & holders.keys():
        problems.append(Problem.of(file, "engine.range.element", ranges[name].line, name=ranges[name].name))
    return Dimensions(ranges, holders), problems


@dataclass(frozen=True)
class _Raw:
    name: str
    elements: tuple[str, ...]
    maps_to: tuple[tuple[str, tuple[str, ...] | None], ...]
    copy_of: str | None
    line: int


def _read(entry: Entry, folder: Path, file: str, problems: list[Problem]) -> _Raw | None:
    match = _DEFINITION.match(entry.equation)
    if match is None:
        return None
    name, body = match.group(1).strip(), match.group(2).strip()
    if "<->" in entry.equation:
        return _Raw(name, (), ((body, None),), body, entry.line)
    body, _, mapping = body.partition("->")
    try:
        elements = _elements(body.strip(), folder)
    except Refused as refused:
        reason = refused.problem.found
        problems.append(Problem.of(file, "engine.range.elements", entry.line, name=name, reason=reason))
        return None
    except StudyError as error:
        problems.extend(error.problems)
        return None
    return _Raw(name, elements, _mappings(mapping), None, entry.line)


def _mappings(text: str) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    mappings: list[tuple[str, tuple[str, ...] | None]] = []
    for part in re.findall(r"\([^)]*\)|[^,()]+", text):
        inside = part.strip().strip("()").strip()
        if not inside:
            continue
        target, colon, order = inside.partition(":")
        mappings.append((target.strip(), tuple(element.strip() for element in order.split(",")) if colon else None))
    return tuple(mappings)


def _elements(body: str, folder: Path) -> tuple[str, ...]:
    external = _EXTERNAL.match(body)
    if external:
        arguments = re.findall(r"'([^']*)'", external.group(1))
        if len(arguments) < 4:
            raise Refused("engine.elements.table")
        file, tab, first, last, *prefix = arguments
        return tables.subscript(tables.inside(folder, file), tab, first, last, prefix[0] if prefix else "")
    elements: list[str] = []
    for part in re.findall(r'\([^)]*\)|"[^"]*"|[^,]+', body):
        name = part.strip()
        if name:
            elements.extend(_series(name) if name.startswith("(") else (name,))
    if not elements:
        raise Refused("engine.elements.none")
    return tuple(elements)


def _series(text: str) -> tuple[str, ...]:
    match = _SERIES.match(text)
    ends = [re.fullmatch(r"(.*?)([0-9]+)", end) for end in match.groups()] if match else []
    if len(ends) != 2 or not ends[0] or not ends[1]:
        raise Refused("engine.elements.numeric", text=text)
    (first, low), (second, high) = ends[0].groups(), ends[1].groups()
    if not first or key(first) != key(second):
        raise Refused("engine.elements.name", text=text)
    if max(len(low), len(high)) > _DIGITS or int(high) - int(low) >= MOST_ELEMENTS:
        raise Refused("engine.elements.many", text=text[:40], most=f"{MOST_ELEMENTS:,}")
    if int(low) >= int(high):
        raise Refused("engine.elements.rise", text=text)
    return tuple(f"{first}{number}" for number in range(int(low), int(high) + 1))


def _expand(raw: Mapping[str, _Raw], file: str, problems: list[Problem]) -> dict[str, Range]:
    ranges: dict[str, Range] = {}
    complete: dict[str, tuple[str, ...]] = {}

    def expand(name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        range_ = raw[name]
        if name in complete:
            return complete[name]
        parts = (range_.copy_of,) if range_.copy_of is not None else range_.elements
        elements: list[str] = []
        for part in parts:
            inner = key(part)
            if inner in (*above, name):
                problems.append(Problem.of(file, "engine.range.own_name", range_.line, name=range_.name, element=part))
            elif inner in raw:
                elements.extend(expand(inner, (*above, name)))
            elif range_.copy_of is not None:
                problems.append(Problem.of(file, "engine.range.copy", range_.line, name=range_.name, other=part))
            else:
                elements.append(part)
        if len(elements) > MOST_ELEMENTS:
            problems.append(Problem.of(file, "engine.elements.many", range_.line, text=range_.name,
                                       most=f"{MOST_ELEMENTS:,}"))
            elements = elements[:1]
        complete[name] = tuple(elements)
        return complete[name]

    for name, range_ in raw.items():
        elements = expand(name, ())
        positions = {key(element): position for position, element in enumerate(elements)}
        if len(positions) != len(elements):
            problems.append(Problem.of(file, "engine.range.double", range_.line, name=range_.name))
        ranges[name] = Range(range_.name, elements, {}, range_.line, positions)
    return {name: range_ for name, range_ in ranges.items() if range_.elements}


def _mapped(raw: Mapping[str, _Raw], ranges: Mapping[str, Range], file: str, problems: list[Problem]
            ) -> dict[str, Range]:
    """Return the ranges with what they map to; a copy and its original stand for each other."""
    elements = {name: tuple(range_.positions) for name, range_ in ranges.items()}
    complete = dict(ranges)
    for name, range_ in ranges.items():
        copies = [other for other, copy in raw.items() if copy.copy_of is not None and key(copy.copy_of) == name]
        maps = {other: tuple(range(range_.size)) for other in copies}
        for target, order in raw[name].maps_to:
            other = ranges.get(key(target))
            parts = range_.elements if raw[name].copy_of is not None else raw[name].elements
            places = None if other is None else mapped(parts, order, key(target), elements)
            if places is not None:
                maps[key(target)] = places
                continue
            fault = "engine.mapping.none" if other is None else "engine.mapping.size"
            problems.append(Problem.of(file, fault, range_.line, name=range_.name, size=range_.size, other=target,
                                       other_size=other.size if other else 0))
        complete[name] = replace(range_, maps=maps)
    return complete
