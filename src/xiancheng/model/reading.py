"""Reading a CSV table strictly: every problem of the file at once, each with its row and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from xiancheng import cells
from xiancheng import study as studies
from xiancheng.characters import wide_signs
from xiancheng.errors import Problem, StudyError
from xiancheng.study import Study
from xiancheng.texts import phrase

EVIDENCE: tuple[str, ...] = ("measured", "derived", "calibrated", "literature", "assumed")
"""Marks a figure may carry."""

_MOST_PROBLEMS = 40
_LONG = 80
"""Characters of a word that a message shows in full."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file, from 1 with the header, 0 for none, and its fields by column."""

    number: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]


class Findings:
    """Collects the problems of one file; `file` is the name people know it by."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, sentence: str, allowed: str = "", hint: str = "", row: int | None = None) -> None:
        """Note one problem."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(self.file, sentence, allowed, hint, row or None))

    def stop(self) -> None:
        """Raise what was found, if anything.

        Raises:
            StudyError: at least one problem was noted.
        """
        if self.problems:
            raise StudyError(self.problems)


def read_text(path: Path, findings: Findings, *, marked: bool = False) -> str:
    """Return the text of a file in UTF-8; only where it may be `marked` does it begin with a byte order mark.

    Raises:
        StudyError: the file is missing, empty, too large, has a byte order mark or another encoding.
    """
    return cells.text(path, findings.file, marked=marked)


def read_rows(path: Path, header: Sequence[str], findings: Findings, optional: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table with exactly this header, after it as many of the `optional` columns as it has.

    Raises:
        StudyError: encoding, header or the number of fields in a row is wrong.
    """
    lines = cells.split(read_text(path, findings), findings.file)
    more = optional[: max(len(lines[0]) - len(header), 0)]
    header = [*header, *more] if lines[0] == [*header, *more] else header
    _check_header(lines[0], header, findings)
    findings.stop()
    absent = dict.fromkeys(optional, "")
    rows = [Row(row.number, absent | row.fields) for row in _rows(lines, findings)]
    findings.stop()
    return rows


def read_table(
    path: Path, columns: Iterable[str], findings: Findings, *, marked: bool = False, bare: bool = False
) -> list[Row]:
    """Return the rows of a table that has these columns, in any order, and maybe others.

    Args:
        path: the file.
        columns: what it must have.
        findings: what collects its problems.
        marked: whether it may begin with a byte order mark.
        bare: whether it may be a header alone.

    Raises:
        StudyError: encoding, header or the number of fields in a row is wrong.
    """
    return rows_of(read_text(path, findings, marked=marked), columns, findings, bare=bare)


def rows_of(written: str, columns: Iterable[str], findings: Findings, *, bare: bool = True) -> list[Row]:
    """Return the rows of the text of a table, as `read_table` does for a file.

    Raises:
        StudyError: header or the number of fields in a row is wrong.
    """
    rows = full_rows(written, columns, findings, bare=bare)
    findings.stop()
    return rows


def full_rows(written: str, columns: Iterable[str], findings: Findings, *, bare: bool = False) -> list[Row]:
    """Return the rows of the text of a table that have all their fields, noting the others.

    Raises:
        StudyError: the header or a line is not as it must be.
    """
    lines = cells.split(written, findings.file)
    header, columns = lines[0], tuple(columns)
    if missing := [column for column in columns if column not in header]:
        hint = wide_signs(",".join(header))
        findings.add(phrase("table.column_missing", names=_short(missing)), _short(columns), hint, row=1)
    if twice := [column for column in dict.fromkeys(header) if header.count(column) > 1]:
        findings.add(phrase("table.column_twice", names=_short(twice)), phrase("table.once"), row=1)
    if "" in header:
        findings.add(phrase("table.column_nameless"), _short(columns), row=1)
    findings.stop()
    return _rows(lines, findings, bare)


def _rows(lines: Sequence[Sequence[str]], findings: Findings, bare: bool = False) -> list[Row]:
    """Return the rows below a header; those of another length are noted."""
    header, rows = lines[0], []
    for position, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            sentence, allowed = (phrase("table.fields", count=len(part)) for part in (line, header))
            findings.add(sentence, allowed, wide_signs(",".join(line)) or phrase("table.comma"), position)
        else:
            rows.append(Row(position, dict(zip(header, line, strict=True))))
    if len(lines) == 1 and not bare:
        findings.add(phrase("table.only_header"), phrase("table.some_rows"), phrase("table.restore"))
    return rows


def read_study_rows(
    study: Study, place: str, header: Sequence[str], findings: Findings, optional: Sequence[str] = ()
) -> list[Row]:
    """Return the rows of a table of a study; a study older than the table is told where to take it from.

    Args:
        study: the study.
        place: where the table stands in it, such as "outputs/views.csv".
        header: its columns.
        findings: what collects its problems.
        optional: columns after them that it may leave out.

    Raises:
        StudyError: no such table, or it cannot be read.
    """
    if not (study.root / place).is_file():
        findings.add(phrase("study.table_none", file=place), phrase("study.table_allowed"),
                     phrase("study.table_hint", file=place, folder=str(studies.shipped())))
        findings.stop()
    return read_rows(study.root / place, header, findings, optional)


def rows_if_any(
    study: Study, place: str, header: Sequence[str], findings: Findings, optional: Sequence[str] = ()
) -> list[Row]:
    """Return the rows of a table that a study may do without, none where it does; see `read_study_rows`."""
    return read_rows(study.root / place, header, findings, optional) if (study.root / place).is_file() else []


def _check_header(header: list[str], columns: Sequence[str], findings: Findings) -> None:
    if header == list(columns):
        return
    hint = phrase("table.header_hint")
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    if missing:
        findings.add(phrase("table.column_missing", names=_short(missing)), _short(columns), hint, 1)
    if extra:
        findings.add(phrase("table.column_unknown", names=_short(extra)), _short(columns), hint, 1)
    if not missing and not extra:
        findings.add(phrase("table.column_order", names=_short(header)), _short(columns), hint, 1)


def _short(words: Sequence[str]) -> str:
    listed = list(words)
    return ", ".join(listed) if len(listed) <= 12 else ", ".join([*listed[:5], "…", *listed[-2:]])


def number(row: Row, column: str, findings: Findings, *, low: float = -math.inf, high: float = math.inf) -> float:
    """Return the number in a field; notes text, infinite values and values out of range, then returns 0."""
    text = row[column]
    value = cells.number(text)
    if value is not None and math.isfinite(value) and low <= value <= high:
        return value
    sentence = phrase("table.is", column=column, value=repr(short(text)) if value is None else short(text))
    findings.add(sentence, _range(low, high), _number_hint(value, high), row.number)
    return 0.0


def short(word: str) -> str:
    """Return a word as a message shows it, without its middle where it is long."""
    return word if len(word) <= _LONG else f"{word[:_LONG // 2]}…{word[-_LONG // 4:]}"


def _number_hint(value: float | None, high: float) -> str:
    if value is None:
        return phrase("table.digits")
    if not math.isfinite(value):
        return phrase("table.blank")
    return phrase("table.fraction") if high == 1.0 else phrase("table.sign")


def _range(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return phrase("table.number_range", low=f"{low:g}", high=f"{high:g}")
    return phrase("table.number_least", low=f"{low:g}") if math.isfinite(low) else phrase("table.number")


def as_written(row: Row, kind: type[Any]) -> dict[str, Any]:
    """Return the words of a row that a dataclass takes as they stand: those of its fields that are a `str`, by name.

    Args:
        row: a row with a column of that name for every such field.
        kind: a dataclass whose annotations are kept as text.
    """
    return {field.name: row[field.name] for field in fields(kind) if field.type == "str"}


def one_of(row: Row, column: str, allowed: Sequence[str], findings: Findings, hint: str = "") -> str:
    """Return the word in a field, noting one that is not allowed; `hint` is the key of a text."""
    word = row[column]
    if word not in allowed:
        sentence = phrase("table.is", column=column, value=repr(short(word)))
        findings.add(sentence, _short(sorted(allowed)), phrase(hint or "table.spelling"), row.number)
    return word


def no_duplicates(rows: Sequence[Row], keys: Sequence[str], findings: Findings) -> None:
    """Note rows that repeat an earlier one in all `keys`."""
    rows_before: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in keys)
        if key in rows_before:
            again = phrase("table.twice", names=short(", ".join(key)), row=rows_before[key])
            findings.add(again, phrase("table.once"), phrase("table.take_out"), row.number)
        rows_before.setdefault(key, row.number)
