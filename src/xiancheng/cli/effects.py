"""`effects`: what one step of every lever in every place does to a figure; or how it answers to every constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng import whole_files
from xiancheng.charts import draw, maps
from xiancheng.cli import progress, screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import MissingFont, Problem, StudyError
from xiancheng.model.places import LIST
from xiancheng.outputs import fonts, indicators, least_changes
from xiancheng.scenarios import scenario as scenarios
from xiancheng.texts import did_you_mean, number, phrase, phrase_list

if TYPE_CHECKING:
    from xiancheng.charts.chart import Chart
    from xiancheng.sweeps.effects import Effects
    from xiancheng.sweeps.holding import Reach

LEVERS, CONSTANTS = "levers", "constants"
STEP, YUAN = "step", "yuan"
_MAPS = 4
"""Levers that a map shows side by side."""
_SVG = ".svg"
Figure = Annotated[str, typer.Argument(metavar="FIGURE", help="cli.effects.figure")]
Under = Annotated[str, typer.Option("-s", "--scenario", metavar="SCENARIO", help="cli.run.scenario")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="ID=VALUE", help="cli.run.set")]
Per = Annotated[str, typer.Option("--per", metavar="step|yuan", help="cli.effects.per")]
By = Annotated[str, typer.Option("--by", metavar="levers|constants", help="cli.effects.by")]
Members = Annotated[int, typer.Option("--members", metavar="N", min=0, help="cli.effects.members")]
Since = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="cli.target.from")]
Rows = Annotated[int, typer.Option("--rows", metavar="N", min=1, help="cli.effects.rows")]
Holds = Annotated[bool, typer.Option("--holds", help="cli.effects.holds")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="cli.effects.output")]
Map = Annotated[Path | None, typer.Option("--map", metavar="FILE", help="cli.effects.map")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "effects")(effects)


def effects(
    session: Session, figure: Figure, scenario: Under = "baseline", settings: Set = None, per: Per = STEP,
    by: By = LEVERS, members: Members = 0, since: Since = None, rows: Rows = 20, holds: Holds = False,
    output: Output = None, picture: Map = None, form: Form = "table",
) -> None:
    """Show what levers do to a figure, largest first."""
    screen.checked(form)
    _choice("--per", per, (STEP, YUAN))
    _choice("--by", by, (LEVERS, CONSTANTS))
    if picture is not None and picture.suffix.lower() not in (_SVG, ".png"):
        sentence = phrase("file.suffix", suffix=picture.suffix)
        raise StudyError(Problem(str(picture), sentence, phrase_list((_SVG, ".png"))))
    with progress.shown(session, session.words("cli.effects.begin", figure=figure)) as advance:
        if by == CONSTANTS:
            from xiancheng.sweeps import screening  # JAX is heavy: the line above comes first

            records = _constants(screening.elasticities(figure, scenario, study=session.study))
            advance(1.0)
        else:
            from xiancheng.sweeps import effects as effects_of  # JAX is heavy: the line above comes first

            answer = effects_of.effects(figure, scenario, members=members, since=since, settings=settings or (),
                                        study=session.study, progress=advance)
            answer = answer.by_money() if per == YUAN else answer
            records = answer.records()
    if by == LEVERS:
        records = _explained(session, answer, records, rows if holds else 0, since, picture)
    _write(session, records, rows, output, form, by)


def _explained(
    session: Session, answer: Effects, records: list[dict[str, Any]], reach: int, since: int | None,
    picture: Path | None,
) -> list[dict[str, Any]]:
    """Say what the effects are of and draw them; return their rows, so many of them with the step they hold to."""
    level = number(answer.value, answer.unit, session.language)
    session.say("cli.effects.level", figure=str(answer.spot), value=level)
    if answer.spot.area == LIST:
        session.tell(answer.built.places.list_label)
    if picture is not None:
        _draw(session, answer, picture)
    return _with_reach(session, answer, records, reach, since) if reach and records else records


def _write(
    session: Session, records: list[dict[str, Any]], rows: int, output: Path | None, form: str, by: str
) -> None:
    """Write all rows to a file where one is wanted, and show the first ones."""
    if output is not None:
        whole_files.aside(output, lambda path: path.write_bytes(screen.csv_bytes(records)))
        session.say("cli.wrote", file=str(output))
    if not records:
        session.say("cli.effects.nothing")
        return
    _show(session, records[:rows], form, by)
    if len(records) > rows and form == "table":
        session.say("cli.effects.more", shown=rows, count=len(records))


def _choice(flag: str, word: str, allowed: Sequence[str]) -> None:
    if word not in allowed:
        sentence, hint = phrase("cli.effects.choice", word=word), did_you_mean(word, allowed)
        raise StudyError(Problem(flag, sentence, phrase_list(allowed), hint))


def _constants(answers: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(vars(answer)) for answer in answers]


def _with_reach(
    session: Session, answer: Effects, records: list[dict[str, Any]], rows: int, since: int | None
) -> list[dict[str, Any]]:
    """Return rows with the step to which each effect holds, for those that are shown."""
    from xiancheng.sweeps import holding

    with progress.shown(session, session.words("cli.effects.reach")) as advance:
        reaches = holding.reaches(answer, answer.rows[:rows], since, advance)
    beyond = dict.fromkeys(("holds_to", "holds_note"), "")
    steps = [*(_reach(session, reach) for reach in reaches), *[beyond] * (len(records) - len(reaches))]
    return [record | step for record, step in zip(records, steps, strict=True)]


def _reach(session: Session, reach: Reach) -> dict[str, Any]:
    note = "cli.effects.kink" if reach.has_kink else "cli.effects.end" if reach.is_all else ""
    return {"holds_to": reach.step, "holds_note": session.words(note) if note else ""}


def _show(session: Session, records: Sequence[Mapping[str, Any]], form: str, by: str) -> None:
    hidden = {"unit", "lever_unit", "name_en" if session.language == "zh" else "name_zh", "place"}
    keys = [key for key in records[0] if by == CONSTANTS or key not in hidden]
    titles = {key: session.words(f"cli.effects.column_{key}") for key in keys}
    words = {"lever", f"name_{session.language}", "side", "payer", "holds_note", "constant", "unit"}
    if form != "table":
        screen.rows(session, records, form, titles=dict.fromkeys(records[0], ""))
        return
    lines = [{key: _cell(session, key, value) for key, value in record.items()} for record in records]
    screen.rows(session, lines, form, titles=titles, right=tuple(key for key in keys if key not in words))


def _cell(session: Session, key: str, value: Any) -> str:
    if key in ("side", "payer") and value:
        return session.words(f"cli.effects.{value}")
    if isinstance(value, float):
        return "–" if value != value else f"{value:.0%}" if key == "share" else f"{value:,.4g}"
    return str(value)


def _draw(session: Session, answer: Effects, file: Path) -> None:
    """Draw maps of the levers with the largest effects; colourless where even the whole range moves too little."""
    levers = scenarios.book(session.study).levers
    placed = [row for row in answer.rows if row.place]
    names = list(dict.fromkeys(row.lever for row in placed))[:_MAPS]
    indicator = indicators.read(session.study)[answer.spot.indicator]
    least = least_changes.of(indicator, least_changes.read(session.study)).at(answer.value)
    places = {place.code: place for place in answer.built.places}
    values = {(row.lever, row.place): row.effect if abs(row.effect / row.step)
              * (levers[row.lever].high - levers[row.lever].low) >= least else 0.0 for row in placed}
    rows = [{"scenario": name, "place": code, "name": place.names[session.language], "lon": float(place.row["lon"]),
             "lat": float(place.row["lat"]), "value": values.get((name, code), 0.0), "is_listed": place.listed}
            for name in names for code, place in places.items()]
    if not rows:
        session.say("cli.effects.nothing")
        return
    title = session.words("cli.effects.map_title", title=indicator.title[session.language], year=answer.spot.year)
    labels = {name: levers[name].title[session.language] for name in names}
    chart = maps.chart("effects", title, rows, labels, answer.unit, session.language,
                       notes=[session.words("cli.effects.map_note")])
    content = draw.svg(chart).encode() if file.suffix.lower() == _SVG else draw.png(chart, _font(session, chart))
    whole_files.aside(file, lambda path: path.write_bytes(content))
    session.say("cli.wrote", file=str(file))


def _font(session: Session, chart: Chart) -> str:
    """Return a font of this machine that holds the letters of a picture.

    Raises:
        MissingFont: there is none.
    """
    letters = fonts.characters_of(letter for letter in str(chart.complete()) if not letter.isascii())
    family = fonts.family_for(letters)
    if family is None:
        raise MissingFont(phrase("plot.no_font"))
    return family
