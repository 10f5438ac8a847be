"""Tables of words on stdout: for people, as JSON, or as CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, phrase, phrase_list

FORMATS = ("table", "json", "csv")

_FOLDED = 24
"""Cells of the screen that a column of words keeps at least, where it has so many."""

_GAP = 4
"""Cells between two columns."""

Rows = Sequence[Mapping[str, Any]]


def checked(form: str) -> str:
    """Return the form of output.

    Raises:
        StudyError: none of FORMATS.
    """
    if form not in FORMATS:
        sentence = phrase("cli.format_unknown", name=form)
        raise StudyError(Problem("--format", sentence, phrase_list(FORMATS), did_you_mean(form, FORMATS)))
    return form


def rows(session: Session, records: Rows, form: str, *, titles: Mapping[str, str], right: Sequence[str] = ()) -> None:
    """Show rows on stdout.

    Args:
        session: the call.
        records: rows with the same columns.
        form: one of FORMATS.
        titles: name of each column as shown in a table, by key of the rows; JSON and CSV take the keys.
        right: columns set to the right.
    """
    if form == "json":
        json_out([dict(row) for row in records])
    elif form == "csv":
        csv_out(records, list(titles))
    else:
        table(session, [[str(row[key]) for key in titles] for row in records], titles, right)


def table(session: Session, lines: Sequence[Sequence[str]], titles: Mapping[str, str], right: Sequence[str]) -> None:
    """Show lines as a table; columns that the screen has no room for stand in a second one below it.

    Args:
        session: the call.
        lines: cells of each row, in the order of the columns.
        titles: name of each column by key.
        right: keys of the columns set to the right, which are never folded.
    """
    keys = list(titles)
    widths = [max(map(cell_len, (title, *(line[at] for line in lines)))) for at, title in enumerate(titles.values())]
    needed = [width if keys[at] in right else min(width, _FOLDED) for at, width in enumerate(widths)]
    for part, columns in enumerate(_parts(needed, session.out.width)):
        shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for at in columns:
            shown.add_column(Text(titles[keys[at]]), justify="right" if keys[at] in right else "left",
                             overflow="fold", no_wrap=keys[at] in right,
                             width=needed[at] if needed[at] == widths[at] else None)
        for line in lines:
            shown.add_row(*(Text(line[at]) for at in columns))
        if part:
            session.out.print()
        session.out.print(shown)


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Return the columns of each part of a table, the first column in all of them."""
    parts = [[0]]
    for at, width in enumerate(widths[1:], 1):
        if sum(widths[column] + _GAP for column in parts[-1]) + width > room and len(parts[-1]) > 1:
            parts.append([0])
        parts[-1].append(at)
    return parts


def json_out(values: Any) -> None:
    """Write plain values to stdout as JSON."""
    write((json.dumps(values, ensure_ascii=False, indent=1, default=str) + "\n").encode("utf-8"))


def csv_out(records: Rows, columns: Sequence[str]) -> None:
    """Write rows to stdout as CSV."""
    bytes_out(csv_bytes(records, columns))


def csv_bytes(records: Rows, columns: Sequence[str] = ()) -> bytes:
    """Return rows as CSV that Excel reads, with all their columns when none are named."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(records[0]), extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def bytes_out(content: bytes) -> None:
    """Write a CSV to stdout; its byte order mark serves files and is left off on a terminal."""
    write(content.removeprefix(b"\xef\xbb\xbf") if sys.stdout.isatty() else content)


def write(content: bytes) -> None:
    """Write bytes of UTF-8 to stdout."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(content.decode("utf-8"))
    else:
        sys.stdout.flush()
        buffer.write(content)
        buffer.flush()
