"""What a study takes as given from outside: named paths and multipliers, one row each in assumptions.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xiancheng.model.reading import (
    EVIDENCE,
    Findings,
    Row,
    as_written,
    no_duplicates,
    number,
    one_of,
    read_rows,
    read_table,
)
from xiancheng.scenarios.levers import filled
from xiancheng.study import Study

FILE = "assumptions.csv"

COLUMNS = (
    "id", "variable", "kind", "table", "unit", "baseline", "low", "high", "title_en", "title_zh", "meaning",
    "meaning_zh", "evidence", "source",
)
KINDS = ("column", "path")
REQUIRED = ("variable", "unit", "baseline", "title_en", "title_zh", "meaning", "meaning_zh", "source")


@dataclass(frozen=True)
class Assumption:
    """A condition outside the reach of policy.

    Attributes:
        id: its name in scenario files.
        variable: the variable of the model it sets.
        kind: "column" = the name of a column of `table`; "path" = values by year [unit].
        table: the block below model/ that holds the named columns, "" for a path.
        baseline: the column or the value of the baseline.
        low: least value of a path [unit], 0 for a column; high likewise.
        columns: the columns that may be named, empty for a path.
    """

    id: str
    variable: str
    kind: str
    table: str
    unit: str
    baseline: str
    low: float
    high: float
    columns: tuple[str, ...]
    title: dict[str, str]
    meaning: dict[str, str]
    evidence: str
    source: str


def read(study: Study) -> dict[str, Assumption]:
    """Read scenarios/assumptions.csv.

    Returns:
        The assumptions by id, in the order of the file.

    Raises:
        StudyError: every problem of the file, or a table of named columns that is not there.
    """
    findings = Findings(str(study.scenarios / FILE))
    rows = read_rows(study.scenarios / FILE, COLUMNS, findings)
    no_duplicates(rows, ["id"], findings)
    assumptions = [_assumption(study, row, findings) for row in rows]
    findings.stop()
    return {assumption.id: assumption for assumption in assumptions}


def _assumption(study: Study, row: Row, findings: Findings) -> Assumption:
    filled(row, REQUIRED, findings)
    one_of(row, "kind", KINDS, findings)
    one_of(row, "evidence", EVIDENCE, findings)
    low = high = 0.0
    columns: tuple[str, ...] = ()
    if row["kind"] == "path":
        low, high = (number(row, column, findings) for column in ("low", "high"))
        number(row, "baseline", findings, low=low, high=high)
    elif row["kind"] == "column":
        columns = _columns(study.root / "model" / row["table"])
        one_of(row, "baseline", columns, findings)
    return Assumption(
        **as_written(row, Assumption),
        low=low,
        high=high,
        columns=columns,
        title={"en": row["title_en"], "zh": row["title_zh"]},
        meaning={"en": row["meaning"], "zh": row["meaning_zh"]},
    )


def _columns(table: Path) -> tuple[str, ...]:
    return tuple(read_table(table, (), Findings(str(table)))[0].fields)[1:]
