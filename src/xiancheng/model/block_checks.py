"""Checks of the wide blocks before a run: a block is data that equations read by position, so names must be right."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.errors import Problem, StudyError
from xiancheng.model.age_groups import AGED
from xiancheng.model.ages import AGES, SEXES
from xiancheng.model.economy import SECTORS
from xiancheng.model.places import Geography
from xiancheng.model.reading import Findings, Row, number, read_text
from xiancheng.texts import phrase

Array = NDArray[np.float64]

MEASURED_COLUMNS: tuple[str, ...] = (
    *("place number", "in list", "pole", "core pole", "mortality relative", "agriculture share of jobs in 2010"),
    *("registered outside share in 2010", "urban share 2010", "child sex ratio 2010"),
    *("start cars per household", "in circle"),
)
START_COLUMNS: tuple[str, ...] = (
    *("coverage factor", "relative fertility", "agriculture share", "registered in county", "registered in province"),
    *("registered other province", "initial registered population", "registered town share", "product per person"),
    *("employment share", "start urban share"),
    *(f"initial jobs {sector}" for sector in SECTORS),
    *(f"productivity at start {sector}" for sector in SECTORS),
    *("start floor area per person", "start persons per household", "start rented share", "start piped water share"),
)
AGE_COLUMNS: tuple[str, ...] = ("age number", "rogers castro schedule", "rogers castro profile", *AGED)

_SIGNED = ("child sex ratio 2010",)
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Block:
    """A block as it stands: the name in its corner, names of rows and columns, numbers (row, column)."""

    corner: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array


def read_block(path: Path, file: str) -> Block:
    """Read a block of numbers.

    Raises:
        StudyError: missing, empty, wrong encoding, uneven rows or text where numbers belong.
    """
    findings = Findings(file)
    lines = list(csv.reader(io.StringIO(read_text(path, findings))))
    header = lines[0]
    values = np.zeros((len(lines) - 1, len(header) - 1))
    for line, fields in enumerate(lines[1:], start=2):
        if len(fields) != len(header):
            found, allowed = (phrase("table.fields", count=len(part)) for part in (fields, header))
            findings.add(found, allowed, phrase("block.build"), line)
            continue
        row = Row(line, dict(zip(header, fields, strict=True)))
        values[line - 2] = [number(row, column, findings) for column in header[1:]]
    findings.stop()
    return Block(header[0], tuple(fields[0] for fields in lines[1:]), tuple(header[1:]), values)


def column_dimension(block: Block) -> str:
    """Return the dimension the columns of a block stand for: `age`, `destination` or `variable`."""
    if AGES[0] in block.columns and AGES[-1] in block.columns and len(block.columns) == len(AGES):
        return "age"
    return "destination" if block.columns == block.rows else "variable"


def problems(tables: Path, geography: Geography) -> list[Problem]:
    """Return every problem of the blocks of a study, in reading order."""
    found: list[Problem] = []
    elements = geography.elements
    shapes: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        "places_measured.csv": (elements, MEASURED_COLUMNS),
        "distance.csv": (elements, elements),
        "same_prefecture.csv": (elements, elements),
        "same_circle.csv": (elements, elements),
        "ages.csv": (AGES, AGE_COLUMNS),
    }
    for census in (2010, 2020):
        shapes[f"start_{census}/places.csv"] = (elements, START_COLUMNS)
        shapes |= {f"start_{census}/{name}": (elements, AGES) for name in person_blocks()}
    blocks = {}
    for name, (rows, columns) in shapes.items():
        try:
            blocks[name] = _checked(tables / "blocks" / name, f"blocks/{name}", rows, columns)
        except StudyError as error:
            found += error.problems
    for census in (2010, 2020):
        found += _sums(tables, geography, blocks, census)
    return found


def person_blocks() -> tuple[str, ...]:
    """Return the names of the four blocks of persons of a start."""
    return tuple(f"persons_{settlement}_{sex}.csv" for settlement in ("town", "village") for sex in SEXES)


def _checked(path: Path, file: str, rows: Sequence[str], columns: Sequence[str]) -> Block:
    block = read_block(path, file)
    findings = Findings(file)
    _check_names(block.columns, columns, "block.column", findings)
    _check_names(block.rows, rows, "block.row", findings)
    findings.stop()
    for column, name in enumerate(block.columns):
        if name not in _SIGNED:
            _check_range(block, column, name, findings)
    findings.stop()
    return block


def _check_names(found: Sequence[str], wanted: Sequence[str], what: str, findings: Findings) -> None:
    if tuple(found) == tuple(wanted):
        return
    missing = [name for name in wanted if name not in found]
    unknown = [name for name in found if name not in wanted]
    doubled = sorted({name for name in found if list(found).count(name) > 1})
    first = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), len(wanted))
    row = first + 2 if what == "block.row" else 1
    word, build = phrase(what), phrase("block.build")
    if missing:
        absent = phrase("block.missing", what=word, names=", ".join(missing[:5]))
        findings.add(absent, phrase("block.all_in_order", count=len(wanted)), build, row)
    if unknown:
        strange = phrase("block.unknown", what=word, names=", ".join(unknown[:5]))
        findings.add(strange, phrase("block.names"), build, row)
    if doubled:
        twice = phrase("block.twice", what=word, names=", ".join(doubled[:5]))
        findings.add(twice, phrase("table.once"), build, row)
    if not (missing or unknown or doubled):
        moved = phrase("block.out_of_order", what=word, name=found[first])
        findings.add(moved, phrase("block.here", name=wanted[first]), build, row)


def _check_range(block: Block, column: int, name: str, findings: Findings) -> None:
    values = block.values[:, column]
    high = 1.0 if "share" in name and name != "employment share" else np.inf
    for row in np.flatnonzero((values < 0) | (values > high)):
        allowed = phrase("block.share") if high == 1.0 else phrase("block.not_negative")
        found = phrase("block.value", column=name, place=block.rows[row], value=f"{values[row]:g}")
        findings.add(found, allowed, phrase("block.build"), int(row) + 2)


def _sums(tables: Path, geography: Geography, blocks: dict[str, Block], census: int) -> list[Problem]:
    """Compare the people of a start with the census: finds another year's block and swapped figures."""
    names = [f"start_{census}/{name}" for name in person_blocks()]
    columns = f"start_{census}/places.csv"
    if not all(name in blocks for name in (*names, columns)):
        return []
    persons = np.sum([blocks[name].values.sum(axis=1) for name in names], axis=0)
    factor = blocks[columns].values[:, START_COLUMNS.index("coverage factor")]
    residents = _residents(tables, geography, census)
    findings = Findings(f"blocks/start_{census}")
    for row in np.flatnonzero(np.abs(persons / factor - residents) > _TOLERANCE * np.maximum(residents, 1.0)):
        counted = f"{persons[row] / factor[row]:.0f}"
        found = phrase("block.sum", place=geography.elements[row], found=counted)
        allowed = phrase("block.counted", residents=f"{residents[row]:.0f}", year=census)
        findings.add(found, allowed, phrase("block.other_year"), int(row) + 2)
    return findings.problems


def _residents(tables: Path, geography: Geography, census: int) -> Array:
    counted = dict.fromkeys(geography.unit_index, 0.0)
    with (tables / "census_units.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["year"] == str(census) and row["quantity"] == "residents":
                counted[row["place"]] = float(row["value"])
    return np.array([sum(counted[code] for code in place.members) for place in geography.places])
