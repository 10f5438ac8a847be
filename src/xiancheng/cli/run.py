"""`run`: a scenario from the census to its last year, the first table on the screen and files in the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng import whole_files
from xiancheng.cli import evaluating, progress, screen, verdict
from xiancheng.cli import members as drawn
from xiancheng.cli.frame import FIRST, command_line, verb, words_of
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import clock
from xiancheng.model.build import ENGINES, start_of
from xiancheng.outputs import again, files, headline, journey, result, static, tidy, views
from xiancheng.outputs.headline import unit_column
from xiancheng.texts import did_you_mean, number, phrase, phrase_list

if TYPE_CHECKING:
    import xarray as xr

    from xiancheng.model.build import BuiltRun
    from xiancheng.outputs.headline import HeadlineRow
    from xiancheng.outputs.pricetag import PriceLine
    from xiancheng.study import Study

FOLDER = "xiancheng_run"
"""Where results go in the working folder when the user names no file."""
_STDOUT = "-"

Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="cli.run.scenario")]
Start = Annotated[str | None, typer.Option("--start", metavar="YEAR", help="cli.run.start")]
To = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="cli.run.to")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="ID=VALUE[@YEAR][:PLACE]", help="cli.run.set")
]
Variables = Annotated[list[str] | None, typer.Option("--variables", metavar="NAME,…", help="cli.run.variables")]
Details = Annotated[list[str] | None, typer.Option("--by", metavar="age,sex,settlement", help="cli.run.by")]
Engine = Annotated[str, typer.Option("--engine", metavar="pysd|compiled", help="cli.run.engine")]
Members = Annotated[str, typer.Option("--members", metavar="N|people[:N]", help="cli.run.members")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="cli.run.output")]
Board = Annotated[bool, typer.Option("--board", help="cli.run.board")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


@dataclass(frozen=True)
class _Target:
    """Where a result goes: one file, stdout, or the usual files in a folder."""

    file: Path | None
    to_stdout: bool
    force: bool


@dataclass(frozen=True)
class _Selection:
    """What a user sees of a run.

    Attributes:
        names: the indicators asked for, in order; none for the first table.
        few: those of one screen; panels: those of the figure.
        others: variables of the equations asked for, which have no value for an area.
    """

    names: tuple[str, ...]
    few: tuple[str, ...]
    panels: tuple[str, ...]
    others: tuple[str, ...]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "run", FIRST)(run)


def run(
    session: Session,
    scenario: Scenario = "baseline",
    start: Start = None,
    to: To = None,
    settings: Settings = None,
    variables: Variables = None,
    by: Details = None,
    engine: Engine = "",
    members: Members = "",
    output: Output = "",
    force: Force = False,
    board: Board = False,
    form: Form = "table",
) -> None:
    """Run a scenario and show and write what comes out."""
    screen.checked(form)
    target = _target(output, force)
    members = _members(members, target)
    names, details = words_of(variables) or None, words_of(by)
    built = journey.prepare(session.study, scenario, settings or [], start=start_of(session.study, start), end=to,
                            command=command_line())
    shown = _shown(session.study, names, details)
    for note in built.scenario.notes:
        session.tell(note)
    engine = _engine(engine)
    with progress.shown(session, _title(built, session)) as advance:
        run = partial(journey.run, built, variables=names, details=details, engine=engine, progress=advance)
        result = again.result(built, (names or (), details), engine, run, partial(session.say, "cli.run.again"))
    bands = drawn.run(session, built, members, names, _title(built, session)) if members else None
    tag = verdict.costs(session, built, result, engine)
    _show(session, result, shown, form, target, bands)
    if form == "table" and not target.to_stdout:
        if bands is not None:
            drawn.show(session, result, bands, shown.names or headline.shown(result, session.study))
            drawn.tell_weak(session)
        verdict.show_targets(session, result, bands)
        if board or not shown.names:
            evaluating.show(session, built, result, engine, full=board, bands=bands)
        _show_last(session, built, result, engine, tag)
    _write(session, result, shown.panels, target, bands)


def _members(word: str, target: _Target) -> str:
    """Return the members asked for, "" for none; refuse a file of bands that is there."""
    word = word if word.strip("0 ") else ""
    if word and target.file is not None:
        files.refuse_taken(drawn.beside(target.file), target.force)
    return word


def _show_last(session: Session, built: BuiltRun, result: xr.Dataset, engine: str, tag: list[PriceLine]) -> None:
    verdict.show_costs(session, tag)
    verdict.show_need(session, built, result, engine)
    verdict.show_unaided(session, built, result, engine)
    session.out.print(_about(session, result), markup=False, soft_wrap=True)


def _engine(name: str) -> str:
    if name and name not in ENGINES:
        hint = did_you_mean(name, ENGINES)
        raise StudyError(Problem("--engine", phrase("run.engine_unknown", engine=name), phrase_list(ENGINES), hint))
    return name or ENGINES[0]


def _shown(study: Study, names: list[str] | None, details: list[str]) -> _Selection:
    indicators, others = result.requested(study, names, details)
    if names is None or len(others) == len(names):
        return _Selection((), views.of(study, "short"), views.of(study, "figure"), tuple(others))
    chosen = tuple(dict.fromkeys(indicators))
    return _Selection(chosen, chosen, chosen, tuple(others))


def _title(built: BuiltRun, session: Session) -> str:
    return f"{built.scenario.title.get(session.language, built.scenario.id)} {built.start}-{built.end}"


def _target(output: str, force: bool) -> _Target:
    if output == _STDOUT:
        return _Target(None, True, force)
    if output:
        files.refuse_taken(Path(output), force)
    return _Target(Path(output) if output else None, False, force)


def _show(
    session: Session, result: xr.Dataset, shown: _Selection, form: str, target: _Target,
    bands: xr.Dataset | None = None,
) -> None:
    """Put the first table on stdout, or the whole long table where the user asked for that."""
    if target.to_stdout:
        if form == "json":
            table = tidy.table(result) if bands is None else tidy.bands_table(bands)
            screen.json_out(table.to_dict("records"))
        else:
            screen.bytes_out(files.csv_bytes(result) if bands is None else files.bands_bytes(bands))
        return
    lines = headline.lines(result, session.language, shown.names or headline.shown(result, session.study))
    if form == "table":
        few = headline.short(lines, shown.few)
        show_table(session, few)
        if len(few) < len(lines):
            session.say("cli.run.more", more=len({line.indicator for line in lines} - {line.indicator for line in few}))
        if shown.others:
            session.say("cli.run.in_file", names=phrase_list(shown.others))
    else:
        records = _records(result, lines)
        if bands is not None:
            records = drawn.add(records, bands)
        screen.rows(session, records, form, titles=dict.fromkeys(records[0] if records else _RECORD, ""))

_RECORD = ("scenario", "area", "name", "indicator", "title", "year", "value", "unit", "evidence", "behind",
           "behind_unit")


def _records(result: xr.Dataset, lines: Sequence[HeadlineRow]) -> list[dict[str, Any]]:
    return [
        {
            "scenario": result.attrs["scenario"],
            "area": line.area,
            "name": line.name,
            "indicator": line.indicator,
            "title": line.title,
            "year": year,
            "value": None if value != value else value,
            "unit": line.unit,
            "evidence": line.evidence[0] if year == int(result.attrs["start"]) else line.evidence[1],
            "behind": line.behind if year == int(result.attrs["end"]) and line.behind == line.behind else None,
            "behind_unit": line.behind_unit if year == int(result.attrs["end"]) else "",
        }
        for line in lines
        for year, value in line.values.items()
    ]


def show_table(session: Session, lines: Sequence[HeadlineRow]) -> None:
    """Show indicators by year, one table for each area, every line with its unit.

    Args:
        session: the call.
        lines: lines of one or more areas.
    """
    for area in dict.fromkeys(line.area for line in lines):
        chosen = [line for line in lines if line.area == area]
        years = {f"y{year}": str(year) for year in chosen[0].values}
        first = next(iter(chosen[0].values))
        mark = session.words("cli.run.evidence_at", year=first)
        last = max(line_year for line_year in chosen[0].values)
        titles = {"title": chosen[0].name, **years, "unit": session.words("cli.column.unit"), "evidence": mark,
                  "behind": session.words("cli.run.behind", year=last)}
        cells = [
            [
                line.title, *line.written(session.language),
                unit_column(line.unit, session.language),
                session.words(f"evidence.{line.evidence[0]}") if line.values[first] == line.values[first] else "",
                number(line.behind, line.behind_unit, session.language) if line.behind == line.behind else ""]
            for line in chosen
        ]
        screen.table(session, cells, titles, (*years, "behind"))
        session.out.print()


def _about(session: Session, result: xr.Dataset) -> str:
    language = session.language
    marks = {str(values.attrs["evidence"]) for values in result.data_vars.values()}
    listed = ", ".join(session.words(f"evidence.{mark}") for mark in sorted(marks))
    return "\n".join((
            session.words("figure.area_is", label=result.attrs[f"list_label_{language}"]),
            session.words("cli.run.clock"), session.words("cli.run.evidence", mark=listed),
            str(result.attrs[f"nature_{language}"]),
        )
    )


def _write(
    session: Session, result: xr.Dataset, panels: Sequence[str], target: _Target, bands: xr.Dataset | None = None
) -> None:
    if target.to_stdout:
        return
    targets = [target.file] if target.file else _usual(session.study, result, target.force)
    if target.file is None and files.PNG not in files.usual():
        session.say("cli.run.no_figure")
    written = [file for path in targets
               for file in files.write(result, path, panels=panels, language=session.language, bands=bands)]
    if bands is not None:
        written.append(drawn.beside(targets[0]))
        files.write_bands(bands, written[-1])
    note = static.note_on_fonts(session.language) if any(file.suffix == files.PNG for file in written) else None
    if note is not None:
        session.tell(note)
    for file in written:
        session.say("cli.wrote", file=str(file))


def _usual(study: Study, result: xr.Dataset, force: bool) -> list[Path]:
    """Return the files of a run in the working folder; another run's files stay, this one takes a free number."""
    folder = Path(FOLDER)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StudyError(whole_files.cannot_write(folder)) from error
    usual = clock.of(study)
    span = int(result.attrs["start"]), int(result.attrs["end"])
    name = files.stem(str(result.attrs["scenario"]), *span, (usual.start, usual.end))
    if not force and not files.same_run(folder / f"{name}{files.NETCDF}", result):
        name = files.free_stem(folder, name)
    return [folder / f"{name}{suffix}" for suffix in files.usual()]
