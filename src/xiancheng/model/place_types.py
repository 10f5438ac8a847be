"""Types of places, such as those that live of one function: each place has at most one, by a rule that is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiancheng.model.reading import EVIDENCE, Findings, no_duplicates, one_of, read_rows
from xiancheng.texts import LANGUAGES, phrase

FILE = "county_types.csv"
COLUMNS = ("type", "title_en", "title_zh", "rule_en", "rule_zh", "places", "evidence", "source", "note")
_FILLED = COLUMNS[:-1]


@dataclass(frozen=True)
class PlaceType:
    """A type of places.

    Attributes:
        id: its name in scenarios.
        title: by language; rule likewise, by which places were put into it.
        codes: of the units that are of it.
    """

    id: str
    title: Mapping[str, str]
    rule: Mapping[str, str]
    codes: frozenset[str]


def read(tables: Path, units: Collection[str]) -> tuple[PlaceType, ...]:
    """Return the types of a folder of tables in their order; none without county_types.csv.

    Args:
        tables: the folder.
        units: codes of the units of the census.

    Raises:
        StudyError: every problem of the table.
    """
    if not (tables / FILE).is_file():
        return ()
    findings = Findings(FILE)
    rows = read_rows(tables / FILE, COLUMNS, findings)
    no_duplicates(rows, ("type",), findings)
    types = []
    placed: dict[str, str] = {}
    for row in rows:
        for column in _FILLED:
            if not row[column]:
                findings.add(phrase("table.cell_empty", column=column), phrase("table.every_row"), "", row.number)
        one_of(row, "evidence", EVIDENCE, findings)
        codes = [code.strip() for code in row["places"].split(";") if code.strip()]
        for code in codes:
            if code not in units:
                findings.add(phrase("table.unknown_place", code=code), phrase("place.type_codes"), "", row.number)
            elif code in placed:
                twice = phrase("place.type_twice", code=code, type=placed[code])
                findings.add(twice, phrase("place.type_once"), "", row.number)
        placed |= dict.fromkeys(codes, row["type"])
        title, rule = ({language: row[f"{name}_{language}"] for language in LANGUAGES} for name in ("title", "rule"))
        types.append(PlaceType(row["type"], title, rule, frozenset(codes)))
    findings.stop()
    return tuple(types)
