"""What every row that holds a constant or a point of a path must say, whichever table it stands in."""

from __future__ import annotations

import math

from xiancheng import cells
from xiancheng.model.reading import EVIDENCE, Findings, Row, number, one_of
from xiancheng.texts import phrase

PARAMETERS_FILE = "parameters.csv"
PARAMETER_HEADER = ("name", "value", "unit", "meaning", "evidence", "low", "high", "source", "note")
PATHS: dict[str, str] = {
    "outside_attractiveness.csv": "outside attractiveness",
    "in_place_pace.csv": "in place pace",
}
"""Tidy tables of one path in time, and the name of their variable."""

PATH_HEADER = ("time", "value", "unit", "evidence", "source", "note")

_SHARE = "share"
_LOGARITHM = "log"
_COUNTED = {_SHARE, "factor", "rate", "ratio", "multiplier", "probability"}
_DIMENSIONLESS = "dmnl"
_FILLED = ("name", "unit", "meaning", "source")


def check_constant(row: Row, findings: Findings) -> float:
    """Return the value of a row of constants [unit of the row], noting all that is wrong in the row.

    Args:
        row: of a table with the columns name, value, unit, meaning, evidence, low, high and source.
        findings: what collects its problems.
    """
    for column in _FILLED:
        if not row[column].strip():
            note_empty(row, column, findings)
    one_of(row, "evidence", EVIDENCE, findings)
    low, high = (number(row, column, findings) if row[column] else None for column in ("low", "high"))
    least, most = possible(row["name"], row["unit"], low, high)
    value = number(row, "value", findings, low=least, high=most)
    if (low is None) != (high is None):
        half = phrase("constant.half", low=row["low"] or "-", high=row["high"] or "-")
        findings.add(half, phrase("constant.both"), row=row.number)
    elif low is not None and high is not None and not low <= value <= high:
        order = phrase("constant.order", name=row["name"], low=row["low"], value=row["value"], high=row["high"])
        findings.add(order, "low <= value <= high", phrase("constant.order_hint"), row.number)
    return value


def check_point(row: Row, name: str, findings: Findings) -> None:
    """Note what is wrong in a row of a path but its numbers: unit, mark and source; `name` is that of its variable."""
    for column in ("unit", "source"):
        if not row[column].strip():
            note_empty(row, column, findings)
    one_of(row, "evidence", EVIDENCE, findings)
    if not name.strip():
        findings.add(phrase("table.cell_empty", column="variable"), phrase("table.every_row"), row=row.number)


def note_empty(row: Row, column: str, findings: Findings) -> None:
    """Note a cell that says nothing."""
    empty, hint = phrase("table.cell_empty", column=column), phrase("table.needs_source")
    findings.add(empty, phrase("table.every_row"), hint, row.number)


def possible(name: str, unit: str, low: float | None, high: float | None) -> tuple[float, float]:
    """Return the least and the most that a constant can be by its nature [its unit].

    What has a unit counts or measures something, and so does a dimensionless share, factor, rate or ratio: where its
    plausible range does not reach below 0, it is never negative. A share that is plausible up to 1 at most is never
    above 1. A logarithm, an effect or an appeal may have either sign.
    """
    words = set(name.replace("_", " ").split())
    counts = unit != _DIMENSIONLESS or (words & _COUNTED and _LOGARITHM not in words)
    least = 0.0 if counts and low is not None and low >= 0 else -math.inf
    is_share = unit == _DIMENSIONLESS and _SHARE in words
    most = 1.0 if is_share and high is not None and high <= 1 else math.inf
    return least, most


def range_of(row: Row) -> tuple[float | None, float | None]:
    """Return the least and the most plausible value of a row [its unit], None where it says none."""
    return cells.number(row["low"]), cells.number(row["high"])
