"""`show`: all there is to say about one indicator, lever, assumption, variable, scenario or place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from xiancheng.cli import county, screen
from xiancheng.cli.frame import FIRST, verb
from xiancheng.cli.session import Session
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, in_language, number, phrase, phrase_list, unit_name

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
    sheets = [sheet for find in (_indicator, _lever, _assumption, _scenario) if (sheet := find(session, key(name)))]
    sheets = sheets or [sheet for find in (_place, _variable) if (sheet := find(session, name))]
    if not sheets:
        raise StudyError(_unknown(session, name))
    if form != "table":
        records = [dict(sheet) for sheet in sheets]
        columns = list(dict.fromkeys(column for record in records for column in record))
        screen.json_out(records) if form == "json" else screen.csv_out(records, columns)
        return
    for sheet in sheets:
        lines = [[session.words(f"cli.column.{column}"), words] for column, words in sheet if words]
        screen.table(session, lines[1:], {"a": lines[0][0], "b": lines[0][1]}, ())


def _unknown(session: Session, name: str) -> Problem:
    from xiancheng.model import catalogue
    from xiancheng.outputs import indicators
    from xiancheng.scenarios import assumptions, levers, scenario

    study = session.study
    known = [
        *indicators.read(study),
        *levers.read(study),
        *assumptions.read(study),
        *scenario.files(study),
        *scenario.other_ids(study),
        *(variable.id for variable in catalogue.read(study)),
        *county.read_places(session).names,
    ]
    return Problem("", phrase("cli.show.unknown", name=name), phrase("cli.show.allowed"), did_you_mean(name, known))


def _indicator(session: Session, name: str) -> Sheet | None:
    from xiancheng.outputs import indicators, targets
    from xiancheng.outputs.headline import unit_column

    found = indicators.read(session.study).get(name)
    if found is None:
        return None
    row, language = found.row, session.language
    target = ""
    if row["target_value"]:
        value = targets.written(row["target_value"], found.unit, language)
        target = f"{value} · {row['target_year']} · {row['target_source']} · {_mark(session, row['target_evidence'])}"
    return [
        ("indicator", found.id),
        ("title", found.title[language]),
        ("meaning", found.definition[language]),
        ("unit", unit_column(found.unit, language)),
        ("article", ", ".join(found.articles)),
        ("direction", session.words(f"direction.{found.direction}")),
        ("target", target),
        ("baseline_2020", row["baseline_2020"]),
        ("source", row["baseline_source"]),
        ("aggregation", session.words(f"aggregation.{found.aggregation.replace(' ', '_')}")),
        ("formula", _formula(session, found.id)),
        ("levels", in_language(phrase_list(session.words(f"level.{level}") for level in found.levels), language)),
        ("resolution", session.words(f"resolution.{found.resolution}")),
        ("evidence", _mark(session, found.evidence)),
        ("note", row["note"]),
    ]


def _formula(session: Session, name: str) -> str:
    from xiancheng.outputs import formulas

    row = formulas.read(session.study)[name]
    over = session.words("cli.show.formula_over", over=row.over) if row.over else ""
    weight = session.words("cli.show.formula_weight", weight=row.weight) if row.weight else ""
    if row.numerator is None:
        if row.over:
            return session.words("cli.show.formula_quotient", of=row.of, over=over)
        return session.words("cli.show.formula_of", of=row.of, weight=weight)
    reading = session.words(f"reading.{row.reading}")
    return session.words("cli.show.formula", numerator=row.written, reading=reading, over=over, weight=weight)


def _lever(session: Session, name: str) -> Sheet | None:
    from xiancheng.scenarios import levers

    found = levers.read(session.study).get(name)
    if found is None:
        return None
    how = session.words(f"in_text.{found.in_text}")
    return [
        ("lever", found.id),
        ("title", found.title[session.language]),
        ("meaning", found.meaning[session.language]),
        ("article", f"{found.article} ({how})"),
        ("baseline", _amount(session, found.baseline, found.unit)),
        ("range", f"{found.low:g} – {_amount(session, found.high, found.unit)}"),
        ("ramp", number(found.ramp_years, "years", session.language)),
        ("default_scope", found.default_scope),
        ("acts_on", found.acts_on),
        ("variable", found.variable),
        ("own_indicator", f"{found.own_indicator} {found.own_direction}".strip()),
        ("cost", "; ".join(map(str, found.costs))),
        ("who_pays", "; ".join(found.who_pays) if found.costs else ""),
        ("side_effects", found.side_effects),
        ("evidence", _mark(session, found.evidence)),
        ("source", found.source),
        ("note", found.note),
    ]


def _assumption(session: Session, name: str) -> Sheet | None:
    from xiancheng.outputs.headline import unit_column
    from xiancheng.scenarios import assumptions

    found = assumptions.read(session.study).get(name)
    if found is None:
        return None
    return [
        ("assumption", found.id),
        ("title", found.title[session.language]),
        ("meaning", found.meaning[session.language]),
        ("baseline", found.baseline),
        ("range", ", ".join(found.columns) or f"{found.low:g} – {_amount(session, found.high, found.unit)}"),
        ("unit", unit_column(found.unit, session.language)),
        ("variable", found.variable),
        ("table", found.table),
        ("evidence", _mark(session, found.evidence)),
        ("source", found.source),
    ]


def _scenario(session: Session, name: str) -> Sheet | None:
    from xiancheng.scenarios import scenario

    files, others = scenario.files(session.study), scenario.other_ids(session.study)
    if name not in files and name not in others:
        return None
    found = scenario.read(session.study, name)
    also = [other for other in others if others[other] == files[found.id]]
    told = found.plain()
    levers = [f"{lever}: {setting}" for lever, settings in told["levers"].items() for setting in settings]
    return [
        ("scenario", found.id),
        ("title", found.title[session.language]),
        ("also_called", in_language(phrase_list(also), session.language)),
        ("sentence", found.sentence[session.language]),
        ("question", found.question.get(session.language, "")),
        ("trade_off", found.trade_off.get(session.language, "")),
        ("levers", "\n".join(levers)),
        ("assumptions", "\n".join(f"{name}: {value}" for name, value in told["assumptions"].items())),
        ("note", "\n".join(in_language(note, session.language) for note in found.notes)),
        ("file", str(files[found.id])),
    ]


def _variable(session: Session, name: str) -> Sheet | None:
    from xiancheng.model import catalogue

    found = {variable.id: variable for variable in catalogue.read(session.study)}.get(key(name))
    if found is None:
        return None
    ends = [f"{end:g}" for end in (found.low, found.high) if end is not None]
    return [
        ("variable", found.name),
        ("id", found.id),
        ("meaning", found.sentence),
        ("unit", found.unit),
        ("kind", session.words(f"variable.{found.kind}")),
        ("group", found.group),
        ("dims", ", ".join(found.dims)),
        ("value", "" if found.value is None else f"{found.value:g} {found.unit}"),
        ("range", " – ".join(ends)),
        ("equation", found.equation),
        ("file", f"{session.study.equations}:{found.line}"),
        ("evidence", _mark(session, found.evidence) if found.evidence else ""),
        ("source", found.source),
        ("note", found.note),
    ]


def _place(session: Session, name: str) -> Sheet | None:
    chosen, _ = county.read_places(session).choose(name)
    return [("place", chosen[0].names["zh"]), *county.facts(session, chosen[0])] if len(chosen) == 1 else None


def _mark(session: Session, mark: str) -> str:
    return session.words(f"evidence.{mark}")


def _amount(session: Session, value: float, unit: str) -> str:
    return f"{value:g}{in_language(unit_name(unit), session.language)}"


Finder = Callable[[Session, str], Sheet | None]
