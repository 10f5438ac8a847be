"""`plot`: one indicator of one result over the years, as a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng import whole_files
from xiancheng.charts import still
from xiancheng.cli import progress
from xiancheng.cli.frame import command_line, verb, words_of
from xiancheng.cli.session import Session
from xiancheng.engine.source import key
from xiancheng.errors import Problem, StudyError
from xiancheng.model import places
from xiancheng.outputs import files, journey, result
from xiancheng.scenarios import former
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

_RESULT = ".nc"
Run = Annotated[str, typer.Argument(metavar="RUN", help="cli.plot.run")]
Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help="cli.plot.indicator")]
Places = Annotated[list[str] | None, typer.Option("--places", metavar="NAME,…", help="cli.plot.places")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="cli.plot.output")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "plot")(plot)


def plot(
    session: Session, run: Run, indicator: Indicator, places: Places = None, output: Output = None,
    force: Force = False,
) -> None:
    """Draw an indicator of a result, or of a scenario that is run for it."""
    elements = _elements(session, words_of(places))
    file = output or Path(f"{Path(run).stem}_{indicator}.png")
    _refuse(file, force)
    result = _result(session, run, indicator)
    name = _known(session.study, result, indicator)
    shown = still.lines(result, name, elements, session.language)
    if still.is_empty(shown):
        raise StudyError(Problem(run, phrase("plot.nothing", id=name), phrase("plot.something")))
    whole_files.aside(file, lambda path: still.save(result, name, shown, path, session.language))
    session.say("cli.wrote", file=str(file))


def _refuse(file: Path, force: bool) -> None:
    """Stop before anything runs where the figure could not be written."""
    if file.suffix.lower() not in still.FORMS:
        hint = did_you_mean(file.suffix, still.FORMS)
        sentence = phrase("file.suffix", suffix=file.suffix)
        raise StudyError(Problem(str(file), sentence, phrase_list(still.FORMS), hint))
    if not file.parent.is_dir():
        sentence = phrase("file.no_folder", folder=str(file.parent))
        raise StudyError(Problem(str(file), sentence, phrase("file.folder_exists")))
    if file.is_dir() or (file.exists() and not force):
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))
    files.try_place(file)


def _result(session: Session, run: str, indicator: str) -> xr.Dataset:
    if run.endswith(_RESULT) or (Path(run).is_file() and not run.endswith(".toml")):
        return files.read(Path(run))
    built = journey.prepare(session.study, run, command=command_line())
    result.requested(session.study, [indicator])
    with progress.shown(session, built.scenario.title.get(session.language, built.scenario.id)) as advance:
        return journey.run(built, variables=[indicator], progress=advance)


def _known(study: Study, result: xr.Dataset, indicator: str) -> str:
    name = key(indicator)
    names = [str(indicator) for indicator, values in result.data_vars.items() if values.dims == ("year", "place")]
    if name in names:
        return name
    sentence, hint = former.unknown(former.read(study), name, names)
    raise StudyError(Problem("", sentence, phrase("plot.in_result"), hint))


def _elements(session: Session, names: list[str]) -> list[str]:
    if not names:
        return []
    chosen, unknown = places.read(session.study.tables).choose(names)
    if unknown:
        raise StudyError(Problem("--places", choice.reason, phrase("cli.county.allowed"), choice.hint)
                         for choice in unknown)
    if len(chosen) > still.MOST:
        sentence = phrase("plot.many", count=len(chosen))
        raise StudyError(Problem("--places", sentence, phrase("plot.most", count=still.MOST)))
    return [item.element for item in chosen]
