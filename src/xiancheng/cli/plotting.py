"""`plot`: one indicator of one result over the years, as a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiancheng.cli import progress
from xiancheng.cli.frame import verb
from xiancheng.cli.run import command_line, words_of
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
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
    from xiancheng.charts import still
    from xiancheng.outputs import files

    elements = _elements(session, words_of(places))
    file = output or Path(f"{Path(run).stem}_{indicator}.png")
    _refuse(file, force)
    found = _result(session, run, indicator)
    name = _known(found, indicator)
    shown = still.lines(found, name, elements, session.language)
    if still.is_empty(shown):
        raise StudyError(Problem(run, phrase("plot.nothing", id=name), phrase("plot.something")))
    files.aside(file, lambda path: still.save(found, name, shown, path, session.language))
    session.say("cli.wrote", file=str(file))


def _refuse(file: Path, force: bool) -> None:
    """Stop before anything runs where the figure could not be written."""
    from xiancheng.charts import still
    from xiancheng.outputs import files

    if file.suffix.lower() not in still.FORMS:
        hint = did_you_mean(file.suffix, still.FORMS)
        found = phrase("file.suffix", suffix=file.suffix)
        raise StudyError(Problem(str(file), found, phrase_list(still.FORMS), hint))
    if not file.parent.is_dir():
        found = phrase("file.no_folder", folder=str(file.parent))
        raise StudyError(Problem(str(file), found, phrase("file.folder_exists")))
    if file.is_dir() or (file.exists() and not force):
        raise StudyError(Problem(str(file), phrase("file.taken"), phrase("file.new_name"), phrase("file.force")))
    files.try_place(file)


def _result(session: Session, run: str, indicator: str) -> xr.Dataset:
    from xiancheng.outputs import files, journey, result

    if run.endswith(_RESULT) or (Path(run).is_file() and not run.endswith(".toml")):
        return files.read(Path(run))
    built = journey.prepare(session.study, run, command=command_line())
    result.requested(session.study, [indicator])
    with progress.shown(session, built.scenario.title.get(session.language, built.scenario.id)) as advance:
        return journey.run(built, variables=[indicator], progress=advance)


def _known(found: xr.Dataset, indicator: str) -> str:
    from xiancheng.engine.source import key

    name = key(indicator)
    known = [str(one) for one, values in found.data_vars.items() if values.dims == ("year", "place")]
    if name in known:
        return name
    hint = did_you_mean(name, known)
    raise StudyError(Problem("", phrase("indicator.unknown", id=indicator), phrase("plot.in_result"), hint))


def _elements(session: Session, names: list[str]) -> list[str]:
    from xiancheng.charts import still
    from xiancheng.model import places

    if not names:
        return []
    chosen, unknown = places.read(session.study.tables).choose(names)
    if unknown:
        raise StudyError(Problem("--places", one.reason, phrase("cli.county.allowed"), one.hint) for one in unknown)
    if len(chosen) > still.MOST:
        found = phrase("plot.many", count=len(chosen))
        raise StudyError(Problem("--places", found, phrase("plot.most", count=still.MOST)))
    return [one.element for one in chosen]
