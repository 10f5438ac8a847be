"""The scenario files of a study: which there are, and the other ids that some of them go by."""

from __future__ import annotations

from pathlib import Path

from xiancheng.characters import near
from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios import document
from xiancheng.study import Study
from xiancheng.texts import phrase

BASELINE = "baseline"
DESIGNS = "designs"
"""The folder of designs of sweeps, which are no scenarios."""
LEVERS = "levers"
"""The folder of levers, likewise."""
PLANS = "plans"
"""The folder of plans, which ask for a scenario and are none."""
NO_SCENARIOS = (DESIGNS, LEVERS, PLANS)
PACKAGES, STRESSES = "packages", "stress"
"""Folders of scenarios: of options, and of assumptions that every option may have to stand."""


def files(study: Study) -> dict[str, Path]:
    """Return the scenario files of a study by id, baseline first.

    Raises:
        StudyError: two files of one id.
    """
    everything = study.scenarios.rglob("*.toml")
    toml = [file for file in everything if file.relative_to(study.scenarios).parts[0] not in NO_SCENARIOS]
    by_id: dict[str, Path] = {}
    problems = []
    for file in sorted(toml, key=lambda file: (file.stem != BASELINE, len(file.parts), file.as_posix())):
        if by_id.setdefault(file.stem, file) != file:
            hint = phrase("scenario.id_other_file", file=str(by_id[file.stem]))
            taken = phrase("scenario.id_taken", id=file.stem)
            problems.append(Problem(str(file), taken, phrase("scenario.id_free"), hint))
    if problems:
        raise StudyError(problems)
    return dict(sorted(by_id.items(), key=lambda item: (item[0] != BASELINE, item[1].as_posix())))


def of_folder(study: Study, folder: str) -> list[str]:
    """Return the ids of the scenarios in one of the folders PACKAGES and STRESSES."""
    return [name for name, file in files(study).items() if file.parent.name == folder]


def other_ids(study: Study) -> dict[str, Path]:
    """Return the files by the other ids they say they go by (`also_called`).

    Raises:
        StudyError: an id that another scenario has already.
    """
    ids = files(study)
    others: dict[str, Path] = {}
    problems = []
    for file in ids.values():
        text = _readable(file)
        names = text.values.get("also_called") if text else None
        for name in [name for name in names if isinstance(name, str)] if isinstance(names, list) else []:
            if text and (name in ids or name in others):
                taken = phrase("scenario.id_taken", id=name)
                problems.append(text.problem(("also_called",), taken, phrase("scenario.id_free")))
            others[name] = file
    if problems:
        raise StudyError(problems)
    return others


def titles(study: Study) -> dict[str, tuple[str, ...]]:
    """Return what each scenario is called, by id; one that cannot be read has no titles."""
    by_id: dict[str, tuple[str, ...]] = {}
    for name, file in files(study).items():
        text = _readable(file)
        title = text.values.get("title") if text else None
        by_id[name] = tuple(word for word in title.values() if isinstance(word, str)) if isinstance(title, dict) else ()
    return by_id


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
    ids = files(study)
    if name in ids:
        return ids[name]
    if name.endswith(".toml") or Path(name).is_file():
        return Path(name)
    ids |= other_ids(study)
    if name in ids:
        return ids[name]
    hint = near(name, titles(study), ids)
    raise StudyError(Problem("", phrase("scenario.unknown", name=name), phrase("scenario.allowed"), hint))
