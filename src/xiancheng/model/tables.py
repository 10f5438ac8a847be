"""The tables of a study: blocks made from the tidy tables, checked, and read as labelled arrays."""

from __future__ import annotations

import math
import os
import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xiancheng import cells
from xiancheng.engine import keeping
from xiancheng.engine.source import decode
from xiancheng.errors import Problem, StudyError
from xiancheng.model import addresses, lever_constants
from xiancheng.model.ages import AGES
from xiancheng.model.blocks import make_blocks
from xiancheng.model.census_tables import UNITS_VALUES_FILE
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.model.tidy import SOURCES_FILE
from xiancheng.study import Study, digest
from xiancheng.texts import Phrase, phrase, phrase_list

if TYPE_CHECKING:
    import xarray

TABLES = Path("model", "tables")
BLOCKS = "blocks"
EQUATIONS = Path("model", "urbanisation.mdl")

_SAME, _LEAST = 1e-9, 1e-7
"""Relative and absolute difference that the arithmetic of another processor may leave in a figure."""


def build(study_root: Path) -> tuple[str, ...]:
    """Make the blocks of a study from its tidy tables, and write the cells that its equations read.

    Everything is made in memory, written beside its place and then renamed, so a failure leaves the old files whole.

    Args:
        study_root: folder of the study.

    Returns:
        The files that changed, by their path below the study.

    Raises:
        StudyError: a tidy table is not as it must be, or a constant of the equations has no figure.
    """
    texts = _made(study_root)
    changed = tuple(name for name, text in texts.items() if _difference(study_root / name, text))
    _write(study_root, {name: texts[name] for name in changed})
    return changed


def check(study_root: Path) -> None:
    """Check before a run that the blocks and the cells in the equations are those the tidy tables give.

    Raises:
        StudyError: every problem of a tidy table; else one problem when a build would change anything.
    """
    texts = _made(study_root)
    different = {name: place for name, text in texts.items() if (place := _difference(study_root / name, text))}
    if not different:
        return
    name, (line, detail) = next(iter(different.items()))
    parts = [detail, *([phrase("block.more", count=len(different) - 1)] if different.keys() - {name} else [])]
    older = phrase("block.older", what=phrase_list(parts))
    file = Path(name).relative_to(TABLES if Path(name).is_relative_to(TABLES) else EQUATIONS.parent).as_posix()
    raise StudyError(Problem(file, older, phrase("block.allowed"), phrase("block.build"), line))


def _made(study_root: Path) -> dict[str, str]:
    """Return the text of every block and of the equations, by path below the study."""
    equations = study_root / EQUATIONS
    text = decode(equations) if equations.is_file() else ""
    ranges = addresses.members(text, equations.name) if text else {}
    blocks = make_blocks(study_root / TABLES, ranges)
    made = {(TABLES / BLOCKS / name).as_posix(): block for name, block in blocks.items()}
    if text:
        by_equations = {Path(name).relative_to(EQUATIONS.parent).as_posix(): block for name, block in made.items()}
        made[EQUATIONS.as_posix()] = addresses.addressed(text, equations.name, ranges, by_equations)
    return made


def _write(study_root: Path, texts: Mapping[str, str]) -> None:
    aside: dict[Path, Path] = {}
    try:
        for name, text in texts.items():
            final = study_root / name
            final.parent.mkdir(parents=True, exist_ok=True)
            temporary = final.with_name(f".{final.name}.{uuid.uuid4().hex}")
            aside[final] = temporary
            temporary.write_text(text, encoding="utf-8", newline="")
        for final, temporary in aside.items():
            os.replace(temporary, final)
    finally:
        for temporary in aside.values():
            temporary.unlink(missing_ok=True)


def _difference(path: Path, text: str) -> tuple[int | None, Phrase] | None:
    """Return the first line in which a file is not what it should be, and how; None where it is.

    The last digits of figures that another processor leaves are no difference.
    """
    if not path.is_file():
        return None, phrase("block.none")
    present = path.read_bytes()
    if present == text.encode():
        return None
    try:
        old, new = (cells.split(part, path.name) for part in (present.decode("utf-8"), text))
    except (UnicodeDecodeError, StudyError):
        return None, phrase("block.unreadable")
    for line, (fields, right) in enumerate(zip(old, new, strict=False), start=1):
        if len(fields) != len(right) or not all(map(_same, fields, right)):
            return line, phrase("block.differs", line=line, name=fields[0] if fields else "")
    if len(old) != len(new):
        return min(len(old), len(new)) + 1, phrase("block.lines", found=len(old), right=len(new))
    return None


def _same(written: str, right: str) -> bool:
    if written == right:
        return True
    try:
        return math.isclose(float(written), float(right), rel_tol=_SAME, abs_tol=_LEAST)
    except ValueError:
        return False


@lru_cache(maxsize=8)
def _checked(study_root: Path, contents: str) -> None:
    """Check once what has not changed since; `contents` are the digests of equations and tables."""
    room = "".join(file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.glob("*.py")))
    what = f"blocks {contents} {keeping.maker()} {room}"
    if not keeping.is_stamped(what):
        check(study_root)
        keeping.stamp(what)


def check_once(study: Study) -> None:
    """Do as `check` does, unless the same equations and tables were found right before by this process.

    Blocks of a study that came without the tables of its censuses can be older than none: they are taken as they are.

    Raises:
        StudyError: every problem of every block.
    """
    if not any((study.root / TABLES / name).is_file() for name in (SOURCES_FILE, UNITS_VALUES_FILE)):
        return
    own = digest(study.root, (study.root / lever_constants.FOLDERS).rglob("*.csv"))
    _checked(study.root, study.equations_hash + study.data_hash + own)


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
    import xarray  # heavy, and only needed here

    path, findings = study_root / TABLES / BLOCKS / name, Findings(f"{BLOCKS}/{name}")
    rows = read_table(path, (), findings)
    corner, *columns = rows[0].fields
    values = np.array([[number(row, column, findings) for column in columns] for row in rows])
    findings.stop()
    words = [row[corner] for row in rows]
    numbers = [cells.number(word) for word in words]
    labels = words if None in numbers else numbers
    coords = {corner: np.array(labels), _column_dimension(words, columns): columns}
    return xarray.DataArray(values.reshape(len(rows), -1), coords=coords, dims=tuple(coords), name=path.stem)


def _column_dimension(rows: Sequence[object], columns: Sequence[str]) -> str:
    """Return the dimension the columns of a block stand for: `age`, `destination` or `variable`."""
    if columns == list(AGES):
        return "age"
    return "destination" if columns == list(rows) else "variable"
