"""Constants by element of a subscript, and paths in time, from their tidy tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.engine.source import key
from xiancheng.model import lever_constants
from xiancheng.model.constant_rows import check_constant, check_point
from xiancheng.model.reading import Findings, Row, no_duplicates, number, one_of, read_rows
from xiancheng.texts import did_you_mean, phrase

ELEMENTS_FILE = "parameters_by_element.csv"
ELEMENTS_HEADER = lever_constants.HEADER
PATHS_FILE = "paths.csv"
PATHS_HEADER = ("variable", "path", "time", "value", "unit", "evidence", "source", "note")


def read_by_element(
    tables: Path, members: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[tuple[str, ...], dict[str, Floats]]]:
    """Return by dimension its elements and, by name, the constants of each element [unit of the table] (element).

    Constants of the folders of levers stand beside those of the table.

    Args:
        tables: folder of the tidy tables.
        members: elements of the subscript ranges of the equations by the key of the range: what the dimensions hold,
            in this order. Without equations, or where a range is read from a table, elements are those of this table.

    Raises:
        StudyError: the table is not as it must be, names a dimension or an element that the equations do not have, or
            lacks a constant for an element of its dimension.
    """
    findings = Findings(ELEMENTS_FILE)
    own = [row for row in lever_constants.read(tables.parents[1]) if row["dimension"]]
    rows = [*read_rows(tables / ELEMENTS_FILE, ELEMENTS_HEADER, findings), *own]
    no_duplicates(rows, ("dimension", "element", "name"), findings)
    values: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows:
        _check_place(row, members, findings)
        by_name = values.setdefault(row["dimension"], {}).setdefault(row["name"], {})
        by_name[row["element"]] = check_constant(row, findings)
    tables_by_dimension = {
        dimension: _by_element(by_name, members.get(key(dimension), ()), findings)
        for dimension, by_name in values.items()
    }
    findings.stop()
    return tables_by_dimension


def _check_place(row: Row, members: Mapping[str, tuple[str, ...]], findings: Findings) -> None:
    """Note a dimension or an element that the equations do not have."""
    if members and key(row["dimension"]) not in members:
        unknown = phrase("table.is", column="dimension", value=row["dimension"])
        findings.add(unknown, phrase("table.dimension_allowed"), did_you_mean(row["dimension"], members), row.number)
    elif elements := members.get(key(row["dimension"])):
        one_of(row, "element", elements, findings)


def _by_element(
    by_name: Mapping[str, Mapping[str, float]], elements: tuple[str, ...], findings: Findings
) -> tuple[tuple[str, ...], dict[str, Floats]]:
    """Put the constants of a dimension into the order of its elements; every one that is missing is noted."""
    elements = elements or tuple(dict.fromkeys(element for values in by_name.values() for element in values))
    for name, values in by_name.items():
        missing = [f"{name}[{element}]" for element in elements if element not in values]
        if missing:
            findings.add(
                phrase("table.row_missing", names=", ".join(missing[:5])),
                phrase("table.each_element", elements=", ".join(elements)),
                phrase("table.add_rows"),
            )
    return elements, {
        name: np.array([values.get(element, np.nan) for element in elements]) for name, values in by_name.items()
    }


def read_paths(tables: Path) -> dict[str, tuple[Floats, dict[str, Floats]]]:
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
        check_point(row, row["variable"], findings)
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
) -> tuple[Floats, dict[str, Floats]]:
    times = np.array(sorted({time for path in paths for time, _ in path}))
    columns = {}
    for name, path in zip(names, paths, strict=True):
        at, values = np.array(path).T
        columns[name] = np.interp(times, at, values)
    return times, columns
