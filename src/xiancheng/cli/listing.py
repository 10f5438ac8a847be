"""`list`: what there is to run, to set, to read and to ask about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from xiancheng.characters import plain
from xiancheng.cli import screen
from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.cli.show import scope
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue, places
from xiancheng.outputs import indicators, targets
from xiancheng.outputs.headline import unit_column
from xiancheng.scenarios import assumptions, levers, scenario
from xiancheng.texts import did_you_mean, in_language, phrase, phrase_list

Row = dict[str, Any]
What = Annotated[str, typer.Argument(metavar="WHAT", help="cli.listing.what")]
Search = Annotated[str, typer.Option("--search", metavar="WORD", help="cli.listing.search")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "list", FIRST)(listing)


def listing(session: Session, what: What, search: Search = "", form: Form = "table") -> None:
    """List what the study holds."""
    screen.checked(form)
    if what not in KINDS:
        sentence = phrase("cli.listing.unknown", what=what)
        raise StudyError(Problem("", sentence, phrase_list(KINDS), did_you_mean(what, KINDS)))
    rows = [row for row in KINDS[what](session) if _holds(row, search)]
    shown = [key for key in rows[0] if not key.startswith("_")] if rows else []
    if not rows:
        session.say("cli.listing.nothing", word=search)
    titles = {key: session.words(f"cli.column.{key}") for key in shown}
    plain = [{key: row[key] for key in shown} for row in rows]
    if rows or form == "json":
        screen.rows(session, plain, form, titles=titles)
    if form == "table" and rows:
        if what == "places":
            _say_list(session)
        session.say(f"cli.listing.after_{what}")


def _holds(row: Row, word: str) -> bool:
    return not word or any(plain(word) in plain(str(value)) for value in row.values())


def _say_list(session: Session) -> None:
    label = in_language(places.read(session.study.tables).list_label, session.language)
    session.out.print(session.words("figure.area_is", label=label), markup=False, soft_wrap=True)


def _scenarios(session: Session) -> list[Row]:
    rows = []
    others = scenario.other_ids(session.study)
    for name, file in scenario.files(session.study).items():
        listed = scenario.read(session.study, name)
        sentence = listed.sentence[session.language]
        also = in_language(phrase_list(other for other in others if others[other] == file), session.language)
        rows.append({"id": name, "title": listed.title[session.language], "sentence": sentence, "also_called": also})
    return rows


def _levers(session: Session) -> list[Row]:
    return [
        {
            "id": lever.id,
            "title": lever.title[session.language],
            "article": lever.article,
            "baseline": f"{lever.baseline:g}",
            "range": f"{lever.low:g} – {lever.high:g}",
            "unit": unit_column(lever.unit, session.language),
            "default_scope": scope(session, lever),
            "evidence": session.words(f"evidence.{lever.evidence}"),
            "_": " ".join((lever.meaning[session.language], *lever.title.values())),
        }
        for lever in levers.read(session.study).values()
    ]


def _assumptions(session: Session) -> list[Row]:
    return [
        {
            "id": assumption.id,
            "title": assumption.title[session.language],
            "baseline": assumption.baseline,
            "range": ", ".join(assumption.columns) if assumption.columns
            else f"{assumption.low:g} – {assumption.high:g}",
            "unit": unit_column(assumption.unit, session.language),
            "evidence": session.words(f"evidence.{assumption.evidence}"),
            "_": " ".join(assumption.title.values()),
        }
        for assumption in assumptions.read(session.study).values()
    ]


def _indicators(session: Session) -> list[Row]:
    rows = []
    for indicator in indicators.read(session.study).values():
        target = indicator.row["target_value"]
        written = targets.written(target, indicator.unit, session.language) if target else ""
        rows.append(
            {
                "id": indicator.id,
                "title": indicator.title[session.language],
                "unit": unit_column(indicator.unit, session.language),
                "target": f"{written} ({indicator.row['target_year']})" if target else "",
                "evidence": session.words(f"evidence.{indicator.evidence}"),
                "_": " ".join((indicator.definition[session.language], *indicator.title.values())),
            }
        )
    return rows


def _places(session: Session) -> list[Row]:
    return [
        {
            **{column: place.row[column] for column in ("code", "name_zh", "name_en")},
            "kind": session.words(f"kind.{place.row['kind']}"),
            "prefecture": place.row[f"prefecture_{session.language}"],
            "listed": session.words("cli.yes") if place.listed else "",
            "old_names": place.row["old_names"].replace("+", ", "),
            "_listed": int(place.listed),
        }
        for place in places.read(session.study.tables)
    ]


def _variables(session: Session) -> list[Row]:
    return [
        {
            "id": variable.id,
            "unit": variable.unit,
            "kind": session.words(f"variable.{variable.kind}"),
            "group": variable.group,
            "sentence": variable.sentence,
        }
        for variable in catalogue.read(session.study)
    ]


KINDS: dict[str, Callable[[Session], list[Row]]] = {
    "scenarios": _scenarios,
    "levers": _levers,
    "assumptions": _assumptions,
    "indicators": _indicators,
    "places": _places,
    "variables": _variables,
}
