"""`sketch`: draw the equations behind themselves, for Vensim, and as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.sketches import pictures
from xiancheng.sketches import sketch as sketches

Check = Annotated[bool, typer.Option("--check", help="cli.sketch.check")]
Pictures = Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="cli.sketch.pictures")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "sketch")(sketch)


def sketch(session: Session, check: Check = False, output: Pictures = None) -> None:
    """Draw the equations, or check that what is drawn shows them."""
    study = session.study
    if check:
        if not sketches.drawn(study):
            raise StudyError(Problem.of(str(study.equations), "cli.sketch.none"))
        sketches.check(study)
        session.say("cli.sketch.right")
    elif sketches.build(study):
        session.say("cli.wrote", file=str(study.equations))
    else:
        session.say("cli.sketch.unchanged")
    if output is not None:
        for file in pictures.save(study, output, session.language):
            session.say("cli.wrote", file=str(file))
