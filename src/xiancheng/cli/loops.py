"""`loops`: what each feedback loop does to the indicators of the last year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng.cli import progress, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.outputs import indicators
from xiancheng.outputs import loops as rooms

if TYPE_CHECKING:
    from xiancheng.outputs.loops import Gain

Scenario = Annotated[str, typer.Argument(metavar="[SCENARIO]", help="cli.loops.scenario")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "loops")(loops)


def loops(session: Session, scenario: Scenario = "baseline", form: Form = "table") -> None:
    """Cut every loop in turn and show what moves."""
    screen.checked(form)
    study = session.study
    if not rooms.read(study):
        session.say("cli.loops.none")
        return
    with progress.shown(session, session.words("cli.loops.progress")) as advance:
        gains = rooms.gains(study, scenario, progress=advance)
    titles = {name: indicator.title[session.language] for name, indicator in indicators.read(study).items()}
    rows = [_row(session, gain, titles, form) for gain in gains]
    keys: tuple[str, ...] = ("loop", "title", "path", "state", "area", "indicator", "change", "strength", "evidence")
    if form != "table":
        keys = (*keys, "note")
    headings = {key: session.words(f"cli.loops.column.{key}") for key in keys}
    screen.rows(session, rows, form, titles=headings, right=("change",))
    for gain in gains:
        if not gain.alive:
            session.say("cli.loops.why", loop=gain.loop.id, note=gain.loop.note)


def _row(session: Session, gain: Gain, titles: dict[str, str], form: str) -> dict[str, object]:
    (area, indicator), change = gain.largest
    table = form == "table"
    return {
        "loop": gain.loop.id,
        "title": gain.loop.title[session.language],
        "path": gain.loop.path[session.language],
        "state": session.words("cli.loops.alive" if gain.alive else "cli.loops.dead"),
        "area": session.words(f"cli.loops.area.{area}") if table else area,
        "indicator": titles[indicator] if table else indicator,
        "change": f"{100 * change:+.2f} %" if table else change,
        "strength": gain.loop.strength,
        "evidence": session.words(f"evidence.{gain.loop.evidence}") if table else gain.loop.evidence,
        "note": gain.loop.note,
    }
