"""`check`: is a scenario, a table or the whole study right? Every problem at once, with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.engine.checks import check as problems_of
from xiancheng.errors import Problem, StudyError
from xiancheng.model import roles, tables
from xiancheng.outputs import formulas, indicators, units, views
from xiancheng.scenarios import scenario
from xiancheng.texts import phrase
from xiancheng.weaving import folders, weave

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE…]", help="cli.check.files")]
_KINDS = ".toml, .csv, .mdl"


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "check", FIRST)(check)


def check(session: Session, files: Files = None) -> None:
    """Check files, or the whole study."""
    problems: list[Problem] = []
    if files:
        for file in files:
            problems += _found(lambda file=file: _file(session, file))  # type: ignore[misc]
            if not problems:
                session.say("cli.check.file_right", file=str(file))
    else:
        steps = _steps(session)
        for name in ("cli.check.levers", "cli.check.tables"):
            problems += _part(session, name, steps.pop(name))
        if problems:
            session.say("cli.check.waits", part=phrase("cli.check.equations"))
            del steps["cli.check.equations"]
        for name, step in steps.items():
            problems += _part(session, name, step)
    if problems:
        raise StudyError(problems)


def _part(session: Session, name: str, step: Callable[[], object]) -> list[Problem]:
    """Check a part of the study and say how it is."""
    problems = _found(step)
    session.say("cli.check.wrong" if problems else "cli.check.right", part=phrase(name))
    return problems


def _found(step: Callable[[], object]) -> list[Problem]:
    try:
        step()
    except StudyError as error:
        return list(error.problems)
    return []


def _steps(session: Session) -> dict[str, Callable[[], object]]:
    study = session.study

    def scenarios() -> None:
        scenario.book(study)
        scenario.other_ids(study)
        problems = [
            problem
            for file in scenario.files(study).values()
            for problem in _found(lambda file=file: scenario.read(study, file))  # type: ignore[misc]
        ]
        if problems:
            raise StudyError(problems)

    return {
        "cli.check.levers": lambda: weave.check(study),
        "cli.check.tables": lambda: tables.check(study.root),
        "cli.check.scenarios": scenarios,
        "cli.check.indicators": lambda: formulas.check(study),
        "cli.check.roles": lambda: roles.check(study),
        "cli.check.views": lambda: views.check(study),
        "cli.check.units": lambda: units.check(study),
        "cli.check.equations": lambda: _model(study.equations),
    }


def _model(file: Path) -> None:
    problems = problems_of(file)
    if problems:
        raise StudyError(problems)


def _file(session: Session, file: Path) -> None:
    if not file.is_file():
        raise StudyError(Problem(str(file), phrase("file.none"), phrase("cli.check.allowed", kinds=_KINDS)))
    if file.resolve().parent in folders.paths(session.study):
        folders.read_folder(session.study, file.resolve().parent)
    elif file.suffix == ".toml":
        scenario.read(session.study, file)
    elif file.suffix == ".mdl":
        _model(file)
    elif file.suffix == ".csv":
        _table(session, file)
    else:
        raise StudyError(Problem(str(file), phrase("cli.check.unknown"), _KINDS))


def _table(session: Session, file: Path) -> None:
    """Check the study's tables and keep what is said about this file; a table of no study cannot be checked."""
    study = session.study
    if not file.resolve().is_relative_to(study.root):
        inside = phrase("cli.check.inside", root=str(study.root))
        raise StudyError(Problem(str(file), phrase("cli.check.outside"), inside))
    steps: list[Callable[[], object]] = [
        lambda: tables.check(study.root),
        lambda: scenario.book(study),
        lambda: indicators.read(study),
        lambda: formulas.read(study),
        lambda: roles.check(study),
        lambda: views.check(study),
        lambda: units.check(study),
    ]
    problems = [problem for step in steps for problem in _found(step) if file.name in problem.file]
    if problems:
        raise StudyError(problems)
