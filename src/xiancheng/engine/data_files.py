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
    """What files of data say.

    Attributes:
        series: times and values by key of the variable and keys of its elements.
        notes: what was passed over, by key of the variable.
    """

    series: Mapping[str, Mapping[tuple[str, ...], tuple[Floats, Floats]]] = field(default_factory=dict)
    notes: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


@dataclass
class Column:
    """One series as a file has it: points, and the words among them by row."""

    name: str
    points: list[tuple[float, float]] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)

    def take(self, row: int, time: str, value: str) -> None:
        """Take a point; a word instead of a number is kept aside, an empty cell and :NA: are gaps."""
        numbers = _numbers((time, value))
        if numbers is not None:
            self.points.append((numbers[0], numbers[1]))
            return
        self.words += [(row, word.strip()) for word in (time, value)
                       if word.strip() and word.strip().upper() != ":NA:" and _numbers((word,)) is None][:1]

    def note(self, file: str) -> Problem:
        """Return the note about the words."""
        row, text = self.words[0]
        return Problem.of(file, "engine.data.word", row, name=self.name, text=text[:40], others=len(self.words) - 1)


def read(files: Sequence[Path | str]) -> Recorded:
    """Read files of data; a later file replaces what an earlier one has.

    Raises:
        StudyError: no such file, a kind that is not read, or a file without series.
    """
    series: dict[str, dict[tuple[str, ...], tuple[Floats, Floats]]] = {}
    notes: dict[str, tuple[Problem, ...]] = {}
    problems: list[Problem] = []
    for path in map(Path, files):
        try:
            for column in _columns(path):
                match = _COLUMN.fullmatch(column.name)
                if match is not None:
                    name = key(match.group(1))
                    elements = tuple(key(part) for part in (match.group(2) or "").split(",") if part.strip())
                    series.setdefault(name, {})[elements] = _series(column.points)
                    if column.words:
                        notes[name] = (*notes.get(name, ()), column.note(str(path)))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    return Recorded(series, notes)


def _columns(path: Path) -> list[Column]:
    if not path.is_file():
        raise StudyError(Problem.of(str(path), "engine.data.file"))
    if path.suffix.lower() not in KINDS:
        raise StudyError(Problem.of(str(path), "engine.data.kind", kinds=", ".join(KINDS)))
    text = cells.text(path, str(path), marked=True)
    columns = list(_blocks(text) if path.suffix.lower() == ".dat" else _table(_lines(text, path)))
    columns = [column for column in columns if column.points]
    if not columns:
        raise StudyError(Problem.of(str(path), "engine.data.empty"))
    return columns


def _blocks(text: str) -> Iterator[Column]:
    """Yield the series of a .dat: a line with the name, then lines of time and value."""
    column = Column("")
    for row, line in enumerate(text.splitlines(), start=1):
        parts = line.split("\t") if "\t" in line.strip() else line.split()
        if len(parts) == 2 and _numbers(parts[:1]) is not None:
            column.take(row, *parts)
        elif line.strip():
            yield column
            column = Column(line.strip())
    yield column


def _lines(text: str, path: Path) -> list[list[str]]:
    """Return the rows of a table; one with more cells than the first is refused: its numbers may have commas."""
    lines = cells.split(text, str(path), "," if path.suffix.lower() == ".csv" else "\t", gaps=True)
    width = len(next(filter(None, lines), []))
    long = [number for number, line in enumerate(lines, start=1) if any(map(str.strip, line[width:]))]
    if long:
        raise StudyError([Problem.of(str(path), "engine.data.wide", row, width=width) for row in long[:_MOST_PROBLEMS]])
    return lines


def _table(lines: Sequence[Sequence[str]]) -> Iterator[Column]:
    """Yield the series of a table whose first column, or first row, is time."""
    rows = [(number, row) for number, row in enumerate(lines, start=1) if any(map(str.strip, row))]
    if len(rows) > 1 and _numbers(rows[0][1][1:]) is not None:
        times = rows[0][1]
        for number, row in rows[1:]:
            column = Column(row[0].strip())
            for time, value in zip(times[1:], row[1:], strict=False):
                column.take(number, time, value)
            if column.name:
                yield column
        return
    for at, name in enumerate(rows[0][1] if rows else []):
        column = Column(name.strip())
        for number, row in rows[1:]:
            if at < len(row):
                column.take(number, row[0], row[at])
        if at and column.name:
            yield column


def _series(points: Sequence[tuple[float, float]]) -> tuple[Floats, Floats]:
    times, first = np.unique(np.array([time for time, _ in points]), return_index=True)
    return times, np.array([value for _, value in points])[first]


def _numbers(words: Sequence[str]) -> list[float] | None:
    """Return the finite numbers that words are; None where one of them is something else, as a gap in a series is."""
    numbers = [number for word in words if (number := cells.number(word.strip())) is not None and math.isfinite(number)]
    return numbers if len(numbers) == len(words) else None
