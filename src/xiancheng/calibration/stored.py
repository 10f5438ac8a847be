"""What a study keeps of its fits out of fold: the parameters of each, and the spread of what each place is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from xiancheng import whole_files
from xiancheng.calibration.folds import LeftOut, OutOfFold
from xiancheng.calibration.priors import Space
from xiancheng.calibration.store import identity
from xiancheng.errors import Problem, StudyError
from xiancheng.model.members import FEATURES, SPREAD, SPREAD_HEADER
from xiancheng.model.reading import Findings, number, read_rows
from xiancheng.study import Study
from xiancheng.texts import phrase

FOLDS, IDENTITY = "folds.csv", "folds_identity.json"
_CODE = "prefecture"


def labels(space: Space) -> list[str]:
    """Return a name for each component of the vector: the parameter, with its place where it has one."""
    return [f"{name}[{place}]" if place else name for name, place in space.labels()]


def write(folder: Path, study: Study, space: Space, answer: LeftOut, how: str) -> list[Path]:
    """Write what the folds said.

    Args:
        folder: where to.
        study: the study.
        space: what was fitted.
        answer: the folds.
        how: the command that made them.
    """
    with whole_files.row_writer(folder / FOLDS) as writer:
        writer.writerow([_CODE, *labels(space)])
        writer.writerows([code, *(f"{value:.6g}" for value in fold.theta)] for code, fold in answer.folds.items())
    with whole_files.row_writer(folder / SPREAD) as writer:
        writer.writerow(SPREAD_HEADER)
        for row, place in enumerate(space.places):
            for column, feature in enumerate(FEATURES):
                wide = (f"{value:.5g}" for value in answer.reach[:, row, column])
                writer.writerow([place, feature, f"{answer.spread[row, column]:.5g}", *wide])
    content = {"command": how, **_lasting(study)}
    whole_files.write(folder / IDENTITY, json.dumps(content, indent=1) + "\n")
    return [folder / name for name in (FOLDS, SPREAD, IDENTITY)]


def read(study: Study, space: Space) -> OutOfFold:
    """Read what the folds said.

    Raises:
        StudyError: no such files, other parameters or places, or a cell that is no number.
    """
    folder = study.calibration
    for name in (FOLDS, SPREAD):
        if not (folder / name).is_file():
            raise StudyError(Problem(str(folder / name), phrase("file.none"), phrase("calibration.folds_file"),
                                     phrase("calibration.folds_hint")))
    findings, expected = Findings(str(folder / FOLDS)), labels(space)
    rows = read_rows(folder / FOLDS, (_CODE, *expected), findings)
    thetas = {row[_CODE]: np.array([number(row, name, findings) for name in expected]) for row in rows}
    findings.stop()
    findings = Findings(str(folder / SPREAD))
    cells = {(row["place"], row["feature"]): [number(row, name, findings, low=0.0) for name in SPREAD_HEADER[2:]]
             for row in read_rows(folder / SPREAD, SPREAD_HEADER, findings)}
    for place in space.places:
        for feature in FEATURES:
            if (place, feature) not in cells:
                findings.add(phrase("calibration.target_missing", names=f"{place}, {feature}"),
                             phrase("calibration.folds_file"))
    findings.stop()
    table = np.array([[cells[place, feature] for feature in FEATURES] for place in space.places])
    return OutOfFold(thetas, table[:, :, 0], np.moveaxis(table[:, :, 1:], 2, 0))


def command(study: Study) -> str:
    """Return the command that made the stored folds, or ""."""
    return str(_told(study).get("command", ""))


def differing(study: Study) -> list[str]:
    """Return what the stored folds rest on and the study no longer has."""
    before = _told(study)
    return sorted(name for name, value in _lasting(study).items() if before.get(name) != value)


def _told(study: Study) -> Mapping[str, object]:
    file = study.calibration / IDENTITY
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _lasting(study: Study) -> dict[str, object]:
    return {name: value for name, value in identity(study, 0).items() if name != "seed"}
