"""What a fit hands on to runs, as files: draws of the fitted parameters, and how far places were missed out of fold."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np

from xiancheng.errors import Problem, StudyError
from xiancheng.model import places
from xiancheng.model.inputs import Constant
from xiancheng.model.reading import Findings, number, read_rows, read_text
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
    rows = list(csv.DictReader(io.StringIO(read_text(file, Findings(str(file))))))
    members: dict[int, dict[str, Constant]] = {}
    problems = []
    groups = _groups(study, [name for name in rows[0] if name != _NUMBER] if rows else [], str(file))
    for line, row in enumerate(rows, start=2):
        try:
            cells = {name: float(value) for name, value in row.items() if name != _NUMBER}
            members[int(row[_NUMBER])] = {
                name: cells[name] if columns is None else np.array([cells[column] for column in columns])
                for name, columns in groups.items()
            }
        except (TypeError, ValueError, KeyError):
            problems.append(Problem(str(file), phrase("sweep.members_row"), phrase("table.number"), row=line))
    if problems:
        raise StudyError(problems)
    return members


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
