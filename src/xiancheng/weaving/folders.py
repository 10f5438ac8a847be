"""Reading the folders of levers: everything they hold, or everything they owe, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from xiancheng.engine.entries import without_notes
from xiancheng.errors import Problem, StudyError
from xiancheng.model import lever_constants
from xiancheng.model.reading import Row
from xiancheng.scenarios import document
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.texts import catalogue, did_you_mean, phrase, phrase_list
from xiancheng.weaving.documents import Case, CaseFile, IndicatorEntry, LeverFile

LEVER, INDICATORS, EQUATIONS, CASES = "lever.toml", "indicators.toml", "equations.mdl", "cases.toml"
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
    """

    id: str
    lever: LeverFile
    constants: tuple[Row, ...]
    equations: str
    indicators: Mapping[str, IndicatorEntry]
    cases: tuple[Case, ...]


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
    lever = _whole(study, path / LEVER, LeverFile, "lever_field", problems)
    cases = _whole(study, path / CASES, CaseFile, "case_field", problems)
    indicators = dict(_indicators(study, path / INDICATORS, problems))
    constants: list[Row] = []
    try:
        constants = lever_constants.of_folder(study.root, path)
    except StudyError as error:
        problems += error.problems
    if lever and cases and not any(case.indicator == lever.own_indicator for case in cases.case):
        owed = phrase("case_field.own", indicator=lever.own_indicator)
        problems.append(Problem(_name(study, path / CASES), owed, phrase("case_field.case")))
    equations = _fragment(study, path / EQUATIONS, problems)
    if problems or lever is None or cases is None:
        raise StudyError(problems)
    return Folder(path.name, lever, tuple(constants), equations, indicators, tuple(cases.case))


def _fragment(study: Study, file: Path, problems: list[Problem]) -> str:
    """Return the equations of a folder without notes in braces, which PySD does not read between equations."""
    if not file.is_file():
        return ""
    lines = without_notes(file.read_text(encoding="utf-8")).split("\n")
    fragment = "\n".join(line.rstrip() for line in lines).strip("\n")
    if not fragment:
        problems.append(Problem(_name(study, file), phrase("weave.no_equation"), phrase("weave.equation_form")))
    return fragment


def _name(study: Study, file: Path) -> str:
    return file.relative_to(study.root).as_posix()


def _whole(study: Study, file: Path, shape: type[Shape], fields: str, problems: list[Problem]) -> Shape | None:
    """Return a file in its shape, or None with its problems noted."""
    if not file.is_file():
        problems.append(Problem(_name(study, file), phrase("file.none"), phrase(f"{fields}.file")))
        return None
    read_file = _document(study, file, problems)
    return _shaped(read_file, read_file.values, (), shape, fields, problems) if read_file else None


def _document(study: Study, file: Path, problems: list[Problem]) -> Document | None:
    try:
        return document.parse(file.read_text(encoding="utf-8"), _name(study, file))
    except StudyError as error:
        problems += error.problems
        return None


def _indicators(study: Study, file: Path, problems: list[Problem]) -> Iterator[tuple[str, IndicatorEntry]]:
    read_file = _document(study, file, problems) if file.is_file() else None
    if read_file is None:
        return
    for name, values in read_file.values.items():
        entry = _shaped(read_file, values, (name,), IndicatorEntry, "indicator_field", problems)
        if entry:
            yield name, entry


def _shaped(
    read_file: Document, values: Any, above: tuple[str, ...], shape: type[Shape], fields: str, problems: list[Problem]
) -> Shape | None:
    try:
        return shape.model_validate(filled(values))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            problems.append(_problem(read_file, above, shape, fields, dict(fault)))
    return None


def filled(values: Any) -> Any:
    """Return what is filled in: a field with nothing between its quotation marks says nothing."""
    if isinstance(values, dict):
        return {name: filled(value) for name, value in values.items() if value != ""}
    return [filled(value) for value in values] if isinstance(values, list) else values


def _problem(
    read_file: Document, above: Sequence[str], shape: type[BaseModel], fields: str, fault: Mapping[str, Any]
) -> Problem:
    place: tuple[str | int, ...] = tuple(part for part in fault["loc"] if part not in ("int", "float", "str"))
    name = ".".join(str(part) for part in (*above, *place))
    allowed = _sentence(fields, [part for part in place if isinstance(part, str)])
    if fault["type"] == "missing":
        return read_file.problem((*above, *place), phrase("lever_field.owed", field=name), allowed)
    if fault["type"] == "extra_forbidden":
        unknown = phrase("scenario.key_unknown", key=name)
        fits = list(shape.model_fields)
        return read_file.problem((*above, *place), unknown, phrase_list(fits), did_you_mean(str(place[-1]), fits))
    return read_file.problem((*above, *place), phrase("scenario.wrong_type", key=name, value=repr(fault["input"])),
                             allowed)


def _sentence(fields: str, place: Sequence[str]) -> str:
    """Return the sentence for a field: its own, or that of the nearest field above it."""
    keys = [".".join((fields, *place[:size])) for size in range(len(place), 0, -1)]
    return phrase(next((key for key in keys if key in catalogue()), f"{fields}.file"))
