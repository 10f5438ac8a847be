"""`engine check` and `engine run`: any Vensim model, no study needed."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from xiancheng import engine as engines
from xiancheng.cli import progress
from xiancheng.cli.frame import group, verb
from xiancheng.cli.session import Session
from xiancheng.engine import checks, tables
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import files
from xiancheng.texts import did_you_mean, phrase, phrase_list

Model = Annotated[Path, typer.Argument(metavar="MODEL.mdl", help="cli.engine.model")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="cli.engine.set")]
Variables = Annotated[list[str] | None, typer.Option("--variables", metavar="NAME,…", help="cli.engine.variables")]
Engine = Annotated[str, typer.Option("--engine", metavar="pysd|compiled", help="cli.run.engine")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="cli.engine.output")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]
Outside = Annotated[bool, typer.Option("--tables-anywhere", help="cli.engine.outside")]
_ENGINES = ("compiled", "pysd")


def register(app: typer.Typer) -> None:
    """Offer the verbs."""
    below = group(app, "engine")
    verb(below, "check")(check_model)
    verb(below, "run")(run_model)


def check_model(session: Session, model: Model, outside: Outside = False) -> None:
    """Check a Vensim model."""
    with tables.anywhere() if outside else nullcontext():
        problems = checks.check(model)
    if problems:
        raise StudyError(problems)
    session.say("cli.check.file_right", file=str(model))


def run_model(
    session: Session,
    model: Model,
    output: Output,
    settings: Settings = None,
    variables: Variables = None,
    engine: Engine = _ENGINES[0],
    force: Force = False,
    outside: Outside = False,
) -> None:
    """Run a Vensim model and write its variables as netCDF."""
    files.refuse_taken(output, force)
    if output.suffix.lower() != files.NETCDF:
        raise StudyError(Problem(str(output), phrase("file.suffix", suffix=output.suffix), files.NETCDF))
    values = _values(settings or [])
    names = [name.strip() for words in variables or [] for name in words.split(",")] or None
    if engine == "compiled":
        with tables.anywhere() if outside else nullcontext():
            program = engines.compile(model, outputs=names, inputs=list(values))
        result = engines.run(program, values)
    elif engine == "pysd":
        with tables.anywhere() if outside else nullcontext(), progress.shown(session, model.name) as advance:
            result = engines.reference.run(model, values, outputs=names, progress=advance)
    else:
        allowed = phrase_list(_ENGINES)
        raise StudyError(Problem("--engine", phrase("run.engine_unknown", engine=engine), allowed,
                                 did_you_mean(engine, _ENGINES)))
    files.write_plain(result, output, {"model": model.name, "engine": engine, "settings": values})
    session.say("cli.wrote", file=str(output))


def _values(settings: list[str]) -> dict[str, float]:
    values: dict[str, float] = {}
    problems = []
    for setting in settings:
        name, equals, written = setting.partition("=")
        try:
            values[name.strip()] = float(written)
        except ValueError:
            sentence = phrase("set.malformed") if not equals else phrase("set.not_number", value=written)
            problems.append(Problem(f"--set {setting}", sentence, phrase("cli.engine.form")))
    if problems:
        raise StudyError(problems)
    return values
