"""The variables of the equations as a table: name, unit, sentence, group, kind, and the evidence of constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xiancheng import cells
from xiancheng.engine import read as reader
from xiancheng.engine.overrides import equations as entries_of
from xiancheng.engine.source import decode, key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants
from xiancheng.model.reading import Findings, read_table
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase


@dataclass(frozen=True)
class Variable:
    """A variable of the equations.

    Attributes:
        id: its name in results and on the command line: lower case with underscores.
        name: its name in the equations.
        unit: its unit as written there.
        sentence: what it means.
        group: the sector it stands in.
        kind: stock, constant, data, lookup, control or auxiliary.
        dims: names of its subscripts.
        equation: the text of its equations.
        line: where they begin.
        value: value of a constant in parameters.csv or the folder of a lever [unit], or None.
        evidence: its mark there, or "".
        low: least plausible value there [unit], or None; high likewise.
        source: where its value comes from, or "".
        note: what else is to be known, or "".
    """

    id: str
    name: str
    unit: str
    sentence: str
    group: str
    kind: str
    dims: tuple[str, ...]
    equation: str
    line: int
    value: float | None = None
    evidence: str = ""
    low: float | None = None
    high: float | None = None
    source: str = ""
    note: str = ""


def read(study: Study) -> tuple[Variable, ...]:
    """Read the variables of a study's equations, in the order of the file.

    Raises:
        StudyError: equations or parameters.csv that cannot be read.
    """
    model = _model(study.equations, study.equations_hash)
    marks = _parameters(study)
    return tuple(_variable(variable, marks.get(name, {})) for name, variable in model.variables.items())


def elements(study: Study) -> dict[str, tuple[str, ...]]:
    """Return the elements of every subscript range of a study's equations, by its id.

    Raises:
        StudyError: equations that cannot be read.
    """
    ranges = _model(study.equations, study.equations_hash).dimensions
    return {name: ranges.elements(name) for name in ranges.ranges}


@lru_cache(maxsize=2)
def _model(equations: Path, equations_hash: str) -> reader.Model:
    """Read equations in full; `equations_hash` is part of the call so that others are read again."""
    return reader.read(equations)


def names(study: Study) -> frozenset[str]:
    """Return the names of all variables of a study's equations, in lower case; the equations are not read in full."""
    return frozenset(name for name, _ in _names(study.equations, study.equations_hash))


def groups(study: Study) -> list[str]:
    """Return the groups that a study's equations stand in, in order; the equations are not read in full."""
    return list(dict.fromkeys(group for _, group in _names(study.equations, study.equations_hash)))


@lru_cache(maxsize=4)
def _names(equations: Path, equations_hash: str) -> tuple[tuple[str, str], ...]:
    """Find names and groups; `equations_hash` is part of the call so that other equations are read again."""
    return tuple((entry.name.strip('" ').lower(), entry.group)
                 for entry in entries_of(decode(equations), str(equations)))


def find(study: Study, name: str) -> Variable:
    """Return the variable of that name; case, blanks and underscores make no difference.

    Raises:
        StudyError: no such variable, with the nearest names.
    """
    variables = {variable.id: variable for variable in read(study)}
    if key(name) not in variables:
        hint = did_you_mean(key(name), variables)
        sentence = phrase("variable.unknown", name=name)
        raise StudyError(Problem("", sentence, phrase("lever.variable_allowed"), hint))
    return variables[key(name)]


def _variable(variable: reader.Variable, marks: Mapping[str, str]) -> Variable:
    return Variable(
        id=variable.key,
        name=variable.name,
        unit=variable.units,
        sentence=variable.description,
        group=variable.group,
        kind=variable.kind,
        dims=variable.dims,
        equation=variable.equation,
        line=variable.line,
        value=_number(marks.get("value", "")),
        evidence=marks.get("evidence", ""),
        low=_number(marks.get("low", "")),
        high=_number(marks.get("high", "")),
        source=marks.get("source", ""),
        note=marks.get("note", ""),
    )


def _parameters(study: Study) -> dict[str, dict[str, str]]:
    if not study.parameters.is_file():
        return {}
    rows = read_table(study.parameters, ("name",), Findings(str(study.parameters)))
    own = [row.fields for row in lever_constants.read(study.root) if not row["dimension"]]
    return {key(row["name"]): row for row in [*(row.fields for row in rows), *own]}


def _number(written: str) -> float | None:
    return cells.number(written)
