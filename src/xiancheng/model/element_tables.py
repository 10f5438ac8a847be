"""Constants by element of a subscript, and paths in time, from their tidy tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.model.reading import EVIDENCE, Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.texts import phrase

Array = NDArray[np.float64]

ELEMENTS_FILE = "parameters_by_element.csv"
ELEMENTS_HEADER = (
    "dimension", "element", "name", "value", "unit", "meaning", "evidence", "low", "high", "source", "note",
)
PATHS_FILE = "paths.csv"
PATHS_HEADER = ("variable", "path", "time", "value", "unit", "evidence", "source", "note")


def read_by_element(tables: Path) -> dict[str, tuple[tuple[str, ...], dict[str, Array]]]:
    """Return by dimension its elements and, by name, the constants of each element [unit of the table] (element).

    Raises:
        StudyError: the table is not as it must be, or a constant lacks an element of its dimension.
    """
    findings = Findings(ELEMENTS_FILE)
    rows = read_rows(tables / ELEMENTS_FILE, ELEMENTS_HEADER, findings)
    no_duplicates(rows, ("dimension", "element", "name"), findings)
    elements: dict[str, dict[str, None]] = {}
    names: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows:
        one_of(row, "evidence", EVIDENCE, findings)
        elements.setdefault(row["dimension"], {})[row["element"]] = None
        values = names.setdefault(row["dimension"], {}).setdefault(row["name"], {})
        values[row["element"]] = number(row, "value", findings)
    for dimension, by_name in names.items():
        for name, values in by_name.items():
            missing = [element for element in elements[dimension] if element not in values]
            if missing:
                found = phrase("table.row_missing", names=", ".join(f"{name}[{element}]" for element in missing[:5]))
                findings.add(found, ", ".join(elements[dimension]), phrase("table.restore_rows"))
    findings.stop()
    return {
        dimension: (
            tuple(elements[dimension]),
            {name: np.array([values[element] for element in elements[dimension]]) for name, values in by_name.items()},
        )
        for dimension, by_name in names.items()
    }


def read_paths(tables: Path) -> dict[str, tuple[Array, dict[str, Array]]]:
    """Return by variable the times of its points [year] and, by path, the values there [unit of the table] (time).

    Paths of one variable that name other times are read in between by straight lines.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(PATHS_FILE)
    rows = read_rows(tables / PATHS_FILE, PATHS_HEADER, findings)
    no_duplicates(rows, ("variable", "path", "time"), findings)
    points: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for row in rows:
        one_of(row, "evidence", EVIDENCE, findings)
        path = points.setdefault(row["variable"], {}).setdefault(row["path"], [])
        path.append((_time(row, path, findings), number(row, "value", findings)))
    findings.stop()
    return {variable: _on_common_times(list(paths.values()), tuple(paths)) for variable, paths in points.items()}


def _time(row: Row, before: Sequence[tuple[float, float]], findings: Findings) -> float:
    time = number(row, "time", findings)
    if before and time <= before[-1][0]:
        findings.add(phrase("table.is", column="time", value=row["time"]), f"> {before[-1][0]:g}", "", row.number)
    return time


def _on_common_times(
    paths: Sequence[Sequence[tuple[float, float]]], names: Sequence[str]
) -> tuple[Array, dict[str, Array]]:
    times = np.array(sorted({time for path in paths for time, _ in path}))
    columns = {}
    for name, path in zip(names, paths, strict=True):
        at, values = np.array(path).T
        columns[name] = np.interp(times, at, values)
    return times, columns
