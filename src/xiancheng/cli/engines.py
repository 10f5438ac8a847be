"""`engine check` and `engine run`: any Vensim model, no study needed."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng import engine as engines
from xiancheng.cli import progress
from xiancheng.cli.session import Session
from xiancheng.engine import checks, tables
from xiancheng.errors import Problem, StudyError
from xiancheng.outputs import files
from xiancheng.texts import did_you_mean, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

Model = Annotated[Path, typer.Argument(metavar="MODEL.mdl", help="cli.engine.model")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="cli.engine.set")]
Variables = Annotated[list[str] | None, typer.Option("--variables", metavar="NAME,…", help="cli.engine.variables")]
Engine = Annotated[str, typer.Option("--engine", metavar="pysd|compiled", help="cli.run.engine")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="cli.engine.output")]
Data = Annotated[list[Path] | None, typer.Option("--data", metavar="FILE", help="cli.engine.data")]
Units = Annotated[bool, typer.Option("--units", help="cli.engine.units")]
Strict = Annotated[bool, typer.Option("--strict", help="cli.engine.strict")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]
Outside = Annotated[bool, typer.Option("--tables-anywhere", help="cli.engine.outside")]
_ENGINES = ("compiled", "pysd")
LEFT_OUT = 5
"""Exit code where some variables are left out, because they need what is not there."""
NOT_FINITE = 4
"""Exit code of a run that was written though some of its results are infinite or no number."""


def check_model(
    session: Session, model: Model, data: Data = None, units: Units = False, outside: Outside = False
) -> None:
    """Check a Vensim model."""
    with tables_where(outside):
        problems, notes, lacks, disagreements = checks.examine(model, data=data or ())
    if problems or (units and disagreements):
        raise StudyError([*problems, *(disagreements if units else ())])
    tell(session, notes)
    if disagreements:
        session.say("cli.engine.units_differ", count=len(disagreements))
    if lacks:
        raise typer.Exit(LEFT_OUT)
    session.say("cli.check.file_right", file=str(model))


def run_model(
    session: Session,
    model: Model,
    output: Output,
    settings: Settings = None,
    variables: Variables = None,
    data: Data = None,
    engine: Engine = _ENGINES[0],
    force: Force = False,
    strict: Strict = False,
    outside: Outside = False,
) -> None:
    """Run a Vensim model and write its variables as netCDF."""
    files.refuse_taken(output, force)
    if output.suffix.lower() != files.NETCDF:
        raise StudyError(Problem(str(output), phrase("file.suffix", suffix=output.suffix), files.NETCDF))
    values = _values(settings or [])
    names = names_of(variables)
    if engine not in _ENGINES:
        allowed = phrase_list(_ENGINES)
        raise StudyError(Problem("--engine", phrase("run.engine_unknown", engine=engine), allowed,
                                 did_you_mean(engine, _ENGINES)))
    lacks: tuple[Problem, ...] = ()
    with tables_where(outside):
        if engine == "pysd":
            result, problems = _reference(session, model, values, names)
        else:
            program = engines.compile(model, outputs=names, inputs=list(values), data=data or ())
            tell(session, program.notes)
            lacks = program.lacks
            result, problems = _result(session, program, values)
    if (problems or lacks) and strict:
        raise StudyError([*lacks, *problems])
    files.write_plain(result, output, {"model": model.name, "engine": engine, "settings": values})
    session.say("cli.wrote", file=str(output))
    if problems:
        tell(session, problems)
        raise typer.Exit(NOT_FINITE)
    if lacks:
        raise typer.Exit(LEFT_OUT)


def names_of(variables: list[str] | None) -> list[str] | None:
    """Return the variables that are asked for; None for all."""
    return [name.strip() for words in variables or [] for name in words.split(",")] or None


def tables_where(outside: bool) -> AbstractContextManager[None]:
    """Return the context in which tables lie where a model may name them."""
    return tables.anywhere() if outside else nullcontext()


def _reference(
    session: Session, file: Path, values: dict[str, float], names: list[str] | None
) -> tuple[xr.Dataset, list[Problem]]:
    """Return what PySD gives, and which of it is no number."""
    with progress.shown(session, file.name) as advance:
        result = engines.reference.run(file, values, outputs=names, progress=advance)
    surveyed, _ = engines.read.survey(file)
    return result, engines.not_finite(result, surveyed) if surveyed else []


def _result(
    session: Session, program: engines.Program, values: dict[str, float]
) -> tuple[xr.Dataset, list[Problem]]:
    """Return what a run gives, and which of it is no number."""
    with warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        result = engines.run(program, values)
    messages = [doubt.message for doubt in doubts if isinstance(doubt.message, engines.ShortDelayWarning)]
    tell(session, [doubt.problem for doubt in messages])
    return result, engines.not_finite(result, program.model)


def tell(session: Session, notes: Iterable[Problem]) -> None:
    """Say notes, unless the user wants quiet."""
    if session.loudness >= 0:
        for note in notes:
            session.finding(note)


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
