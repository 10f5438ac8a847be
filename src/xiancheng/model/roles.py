"""The variables of the equations that the program itself asks for, by what they are to it: model/roles.csv."""

from __future__ import annotations

from xiancheng.model import catalogue
from xiancheng.model.reading import Findings, no_duplicates, one_of, read_study_rows
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "model/roles.csv"
COLUMNS = ("role", "variable")
ROLES = (
    "public_finance", "debt_limit", "census_coverage", "residents_by_age", "weakly_measured", "moves", "departed",
    "arrived_from_outside", "departed_to_outside",
)
"""`public_finance` is there where levers are paid for; `debt_limit` is shown on the page; `census_coverage` is 1 where
a start is as counted; `residents_by_age` may be shown in detail; `weakly_measured` is named beside every band. The fit
reads `residents_by_age` and who `departed`, `arrived_from_outside` and `departed_to_outside`, and switches off `moves`.
"""


def of(study: Study, role: str) -> str:
    """Return the variable in a role, by its name in the equations; "" where the study has none.

    Args:
        study: the study.
        role: of ROLES.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    return _read(study).get(role, "")


def check(study: Study) -> None:
    """Hold the roles against the equations.

    Raises:
        StudyError: every name that the equations do not have.
    """
    _read(study)


def _read(study: Study) -> dict[str, str]:
    findings = Findings(str(study.root / FILE))
    rows = read_study_rows(study, FILE, COLUMNS, findings)
    no_duplicates(rows, ("role",), findings)
    defined = catalogue.names(study)
    for row in rows:
        one_of(row, "role", ROLES, findings)
        if row["variable"] not in defined:
            absent = phrase("role.no_variable", variable=row["variable"])
            findings.add(absent, phrase("lever.variable_allowed"), did_you_mean(row["variable"], defined), row.number)
    findings.stop()
    return {row["role"]: row["variable"] for row in rows}
