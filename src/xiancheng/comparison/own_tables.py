"""Small tables of the user's own: unit costs, weights. Every problem is told with its row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from xiancheng import cells
from xiancheng.characters import amount
from xiancheng.errors import Problem, StudyError
from xiancheng.model.reading import Findings, read_table, short
from xiancheng.texts import phrase


def rows(file: str | Path, columns: tuple[str, str], problems: list[Problem]) -> Iterator[tuple[int, str, float]]:
    """Yield number, name and value of each row of a table; what is wrong is added to the problems.

    Args:
        file: a CSV in UTF-8.
        columns: of the name and of the value.
        problems: those found so far.
    """
    findings = Findings(str(file))
    if not Path(file).is_file():
        allowed = phrase("compare.table_allowed", columns=", ".join(columns))
        problems.append(Problem(str(file), phrase("file.none"), allowed))
        return
    try:
        table = read_table(Path(file), columns, findings, marked=True)
    except StudyError as error:
        problems += error.problems
        return
    for row in table:
        written = row[columns[1]].strip()
        value = cells.number(written)
        if value is None or not math.isfinite(value):
            sentence = phrase("table.is", column=columns[1], value=short(written))
            problems.append(Problem(str(file), sentence, phrase("table.number"), amount(written), row.number))
        else:
            yield row.number, row[columns[0]].strip().replace(" ", "_"), value
