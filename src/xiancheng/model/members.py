"""What a fit hands on to runs, as files: draws of the fitted parameters, and how far places were missed out of fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xiancheng.errors import Problem, StudyError
from xiancheng.model import places
from xiancheng.model.inputs import Constant
from xiancheng.model.reading import Findings, Row, no_duplicates, number, read_rows, read_table
from xiancheng.model.tidy import integer
from xiancheng.study import Study, digest
from xiancheng.texts import phrase

FILE = "members.csv"
_NUMBER = "member"
SPREAD = "folds_spread.csv"
FEATURES = ("residents", "urban share", "share 65+", "share 0-14")
"""What places are told apart by out of fold."""
LEVELS = (0.5, 0.9)
"""Shares of places that the bands out of fold hold."""
SPREAD_HEADER = ("place", "feature", "sd", *(f"reach_{level:g}" for level in LEVELS))
"""Of each place and feature: standard deviation out of fold, and how many of them hold each of LEVELS."""


def read(study: Study) -> dict[int, dict[str, Constant]]:
    """Return the parameters of each member by name [their units]; one with a value for each place as an array.

    Raises:
        StudyError: no such file, a cell that is no number, or a parameter of places that has not a column for each.
    """
    file = study.calibration / FILE
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("sweep.members_file")))
    findings = Findings(str(file))
    rows = read_table(file, (_NUMBER,), findings)
    no_duplicates(rows, (_NUMBER,), findings)
    groups = _groups(study, [name for name in rows[0].fields if name != _NUMBER], str(file))
    members = {integer(row[_NUMBER], row, findings): _member(row, groups, findings) for row in rows}
    findings.stop()
    return members


def _member(row: Row, groups: Mapping[str, Sequence[str] | None], findings: Findings) -> dict[str, Constant]:
    """Return the parameters of a row by name [their units], noting cells that hold no number."""
    values = {name: number(row, name, findings) for name in row.fields if name != _NUMBER}
    return {name: values[name] if columns is None else np.array([values[column] for column in columns])
            for name, columns in groups.items()}


def _groups(study: Study, columns: Sequence[str], file: str) -> dict[str, list[str] | None]:
    """Return by parameter the columns of its places in the order of the equations, None for one number."""
    groups: dict[str, list[str] | None] = {}
    elements = places.read(study.tables).elements
    for column in columns:
        name, bracket, _ = column.partition("[")
        if bracket and name not in groups:
            columns_needed = [f"{name}[{element}]" for element in elements]
            missing = [column for column in columns_needed if column not in columns]
            if missing:
                raise StudyError(Problem(file, phrase("sweep.members_places", names=", ".join(missing[:5])),
                                         phrase("sweep.members_file")))
            groups[name] = columns_needed
        elif not bracket:
            groups[name] = None
    return groups


def fingerprint(study: Study) -> str:
    """Return the sha256 of the file of members."""
    return digest(study.root, [study.calibration / FILE])


def misses(study: Study) -> dict[tuple[str, str], float]:
    """Return the half width of the 90 % band out of fold by place and feature, after the years between the censuses.

    Of residents it is that of the logarithm. Empty where the study keeps no folds.
    """
    file = study.calibration / SPREAD
    if not file.is_file():
        return {}
    findings = Findings(str(file))
    widths = {(row["place"], row["feature"]):
              number(row, "sd", findings, low=0.0) * number(row, SPREAD_HEADER[-1], findings)
              for row in read_rows(file, SPREAD_HEADER, findings)}
    findings.stop()
    return widths
