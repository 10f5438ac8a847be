"""`loops`: what each feedback loop does to people, homes, services, purse and emissions in the last year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng import whole_files
from xiancheng.cli import progress, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock
from xiancheng.outputs import files, indicators, views
from xiancheng.outputs import loops as rooms
from xiancheng.texts import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiancheng.outputs.loops import Gain

Scenario = Annotated[str, typer.Argument(metavar="[SCENARIO]", help="cli.loops.scenario")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE.md", help="cli.loops.output")]
_SIDES = ("people", "homes", "services", "purse", "emissions")
_MARKDOWN = ".md"


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "loops")(loops)


def loops(
    session: Session, scenario: Scenario = "baseline", form: Form = "table", output: Output = None
) -> None:
    """Cut every loop in turn and show what moves."""
    screen.checked(form)
    if output is not None and output.suffix != _MARKDOWN:
        raise StudyError(Problem(str(output), phrase("cli.loops.suffix"), _MARKDOWN))
    if output is not None:
        files.try_place(output)
    study = session.study
    if not rooms.read(study):
        session.say("cli.loops.none")
        return
    with progress.shown(session, session.words("cli.loops.progress")) as advance:
        gains = rooms.gains(study, scenario, progress=advance)
    if output is not None:
        page = _page(session, gains)
        whole_files.aside(output, lambda path: path.write_bytes(page))
        session.say("cli.wrote", file=str(output))
        return
    rows = [_line(session, gain) if form == "table" else _row(session, gain) for gain in gains]
    screen.rows(session, rows, form, titles={key: _heading(session, key) for key in rows[0]}, right=_SIDES)
    for gain in gains:
        if not gain.alive:
            session.say("cli.loops.why", loop=gain.loop.id, note=gain.loop.note[session.language])


def _heading(session: Session, key: str) -> str:
    """Return the title of a column; a side of the model names the indicator that it is read by."""
    words = session.words(f"cli.loops.column.{key}")
    read_by = dict(zip(_SIDES, views.of(session.study, rooms.VIEW), strict=False)).get(key)
    title = indicators.read(session.study)[read_by].title[session.language] if read_by else ""
    return session.words("cli.loops.read_by", side=words, indicator=title) if title else words


def _sides(session: Session, gain: Gain) -> dict[str, float]:
    """Return what cutting a loop does to each side, by side [1]."""
    return {side: gain.on(name) for side, name in zip(_SIDES, views.of(session.study, rooms.VIEW), strict=False)}


def _line(session: Session, gain: Gain) -> dict[str, object]:
    """Return the row of the table."""
    language = session.language
    return {
        "loop": gain.loop.id, "title": gain.loop.title[language], "path": gain.loop.path[language],
        "state": session.words("cli.loops.alive" if gain.alive else "cli.loops.dead"),
        **{side: f"{round(100 * change, 2) or 0.0:+.2f} %" for side, change in _sides(session, gain).items()},
        "evidence": session.words(f"evidence.{gain.loop.evidence}"),
    }


def _row(session: Session, gain: Gain) -> dict[str, object]:
    """Return the row of a file: numbers and ids as they are."""
    (area, indicator), change = gain.largest
    return {
        "loop": gain.loop.id, "title": gain.loop.title[session.language], "path": gain.loop.path[session.language],
        "state": session.words("cli.loops.alive" if gain.alive else "cli.loops.dead"),
        **_sides(session, gain), "area": area, "indicator": indicator, "change": change,
        "strength": gain.loop.strength, "evidence": gain.loop.evidence, "note": gain.loop.note[session.language],
    }


def _page(session: Session, gains: Sequence[Gain]) -> bytes:
    """Return the page of the docs: what each loop does, and what stands where it is cut."""
    lines = [_line(session, gain) | {"note": gain.loop.note[session.language]} for gain in gains]
    rows = [[_heading(session, key) for key in lines[0]], ["---"] * len(lines[0]),
            *([str(cell).replace("|", "\\|") for cell in line.values()] for line in lines)]
    sheet = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    intro = session.words("cli.loops.intro", last=clock.of(session.study).end)
    parts = (f"# {session.words('cli.loops.heading')}", intro, sheet)
    return ("\n\n".join(parts) + "\n").encode("utf-8")
