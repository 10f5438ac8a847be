"""Reading the folders of levers: everything they hold, or everything they owe, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from xiancheng import cells
from xiancheng.engine.entries import without_notes
from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants
from xiancheng.model.reading import Findings, Row, read_rows
from xiancheng.outputs import units
from xiancheng.scenarios import document as reader
from xiancheng.scenarios import translator
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.texts import phrase
from xiancheng.weaving.documents import Case, CaseFile, IndicatorEntry, LeverFile

LEVER, INDICATORS, EQUATIONS, CASES = "lever.toml", "indicators.toml", "equations.mdl", "cases.toml"
UNITS = "units.csv"
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Folder:
    """A lever as its folder says it.

    Attributes:
        id: name of the folder and of the lever.
        lever: lever.toml.
        constants: rows of constants.csv.
        equations: the fragment of equations, "" for none.
        indicators: the indicators that belong to the lever, by id.
        cases: what it must do to indicators.
        units: words for units that the study has none for.
    """

    id: str
    lever: LeverFile
    constants: tuple[Row, ...]
    equations: str
    indicators: Mapping[str, IndicatorEntry]
    cases: tuple[Case, ...]
    units: tuple[Row, ...] = ()


def paths(study: Study) -> list[Path]:
    """Return the folders of a study's levers by name; a study without them has none."""
    room = study.root / lever_constants.FOLDERS
    return sorted(path for path in room.iterdir() if path.is_dir()) if room.is_dir() else []


def read(study: Study) -> tuple[Folder, ...]:
    """Return the levers of a study's folders in the order they give themselves.

    Raises:
        StudyError: all that the folders still owe and all that is wrong in them.
    """
    folders: list[Folder] = []
    problems: list[Problem] = []
    for path in paths(study):
        try:
            folders.append(read_folder(study, path))
        except StudyError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    return tuple(sorted(folders, key=lambda folder: (folder.lever.order, folder.id)))


def read_folder(study: Study, path: Path) -> Folder:
    """Return the lever of one folder.

    Raises:
        StudyError: all that the folder still owes and all that is wrong in it.
    """
    problems: list[Problem] = []
    lever = _read(study, path / LEVER, LeverFile, "lever_field.file", problems)
    cases = _read(study, path / CASES, CaseFile, "case_field.file", problems)
    document = _document(study, path / INDICATORS, problems) if (path / INDICATORS).is_file() else None
    indicators = (_shaped(document, dict[str, IndicatorEntry], problems) or {}) if document else {}
    constants: list[Row] = []
    try:
        constants = lever_constants.of_folder(study.root, path)
    except StudyError as error:
        problems += error.problems
    if lever and cases and not any(case.indicator == lever.own_indicator for case in cases.case):
        owed = phrase("case_field.own", indicator=lever.own_indicator)
        problems.append(Problem(_name(study, path / CASES), owed, phrase("case_field.case")))
    equations = _fragment(study, path / EQUATIONS, problems)
    units_of = _units(study, path / UNITS, problems)
    if problems or lever is None or cases is None:
        raise StudyError(problems)
    return Folder(path.name, lever, tuple(constants), equations, indicators, tuple(cases.case), units_of)


def _units(study: Study, file: Path, problems: list[Problem]) -> tuple[Row, ...]:
    if not file.is_file():
        return ()
    findings = Findings(_name(study, file))
    try:
        return tuple(read_rows(file, units.COLUMNS, findings))
    except StudyError as error:
        problems += error.problems
    return ()


def _fragment(study: Study, file: Path, problems: list[Problem]) -> str:
    """Return the equations of a folder without notes in braces, which PySD does not read between equations."""
    if not file.is_file():
        return ""
    try:
        fragment = "\n".join(plain_lines(file, _name(study, file))).strip("\n")
    except StudyError as error:
        problems += error.problems
        return ""
    if not fragment:
        problems.append(Problem(_name(study, file), phrase("weave.no_equation"), phrase("weave.equation_form")))
    return fragment


def plain_lines(fragment: Path, name: str) -> list[str]:
    """Return the lines of a fragment of equations as they are woven: notes in braces blanked.

    Args:
        fragment: the file.
        name: the name people know it by.

    Raises:
        StudyError: it is empty, too large, or in another encoding.
    """
    return [line.rstrip() for line in without_notes(cells.text(fragment, name)).split("\n")]


def _name(study: Study, file: Path) -> str:
    return file.relative_to(study.root).as_posix()


def _read(study: Study, file: Path, shape: type[Shape], absent: str, problems: list[Problem]) -> Shape | None:
    """Return a file in its shape, or None with its problems noted."""
    if not file.is_file():
        problems.append(Problem(_name(study, file), phrase("file.none"), phrase(absent)))
        return None
    document = _document(study, file, problems)
    return _shaped(document, shape, problems) if document else None


def _document(study: Study, file: Path, problems: list[Problem]) -> Document | None:
    try:
        return replace(reader.read(file), file=_name(study, file))
    except StudyError as error:
        problems += error.problems
        return None


def _shaped(document: Document, shape: Any, problems: list[Problem]) -> Any:
    model, wrong = translator.validated(shape, replace(document, values=filled(document.values)))
    problems += wrong
    return model


def filled(values: Any) -> Any:
    """Return what is filled in: nothing between quotation marks says nothing, nor does a table of such fields."""
    if isinstance(values, dict):
        entries = {name: filled(value) for name, value in values.items()}
        return {name: value for name, value in entries.items() if value != "" and value != {}}
    return [filled(value) for value in values] if isinstance(values, list) else values
