"""`tables build`: the blocks that the equations read, from the tidy tables."""

from __future__ import annotations

from typing import Annotated

import typer

from xiancheng.cli.frame import group, verb
from xiancheng.cli.session import Session
from xiancheng.model import tables
from xiancheng.sketches import sketch
from xiancheng.study import EQUATIONS
from xiancheng.weaving import weave

Check = Annotated[bool, typer.Option("--check", help="cli.build.check")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(group(app, "tables"), "build")(build)


def build(session: Session, check: Check = False) -> None:
    """Build the blocks, or check that they are what the tables give."""
    if check:
        weave.check(session.study)
        tables.check(session.study.root)
        session.say("cli.build.right")
        return
    changed = weave.build(session.study)
    if sketch.renew(session.study) and EQUATIONS not in changed:
        changed = (*changed, EQUATIONS)
    for name in changed:
        session.say("cli.wrote", file=str(session.study.root / name))
    if not changed:
        session.say("cli.build.unchanged")
