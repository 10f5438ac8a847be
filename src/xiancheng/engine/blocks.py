"""Blocks of csv cells as arrays: GET DIRECT CONSTANTS, DATA and LOOKUPS, with their labels checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiancheng.engine.source import key
from xiancheng.engine.tables import Axis, Floats, column, name_of, number, place, rows, text_at
from xiancheng.errors import Problem, StudyError

Cells = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Series:
    """Values along time or along a lookup's argument: x (n,), values (n, ...)."""

    x: Floats
    values: Floats


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
    row, col = place(cell, path)
    wide = [axis for axis in axes if len(axis.elements) > 1]
    if len(wide) > 2:
        raise StudyError(Problem(str(path), f"{len(wide)} dimensions in one block", "at most two",
                                 "read the block element by element along the others"))
    down, along = _orient(wide, cell.strip().endswith("*"))
    problems: list[Problem] = []
    height, width = (len(axis.elements) if axis else 1 for axis in (down, along))
    values = np.array([[number(cells, row + i, col + j, path, problems) for j in range(width)] for i in range(height)])
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
    wanted = [key(element) for element in axis.elements]
    contradicting: list[tuple[int, int]] = []
    for one in lines:
        labels = [key(text) for text in line(one)]
        if labels == wanted:
            return []
        permuted = sorted(labels) == sorted(wanted)
        shifted = one == lines[0] and any(label in wanted for label in labels)
        if permuted or shifted:
            contradicting.append((one, next(i for i, label in enumerate(labels) if label != wanted[i])))
    problems = []
    for one, i in contradicting[:1]:
        row, col = where(one, i)
        problems.append(Problem(str(path), f"cell {name_of(row, col)} says {text_at(cells, row, col)!r} where "
                                f"{axis.name!r} has {axis.elements[i]!r}", f"the order of {axis.name!r}",
                                "sort the cells as the subscript range", row + 1))
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
    seen = [(place_, key(text_at(cells, *place_))) for place_ in labels]
    if any(label == own for _, label in seen):
        return []
    return [
        Problem(str(path), f"cell {name_of(*place_)} says {text_at(cells, *place_)!r}, not {owner.name!r}",
                f"the label {owner.name!r}", "correct the cell in GET DIRECT CONSTANTS", place_[0] + 1)
        for place_, label in seen
        if label in owner.others and label != own
    ]


def series(path: Path, tab: str, line: str, cell: str, axes: Sequence[Axis], owner: Owner) -> Series:
    """Return values along a row or column of x: (n,) and (n, ...); a blank cell is a gap and stays nan.

    Raises:
        StudyError: no such file, text in a cell, x that does not rise, more than one dimension.
    """
    cells = rows(path, tab)
    row, col = place(cell, path)
    wide = [axis for axis in axes if len(axis.elements) > 1]
    if len(wide) > 1:
        raise StudyError(Problem(str(path), f"{len(wide)} dimensions beside the series", "at most one",
                                 "read the block element by element along the others"))
    axis = wide[0] if wide else None
    width = len(axis.elements) if axis else 1
    problems: list[Problem] = []
    if line.strip().isdigit():
        turned: Cells = [[text_at(cells, i, j) for i in range(len(cells))] for j in range(max(map(len, cells)))]
        x, values, used = _down(turned, col, int(line) - 1, row, width, path, problems, True)
        problems = problems or _labels(cells, axis, _column_of(cells, row, width), range(col), path,
                                       lambda one, i: (row + i, one))
    else:
        x, values, used = _down(cells, row, column(line.strip()), col, width, path, problems, False)
        problems = problems or _labels(cells, axis, _row_of(cells, col, width), range(row), path,
                                       lambda one, i: (one, col + i))
    order = np.argsort(x, kind="stable")
    x, values = x[order], values[order]
    if not problems:
        problems = _distinct(x, [used[i] for i in order], path, line)
    if problems:
        raise StudyError(problems)
    return Series(x, values.reshape((len(x), *(len(one.elements) for one in axes))))


def _down(
    cells: Cells, first: int, x_column: int, column_: int, width: int, path: Path, problems: list[Problem], turned: bool
) -> tuple[Floats, Floats, list[int]]:
    """Read x and values downwards until the file ends; rows without x are skipped."""
    used = [row for row in range(first, len(cells)) if text_at(cells, row, x_column)]
    found: list[Problem] = []
    x = np.array([number(cells, row, x_column, path, found) for row in used], dtype=float)
    values = np.array(
        [[number(cells, row, column_ + j, path, found, gaps=True) for j in range(width)] for row in used], dtype=float
    ).reshape(len(used), width)
    problems.extend(found if not turned else [_turn(problem) for problem in found])
    return x, values, used


def _turn(problem: Problem) -> Problem:
    head, _, cell = problem.found.rpartition(" ")
    row, col = place(cell, Path(problem.file))
    return Problem(problem.file, f"{head} {name_of(col, row)}", problem.allowed, problem.hint, col + 1)


def _distinct(x: Floats, used: Sequence[int], path: Path, line: str) -> list[Problem]:
    if len(x) == 0:
        return [Problem(str(path), f"no numbers in series {line!r}", "at least one point", "check row or column")]
    doubles = np.flatnonzero(np.diff(x) == 0)
    if len(doubles) == 0:
        return []
    return [Problem(str(path), f"series {line!r} holds {x[doubles[0]]:g} twice", "each point once", "remove the double",
                    used[doubles[0] + 1] + 1)]


def filled(found: Series, keyword: str | None) -> Series:
    """Fill the gaps of each column the way the data variable moves between points; `raw` keeps them."""
    if keyword == "raw" or not np.isnan(found.values).any():
        return found
    columns = found.values.reshape(len(found.x), -1).copy()
    for j in range(columns.shape[1]):
        known = ~np.isnan(columns[:, j])
        if known.any() and not known.all():
            columns[~known, j] = _between(found.x[~known], found.x[known], columns[known, j], keyword)
    return Series(found.x, columns.reshape(found.values.shape))


def _between(at: Floats, x: Floats, y: Floats, keyword: str | None) -> Floats:
    if keyword == "look_forward":
        return y[np.minimum(np.searchsorted(x, at, side="left"), len(x) - 1)]
    if keyword == "hold_backward":
        return y[np.maximum(np.searchsorted(x, at, side="right") - 1, 0)]
    return np.interp(at, x, y)
