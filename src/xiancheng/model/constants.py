"""The constants and paths of a study held against its equations, and values of a user held against the constants."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, constant_rows, element_tables, lever_constants
from xiancheng.model.catalogue import Variable
from xiancheng.model.constant_rows import PARAMETER_HEADER, PARAMETERS_FILE, PATH_HEADER, PATHS
from xiancheng.model.inputs import Constant
from xiancheng.model.reading import Findings, Row, read_rows
from xiancheng.study import Study
from xiancheng.texts import Phrase, did_you_mean, phrase

NOTES = ("constant.outside", "constant.one_for_all")
"""Keys of what is said of values that run although they are not plausible, or stand for several."""
_NEAR = 1e-9
"""Share of a bound by which a value that was rounded may lie outside."""


@dataclass(frozen=True)
class Judgement:
    """What is to be said of the values of a user.

    Attributes:
        problems: by name, values that cannot be.
        notes: values that run, outside of what is plausible or one for all elements.
    """

    problems: Mapping[str, Problem]
    notes: tuple[Phrase, ...]


def check(study: Study) -> None:
    """Hold every table of constants and paths against the variables of the equations.

    Raises:
        StudyError: every name that the equations have not, and every unit that is not that of the variable.
    """
    variables = {variable.id: variable for variable in catalogue.read(study)}
    problems: list[Problem] = []
    for file, rows, name_of in tables_of(study):
        findings = Findings(file)
        for row in rows:
            _check_row(row, name_of(row), variables, findings)
        problems += findings.problems
    if problems:
        raise StudyError(problems)


def _check_row(row: Row, name: str, variables: Mapping[str, Variable], findings: Findings) -> None:
    variable = variables.get(key(name))
    if variable is None:
        unknown = phrase("constant.unknown", name=name)
        findings.add(unknown, phrase("constant.of_the_equations"), did_you_mean(key(name), variables), row.number)
    elif row["unit"] != variable.unit:
        wrong = phrase("table.is", column="unit", value=repr(row["unit"]))
        findings.add(wrong, variable.unit, phrase("constant.unit_hint", name=variable.name), row.number)


def tables_of(study: Study) -> list[tuple[str, Iterable[Row], Callable[[Row], str]]]:
    """Return every table of constants and paths: its name, its rows, and how a row names its variable."""
    files: list[tuple[str, tuple[str, ...], Callable[[Row], str]]] = [
        (PARAMETERS_FILE, PARAMETER_HEADER, lambda row: row["name"]),
        (element_tables.ELEMENTS_FILE, element_tables.ELEMENTS_HEADER, lambda row: row["name"]),
        (element_tables.PATHS_FILE, element_tables.PATHS_HEADER, lambda row: row["variable"]),
        *((file, PATH_HEADER, lambda row, name=name: name) for file, name in PATHS.items()),
    ]
    tables: list[tuple[str, Iterable[Row], Callable[[Row], str]]] = [
        (file, read_rows(study.tables / file, header, Findings(file)), name_of)
        for file, header, name_of in files if (study.tables / file).is_file()
    ]
    own = lever_constants.by_file(study.root)
    return [*tables, *((file, rows, lambda row: row["name"]) for file, rows in own.items())]


def judge(study: Study, values: Mapping[str, Constant]) -> Judgement:
    """Say which values of constants cannot be, and which are outside of what their table holds plausible.

    Args:
        study: the study.
        values: by name of a constant, in its unit; one of places as an array.
    """
    if not values:
        return Judgement({}, ())
    variables, rows = {variable.id: variable for variable in catalogue.read(study)}, _rows_by_name(study)
    problems: dict[str, Problem] = {}
    notes: list[Phrase] = []
    for name, value in values.items():
        variable, own = variables.get(key(name)), rows.get(key(name), [])
        problem = impossible(name, value, bounds_of(own))
        if problem is not None:
            problems[name] = problem
            continue
        notes += [note for note in (_outside(name, value, own), _one_for_all(name, value, variable)) if note]
    return Judgement(problems, tuple(notes))


def _rows_by_name(study: Study) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for file, table, name_of in tables_of(study):
        if file not in (element_tables.PATHS_FILE, *PATHS):
            for row in table:
                rows.setdefault(key(name_of(row)), []).append(row)
    return rows


def bounds(study: Study) -> dict[str, tuple[float, float]]:
    """Return the least and the most that each constant can be, by the key of its name [its unit]."""
    return {name: bounds_of(rows) for name, rows in _rows_by_name(study).items()}


def bounds_of(rows: Iterable[Row]) -> tuple[float, float]:
    """Return the least and the most that a constant can be [its unit], from its rows in a table."""
    pairs = [constant_rows.possible(row["name"], row["unit"], *constant_rows.range_of(row)) for row in rows]
    return max((low for low, _ in pairs), default=-math.inf), min((high for _, high in pairs), default=math.inf)


def impossible(name: str, value: Constant, span: tuple[float, float]) -> Problem | None:
    """Return the problem with a value of a constant that cannot be; None with one that can.

    Args:
        name: of the constant.
        value: in its unit.
        span: the least and the most that it can be.
    """
    least, most = span
    numbers = np.asarray(value, dtype=float)
    if np.isfinite(numbers).all() and (numbers >= least).all() and (numbers <= most).all():
        return None
    worst = numbers.flat[int(np.argmax(~((numbers >= least) & (numbers <= most) & np.isfinite(numbers))))]
    allowed = phrase("table.number")
    if math.isfinite(least):
        allowed = phrase("table.number_least", low="0") if math.isinf(most) else phrase("table.number_range", low="0",
                                                                                         high=f"{most:g}")
    return Problem("", phrase("constant.impossible", name=name, value=f"{worst:g}"), allowed,
                   phrase("constant.impossible_hint"))


def _outside(name: str, value: Constant, rows: Iterable[Row]) -> Phrase | None:
    """Return the note on a value that is not plausible to the table of its constant."""
    numbers = np.asarray(value, dtype=float)
    for row in rows:
        low, high = constant_rows.range_of(row)
        if low is None or high is None:
            continue
        slack = _NEAR * max(abs(low), abs(high))
        if (numbers < low - slack).any() or (numbers > high + slack).any():
            shown = f"{numbers.min():g}" if numbers.min() < low else f"{numbers.max():g}"
            return phrase("constant.outside", name=name, value=shown, low=row["low"], high=row["high"],
                          unit=row["unit"])
    return None


def _one_for_all(name: str, value: Constant, variable: Variable | None) -> Phrase | None:
    """Return the note on one number for a constant that has one for each element."""
    if variable is None or not variable.dims or np.ndim(value):
        return None
    return phrase("constant.one_for_all", name=name, value=f"{float(value):g}", dims=", ".join(variable.dims))
