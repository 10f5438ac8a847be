"""The constants that stand in the folders of levers: read beside the tables of constants, never copied into them."""

from __future__ import annotations

from pathlib import Path

from xiancheng.model.constant_rows import check_constant
from xiancheng.model.reading import Findings, Row, no_duplicates, read_rows, read_table, read_text
from xiancheng.texts import phrase

FOLDERS = Path("scenarios", "levers")
LEVERS = Path("scenarios", "levers.csv")
FILE = "constants.csv"
HEADER = ("dimension", "element", "name", "value", "unit", "meaning", "evidence", "low", "high", "source", "note")
_FILLED = ("name", "value", "unit", "meaning", "source")


def read(study_root: Path) -> tuple[Row, ...]:
    """Return the constants of all folders of a study, levers in the order of levers.csv.

    Raises:
        StudyError: every problem of every table.
    """
    return tuple(row for rows in by_file(study_root).values() for row in rows)


def by_file(study_root: Path) -> dict[str, list[Row]]:
    """Return the constants of all folders by the path of their table below the study.

    Raises:
        StudyError: every problem of every table.
    """
    if not (study_root / FOLDERS).is_dir():
        return {}
    levers = read_table(study_root / LEVERS, ("id",), Findings(LEVERS.as_posix()))
    folders = [study_root / FOLDERS / row["id"] for row in levers]
    return {(folder / FILE).relative_to(study_root).as_posix(): of_folder(study_root, folder) for folder in folders}


def of_folder(study_root: Path, folder: Path) -> list[Row]:
    """Return the constants of one folder; a lever without constants of its own has no table.

    Raises:
        StudyError: every problem of the table.
    """
    file = folder / FILE
    findings = Findings(file.relative_to(study_root).as_posix())
    if not file.is_file() or read_text(file, findings).strip() == ",".join(HEADER):
        return []
    rows = read_rows(file, HEADER, findings)
    for row in rows:
        for column in _FILLED:
            if not row[column]:
                owed = phrase("lever_field.owed", field=f"{row['name'] or FILE}: {column}")
                findings.add(owed, phrase(f"constant_field.{column}"), "", row.number)
        if all(row[column] for column in _FILLED):
            check_constant(row, findings)
    no_duplicates(rows, ("dimension", "element", "name"), findings)
    findings.stop()
    return rows
