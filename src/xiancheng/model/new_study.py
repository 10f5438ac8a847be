"""A new study from another list of county-level units: the same equations and tables, other places."""

from __future__ import annotations

import csv
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock, prefectures, tables
from xiancheng.model.census_units import CensusUnit, read_units
from xiancheng.model.place_list import place_rows
from xiancheng.model.places import PLACE_HEADER, PLACES_FILE, read
from xiancheng.model.reading import Findings, number, read_rows
from xiancheng.model.tidy import TAIL
from xiancheng.model.unit_names import read_list
from xiancheng.study import Study
from xiancheng.texts import phrase

_ROOMS = ("model", "scenarios", "calibration")
_CATALOGUE = "outputs"
_DRAWS = "members"
_ASKS_FOR_DRAWS = re.compile(rf"^{_DRAWS} *=", re.MULTILINE)


def new_study(source_root: Path, directory: Path, list_file: Path) -> Path:
    """Make a study whose places are the units of a list and the rest of every prefecture.

    Equations, tables, scenarios, calibration and the tables of outputs are copied; places.csv is written anew and the
    blocks are built from it. What was fitted to places stays behind when the places are others (`left_behind`).
    Everything happens in a folder aside, which is renamed at the end.

    Args:
        source_root: the study to take from.
        directory: the folder to make; it must not exist or be empty.
        list_file: one unit a line, by code, by a name in Chinese or English, or by its name of 2010.

    Returns:
        The folder of the new study.

    Raises:
        StudyError: the list names unknown units, or the folder is taken.
    """
    units = read_units(source_root / tables.TABLES)
    listed = read_list(list_file, units)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        taken, allowed, hint = (phrase(f"new_study.{key}") for key in ("taken", "empty", "hint"))
        raise StudyError(Problem(str(directory), taken, allowed, hint))
    directory.parent.mkdir(parents=True, exist_ok=True)
    aside = directory.with_name(f".{directory.name}.{uuid.uuid4().hex}")
    try:
        aside.mkdir()
        _copy(source_root, aside)
        _write_places(aside, units, listed)
        if not _same_places(source_root, aside):
            for file in _of_places(aside, read(source_root / tables.TABLES).elements):
                file.unlink()
        tables.build(aside)
        if directory.exists():
            directory.rmdir()
        os.replace(aside, directory)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return directory


def _copy(source: Path, target: Path) -> None:
    for room in _ROOMS:
        if (source / room).is_dir():
            shutil.copytree(source / room, target / room, ignore=_not_content)
    for table in sorted((source / _CATALOGUE).glob("*.csv")):
        (target / _CATALOGUE).mkdir(exist_ok=True)
        shutil.copy2(table, target / _CATALOGUE / table.name)


def left_behind(source_root: Path, directory: Path) -> tuple[str, ...]:
    """Return the files of a study that a new one of other places does not carry, by their path in the study.

    These are draws, what a fit wrote or looked at place by place, and designs of sweeps that ask for draws.

    Args:
        source_root: the study that was taken from.
        directory: the new study.
    """
    files = (file.relative_to(source_root) for room in _ROOMS for file in sorted((source_root / room).rglob("*"))
             if file.is_file() and not any(part.startswith(".") for part in file.relative_to(source_root).parts))
    return tuple(str(file) for file in files if tables.BLOCKS not in file.parts and not (directory / file).exists())


def _of_places(root: Path, elements: Iterable[str]) -> Iterator[Path]:
    """Yield draws, tables of calibration with a row or column of a place, and designs that ask for draws."""
    place = re.compile(rf"\b({'|'.join(elements)})\b")
    for file in sorted((root / "calibration").glob("*")):
        if file.stem.startswith(_DRAWS) or (file.suffix == ".csv" and place.search(file.read_text(encoding="utf-8"))):
            yield file
    for file in sorted((root / "scenarios").rglob("*.toml")):
        if _ASKS_FOR_DRAWS.search(file.read_text(encoding="utf-8")):
            yield file


def _not_content(folder: str, names: list[str]) -> set[str]:
    """Leave out hidden files, and the blocks: they are built for the new places."""
    hidden = {name for name in names if name.startswith(".")}
    if Path(folder).name == tables.BLOCKS:
        return {name for name in names if not name.endswith(".md")}
    return hidden


def _write_places(root: Path, units: tuple[CensusUnit, ...], listed: tuple[CensusUnit, ...]) -> None:
    rows = place_rows(units, {unit.code for unit in listed}, _residents(root), prefectures.read(root / tables.TABLES))
    with (root / tables.TABLES / PLACES_FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([list(PLACE_HEADER), *rows])


def _same_places(*roots: Path) -> bool:
    """Tell whether studies have the same places, the rests of prefectures included."""
    files = [root / tables.TABLES / PLACES_FILE for root in roots]
    return all(file.is_file() for file in files) and len({file.read_bytes() for file in files}) == 1


def _residents(root: Path) -> dict[str, float]:
    """Residents of the first census by code [person]; the centres of the rests are theirs."""
    findings, first = Findings("census_units.csv"), str(clock.of(Study(root)).first_census)
    rows = read_rows(root / tables.TABLES / findings.file, ("place", "year", "quantity", *TAIL), findings)
    chosen = [row for row in rows if row["year"] == first and row["quantity"] == "residents"]
    weights = {row["place"]: number(row, "value", findings, low=0.0) for row in chosen}
    findings.stop()
    return weights
