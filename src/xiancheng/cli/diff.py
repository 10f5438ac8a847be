"""`diff`: two results, the first indicator that differs, and where and when it differs most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.outputs import differences, files
from xiancheng.texts import number

if TYPE_CHECKING:
    from xiancheng.outputs.differences import Difference

First = Annotated[Path, typer.Argument(metavar="A", help="cli.diff.first")]
Second = Annotated[Path, typer.Argument(metavar="B", help="cli.diff.second")]
Tolerance = Annotated[float, typer.Option("--tolerance", metavar="SHARE", help="cli.diff.tolerance")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "diff")(diff)


def diff(
    session: Session, first: First, second: Second, tolerance: Tolerance = 1e-9, form: Form = "table"
) -> None:
    """Compare two results."""
    screen.checked(form)
    result, other = files.read(first), files.read(second)
    for note in differences.shapes(result, other):
        session.tell(note)
    differing = differences.values(result, other, session.language, tolerance)
    if not differing:
        session.say("cli.diff.same", tolerance=f"{tolerance:g}")
        if form == "table":
            return
    rows = [
        {
            "indicator": line.indicator,
            "title": line.title,
            "place": line.place,
            "year": line.year,
            "a": number(line.first, line.unit, session.language) if form == "table" else line.first,
            "b": number(line.second, line.unit, session.language) if form == "table" else line.second,
            "change": _change(session, line) if form == "table" else line.second - line.first,
            "unit": line.unit,
        }
        for line in differing
    ]
    keys = ("indicator", "title", "place", "year", "a", "b", "change", *(("unit",) if form != "table" else ()))
    titles = {key: session.words(f"cli.column.{key}") for key in keys}
    screen.rows(session, rows, form, titles=titles, right=("a", "b", "change"))
    if differing:
        session.say("cli.diff.first_is", name=differing[0].indicator)


def _change(session: Session, line: Difference) -> str:
    """Write a change; that of a share in points."""
    change = line.second - line.first
    if line.unit == "share":
        return session.words("cli.diff.points", number=number(change * 100, "", session.language, digits=2, sign=True))
    return number(change, line.unit, session.language, sign=True)
