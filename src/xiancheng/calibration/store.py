"""Results of steps as files, so that a fit that was stopped goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.calibration import priors
from xiancheng.calibration.forward import text
from xiancheng.engine.source import without_views
from xiancheng.errors import Problem, StudyError
from xiancheng.provenance import fingerprint
from xiancheng.study import Study, digest
from xiancheng.texts import phrase

_IDENTITY = "identity.json"


@dataclass(frozen=True)
class StepStore:
    """A folder of finished steps.

    Attributes:
        folder: where they lie; None keeps nothing.
    """

    folder: Path | None = None

    def load(self, name: str) -> dict[str, NDArray[Any]] | None:
        """Return the arrays of a finished step, or None."""
        file = None if self.folder is None else self.folder / f"{name}.npz"
        if file is None or not file.is_file():
            return None
        with np.load(file) as arrays:
            return {key: arrays[key] for key in arrays.files}

    def save(self, name: str, arrays: Mapping[str, Any]) -> None:
        """Keep the arrays of a finished step: written aside, then renamed."""
        if self.folder is None:
            return
        whole_files.aside(self.folder / f"{name}.npz", lambda path: np.savez(path, **arrays))


def opened(folder: Path, study: Study, seed: int) -> StepStore:
    """Return the store of a folder for the fit of people, made if need be.

    Raises:
        StudyError: its steps belong to other equations, tables, targets, priors or another seed.
    """
    return opened_for(folder, identity(study, seed))


def opened_for(folder: Path, now: Mapping[str, str | int]) -> StepStore:
    """Return the store of a folder, made if need be.

    Args:
        folder: where steps are kept.
        now: what they depend on, by name.

    Raises:
        StudyError: its steps depend on something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / _IDENTITY
    if file.is_file():
        before = json.loads(file.read_text(encoding="utf-8"))
        differing = sorted(key for key in now if before.get(key) != now[key])
        if differing:
            sentence = phrase("calibration.other_identity", names=", ".join(differing))
            raise StudyError(Problem(str(folder), sentence, phrase("calibration.same_identity"),
                                     phrase("calibration.other_folder")))
    else:
        whole_files.write(file, json.dumps(now, indent=1) + "\n")
    return StepStore(folder)


def whole_identity(study: Study, seed: int) -> dict[str, str | int]:
    """Return what the steps of a fit of all that is not known depend on."""
    room = study.calibration
    return {
        "equations": fingerprint(without_views(study.equations.read_text(encoding="utf-8"))),
        "tables": study.data_hash,
        "targets": digest(study.root, [room / "series.csv", room / "baseline_data.csv"]),
        "priors": digest(study.root, [room / "unknowns.csv", room / "members.csv"]),
        "seed": seed,
    }


def identity(study: Study, seed: int) -> dict[str, str | int]:
    """Return what the steps of a fit depend on."""
    room = study.calibration
    return {
        "equations": fingerprint(text(study)),
        "tables": digest(study.root,
                         [file for file in study.tables.rglob("*.csv") if file.name != study.parameters.name]),
        "parameters": fingerprint(_not_fitted(study)),
        "targets": digest(study.root, [room / "targets.csv"]),
        "priors": digest(study.root, [room / "priors.csv"]),
        "seed": seed,
    }


def _not_fitted(study: Study) -> dict[str, float]:
    """Return the parameters that a fit takes as they are; the fitted ones make no difference to it."""
    fitted = {item.parameter for item in priors.read(study)}
    return {name: value for name, value in priors.held(study.parameters).items() if name not in fitted}
