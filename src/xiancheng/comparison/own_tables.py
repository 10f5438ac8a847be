"""Small tables of the user's own: unit costs, weights. Every problem is told with its row."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from xiancheng.errors import Problem
from xiancheng.texts import phrase


def rows(file: str | Path, columns: tuple[str, str], problems: list[Problem]) -> Iterator[tuple[int, str, float]]:
    """Yield number, name and value of each row of a table; what is wrong is added to the problems.

    Args:
        file: a CSV in UTF-8.
        columns: of the name and of the value.
        problems: those found so far.
    """
    allowed = ", ".join(columns)
    if not Path(file).is_file():
        problems.append(Problem(str(file), phrase("file.none"), phrase("compare.table_allowed", columns=allowed)))
        return
    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem(str(file), phrase("file.not_utf8"), phrase("file.save_utf8")))
        return
    reader = csv.DictReader(io.StringIO(text))
    if not reader.fieldnames or any(column not in reader.fieldnames for column in columns):
        sentence = phrase("compare.table_columns", columns=", ".join(reader.fieldnames or ()))
        problems.append(Problem(str(file), sentence, allowed, row=1))
        return
    for number, row in enumerate(reader, start=2):
        written = (row[columns[1]] or "").strip()
        value = _number(written)
        if value is None:
            sentence = phrase("set.not_number", value=written)
            problems.append(Problem(str(file), sentence, phrase("table.number"), row=number))
        else:
            yield number, (row[columns[0]] or "").strip().replace(" ", "_"), value


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
