"""The tables of a study: blocks made from the tidy tables, checked, and read as labelled arrays."""

from __future__ import annotations

import csv
import io
import math
import os
import uuid
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray

from xiancheng.errors import Problem, StudyError
from xiancheng.model import block_checks, cell_checks
from xiancheng.model.places import PLACE_HEADER, PLACES_FILE, Geography, read_geography
from xiancheng.model.reading import Findings, read_rows
from xiancheng.study import Study
from xiancheng.texts import phrase

TABLES = Path("model", "tables")
BLOCKS = "blocks"
EQUATIONS = Path("model", "urbanisation.mdl")

_SAME, _LEAST = 1e-9, 1e-7
"""Relative and absolute difference that the arithmetic of another processor may leave in a figure."""


def build(study_root: Path, *, check: bool = False) -> tuple[str, ...]:
    """Make the blocks of a study from its tidy tables.

    Every block is made in memory, written beside its place and then renamed, so a failure leaves the old ones whole.

    Args:
        study_root: folder of the study.
        check: write nothing; the blocks there must be those the tidy tables give.

    Returns:
        The blocks that changed, by their path under blocks/.

    Raises:
        StudyError: a tidy table is not as it must be, or, with `check`, a block is missing or differs.
    """
    from xiancheng.model.blocks import make_blocks  # scipy is heavy and only needed here

    folder = study_root / TABLES / BLOCKS
    made = make_blocks(study_root / TABLES)
    differences = {name: found for name, text in made.items() if (found := _difference(folder / name, text))}
    if not check:
        _write(folder, {name: made[name] for name in differences})
        return tuple(differences)
    if differences:
        hint = phrase("block.build")
        allowed = phrase("block.allowed")
        raise StudyError(Problem(f"{BLOCKS}/{name}", found, allowed, hint) for name, found in differences.items())
    return ()


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    aside: dict[Path, Path] = {}
    try:
        for name, text in texts.items():
            final = folder / name
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary = final.with_name(f".{final.name}.{uuid.uuid4().hex}")
            aside[final] = temporary
            temporary.write_text(text, encoding="utf-8", newline="")
        for final, temporary in aside.items():
            os.replace(temporary, final)
    finally:
        for temporary in aside.values():
            temporary.unlink(missing_ok=True)


def _difference(path: Path, text: str) -> str:
    """Say how a block differs from what it should be; "" where only the last digits of another processor do."""
    if not path.is_file():
        return phrase("block.none")
    there = path.read_bytes()
    if there == text.encode():
        return ""
    try:
        old, new = (list(csv.reader(io.StringIO(part))) for part in (there.decode("utf-8"), text))
    except (UnicodeDecodeError, csv.Error):
        return phrase("block.unreadable")
    if len(old) != len(new):
        return phrase("block.lines", found=len(old), wanted=len(new))
    for line, (found, wanted) in enumerate(zip(old, new, strict=True), start=1):
        if len(found) != len(wanted) or not all(map(_same, found, wanted)):
            return phrase("block.differs", line=line, name=found[0] if found else "")
    return ""


def _same(found: str, wanted: str) -> bool:
    if found == wanted:
        return True
    try:
        return math.isclose(float(found), float(wanted), rel_tol=_SAME, abs_tol=_LEAST)
    except ValueError:
        return False


def check(study_root: Path) -> None:
    """Check the blocks of a study before a run: names, order, ranges, sums against the census, cells of the equations.

    Raises:
        StudyError: every problem of every block.
    """
    geography = geography_of(study_root)
    problems = block_checks.problems(study_root / TABLES, geography)
    equations = study_root / EQUATIONS
    if not problems and equations.is_file():
        problems = cell_checks.problems(equations)
    if problems:
        raise StudyError(problems)


@lru_cache(maxsize=8)
def _checked(study_root: Path, contents: str) -> None:
    """Check once what has not changed since; `contents` is the digest of equations and tables."""
    check(study_root)


def check_once(study: Study) -> None:
    """Do as `check` does, unless the same equations and tables were found right before by this process.

    Raises:
        StudyError: every problem of every block.
    """
    _checked(study.root, study.equations_hash + study.data_hash)


def geography_of(study_root: Path) -> Geography:
    """Return the units and places of a study.

    Raises:
        StudyError: units.csv or places.csv is not as it must be.
    """
    return read_geography(study_root / TABLES)


def places(study_root: Path) -> pd.DataFrame:
    """Return places.csv, indexed by the element of the subscript `place`; words as text, `in_68` and `core` as 0 or 1.

    Raises:
        StudyError: the list is not as it must be.
    """
    geography = geography_of(study_root)
    rows = read_rows(study_root / TABLES / PLACES_FILE, PLACE_HEADER, Findings(PLACES_FILE))
    frame = pd.DataFrame([row.fields for row in rows], index=pd.Index(geography.elements, name="place"))
    for column in ("in_68", "core"):
        frame[column] = frame[column].astype("int64")
    for column in ("lon", "lat", "area_km2"):
        frame[column] = pd.to_numeric(frame[column])
    return frame


def block(study_root: Path, name: str) -> xarray.DataArray:
    """Return a block of numbers as a labelled array (rows, columns).

    Args:
        study_root: folder of the study.
        name: path under blocks/, such as "start_2020/persons_town_female.csv".

    The rows bear the name in the corner of the block (`place`, `time`, `age`); the columns are `age` or
    `destination` where they hold ages or places, else `variable`.

    Raises:
        StudyError: the block cannot be read.
    """
    table = block_checks.read_block(study_root / TABLES / BLOCKS / name, f"{BLOCKS}/{name}")
    rows: list[str] | list[float] = [float(row) for row in table.rows] if table.corner == "time" else list(table.rows)
    columns = block_checks.column_dimension(table)
    coords = {table.corner: rows, columns: list(table.columns)}
    return xarray.DataArray(np.array(table.values), coords=coords, dims=(table.corner, columns), name=Path(name).stem)
