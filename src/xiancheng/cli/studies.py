"""`study new`: a study of other places, from a list of county-level units."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli.frame import group, verb
from xiancheng.cli.session import Session
from xiancheng.model import new_study, tables
from xiancheng.model.places import read

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="cli.new.folder")]
List = Annotated[Path, typer.Option("--list", metavar="FILE", help="cli.new.list")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(group(app, "study"), "new")(new)


def new(session: Session, folder: Folder, places: List) -> None:
    """Make a study of other places."""
    made = new_study.new_study(session.study.root, folder, places)
    listed = int(read(made / tables.TABLES).listed.sum())
    session.say("cli.new.made", folder=str(made), count=listed)
    if behind := new_study.left_behind(session.study.root, made):
        session.say("cli.new.behind", files=", ".join(behind))
    session.say("cli.new.next", folder=str(made))
