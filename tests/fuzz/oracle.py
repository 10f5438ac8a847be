"""Readers of their own that say whether an input is wrong: nothing here is imported from the project."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MARKS = {"measured", "derived", "calibrated", "literature", "assumed"}
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Rule:
    """What a table must hold.

    Attributes:
        header: its columns in order; empty where the order is free.
        key: columns that tell rows apart.
        numbers: columns of numbers, with the least and the most.
        blank: those of them that may be empty.
        words: columns with a closed list of words.
        needed: columns that a table with a free order must have.
        filled: columns that are never empty.
    """

    header: Sequence[str] = ()
    key: Sequence[str] = ()
    numbers: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    blank: Sequence[str] = ()
    words: Mapping[str, set[str]] = field(default_factory=dict)
    needed: Sequence[str] = ()
    filled: Sequence[str] = ()


def rows(text: str) -> list[dict[str, str]] | None:
    """The rows of a table as the strict reader of Python has them; None where it is no table."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return None
    if not lines or any(len(line) != len(lines[0]) for line in lines) or len(set(lines[0])) != len(lines[0]):
        return None
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def finite(word: str) -> float | None:
    """The number that a word is; None where it is none, or not finite."""
    if not NUMBER.fullmatch(word):
        return None
    value = float(word)
    return value if math.isfinite(value) else None


def wrong(text: str, rule: Rule) -> str:
    """Say what is wrong with a table, "" where nothing is."""
    table = rows(text)
    if table is None:
        return "no table"
    header = list(table[0]) if table else []
    if rule.header and tuple(header) != tuple(rule.header):
        return "header"
    if not table or any(column not in header for column in rule.needed):
        return "columns"
    keys = [tuple(row[column] for column in rule.key) for row in table]
    if rule.key and len(set(keys)) != len(keys):
        return "twice"
    for row in table:
        for column, (low, high) in rule.numbers.items():
            value = finite(row[column])
            if (row[column] or column not in rule.blank) and (value is None or not low <= value <= high):
                return f"{column} = {row[column]!r}"
        for column, allowed in rule.words.items():
            if row[column] not in allowed:
                return f"{column} = {row[column]!r}"
        for column in rule.filled:
            if not row[column].strip():
                return f"{column} is empty"
    return ""


def setting(text: str, levers: Mapping[str, tuple[float, float]], places: set[str], last: int) -> str:
    """Say what is wrong with a setting of a lever, "" where nothing is or it is none of a lever."""
    form = r"\s*([^=@:：]+?)\s*=\s*([^=@:：]+?)\s*(?:@\s*([^:：]*?)\s*)?(?:[:：]\s*(.*))?"
    match = re.fullmatch(form, text, re.DOTALL)
    if match is None:
        return "form"
    name = re.sub(r"[\s_]+", "_", match[1].strip().strip('"').lower())
    if name not in levers:
        return ""
    value, (low, high) = finite(match[2].strip()), levers[name]
    if value is None or not low <= value <= high:
        return f"value {match[2]!r}"
    if match[3] is not None and not (re.fullmatch(r"[0-9]{4}", match[3]) and int(match[3]) <= last):
        return f"year {match[3]!r}"
    words = [word for word in re.split(r"[,，、]", match[4] or "") if word.strip()]
    unknown = [word for word in words if re.sub(r"[ '’]", "", word.strip().lower()) not in places]
    return f"place {unknown[0]!r}" if unknown else ""
