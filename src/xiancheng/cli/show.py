"""`show`: all there is to say about one indicator, lever, assumption, variable, scenario or place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from xiancheng.characters import id_of, near, titles
from xiancheng.cli import place, screen
from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import catalogue
from xiancheng.outputs import formulas, indicators, targets, units
from xiancheng.outputs.headline import unit_column
from xiancheng.scenarios import assumptions, files, former, levers, scenario
from xiancheng.texts import PERCENT_UNITS, in_language, listing, number, phrase, phrase_list, unit_name

Sheet = list[tuple[str, str]]
"""Lines of (key of the column's name, words)."""
Id = Annotated[str, typer.Argument(metavar="ID", help="cli.show.id")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "show", FIRST)(show)


def show(session: Session, name: Id, form: Form = "table") -> None:
    """Show everything known under an id."""
    screen.checked(form)
    sheets = sheets_of(session, name)
    if form != "table":
        records = [dict(sheet) for sheet in sheets]
        columns = list(dict.fromkeys(column for record in records for column in record))
        screen.json_out(records) if form == "json" else screen.csv_out(records, columns)
        return
    for sheet in sheets:
        lines = [[session.words(f"cli.column.{column}"), words] for column, words in sheet if words]
        screen.table(session, lines[1:], {"a": lines[0][0], "b": lines[0][1]}, ())


def sheets_of(session: Session, name: str) -> list[Sheet]:
    """Return what there is to say about an id, one sheet for each kind of thing that bears it.

    Args:
        session: the study and the language.
        name: an id, or the name of a place.

    Raises:
        StudyError: nothing bears it; the nearest names.
    """
    called = id_of(name, _titles(session)) or key(name)
    sheets = [sheet for find in (_indicator, _lever, _assumption, _scenario) if (sheet := find(session, called))]
    sheets = sheets or [sheet for find in (_place, _variable) if (sheet := find(session, name))]
    if not sheets:
        raise StudyError(_unknown(session, name))
    return sheets


def _unknown(session: Session, name: str) -> Problem:
    study = session.study
    names = [
        *scenario.other_ids(study),
        *(variable.id for variable in catalogue.read(study)),
        *place.read_places(session).names,
    ]
    sentence, hint = former.unknown(former.read(study), name, names, phrase("cli.show.unknown", name=name))
    return Problem("", sentence, phrase("cli.show.allowed"), hint and near(name, _titles(session), names))


def _titles(session: Session) -> dict[str, tuple[str, ...]]:
    """Return what indicators, levers, assumptions and scenarios are called, by id."""
    tables = (session.table(room.read) for room in (indicators, levers, assumptions))
    named = {name: called for table in tables for name, called in titles(table).items()}
    return {**named, **files.titles(session.study)}


def _indicator(session: Session, name: str) -> Sheet | None:
    indicator = session.table(indicators.read).get(name)
    if indicator is None:
        return None
    row, language = indicator.row, session.language
    target = ""
    if row["target_value"]:
        value = targets.written(row["target_value"], indicator.unit, language)
        kind = session.words(f"binding.{indicator.binding}")
        source = units.source(row["target_source"], language)
        parts = (value, row["target_year"], kind, source, _mark(session, row["target_evidence"]))
        target = " · ".join(parts)
    return [
        ("indicator", indicator.id),
        ("title", indicator.title[language]),
        ("meaning", indicator.definition[language]),
        ("unit", unit_column(indicator.unit, language)),
        ("article", ", ".join(indicator.articles)),
        ("direction", session.words(f"direction.{indicator.direction}")),
        ("target", target),
        ("baseline_2020", units.source(row["baseline_2020"], language)),
        ("source", units.source(row["baseline_source"], language)),
        ("aggregation", session.words(f"aggregation.{indicator.aggregation.replace(' ', '_')}")),
        ("formula", _formula(session, indicator.id)),
        ("levels", in_language(phrase_list(session.words(f"level.{level}") for level in indicator.levels), language)),
        ("resolution", session.words(f"resolution.{indicator.resolution}")),
        ("evidence", _mark(session, indicator.evidence)),
        ("note", units.source(row["note"], language)),
    ]


def _formula(session: Session, name: str) -> str:
    row = session.table(formulas.read)[name]
    over = session.words("cli.show.formula_over", over=row.over) if row.over else ""
    weight = session.words("cli.show.formula_weight", weight=row.weight) if row.weight else ""
    if row.numerator is None:
        if row.over:
            return session.words("cli.show.formula_quotient", of=row.of, over=over)
        return session.words("cli.show.formula_of", of=row.of, weight=weight)
    reading = session.words(f"reading.{row.reading}")
    return session.words("cli.show.formula", numerator=row.written, reading=reading, over=over, weight=weight)


def _lever(session: Session, name: str) -> Sheet | None:
    lever = session.table(levers.read).get(name)
    if lever is None:
        return None
    how = session.words(f"in_text.{lever.in_text}")
    return [
        ("lever", lever.id),
        ("title", lever.title[session.language]),
        ("meaning", lever.meaning[session.language]),
        ("article", session.words("cli.show.bracket", name=lever.article, code=how)),
        ("baseline", _amount(session, lever.baseline, lever.unit)),
        ("range", _ends(session, lever.low, lever.high, lever.unit)),
        ("ramp", number(lever.ramp_years, "years", session.language)),
        ("default_scope", scope(session, lever)),
        ("acts_on", lever.acts_on[session.language]),
        ("variable", lever.variable),
        ("own_indicator", f"{lever.own_indicator} {lever.own_direction}".strip()),
        ("cost", session.words("cli.show.then").join(units.cost(cost, session.language) for cost in lever.costs)),
        ("who_pays", _payers(session, lever)),
        ("side_effects", lever.side_effects[session.language]),
        ("evidence", _mark(session, lever.evidence)),
        ("source", units.source(lever.source, session.language)),
        ("note", lever.note[session.language]),
    ]


def scope(session: Session, lever: levers.Lever) -> str:
    """Return the places that a lever aims at, in words and as scenarios name them."""
    name = lever.default_scope
    return session.words("cli.show.bracket", name=session.words(f"scope.{name}"), code=name)


def _payers(session: Session, lever: levers.Lever) -> str:
    return listing([session.words(f"payer.{payer}") for payer in lever.who_pays if lever.costs], session.language)


def _assumption(session: Session, name: str) -> Sheet | None:
    assumption = session.table(assumptions.read).get(name)
    if assumption is None:
        return None
    return [
        ("assumption", assumption.id),
        ("title", assumption.title[session.language]),
        ("meaning", assumption.meaning[session.language]),
        ("baseline", assumption.baseline),
        ("range", ", ".join(assumption.columns)
         or _ends(session, assumption.low, assumption.high, assumption.unit)),
        ("unit", unit_column(assumption.unit, session.language)),
        ("variable", assumption.variable),
        ("table", assumption.table),
        ("evidence", _mark(session, assumption.evidence)),
        ("source", units.source(assumption.source, session.language)),
    ]


def _scenario(session: Session, name: str) -> Sheet | None:
    files, others = session.table(scenario.files), session.table(scenario.other_ids)
    if name not in files and name not in others:
        return None
    shown = scenario.read(session.study, name)
    also = [other for other in others if others[other] == files[shown.id]]
    plain = shown.plain()
    levers = [f"{lever}: {setting}" for lever, settings in plain["levers"].items() for setting in settings]
    return [
        ("scenario", shown.id),
        ("title", shown.title[session.language]),
        ("also_called", in_language(phrase_list(also), session.language)),
        ("sentence", shown.sentence[session.language]),
        ("question", shown.question.get(session.language, "")),
        ("trade_off", shown.trade_off.get(session.language, "")),
        ("levers", "\n".join(levers)),
        ("assumptions", "\n".join(f"{name}: {value}" for name, value in plain["assumptions"].items())),
        ("note", "\n".join(in_language(note, session.language) for note in shown.notes)),
        ("file", str(files[shown.id])),
    ]


def _variable(session: Session, name: str) -> Sheet | None:
    row = {variable.id: variable for variable in session.table(catalogue.read)}.get(key(name))
    if row is None:
        return None
    ends = [f"{end:g}" for end in (row.low, row.high) if end is not None]
    return [
        ("variable", row.name),
        ("id", row.id),
        ("meaning", row.sentence),
        ("unit", row.unit),
        ("kind", session.words(f"variable.{row.kind}")),
        ("group", row.group),
        ("dims", ", ".join(row.dims)),
        ("value", "" if row.value is None else f"{row.value:g} {row.unit}"),
        ("range", " – ".join(ends)),
        ("equation", row.equation),
        ("file", f"{session.study.equations}:{row.line}"),
        ("evidence", _mark(session, row.evidence) if row.evidence else ""),
        ("source", row.source),
        ("note", row.note),
    ]


def _place(session: Session, name: str) -> Sheet | None:
    chosen, _ = place.read_places(session).choose(name)
    return [("place", chosen[0].names["zh"]), *place.facts(session, chosen[0])] if len(chosen) == 1 else None


def _mark(session: Session, mark: str) -> str:
    return session.words(f"evidence.{mark}")


def _amount(session: Session, value: float, unit: str) -> str:
    if unit in PERCENT_UNITS:
        return f"{value * 100:g}%"
    return f"{value:g}{in_language(unit_name(unit), session.language)}"


def _ends(session: Session, low: float, high: float, unit: str) -> str:
    least = _amount(session, low, unit) if unit in PERCENT_UNITS else f"{low:g}"
    return f"{least} – {_amount(session, high, unit)}"


Finder = Callable[[Session, str], Sheet | None]
