"""`lever new`: the folder of a lever of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from xiancheng.cli.frame import group, verb
from xiancheng.cli.session import Session
from xiancheng.weaving import template

Name = Annotated[str, typer.Argument(metavar="NAME", help="cli.new_lever.name")]
Article = Annotated[str, typer.Option("--article", metavar="N", help="cli.new_lever.article")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(group(app, "lever"), "new")(new_lever)


def new_lever(session: Session, name: Name, article: Article = "") -> None:
    """Write the folder of a new lever."""
    folder = template.write(session.study, name, article)
    for file in sorted(folder.iterdir()):
        session.say("cli.wrote", file=str(file))
    session.say("cli.new_lever.next")
