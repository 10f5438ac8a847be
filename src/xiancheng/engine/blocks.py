"""Blocks of csv cells as arrays: GET DIRECT CONSTANTS, DATA and LOOKUPS, with their labels checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.interpolate import at_points
from xiancheng.engine.source import key
from xiancheng.engine.tables import Axis, column, line_of, name_of, number, place, rows, text_at
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

Cells = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Series:
    """Values along time or along a lookup's argument: x (n,), values (n, ...); and the cells passed over, as notes."""

    x: Floats
    values: Floats
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Owner:
    """Who reads: the variable, and the names that a label must not contradict."""

    name: str
    others: Collection[str]


def constants(path: Path, tab: str, cell: str, axes: Sequence[Axis], owner: Owner) -> Floats:
    """Return a block of constants with the shape of `axes`.

    Raises:
        StudyError: no such file or cell, text or nothing in a cell, labels that contradict the subscripts.
    """
    cells = rows(path, tab)
    row, col = place(cell, path, tab)
    wide = [axis for axis in axes if len(axis.elements) > 1]
    if len(wide) > 2:
        raise StudyError(Problem.of(str(path), "engine.block.dims", count=len(wide)))
    down, along = _orient(wide, cell.strip().endswith("*"))
    problems: list[Problem] = []
    height, width = (len(axis.elements) if axis else 1 for axis in (down, along))
    values = np.array([[number(text_at(cells, i, j), i, j, path, problems) for j in range(col, col + width)]
                       for i in range(row, row + height)])
    if not problems:
        problems += _labels(cells, down, _column_of(cells, row, height), range(col), path,
                            lambda line, i: (row + i, line))
        problems += _labels(cells, along, _row_of(cells, col, width), range(row), path, lambda line, i: (line, col + i))
        problems += _names(cells, row, col, down, along, path, owner)
    if problems:
        raise StudyError(problems)
    ordered = values if down is (wide[0] if wide else None) or len(wide) < 2 else values.T
    return ordered.reshape(tuple(len(axis.elements) for axis in axes))


def _orient(wide: Sequence[Axis], turned: bool) -> tuple[Axis | None, Axis | None]:
    if len(wide) == 2:
        return (wide[1], wide[0]) if turned else (wide[0], wide[1])
    if len(wide) == 1:
        return (wide[0], None) if turned else (None, wide[0])
    return None, None


def _column_of(cells: Cells, row: int, height: int) -> Callable[[int], list[str]]:
    return lambda col: [text_at(cells, row + i, col) for i in range(height)]


def _row_of(cells: Cells, col: int, width: int) -> Callable[[int], list[str]]:
    return lambda row: [text_at(cells, row, col + j) for j in range(width)]


def _labels(
    cells: Cells, axis: Axis | None, line: Callable[[int], list[str]], lines: range, path: Path,
    where: Callable[[int, int], tuple[int, int]],
) -> list[Problem]:
    """Compare each line of cells beside the block with the elements; one that agrees is enough."""
    if axis is None:
        return []
    elements = [key(element) for element in axis.elements]
    contradicting: list[tuple[int, int]] = []
    for at in lines:
        labels = [key(text) for text in line(at)]
        if labels == elements:
            return []
        permuted = sorted(labels) == sorted(elements)
        shifted = at == lines[0] and any(label in elements for label in labels)
        if permuted or shifted:
            contradicting.append((at, next(i for i, label in enumerate(labels) if label != elements[i])))
    problems = []
    for at, i in contradicting[:1]:
        row, col = where(at, i)
        problems.append(Problem.of(str(path), "engine.block.label", row + 1, cell=name_of(row, col),
                                   text=text_at(cells, row, col), range=axis.name, element=axis.elements[i]))
    return problems


def _names(
    cells: Cells, row: int, col: int, down: Axis | None, along: Axis | None, path: Path, owner: Owner
) -> list[Problem]:
    """Refuse a block whose row or column is labelled with another variable's name."""
    own = key(owner.name)
    labels = []
    if down is None and along is None and col > 0:
        labels.append((row, 0))
    if along is None and row > 0 and (down is not None or col > 0):
        labels.append((0, col))
    beside = [(place_, key(text_at(cells, *place_))) for place_ in labels]
    if any(label == own for _, label in beside):
        return []
    return [
        Problem.of(str(path), "engine.block.name", place_[0] + 1, cell=name_of(*place_),
                   text=text_at(cells, *place_), name=owner.name)
        for place_, label in beside
        if label in owner.others and label != own
    ]


def series(path: Path, tab: str, line: str, cell: str, axes: Sequence[Axis], owner: Owner) -> Series:
    """Return values along a row or column of x: (n,) and (n, ...); a cell without a number is a gap and stays nan.

    Raises:
        StudyError: no such file, x that does not rise, more than one dimension.
    """
    cells, line = rows(path, tab), line_of(line, path, tab)
    row, col = place(cell, path, tab)
    wide = [axis for axis in axes if len(axis.elements) > 1]
    if len(wide) > 1:
        raise StudyError(Problem.of(str(path), "engine.series.dims", count=len(wide)))
    axis = wide[0] if wide else None
    width = len(axis.elements) if axis else 1
    if line.strip().isdigit():
        turned: Cells = [[text_at(cells, i, j) for i in range(len(cells))] for j in range(max(map(len, cells)))]
        x, values, used, notes = _down(turned, col, int(line) - 1, row, width, path, True)
        labels = _labels(cells, axis, _column_of(cells, row, width), range(col), path, lambda at, i: (row + i, at))
    else:
        x, values, used, notes = _down(cells, row, column(line.strip()), col, width, path, False)
        labels = _labels(cells, axis, _row_of(cells, col, width), range(row), path, lambda at, i: (at, col + i))
    order = np.argsort(x, kind="stable")
    x, values = x[order], values[order]
    problems = _distinct(x, [used[i] for i in order], path, line)
    if problems:
        raise StudyError(problems)
    notes += [replace(label, allowed=phrase("engine.block.position"), hint="") for label in labels]
    return Series(x, values.reshape((len(x), *(len(dimension.elements) for dimension in axes))), tuple(notes))


def _down(
    cells: Cells, first: int, x_column: int, column_: int, width: int, path: Path, turned: bool
) -> tuple[Floats, Floats, list[int], list[Problem]]:
    """Read x and values downwards until the file ends; rows without x are skipped, words passed over with a note."""
    notes: list[Problem] = []

    def at(row: int, col: int) -> float:
        text = text_at(cells, row, col)
        if not text:
            return np.nan
        wrong: list[Problem] = []
        value = number(text, *((col, row) if turned else (row, col)), path, wrong)
        notes.extend(replace(problem, allowed=phrase("engine.cell.gap")) for problem in wrong)
        return np.nan if wrong else value

    every = {row: at(row, x_column) for row in range(first, len(cells))}
    used = [row for row, x in every.items() if not np.isnan(x)]
    values = [[at(row, column_ + j) for j in range(width)] for row in used]
    return (np.array([every[row] for row in used], dtype=float),
            np.array(values, dtype=float).reshape(len(used), width), used, notes)


def _distinct(x: Floats, used: Sequence[int], path: Path, line: str) -> list[Problem]:
    if len(x) == 0:
        return [Problem.of(str(path), "engine.series.empty", line=line)]
    doubles = np.flatnonzero(np.diff(x) == 0)
    if len(doubles) == 0:
        return []
    return [Problem.of(str(path), "engine.series.twice", used[doubles[0] + 1] + 1, line=line,
                       x=f"{x[doubles[0]]:g}")]


def filled(points: Series, keyword: str | None) -> Series:
    """Fill the gaps of each column the way the data variable moves between points; `raw` keeps them."""
    if keyword == "raw" or not np.isnan(points.values).any():
        return points
    columns = points.values.reshape(len(points.x), -1).copy()
    for j in range(columns.shape[1]):
        present = ~np.isnan(columns[:, j])
        if present.any() and not present.all():
            columns[~present, j] = at_points(np, points.x[present], columns[present, j], points.x[~present], keyword)
    return Series(points.x, columns.reshape(points.values.shape), points.notes)

