"""The scenario files of a study: which there are, and the other ids that some of them go by."""

from __future__ import annotations

from pathlib import Path

from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios import document
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

BASELINE = "baseline"
DESIGNS = "designs"
"""The folder of designs of sweeps, which are no scenarios."""
PACKAGES, STRESSES = "packages", "stress"
"""Folders of scenarios: of options, and of assumptions that every option may have to stand."""


def files(study: Study) -> dict[str, Path]:
    """Return the scenario files of a study by id, baseline first."""
    toml = sorted(study.scenarios.rglob("*.toml"))
    found = {file.stem: file for file in toml if DESIGNS not in file.relative_to(study.scenarios).parts[:-1]}
    return {name: found[name] for name in sorted(found, key=lambda name: (name != BASELINE, found[name].as_posix()))}


def of_folder(study: Study, folder: str) -> list[str]:
    """Return the ids of the scenarios in one of the folders PACKAGES and STRESSES."""
    return [name for name, file in files(study).items() if file.parent.name == folder]


def other_ids(study: Study) -> dict[str, Path]:
    """Return the files by the other ids they say they go by (`also_called`).

    Raises:
        StudyError: an id that another scenario has already.
    """
    known = files(study)
    found: dict[str, Path] = {}
    problems = []
    for file in known.values():
        read = _readable(file)
        names = read.values.get("also_called", []) if read else []
        for name in names if isinstance(names, list) else []:
            if read and (name in known or name in found):
                said = phrase("scenario.id_taken", id=name)
                problems.append(read.problem(("also_called",), said, phrase("scenario.id_free")))
            found[str(name)] = file
    if problems:
        raise StudyError(problems)
    return found


def _readable(file: Path) -> document.Document | None:
    """Read a file; one that cannot be read has no other ids, and says what is wrong when it is asked for."""
    try:
        return document.read(file)
    except StudyError:
        return None


def find(study: Study, name: str) -> Path:
    """Return the file of a scenario of the study, or a file by its path.

    Raises:
        StudyError: neither, with the nearest ids.
    """
    known = files(study)
    if name in known:
        return known[name]
    if name.endswith(".toml") or Path(name).is_file():
        return Path(name)
    known |= other_ids(study)
    if name in known:
        return known[name]
    hint = did_you_mean(name, known)
    raise StudyError(Problem("", phrase("scenario.unknown", name=name), phrase("scenario.allowed"), hint))
