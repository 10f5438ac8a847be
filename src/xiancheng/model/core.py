"""The demographic core alone: the equations with every feedback of homes, work and services at rest.

The core is what two censuses can tell; it is fitted and held against an independent projection without the other
sectors. Cut this way nothing of them is left to compute. Through which variables the other sectors reach people is a
table of the study: whoever renames one of them in the equations is told that the table still has the old name.
"""

from __future__ import annotations

from xiancheng.engine.overrides import override
from xiancheng.model.reading import Findings, number, read_rows
from xiancheng.study import Study

FILE = "sector_cuts.csv"
COLUMNS = ("variable", "value", "why")


def cuts(study: Study) -> dict[str, float]:
    """Return the variables through which other sectors reach people, and the value at which they do not [its unit].

    A study without the table has no other sectors.

    Raises:
        StudyError: everything wrong in model/sector_cuts.csv, at once.
    """
    file = study.equations.parent / FILE
    if not file.is_file():
        return {}
    findings = Findings(str(file))
    values = {row["variable"]: number(row, "value", findings) for row in read_rows(file, COLUMNS, findings)}
    findings.stop()
    return values


def core_only(text: str, study: Study) -> str:
    """Return equations in which every variable of the cut list is the constant of its rest.

    Args:
        text: the equations of the study, whatever their clock.
        study: whose cut list.

    Raises:
        StudyError: a name of the cut list that the equations have not, or a table that cannot be read.
    """
    return override(text, cuts(study), file=str(study.equations.parent / FILE))
