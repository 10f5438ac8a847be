"""Every table of the room of calibration, checked at once: what the fit reads, and what it has left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from xiancheng import cells
from xiancheng.calibration import posterior, priors, stored, targets
from xiancheng.calibration.priors import CARRIED, FIT, RESIDUALS
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, constants, members, places
from xiancheng.model.places import Places
from xiancheng.model.reading import Findings, Row, read_table, short
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

_NUMBER = "member"


def check(study: Study) -> None:
    """Check all tables of calibration that a study has.

    Raises:
        StudyError: every problem of every table.
    """
    problems: list[Problem] = []
    for step in _steps(study):
        try:
            step()
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)


def _steps(study: Study) -> Iterator[Callable[[], object]]:
    def has(name: str) -> bool:
        return (study.calibration / Path(name).name).is_file()

    where = places.read(study.tables)
    if has(priors.FILE):
        yield lambda: priors.read(study)
    if has(targets.FILE):
        yield lambda: targets.read(study, where.elements, where.listed.tolist())
    if has(members.FILE):
        yield lambda: _check_members(study, where)
    if has(stored.FOLDS):
        yield lambda: stored.read(study, priors.space(study, where.elements))
    elif has(members.SPREAD):
        yield lambda: members.misses(study)
    if has(posterior.SUMMARY):
        yield lambda: posterior.optima(study.calibration / posterior.SUMMARY)
    own = {Path(name).name for name in (priors.FILE, targets.FILE, members.FILE, stored.FOLDS)}
    for file in sorted(study.calibration.glob("*.csv")):
        if file.name not in own:
            yield lambda file=file: _check_finite(file)  # type: ignore[misc]


def _check_finite(file: Path) -> None:
    """Refuse a table with a number that is none; a cell may be empty where nothing is known."""
    findings = Findings(str(file))
    for row in read_table(file, (), findings):
        for column, word in row.fields.items():
            value = cells.number(word)
            if value is not None and not math.isfinite(value):
                findings.add(phrase("table.is", column=column, value=word), phrase("table.number"),
                             phrase("table.blank"), row.number)
    findings.stop()


def _check_members(study: Study, where: Places) -> None:
    """Hold the draws against the priors that they come from and against what a constant can be."""
    members.read(study)
    findings = Findings(str(study.calibration / members.FILE))
    rows = read_table(study.calibration / members.FILE, (_NUMBER,), findings)
    columns, expected = [name for name in rows[0].fields if name != _NUMBER], _columns(study, where)
    for column, right in zip(columns, expected, strict=False):
        if column != right:
            wrong = phrase("calibration.column", name=short(column))
            findings.add(wrong, short(right), did_you_mean(column, expected), 1)
    if len(columns) != len(expected):
        findings.add(phrase("table.fields", count=len(columns) + 1), phrase("table.fields", count=len(expected) + 1),
                     row=1)
    spans = constants.bounds(study)
    for row in rows:
        _check_draw(row, spans, findings)
    findings.stop()


def _columns(study: Study, where: Places) -> list[str]:
    """Return the columns of the draws in their order: what was fitted, the appeal of each place, what is carried."""
    every = priors.read(study)
    fitted = [prior.parameter for prior in every if prior.use == FIT]
    local = [f"{name}[{place}]" for name in fitted if name == RESIDUALS[0] for place in where.elements]
    carried = [prior.parameter for prior in every if prior.use == CARRIED]
    return [*(name for name in fitted if name not in RESIDUALS), *local, *carried]


def _check_draw(row: Row, spans: Mapping[str, tuple[float, float]], findings: Findings) -> None:
    for name, word in row.fields.items():
        value = cells.number(word)
        problem = constants.impossible(name, value, spans[key(name)]) if key(name) in spans and value else None
        if problem:
            findings.problems.append(replace(problem, file=findings.file, row=row.number))


def check_sets(study: Study, file: Path, unit: str = "") -> None:
    """Check that every variable of a table of values is one of the equations, and has its unit.

    Args:
        study: the study.
        file: a table with the column variable.
        unit: the column of the unit, "" for a table without one.

    Raises:
        StudyError: a variable that the equations have not, or another unit than theirs.
    """
    if not file.is_file():
        return
    findings = Findings(str(file))
    variables = {variable.name: variable for variable in catalogue.read(study)}
    for row in read_table(file, ("variable",), findings):
        variable = variables.get(row["variable"])
        if variable is None:
            unknown = phrase("constant.unknown", name=row["variable"])
            hint = did_you_mean(row["variable"], variables)
            findings.add(unknown, phrase("constant.of_the_equations"), hint, row.number)
        elif unit and row[unit] != variable.unit:
            wrong = phrase("table.is", column=unit, value=repr(row[unit]))
            findings.add(wrong, variable.unit, phrase("constant.unit_hint", name=variable.name), row.number)
    findings.stop()
