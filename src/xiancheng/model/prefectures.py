"""Prefectures: circle, core and zone of each, and the one it was merged into, from prefectures.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xiancheng.model.reading import Findings, no_duplicates, one_of, read_study_rows
from xiancheng.study import Study

FILE = "model/tables/prefectures.csv"
COLUMNS = ("code", "circle", "core", "zone", "merged_into")


@dataclass(frozen=True)
class Prefecture:
    """A prefecture of the study.

    Attributes:
        circle: metropolitan circle, or ""; assumed until the plan's own list of counties is at hand.
        is_core: its seat is a core city of the plan.
        zone: economic zone.
        merged_into: code of the prefecture that its figures count with, or "".
    """

    circle: str = ""
    is_core: bool = False
    zone: str = ""
    merged_into: str = ""


def read(tables: Path) -> dict[str, Prefecture]:
    """Read the prefectures by code.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(Path(FILE).name)
    rows = read_study_rows(Study(tables.parent.parent), FILE, COLUMNS, findings)
    no_duplicates(rows, ("code",), findings)
    codes = ["", *(row["code"] for row in rows)]
    prefectures = {
        row["code"]: Prefecture(row["circle"], one_of(row, "core", ("0", "1"), findings) == "1", row["zone"],
                                one_of(row, "merged_into", codes, findings))
        for row in rows
    }
    findings.stop()
    return prefectures
