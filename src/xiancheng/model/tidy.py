"""Tidy tables: one figure a row, with its unit, evidence, source and licence, each checked when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xiancheng import cells
from xiancheng.model.census_units import UNITS_FILE
from xiancheng.model.reading import EVIDENCE, Findings, Row, no_duplicates, number, one_of, read_rows, short
from xiancheng.texts import phrase

TAIL: tuple[str, ...] = ("value", "unit", "evidence", "source", "licence")
"""Last columns of every tidy table."""

SOURCES_FILE = "sources.csv"
SOURCES_HEADER: tuple[str, ...] = ("id", "title", "published_in", "licence", "read_on", "note")

YEARS = (1900, 2200)
"""Calendar years that a table may speak of."""
_YEAR_WORDS = {"low": str(YEARS[0]), "high": str(YEARS[1])}
_LIMITS: dict[str, tuple[float, float]] = {
    "share": (0.0, 1.0),
    "%": (0.0, 100.0),
    "1/year": (0.0, 1.0),
    "1": (0.5, 2.0),
    "children per woman": (0.1, 10.0),
}


@dataclass(frozen=True)
class Tidy:
    """Reads tidy tables of one folder.

    Attributes:
        tables: the folder.
        codes: codes of the units a table of places may name, in order.
        sources: ids of sources.csv.
    """

    tables: Path
    codes: tuple[str, ...]
    sources: tuple[str, ...]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {code: position for position, code in enumerate(self.codes)}

    def rows(self, keys: Sequence[str], findings: Findings) -> list[Row]:
        """Return the rows of the table `findings.file`, which are told apart by `keys`.

        Raises:
            StudyError: header, marks or sources are wrong, or rows repeat.
        """
        rows = read_rows(self.tables / findings.file, (*keys, *TAIL), findings)
        no_duplicates(rows, keys, findings)
        for row in rows:
            one_of(row, "evidence", EVIDENCE, findings)
            one_of(row, "source", self.sources, findings, "table.add_source")
        findings.stop()
        return rows

    def position(self, row: Row, findings: Findings) -> int | None:
        """Return the position of a row's place among the units, noting an unknown one."""
        if row["place"] in self._positions:
            return self._positions[row["place"]]
        unknown = phrase("table.unknown_place", code=row["place"])
        findings.add(unknown, phrase("table.code_of", file=UNITS_FILE), phrase("table.check_code"), row.number)
        return None


def value(row: Row, findings: Findings, unit: str | None = None) -> float:
    """Return the figure of a row, noting a wrong unit and a figure outside what its unit allows."""
    if unit is not None:
        one_of(row, "unit", (unit,), findings, "table.convert")
    low, high = _LIMITS.get(row["unit"], (0.0, float("inf")))
    return number(row, "value", findings, low=low, high=high)


def year(row: Row, years: Sequence[int], findings: Findings) -> int | None:
    """Return the year of a row, noting one that is none of `years`."""
    censuses = {str(census): census for census in years}
    return censuses.get(one_of(row, "year", tuple(censuses), findings, "table.other_year"))


def year_of(row: Row, findings: Findings) -> int:
    """Return the calendar year of a row, noting what is none; then 0."""
    calendar = integer(row["year"], row, findings)
    if calendar and not YEARS[0] <= calendar <= YEARS[1]:
        wrong, allowed = phrase("table.is", column="year", value=calendar), phrase("table.year_range", **_YEAR_WORDS)
        findings.add(wrong, allowed, phrase("table.mend"), row.number)
        return 0
    return calendar


def integer(word: str, row: Row, findings: Findings) -> int:
    """Return the whole number of a word of a row, noting what is none; then 0."""
    value = cells.integer(word)
    if value is None:
        problem = phrase("table.not_whole", word=repr(short(word)))
        findings.add(problem, phrase("table.whole"), phrase("table.mend"), row.number)
    return value or 0


def source_ids(tables: Path) -> tuple[str, ...]:
    """Return the ids of sources.csv.

    Raises:
        StudyError: the table is not as it must be.
    """
    findings = Findings(SOURCES_FILE)
    rows = read_rows(tables / SOURCES_FILE, SOURCES_HEADER, findings)
    no_duplicates(rows, ["id"], findings)
    findings.stop()
    return tuple(row["id"] for row in rows)
