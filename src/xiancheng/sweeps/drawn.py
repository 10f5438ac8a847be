"""The drawn design as a table, one run a row: run, scenario, and every factor in its unit."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np

from xiancheng import cells
from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.sweeps import draw
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.factors import Factor
from xiancheng.sweeps.setting import Rows
from xiancheng.texts import did_you_mean, phrase, phrase_list

FILE = "design.csv"
_FIRST = ("run", "scenario")
_TOLD = 20
"""Problems of a file that are told; more of the same help nobody."""


def lines(design: Design) -> Iterator[bytes]:
    """Yield the table of a design as it is drawn, as UTF-8, some thousands of runs at a time."""
    yield _text([[*_FIRST, *(factor.id for factor in design.factors)]])
    run, count = 0, len(design.factors)
    for points in draw.points(design.sampler, design.n, count, design.seed, design.levels, design.choices):
        columns = [factor.values(points[:, position]) for position, factor in enumerate(design.factors)]
        rows = []
        for position in range(len(points)):
            cells = [_cell(factor, column[position]) for factor, column in zip(design.factors, columns, strict=True)]
            for scenario in design.scenarios:
                rows.append([str(run), scenario, *cells])
                run += 1
        yield _text(rows)


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _cell(factor: Factor, value: float) -> str:
    return str(factor.choices[int(value)]) if factor.discrete else repr(float(value))


def digest(parts: Iterator[bytes]) -> str:
    """Return the sha256 of a table."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def blocks(file: Path, design: Design) -> Iterator[tuple[int, Rows]]:
    """Yield the runs of a drawn design block by block, with the number of the block."""
    with closing(_rows(file)) as rows:
        next(rows)
        number = 0
        while block := list(islice(rows, design.block)):
            yield number, parsed(block, design)
            number += 1


def block_of(file: Path, design: Design, number: int) -> Rows:
    """Return the runs of one block."""
    first = 1 + number * design.block
    with closing(_rows(file)) as rows:
        return parsed(list(islice(rows, first, first + design.block)), design)


def column(file: Path, name: str) -> list[str]:
    """Return a column of the table as written."""
    with closing(_rows(file)) as rows:
        position = next(rows).index(name)
        return [row[position] for row in rows]


def values(file: Path, factor: Factor) -> Floats:
    """Return a factor of every run [its unit], or positions where it chooses."""
    return _numbers(factor, column(file, factor.id))


def parsed(rows: Sequence[Sequence[str]], design: Design) -> Rows:
    """Return rows of the table as numbers."""
    names = {name: position for position, name in enumerate(design.scenarios)}
    scenario = np.array([names[row[1]] for row in rows], dtype=np.int64)
    columns = [
        _numbers(factor, [row[2 + position] for row in rows]) for position, factor in enumerate(design.factors)
    ]
    return Rows(scenario, np.stack(columns, axis=1) if columns else np.zeros((len(rows), 0)))


def _numbers(factor: Factor, cells: Sequence[str]) -> Floats:
    if not factor.discrete:
        return np.array([float(cell) for cell in cells])
    positions = {str(choice): float(position) for position, choice in enumerate(factor.choices)}
    return np.array([positions[cell] for cell in cells])


def _rows(file: Path) -> Generator[list[str]]:
    yield from cells.stream(file, str(file))


def check(file: Path, design: Design) -> int:
    """Check a drawn design of somebody's own and return how many runs it has.

    Raises:
        StudyError: no such file, other columns than those of the design, values out of range.
    """
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), FILE))
    rows = _rows(file)
    header, columns = next(rows, []), [*_FIRST, *(factor.id for factor in design.factors)]
    if header != columns:
        sentence = phrase("sweep.drawn_columns", columns=phrase_list(header))
        raise StudyError(Problem(str(file), sentence, phrase_list(columns), row=1))
    problems: list[Problem] = []
    count = 0
    for count, row in enumerate(rows, start=1):
        problems += _wrong(row, count, str(file), design)
        if len(problems) >= _TOLD:
            break
    if not count:
        problems.append(Problem(str(file), phrase("sweep.drawn_empty"), phrase("sweep.whole", low=1, high=10_000_000)))
    if problems:
        raise StudyError(problems)
    return count


def _wrong(row: Sequence[str], number: int, file: str, design: Design) -> list[Problem]:
    """Return what is wrong with a row."""
    line, problems = number + 1, []
    if len(row) != len(design.factors) + 2:
        return [Problem(file, phrase("sweep.drawn_columns", columns=len(row)), str(len(design.factors) + 2), row=line)]
    if row[0] != str(number - 1):
        problems.append(Problem(file, phrase("sweep.drawn_run", run=row[0]), str(number - 1), row=line))
    if row[1] not in design.scenarios:
        hint = did_you_mean(row[1], design.scenarios)
        wrong = phrase("sweep.drawn_scenario", name=row[1])
        problems.append(Problem(file, wrong, phrase_list(design.scenarios), hint, line))
    for factor, cell in zip(design.factors, row[2:], strict=True):
        allowed = _allowed(factor, cell)
        if allowed:
            wrong = phrase("sweep.drawn_value", id=factor.id, value=cell)
            problems.append(Problem(file, wrong, allowed, row=line))
    return problems


def _allowed(factor: Factor, cell: str) -> str:
    """Return what is allowed where a cell is not, else nothing."""
    if factor.discrete:
        choices = [str(choice) for choice in factor.choices]
        return "" if cell in choices else phrase_list(choices)
    value = cells.number(cell)
    if value is None:
        return phrase("table.number")
    low, high = factor.bounds
    return "" if np.isfinite(value) and low <= value <= high else f"{low:g}-{high:g} {factor.unit}".strip()
