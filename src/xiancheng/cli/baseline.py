"""`baseline`: is the baseline still the accepted one? `--accept` takes the present one over."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng.cli import progress, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model.build import start_of
from xiancheng.outputs import accepted, journey
from xiancheng.texts import number, phrase

if TYPE_CHECKING:
    from xiancheng.outputs import accepted

Accept = Annotated[bool, typer.Option("--accept", help="cli.baseline.accept")]
Start = Annotated[str | None, typer.Option("--start", metavar="YEAR", help="cli.run.start")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
_COLUMNS = ("year", "level", "indicator", "accepted", "now", "relative", "unit")


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "baseline")(baseline)


def baseline(session: Session, accept: Accept = False, start: Start = None, form: Form = "table") -> None:
    """Hold a run of the baseline against the accepted figures, or accept them."""
    screen.checked(form)
    study = session.study
    if accept and str(getattr(study.origin, "key", "")) == "study.origin.packaged":
        hint = phrase("cli.baseline.packaged_hint")
        raise StudyError(Problem(str(study.root), phrase("cli.baseline.packaged"), phrase("study.allowed"), hint))
    built = journey.prepare(study, start=start_of(study, start), command=shlex.join(["xiancheng", *sys.argv[1:]]))
    stored = {} if accept else accepted.read(study, built.start)
    with progress.shown(session, built.scenario.title[session.language]) as advance:
        now = accepted.figures(journey.run(built, progress=advance), study)
    if accept:
        session.say("cli.wrote", file=str(accepted.write(study, built.start, now)))
        return
    moves = accepted.moved(stored, now)
    if not moves:
        session.say("cli.baseline.same", count=len(stored), tolerance=f"{accepted.TOLERANCE:g}")
        return
    _show(session, moves, form)
    session.say("cli.baseline.moved", moved=len(moves), count=len(stored), tolerance=f"{accepted.TOLERANCE:g}")
    raise typer.Exit(1)


def _show(session: Session, moves: list[accepted.Move], form: str) -> None:
    language = session.language
    plain = form != "table"
    rows = [
        {
            "year": move.year,
            "level": move.level if plain else session.words(f"level.{move.level}"),
            "indicator": move.indicator,
            "accepted": move.accepted if plain else _number(move.accepted, move.unit, language),
            "now": move.now if plain else _number(move.now, move.unit, language),
            "relative": move.relative if plain else f"{move.relative * 100:+.6g}%",
            "unit": move.unit,
        }
        for move in moves
    ]
    titles = {key: session.words(f"cli.column.{key}") for key in _COLUMNS}
    screen.rows(session, rows, form, titles=titles, right=("accepted", "now", "relative"))


def _number(value: float | None, unit: str, language: str) -> str:
    return number(float("nan") if value is None else value, unit, language)
