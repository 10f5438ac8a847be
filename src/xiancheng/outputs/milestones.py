"""The years in which a plan is looked at, in outputs/milestones.csv."""

from __future__ import annotations

from xiancheng.model.reading import Findings, no_duplicates, number, rows_if_any
from xiancheng.study import Study

FILE = "outputs/milestones.csv"
COLUMNS = ("year", "why")
_YEARS = (1900, 2200)


def read(study: Study) -> tuple[int, ...]:
    """Return the milestones of a study, rising; none where it has no such table.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    findings = Findings(str(study.root / FILE))
    rows = rows_if_any(study, FILE, COLUMNS, findings)
    no_duplicates(rows, ("year",), findings)
    low, high = _YEARS
    years = [int(number(row, "year", findings, low=low, high=high)) for row in rows]
    findings.stop()
    return tuple(sorted(years))
