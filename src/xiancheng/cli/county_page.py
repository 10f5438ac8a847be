"""`county --scenarios`: one place by option, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import command_line, words_of
from xiancheng.cli.session import Session
from xiancheng.cli.sweep_progress import told
from xiancheng.comparison import comparison, request
from xiancheng.comparison import report as reports
from xiancheng.comparison.report import county
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

if TYPE_CHECKING:
    from xiancheng.comparison.report.document import ReportTable
    from xiancheng.model.places import Place


@dataclass(frozen=True)
class PageOptions:
    """What a call says of the page by option.

    Attributes:
        scenarios: ids and files with commas, "" for none.
        report: the file to write; force: whether one that stands there gives way.
        members: as of `compare`; store: folder where runs are kept.
    """

    scenarios: tuple[str, ...]
    report: Path | None
    force: bool
    members: str | None
    store: Path | None


def refuse(options: PageOptions, place: str, result: Path | None) -> None:
    """Stop where options of the page stand without scenarios, or a finished run beside them.

    Raises:
        StudyError: as told.
    """
    if options.scenarios and result is not None:
        both, allowed = phrase("cli.county.with_result"), phrase("cli.county.with_result_allowed")
        raise StudyError(Problem("--result", both, allowed))
    flags: Mapping[str, object] = {"--report": options.report, "--members": options.members, "--store": options.store,
                                   "--force": options.force}
    alone = " ".join(flag for flag, value in flags.items() if value)
    if alone and not options.scenarios:
        raise StudyError(Problem(alone, phrase("cli.county.alone", options=alone),
                                 phrase("cli.county.alone_allowed", place=place, options=alone)))


def show(session: Session, place: Place, options: PageOptions, form: str) -> None:
    """Compare scenarios, and show and where wanted write what they do at a place.

    Raises:
        StudyError: every problem of what is named.
    """
    names = words_of(list(options.scenarios))
    count = len(request.named(session.study, names))
    if not request.FEWEST <= count <= request.MOST:
        raise typer.BadParameter(session.words("cli.compare.bound", count=count, low=request.FEWEST, high=request.MOST))
    if options.report is not None:
        reports.refuse(options.report, session.language, force=options.force)
    with told(session, options.store) as progress:
        compared = comparison.compare(session.study, names, by_lever=False, store=options.store,
                                      members=options.members, progress=progress, command=command_line())
    if form != "table":
        records = [{key: None if value != value else value for key, value in row.items()}
                   for row in county.records(compared, place)]
        screen.rows(session, records, form, titles=dict.fromkeys(records[0], ""))
    else:
        for sentence in county.sentences(compared, place, session.language):
            session.out.print(sentence, markup=False, soft_wrap=True)
        for table in county.tables(compared, place, session.language):
            _table(session, table)
        for note in county.notes(compared, session.language):
            session.out.print(note, markup=False, soft_wrap=True)
    if options.report is not None:
        file = reports.write_page(county.report(compared, place, session.language), options.report,
                                  session.language, force=options.force)
        session.say("cli.wrote", file=str(file))


def _table(session: Session, table: ReportTable) -> None:
    session.out.print()
    session.out.print(table.caption, markup=False, style="bold")
    titles = {str(column): head for column, head in enumerate(table.heads)}
    right = [key for key in titles if table.rows and table.rows[0][int(key)].is_figure]
    screen.table(session, [[cell.words for cell in row] for row in table.rows], titles, right)
    for note in table.notes:
        session.out.print(note, markup=False, soft_wrap=True)
    session.out.print()
