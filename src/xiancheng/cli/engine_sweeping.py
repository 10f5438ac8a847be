"""`engine sweep`: many runs of any model, from ranges or a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiancheng import engine as engines
from xiancheng import whole_files
from xiancheng.cli import progress
from xiancheng.cli.engines import (
    LEFT_OUT,
    NOT_FINITE,
    Data,
    Force,
    Model,
    Outside,
    Variables,
    check_model,
    names_of,
    run_model,
    tables_where,
    tell,
)
from xiancheng.cli.frame import group, verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import files
from xiancheng.sweeps import plain_runs
from xiancheng.texts import phrase, phrase_list

FORMS = (files.NETCDF, files.CSV)
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=LOW..HIGH", help="cli.engine.sweep_set")]
Runs = Annotated[int | None, typer.Option("-n", metavar="N", help="cli.engine.sweep_n")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="cli.engine.sweep_seed", min=0)]
Design = Annotated[Path | None, typer.Option("--design", metavar="FILE", help="cli.engine.sweep_design")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="cli.engine.sweep_output")]


def register(app: typer.Typer) -> None:
    """Offer the verbs for any model."""
    below = group(app, "engine")
    verb(below, "check")(check_model)
    verb(below, "run")(run_model)
    verb(below, "sweep")(sweep_model)


def sweep_model(
    session: Session,
    model: Model,
    output: Output,
    settings: Settings = None,
    n: Runs = None,
    design: Design = None,
    seed: Seed = 0,
    variables: Variables = None,
    data: Data = None,
    force: Force = False,
    outside: Outside = False,
) -> None:
    """Run a model many times and write all runs as netCDF or csv."""
    files.refuse_taken(output, force)
    if output.suffix.lower() not in FORMS:
        raise StudyError(Problem(str(output), phrase("file.suffix", suffix=output.suffix), phrase_list(FORMS)))
    runs = plain_runs.of_ranges(settings or [], n, seed) if design is None else \
        plain_runs.of_table(design, settings or [], n)
    with tables_where(outside):
        program = engines.compile(model, outputs=names_of(variables), inputs=[*runs.shared, *runs.own], data=data or ())
        tell(session, program.notes)
        with progress.shown(session, model.name) as advance:
            result, problems = plain_runs.run(program, runs, advance)
    if output.suffix.lower() == files.CSV:
        whole_files.aside(output, lambda path: path.write_bytes(plain_runs.table(result)))
    else:
        made = {"model": model.name, "runs": runs.runs, "settings": dict(runs.shared)}
        files.write_plain(result, output, made if design else {**made, "ranges": settings, "seed": seed})
    session.say("cli.wrote", file=str(output))
    if problems:
        tell(session, problems)
        raise typer.Exit(NOT_FINITE)
    if program.lacks:
        raise typer.Exit(LEFT_OUT)
