"""What is not known, row by row: every constant and path of the study with its range, and the group that it belongs to.

calibration/unknowns.csv says it by patterns of table, sector, name and unit; of what several rows say of one constant
the last one holds, cell by cell. What members.csv brings belongs to people and is never drawn here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from xiancheng.calibration.families import FAMILIES, SIGNED, Range, family_of
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model import catalogue, constant_rows, constants, lever_constants, members
from xiancheng.model.catalogue import Variable
from xiancheng.model.constant_rows import PATHS
from xiancheng.model.element_tables import PATHS_FILE
from xiancheng.model.reading import Findings, Row, number, one_of, read_rows, read_table
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "unknowns.csv"
HEADER = ("table", "sector", "name", "unit", "group", "family", "total", "together", "beside", "spread", "drift",
          "least", "why")
_ANY = "*"
_PATTERNS, _CELLS = HEADER[:4], HEADER[4:12]
PEOPLE, BEHAVIOUR, LEVERS, COSTS, START, PATH = "people", "behaviour", "levers", "costs", "start", "paths"
GROUPS = (PEOPLE, BEHAVIOUR, LEVERS, COSTS, START, PATH)
"""What is drawn together."""
FIXED, SWITCH = "fixed", "switch"
"""What is not drawn: held by definition or decision, and what is off by default and asked for by name."""
CERTAIN = ("measured",)
"""Marks of rows that need no range."""


@dataclass(frozen=True)
class Unknown:
    """A constant, or its value for one element.

    Attributes:
        name: of the constant; element: of its subscript, "" for one number; unit: of both.
        group: of GROUPS, FIXED or SWITCH.
        range: what may be drawn; None where the row says nothing and no rule does.
        value: what the equations read [unit].
        total: name of the set of numbers that add up to 1, "" for none.
        together: name of what it shares with other parameters, "" for nothing.
        beside: the parameter in proportion to whose draw it moves, because it has to stay below it, "" for none.
        evidence: its mark; file, row: where it stands.
        least: what no draw of it goes below [unit]; None for no such number.
    """

    name: str
    element: str
    unit: str
    group: str
    range: Range | None
    value: float
    total: str
    together: str
    beside: str
    evidence: str
    file: str
    row: int
    least: float | None = None

    @property
    def is_drawn(self) -> bool:
        """Whether members differ in it."""
        return self.group in GROUPS and self.range is not None and not self.range.is_point

    @property
    def is_owed(self) -> bool:
        """Whether its row owes a range: neither measured, held nor what others leave of 1, and no rule gives one."""
        return self.range is None and self.group in GROUPS and not self.total and self.evidence not in CERTAIN


@dataclass(frozen=True)
class Widening:
    """How far a path may lie from what the table says after the last year that was observed.

    Attributes:
        spread: how many times the change after that year may be larger or smaller (5 and 95 %).
        drift: the same of the level in the last year.
    """

    spread: float
    drift: float


def has_table(study: Study) -> bool:
    """Tell whether a study says what is not known."""
    return (study.calibration / FILE).is_file()


def read(study: Study) -> tuple[Unknown, ...]:
    """Return every constant of the tables, in their order, those of people left out.

    Raises:
        StudyError: everything wrong in the tables, at once.
    """
    table, variables = _table(study), {variable.id: variable for variable in catalogue.read(study)}
    people = _people(study)
    caps = _caps(study)
    unknowns, by_name = [], dict[tuple[str, str], dict[str, str]]()
    for file, rows, name_of in constants.tables_of(study):
        if file in (PATHS_FILE, *PATHS):
            continue
        together = caps.get(_lever_of(file), "")
        for row in rows:
            name = key(name_of(row))
            if name not in people:
                if (file, name) not in by_name:
                    by_name[file, name] = _of(table, file, variables[name])
                unknowns.append(_unknown(row, file, variables[name], by_name[file, name], together))
    _check_beside(unknowns)
    _check_least(unknowns)
    return tuple(unknowns)


def _check_beside(unknowns: Iterable[Unknown]) -> None:
    """Refuse a number that is to move beside something that is no single number of the tables."""
    single = {unknown.name for unknown in unknowns if not unknown.element}
    findings = Findings(f"calibration/{FILE}")
    for name, beside in dict.fromkeys((unknown.name, unknown.beside) for unknown in unknowns if unknown.beside):
        if beside not in single - {name}:
            findings.add(phrase("unknown.beside", name=name, beside=repr(beside)), phrase("unknown.beside_allowed"),
                         did_you_mean(beside, single))
    findings.stop()


def _check_least(unknowns: Iterable[Unknown]) -> None:
    """Refuse a number that no draw goes below where it would hold more than the draws below the low end of a row."""
    findings = Findings(f"calibration/{FILE}")
    for unknown in unknowns:
        if unknown.least is not None and unknown.range is not None and unknown.least > unknown.range.low:
            findings.add(phrase("unknown.least", name=unknown.name, least=f"{unknown.least:g}"),
                         phrase("unknown.least_allowed", low=f"{unknown.range.low:g}"))
    findings.stop()


def widenings(study: Study) -> dict[str, Widening]:
    """Return by variable the paths of paths.csv that are drawn."""
    table, variables = _table(study), {variable.id: variable for variable in catalogue.read(study)}
    file = next((rows for name, rows, _ in constants.tables_of(study) if name == PATHS_FILE), ())
    names = dict.fromkeys(row["variable"] for row in file)
    own = {name: _of(table, PATHS_FILE, variables[key(name)]) for name in names}
    return {name: Widening(float(cells["spread"]), float(cells["drift"])) for name, cells in own.items()
            if cells["group"] == PATH}


def check(study: Study) -> None:
    """Hold every row of constants against the rule: a range, or a reason why it has none.

    Raises:
        StudyError: rows without either, and everything wrong in the table of groups.
    """
    if not has_table(study):
        return
    problems = []
    for unknown in read(study):
        if unknown.is_owed:
            findings = Findings(unknown.file)
            name = f"{unknown.name}[{unknown.element}]" if unknown.element else unknown.name
            findings.add(phrase("unknown.owed", name=name), phrase("unknown.range"), phrase("unknown.hint"),
                         unknown.row)
            problems += findings.problems
    if problems:
        raise StudyError(problems)


def _table(study: Study) -> list[Row]:
    """Return the rows of the table of groups."""
    findings = Findings(f"calibration/{FILE}")
    rows = read_rows(study.calibration / FILE, HEADER, findings)
    for row in rows:
        if row["group"]:
            one_of(row, "group", (*GROUPS, FIXED, SWITCH), findings)
        if row["family"]:
            one_of(row, "family", FAMILIES, findings)
        for column in ("spread", "drift"):
            if row[column]:
                number(row, column, findings, low=1.0)
        if row["least"]:
            number(row, "least", findings)
        if not row["why"]:
            constant_rows.note_empty(row, "why", findings)
    findings.stop()
    return rows


def _of(table: Iterable[Row], file: str, variable: Variable) -> dict[str, str]:
    """Return what the table of groups says of a variable: of each cell the last row that fills it."""
    own = dict(zip(_PATTERNS, (file, variable.group, variable.name, variable.unit), strict=True))
    cells = dict.fromkeys(_CELLS, "")
    for row in table:
        if all(row[column] == _ANY or fnmatchcase(word, row[column]) for column, word in own.items()):
            cells |= {column: row[column] for column in _CELLS if row[column]}
    return cells


def _unknown(row: Row, file: str, variable: Variable, cells: Mapping[str, str], together: str) -> Unknown:
    value = float(row["value"])
    own = _range(row, value, cells)
    least = float(cells["least"]) if cells["least"] and own is not None and own.low > 0 else None
    return Unknown(
        variable.name, row.fields.get("element", ""), row["unit"], cells["group"] or FIXED, own, value, cells["total"],
        cells["together"] or (together if cells["group"] == LEVERS else ""), cells["beside"], row["evidence"], file,
        row.number, least,
    )


def _range(row: Row, value: float, cells: Mapping[str, str]) -> Range | None:
    """Return the range of a row, else that of the rule for rows like it."""
    low, high = constant_rows.range_of(row)
    if low is None or high is None:
        if row["evidence"] in CERTAIN or not cells["spread"]:
            return None
        spread = float(cells["spread"])
        low, high = sorted((value / spread, value * spread))
    family = cells["family"] or family_of(row["name"], row["unit"], low, high)
    return Range(low, value, high, SIGNED if low < 0 or math.isinf(low) else family)


def _people(study: Study) -> set[str]:
    """Return the keys of what the posterior of people brings."""
    file = study.calibration / members.FILE
    return {key(name) for name in next(iter(members.read(study).values()), {})} if file.is_file() else set()


def _caps(study: Study) -> dict[str, str]:
    """Return the cap group of each lever, "" for none."""
    file = study.root / lever_constants.LEVERS
    return {row["id"]: row["cap_group"] for row in read_table(file, ("id", "cap_group"), Findings(str(file)))}


def _lever_of(file: str) -> str:
    """Return the lever in whose folder a table stands, "" for none."""
    parts = file.split("/")
    return parts[-2] if len(parts) > 2 else ""
