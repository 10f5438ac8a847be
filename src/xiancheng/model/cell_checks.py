"""Do the equations read the cells they mean? Every cell named in the equations must carry the name of its variable."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from xiancheng.errors import Problem
from xiancheng.texts import phrase

_READS = re.compile(
    r"(?P<name>[^\n\[\]=~|]+?)\s*(?:\[(?P<elements>[^\]]*)\])?\s*=\s*"
    r"GET DIRECT CONSTANTS\(\s*'(?P<file>[^']+)'\s*,\s*','\s*,\s*'(?P<column>[A-Z]+)(?P<row>\d+)(?P<down>\*?)'\s*\)"
)


def problems(equations: Path) -> list[Problem]:
    """Return the constants of an equations file that read a cell of another name.

    A single cell stands in the row of its variable (names in column A); a column down bears the variable's name, the
    first words of it, or ends in the element it fills. Blocks read as a whole are checked by their elements.
    """
    text = equations.read_text(encoding="utf-8")
    found = []
    for match in _READS.finditer(text):
        name = " ".join(match["name"].replace("_", " ").split()).lower()
        there = _name_at(equations.parent / match["file"], match)
        if there is not None and not _fits(there, name, match["elements"] or ""):
            cell = match["column"] + match["row"] + match["down"]
            says = phrase("block.cell", name=name, file=match["file"], cell=cell, there=there)
            row = text.count("\n", 0, match.start("name")) + 1
            found.append(Problem(equations.name, says, phrase("block.cell_allowed"), phrase("block.cell_hint"), row))
    return found


def _name_at(file: Path, match: re.Match[str]) -> str | None:
    """Return the name a cell goes by: its header, or the name of its row; None where a whole block is read."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    column, row = _column(match["column"]), int(match["row"]) - 1
    try:
        if match["down"]:
            return rows[0][column]
        return None if match["elements"] else rows[row][0]
    except IndexError:
        return ""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _fits(there: str, name: str, elements: str) -> bool:
    last = elements.split(",")[-1].strip().replace("_", " ")
    return there == name or name.startswith(f"{there} ") or (bool(last) and there.endswith(f" {last}"))
