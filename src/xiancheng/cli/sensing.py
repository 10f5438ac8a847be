"""`sensitivity`: what moves the results of a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb, words_of
from xiancheng.cli.session import Session
from xiancheng.outputs import static
from xiancheng.sweeps import draw, index_table
from xiancheng.sweeps import sensitivity as study_of
from xiancheng.sweeps.store import opened

if TYPE_CHECKING:
    from xiancheng.sweeps.sensitivity import ResultTable, Reversal, Sensitivity

Stored = Annotated[Path, typer.Argument(metavar="STORE", help="cli.replay.store")]
Indicators = Annotated[list[str] | None, typer.Option("--indicators", metavar="ID,…", help="cli.sensitivity.indicator")]
Year = Annotated[int | None, typer.Option("--year", metavar="YEAR", help="cli.sensitivity.year")]
Areas = Annotated[list[str] | None, typer.Option("--places", metavar="ID,…", help="cli.sensitivity.area")]
Figures = Annotated[Path | None, typer.Option("--figures", metavar="DIR", help="cli.sensitivity.figures")]
Missing = Annotated[str, typer.Option("--missing", metavar="strict|drop", help="cli.sensitivity.missing")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "sensitivity")(sensitivity)


def sensitivity(
    session: Session, store: Stored, indicators: Indicators = None, year: Year = None, places: Areas = None,
    figures: Figures = None, missing: Missing = "strict", form: Form = "table",
) -> None:
    """Show indices or effects, and which orders of scenarios reverse."""
    screen.checked(form)
    store_of_runs = opened(store)
    table = study_of.table(
        store_of_runs, study_of.select(store_of_runs, words_of(indicators), year, words_of(places), missing)
    )
    gives_indices = table.design.sampler in (draw.SALTELLI, draw.MORRIS)
    result = study_of.sensitivity(table) if gives_indices or figures is None else None
    if result is not None:
        _show(session, table, result, form)
        for scenario, indicator, area in index_table.rounded(table):
            session.say("cli.sensitivity.rounded", scenario=scenario, indicator=indicator, area=area,
                        steps=index_table.LEAST_STEPS)
    if len(table.design.scenarios) > 1:
        for reversal in study_of.reversals(table):
            _tell(session, table, reversal)
    if figures is not None:
        from xiancheng.sweeps import figures as drawing

        note = static.note_on_fonts(session.language)
        if note is not None:
            session.tell(note)
        for file in drawing.save(table, figures, session.language, result):
            session.say("cli.wrote", file=str(file))


def _show(session: Session, table: ResultTable, sensitivity: Sensitivity, form: str) -> None:
    measures = {name: values for name, values in vars(sensitivity.values).items()}
    rows: list[dict[str, Any]] = []
    for column, result in enumerate(sensitivity.results):
        order = list(measures.values())[-2 if "total" in measures else 1][:, column].argsort()[::-1]
        kind = session.words(f"cli.sensitivity.{result.kind}", scenario=result.scenario)
        for row in order:
            numbers = {name: values[row, column] for name, values in measures.items()}
            written = {name: f"{value:.3g}" if form == "table" else float(value) for name, value in numbers.items()}
            unit = {} if "total" in measures else {"unit": table.store.manifest["units"][result.indicator]
                                                    if result.kind == "level" else "rank"}
            rows.append({"indicator": result.indicator, "area": result.area, "of": kind,
                         "factor": sensitivity.factors[row].id, **written, **unit})
    titles = {name: session.words(f"cli.sensitivity.column_{name}") for name in rows[0]}
    screen.rows(session, rows, form, titles=titles, right=tuple(measures))


def _tell(session: Session, table: ResultTable, reversal: Reversal) -> None:
    about = {"indicator": reversal.indicator, "area": reversal.area, "year": table.selection.year,
             "first": reversal.first,
             "second": reversal.second}
    if reversal.factor:
        way = session.words("cli.sensitivity.high" if reversal.high else "cli.sensitivity.low")
        session.say("cli.sensitivity.reversal", **about, share=f"{reversal.share:.1%}", factor=reversal.factor,
                    direction=way)
    elif reversal.share > 0:
        session.say("cli.sensitivity.steady", **about)
    else:
        session.say("cli.sensitivity.tied", **about)
