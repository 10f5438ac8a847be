"""The members of the posterior: draws of the fitted parameters, one a row of calibration/members.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.errors import Problem, StudyError
from xiancheng.model import places
from xiancheng.model.reading import Findings, read_text
from xiancheng.study import Study, digest
from xiancheng.sweeps.entries import Entries
from xiancheng.texts import phrase

FILE = "members.csv"
_NUMBER = "member"
_PATH = ("runs", "members")
Value = float | NDArray[np.float64]


def read(study: Study) -> dict[int, dict[str, Value]]:
    """Return the parameters of each member by name [their units]; one with a value for each place as an array.

    Raises:
        StudyError: no such file, a cell that is no number, or a parameter of places that has not a column for each.
    """
    file = study.calibration / FILE
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("sweep.members_file")))
    rows = list(csv.DictReader(io.StringIO(read_text(file, Findings(str(file))))))
    found: dict[int, dict[str, Value]] = {}
    problems = []
    groups = _groups(study, [name for name in rows[0] if name != _NUMBER] if rows else [], str(file))
    for number, row in enumerate(rows, start=2):
        try:
            cells = {name: float(value) for name, value in row.items() if name != _NUMBER}
            found[int(row[_NUMBER])] = {
                name: cells[name] if columns is None else np.array([cells[column] for column in columns])
                for name, columns in groups.items()
            }
        except (TypeError, ValueError, KeyError):
            problems.append(Problem(str(file), phrase("sweep.members_row"), phrase("table.number"), row=number))
    if problems:
        raise StudyError(problems)
    return found


def _groups(study: Study, columns: Sequence[str], file: str) -> dict[str, list[str] | None]:
    """Return by parameter the columns of its places in the order of the equations, None for one number."""
    found: dict[str, list[str] | None] = {}
    elements = places.read(study.tables).elements
    for column in columns:
        name, bracket, _ = column.partition("[")
        if bracket and name not in found:
            wanted = [f"{name}[{element}]" for element in elements]
            missing = [one for one in wanted if one not in columns]
            if missing:
                raise StudyError(Problem(file, phrase("sweep.members_places", names=", ".join(missing[:5])),
                                         phrase("sweep.members_file")))
            found[name] = wanted
        elif not bracket:
            found[name] = None
    return found


def fingerprint(study: Study) -> str:
    """Return the sha256 of the file of members."""
    return digest(study.root, [study.calibration / FILE])


def numbers_of(study: Study, wanted: Any, entries: Entries) -> tuple[int, ...]:
    """Return the members that a design asks for: so many, those of a list, or "all"; none for 0."""
    if wanted == 0 and not isinstance(wanted, bool):
        return ()
    try:
        known: Mapping[int, object] = read(study)
    except StudyError as error:
        entries.problems += error.problems
        return ()
    allowed = phrase("sweep.members_allowed", count=len(known))
    if wanted == "all":
        return tuple(known)
    listed = wanted if isinstance(wanted, list) else [wanted]
    if not listed or any(isinstance(one, bool) or not isinstance(one, int) for one in listed):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=repr(wanted)), allowed)
    elif isinstance(wanted, int) and not 0 < wanted <= len(known):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=wanted), allowed)
    elif isinstance(wanted, list) and set(wanted) - set(known):
        entries.add(_PATH, phrase("sweep.wrong_value", key="runs.members", value=repr(wanted)), allowed)
    else:
        return tuple(dict.fromkeys(wanted)) if isinstance(wanted, list) else tuple(known)[:wanted]
    return ()
