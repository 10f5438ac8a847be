"""Tables of words on stdout: for people, as JSON, or as CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, phrase, phrase_list

FORMATS = ("table", "json", "csv")

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
    """Show lines as a table that fits the screen."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for key, title in titles.items():
        shown.add_column(Text(title), justify="right" if key in right else "left", overflow="fold",
                         no_wrap=key in right)
    for line in lines:
        shown.add_row(*(Text(cell) for cell in line))
    session.out.print(shown)


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
