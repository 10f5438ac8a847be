"""`check`: is a scenario, a table or the whole study right? Every problem at once, with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.engine import keeping
from xiancheng.errors import StudyError
from xiancheng.study import Study, digest, packaged
from xiancheng.texts import phrase

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="cli.check.files")]
PARTS = ("levers", "tables", "scenarios", "indicators", "articles", "board", "roles", "views", "units", "loops",
         "accepted", "bundles", "stories", "designs", "constants", "calibration", "equations", "sketch")
"""The parts of a study, in the order in which they are looked at."""
_ROOMS = ("model", "scenarios", "outputs", "calibration")
_KINDS = (".csv", ".toml", ".mdl")


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "check", FIRST)(check)


def check(session: Session, files: Files = None) -> None:
    """Check files, or the whole study; a study that this program found right, as it is now, is right."""
    contents = "" if files else _contents(session.study)
    if contents and keeping.is_stamped(contents):
        for part in PARTS:
            session.say("cli.check.right", part=phrase(f"cli.check.{part}"))
        return
    from xiancheng.cli import checking  # looks at everything, so it imports nearly everything

    problems = checking.files(session, files) if files else checking.study(session)
    if problems:
        raise StudyError(problems)
    if contents:
        keeping.stamp(contents)


def _contents(study: Study) -> str:
    """Return what the outcome follows from: every file of the study that is looked at, and the program."""
    own = [file for room in _ROOMS for file in (study.root / room).rglob("*") if file.suffix in _KINDS]
    code = packaged()
    return f"study {digest(study.root, own)} {digest(code, code.rglob('*.py'))} {keeping.maker()}"
