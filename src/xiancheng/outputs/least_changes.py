"""The least change of an indicator that a reader would act on: below it, two figures are about the same.

outputs/least_changes.csv says it by unit, as an amount in that unit and as a part of the level, of which the larger
holds; `*` speaks of all other units. An indicator may say otherwise in its own column `least_change`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiancheng import cells
from xiancheng.model.reading import Findings, Row, no_duplicates, number, read_rows
from xiancheng.outputs.indicators import LEAST_CHANGE, Indicator
from xiancheng.study import Study
from xiancheng.texts import phrase

FILE = "least_changes.csv"
HEADER = ("unit", "amount", "part", "why")
ANY = "*"
"""Every unit that has no row of its own."""
AMOUNT, PART = "least_amount", "least_part"
"""Attributes of an indicator in a result."""
_PERCENT = "%"


@dataclass(frozen=True)
class LeastChange:
    """What a change has to reach.

    Attributes:
        amount: in the unit of the indicator.
        part: of the level.
    """

    amount: float = 0.0
    part: float = 0.0

    def at(self, level: float) -> float:
        """Return the least change [unit of the indicator] from a level [the same], which may be missing."""
        return max(self.amount, self.part * abs(level) if math.isfinite(level) else 0.0)

    @property
    def labels(self) -> dict[str, str]:
        """Return what an indicator of a result carries."""
        return {AMOUNT: f"{self.amount:g}", PART: f"{self.part:g}"}


def labelled(about: Mapping[str, Any]) -> LeastChange:
    """Return the least change of an indicator of a result from its attributes; none where it carries none."""
    return LeastChange(float(about.get(AMOUNT, 0.0)), float(about.get(PART, 0.0)))


def read(study: Study) -> dict[str, LeastChange]:
    """Return the least changes by unit; a study without the table has none.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    file = study.outputs / FILE
    if not file.is_file():
        return {}
    findings = Findings(str(file))
    rows = read_rows(file, HEADER, findings)
    no_duplicates(rows, ("unit",), findings)
    least = {row["unit"]: LeastChange(*(number(row, column, findings, low=0.0) for column in HEADER[1:3]))
             for row in rows}
    findings.stop()
    return least


def of(indicator: Indicator, by_unit: Mapping[str, LeastChange]) -> LeastChange:
    """Return the least change of an indicator: its own, else that of its unit."""
    own = written(indicator.row.get(LEAST_CHANGE, ""))
    return own or by_unit.get(indicator.unit) or by_unit.get(ANY) or LeastChange()


def written(word: str) -> LeastChange | None:
    """Return what a cell says, an amount or per cent of the level; None where it is empty or says neither."""
    value = cells.number(word.removesuffix(_PERCENT).strip())
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return LeastChange(part=value / 100) if word.endswith(_PERCENT) else LeastChange(amount=value)


def check(study: Study, rows: Mapping[str, Indicator]) -> None:
    """Hold the table, and what indicators say of their own, against what may stand there.

    Raises:
        StudyError: everything wrong.
    """
    read(study)
    findings = Findings(str(study.outputs / "indicators.csv"))
    for number_of_row, indicator in enumerate(rows.values(), start=2):
        word = indicator.row.get(LEAST_CHANGE, "")
        if word and written(word) is None:
            _refuse(Row(number_of_row, {LEAST_CHANGE: word}), findings)
    findings.stop()


def _refuse(row: Row, findings: Findings) -> None:
    wrong = phrase("table.is", column=LEAST_CHANGE, value=repr(row[LEAST_CHANGE]))
    findings.add(wrong, phrase("indicator.least_change"), row=row.number)
