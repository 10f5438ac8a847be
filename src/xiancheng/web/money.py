"""The money that is always in sight, summed over the years that a plan acts in, so that its bands are those of sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.model import clock, roles
from xiancheng.model.reading import Findings, number, read_table
from xiancheng.outputs import views
from xiancheng.study import Study

OFFICES = ("public", "unfunded", "revenue", "debt")
"""The views of the money that is always in sight."""
SUMS = ("public", "unfunded")
ROOM = "room"
Values = Mapping[str, NDArray[np.float32]]


def sum_name(office: str) -> str:
    """Return what a sum goes by beside the indicators."""
    return f"money {office}"


@dataclass(frozen=True)
class Money:
    """Which indicators are the money of a study.

    Attributes:
        indicators: by office, those that the study names.
        limit: bonds that are allowed [1, of revenue], None where the study has none.
        first_year: the first that levers act in.
    """

    indicators: Mapping[str, str]
    limit: float | None
    first_year: int

    @classmethod
    def of(cls, study: Study) -> Money:
        """Return the money of a study.

        Raises:
            StudyError: a table of the study that cannot be read.
        """
        named = {office: views.leading(study, office) for office in OFFICES}
        limit = _constant(study, roles.of(study, "debt_limit"))
        return cls({office: name for office, name in named.items() if name}, limit, clock.of(study).first_setting)

    def sums(self, values: Values, years: Sequence[int]) -> dict[str, NDArray[np.float32]]:
        """Return cost and unfunded need from the first year of levers up to each year, and the debt room of each year.

        Args:
            values: indicators (year, area) [yuan, yuan a year].
            years: calendar years of the rows.

        Returns:
            By `sum_name` (year, area) [yuan]; without what the study does not name.
        """
        acts = (np.asarray(years) >= self.first_year)[:, np.newaxis]
        own = {office: values[name] for office, name in self.indicators.items() if name in values}
        sums: dict[str, NDArray[Any]] = {
            sum_name(office): np.cumsum(np.where(acts, own[office], 0), axis=0, dtype=np.float64)
            for office in SUMS if office in own}
        if self.limit is not None and {"revenue", "debt"} <= own.keys():
            sums[sum_name(ROOM)] = self.limit * own["revenue"] - own["debt"]
        return {name: numbers.astype(np.float32) for name, numbers in sums.items()}


def _constant(study: Study, name: str) -> float | None:
    """Return a constant of the study as its table writes it; None where it has none."""
    if not study.parameters.is_file():
        return None
    findings = Findings(str(study.parameters))
    rows = read_table(study.parameters, ("name", "value"), findings)
    value = next((number(row, "value", findings) for row in rows if row["name"] == name), None)
    findings.stop()
    return value
