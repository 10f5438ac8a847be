"""What somebody who opens a study for the first time is told: what it is, of where, and who made the figures."""

from __future__ import annotations

from collections.abc import Mapping

from xiancheng.model.reading import Findings, rows_if_any
from xiancheng.scenarios.levers import filled
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES

FILE = "outputs/introduction.csv"
COLUMNS = ("en", "zh")


def read(study: Study) -> tuple[Mapping[str, str], ...]:
    """Return the lines by language, in order; none where the study has no such table.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    findings = Findings(str(study.root / FILE))
    rows = rows_if_any(study, FILE, COLUMNS, findings)
    for row in rows:
        filled(row, COLUMNS, findings)
    findings.stop()
    return tuple({language: row[language] for language in LANGUAGES} for row in rows)
