"""Values of data variables from files beside a model: .dat as Vensim exports it, tables of csv or tab."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from xiancheng import cells
from xiancheng.arrays import Floats
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError

KINDS = (".dat", ".csv", ".tab", ".tsv")
_MOST_PROBLEMS = 40
_COLUMN = re.compile(r'\s*("(?:[^"])*"|[^\[]+?)\s*(?:\[([^\]]*)\])?\s*')


@dataclass(frozen=True)
class Recorded:
    """Series by key of the variable and keys of its elements: times and values."""

    series: Mapping[str, Mapping[tuple[str, ...], tuple[Floats, Floats]]] = field(default_factory=dict)


def read(files: Sequence[Path | str]) -> Recorded:
    """Read files of data; a later file replaces what an earlier one has.

    Raises:
        StudyError: no such file, a kind that is not read, or a file without series.
    """
    series: dict[str, dict[tuple[str, ...], tuple[Floats, Floats]]] = {}
    problems: list[Problem] = []
    for path in map(Path, files):
        try:
            for name, times, values in _columns(path):
                match = _COLUMN.fullmatch(name)
                if match is not None:
                    elements = tuple(key(part) for part in (match.group(2) or "").split(",") if part.strip())
                    series.setdefault(key(match.group(1)), {})[elements] = times, values
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    return Recorded(series)


def _columns(path: Path) -> list[tuple[str, Floats, Floats]]:
    if not path.is_file():
        raise StudyError(Problem.of(str(path), "engine.data.file"))
    if path.suffix.lower() not in KINDS:
        raise StudyError(Problem.of(str(path), "engine.data.kind", kinds=", ".join(KINDS)))
    text = cells.text(path, str(path), marked=True)
    if path.suffix.lower() == ".dat":
        columns = list(_blocks(text))
    else:
        columns = list(_table(_lines(text, path)))
    if not columns:
        raise StudyError(Problem.of(str(path), "engine.data.empty"))
    return columns


def _blocks(text: str) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield the series of a .dat: a line with the name, then lines of time and value."""
    name, rows = "", list[tuple[float, float]]()
    for line in [*text.splitlines(), "end of file"]:
        numbers = _numbers(line.split())
        if numbers is not None and len(numbers) == 2:
            rows.append((numbers[0], numbers[1]))
        elif line.strip():
            if rows:
                yield _series(name, rows)
            name, rows = line.strip(), []


def _lines(text: str, path: Path) -> list[list[str]]:
    """Return the rows of a table; one with more cells than the first is refused: its numbers may have commas."""
    lines = cells.split(text, str(path), "," if path.suffix.lower() == ".csv" else "\t", gaps=True)
    width = len(next(filter(None, lines), []))
    long = [number for number, line in enumerate(lines, start=1) if any(map(str.strip, line[width:]))]
    if long:
        raise StudyError([Problem.of(str(path), "engine.data.wide", row, width=width) for row in long[:_MOST_PROBLEMS]])
    return lines


def _table(lines: Sequence[Sequence[str]]) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield the series of a table whose first column, or first row, is time."""
    rows = [row for row in lines if any(map(str.strip, row))]
    if len(rows) > 1 and _numbers(rows[0][1:]) is not None:
        rows = [list(column) for column in zip(*rows, strict=False)]
    for at, name in enumerate(rows[0] if rows else []):
        pairs = [_numbers((row[0], row[at])) for row in rows[1:] if at < len(row)]
        points = [(pair[0], pair[1]) for pair in pairs if pair is not None]
        if at and name.strip() and points:
            yield _series(name.strip(), points)


def _series(name: str, rows: Sequence[tuple[float, float]]) -> tuple[str, Floats, Floats]:
    times, first = np.unique(np.array([time for time, _ in rows]), return_index=True)
    return name, times, np.array([value for _, value in rows])[first]


def _numbers(words: Sequence[str]) -> list[float] | None:
    """Return the finite numbers that words are; None where one of them is something else, as a gap in a series is."""
    numbers = [number for word in words if (number := cells.number(word.strip())) is not None and math.isfinite(number)]
    return numbers if len(numbers) == len(words) else None
