"""Reading a CSV table strictly: every problem of the file at once, each with its row and what to do."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from xiancheng import study as studies
from xiancheng.errors import Problem, StudyError
from xiancheng.study import Study
from xiancheng.texts import phrase

EVIDENCE: tuple[str, ...] = ("measured", "derived", "calibrated", "literature", "assumed")
"""Marks a figure may carry."""

_MOST_PROBLEMS = 40


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


def read_text(path: Path, findings: Findings) -> str:
    """Return the text of a file in UTF-8 without a byte order mark.

    Raises:
        StudyError: the file is missing, empty, has a byte order mark or another encoding.
    """
    if not path.is_file():
        findings.add(phrase("file.none"), phrase("table.must_exist"), phrase("table.restore"))
        findings.stop()
    raw = path.read_bytes()
    if not raw.strip():
        findings.add(phrase("table.empty"), phrase("table.some_rows"), phrase("table.restore"))
    elif raw.startswith(b"\xef\xbb\xbf"):
        findings.add(phrase("file.bom"), phrase("file.without_bom"), phrase("file.save_utf8"), 1)
    findings.stop()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        findings.add(phrase("file.not_utf8"), phrase("file.without_bom"), phrase("file.save_utf8"), line)
        findings.stop()
        raise


def read_rows(path: Path, header: Sequence[str], findings: Findings, optional: Sequence[str] = ()) -> list[Row]:
    """Return the rows of a table with exactly this header, after it as many of the `optional` columns as it has.

    Raises:
        StudyError: encoding, header or the number of fields in a row is wrong.
    """
    lines = list(csv.reader(io.StringIO(read_text(path, findings))))
    more = optional[: max(len(lines[0]) - len(header), 0)]
    header = [*header, *more] if lines[0] == [*header, *more] else header
    _check_header(lines[0], header, findings)
    findings.stop()
    absent = dict.fromkeys(optional, "")
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            sentence, allowed = (phrase("table.fields", count=len(part)) for part in (cells, header))
            findings.add(sentence, allowed, phrase("table.comma"), number)
        else:
            rows.append(Row(number, {**absent, **dict(zip(header, cells, strict=True))}))
    if len(lines) == 1:
        findings.add(phrase("table.only_header"), phrase("table.some_rows"), phrase("table.restore"))
    findings.stop()
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
    value: float | None
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is not None and math.isfinite(value) and low <= value <= high:
        return value
    sentence = phrase("table.is", column=column, value=repr(text) if value is None else text)
    findings.add(sentence, _range(low, high), _number_hint(value, high), row.number)
    return 0.0


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
        sentence = phrase("table.is", column=column, value=repr(word))
        findings.add(sentence, _short(sorted(allowed)), phrase(hint or "table.spelling"), row.number)
    return word


def no_duplicates(rows: Sequence[Row], keys: Sequence[str], findings: Findings) -> None:
    """Note rows that repeat an earlier one in all `keys`."""
    rows_before: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in keys)
        if key in rows_before:
            again = phrase("table.twice", names=", ".join(key), row=rows_before[key])
            findings.add(again, phrase("table.once"), phrase("table.take_out"), row.number)
        rows_before.setdefault(key, row.number)
