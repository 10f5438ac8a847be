"""`compare`: options against a named baseline under the same stresses and members, on the screen and as a report."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import FIRST, command_line, verb, words_of
from xiancheng.cli.session import Session
from xiancheng.cli.sweep_progress import size, span, told
from xiancheng.comparison import comparison, request, standing, words
from xiancheng.comparison import weights as weighing
from xiancheng.comparison.changes import BETTER, SAME, WORSE
from xiancheng.comparison.estimate import estimate
from xiancheng.comparison.report import origins, owed, ranked
from xiancheng.comparison.report.written import ARROWS
from xiancheng.model import constants
from xiancheng.model.build import start_of
from xiancheng.outputs import indicators as catalogue
from xiancheng.outputs.headline import unit_column

if TYPE_CHECKING:
    from xiancheng.comparison.changes import Line
    from xiancheng.comparison.comparison import Comparison

SOME_FAILED = 5
_SHOWN_SIDES, _FEW_SIDES = 12, 3
"""Side effects that are told of each option, and of each where there are many."""
_HEADS, _OPTION = 58, 21
"""Letters that the first columns of a table of many options take, and each option."""

Options = Annotated[list[str], typer.Argument(metavar="A B …|all", help="cli.compare.options")]
Against = Annotated[str, typer.Option("--against", metavar="SCENARIO", help="cli.compare.against")]
Stress = Annotated[str, typer.Option("--stress", metavar="ID,…|all", help="cli.compare.stress")]
Members = Annotated[str | None, typer.Option("--members", metavar="N|people[:N]", help="cli.compare.members")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="cli.compare.report")]
Length = Annotated[str, typer.Option("--length", metavar="short|full", help="cli.compare.length")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="ID=VALUE[@YEAR]", help="cli.compare.set")]
Costs = Annotated[Path | None, typer.Option("--costs", metavar="FILE", help="cli.compare.costs")]
Store = Annotated[Path | None, typer.Option("--store", metavar="FOLDER", help="cli.compare.store")]
Indicators = Annotated[list[str] | None, typer.Option("--indicators", metavar="ID,…", help="cli.compare.indicators")]
Discount = Annotated[str, typer.Option("--discount", metavar="RATE", help="cli.compare.discount")]
ByGroup = Annotated[bool, typer.Option("--by-group", help="cli.compare.by_group")]
Quick = Annotated[bool, typer.Option("--no-levers", help="cli.compare.quick")]
Start = Annotated[str | None, typer.Option("--start", metavar="YEAR", help="cli.run.start")]
To = Annotated[int | None, typer.Option("--to", metavar="YEAR", help="cli.run.to")]
Weights = Annotated[Path | None, typer.Option("--weights", metavar="FILE", help="cli.compare.weights")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.compare.dry")]
Force = Annotated[bool, typer.Option("--force", help="cli.run.force")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "compare", FIRST)(compare)


def compare(
    session: Session, options: Options, against: Against = "baseline", stress: Stress = "", members: Members = None,
    report: Report = None, settings: Settings = None, costs: Costs = None, store: Store = None,
    indicators: Indicators = None, quick: Quick = False, start: Start = None, to: To = None, force: Force = False,
    discount: Discount = "0", by_group: ByGroup = False, weights: Weights = None, dry_run: Dry = False,
    form: Form = "table", length: Length = "full",
) -> None:
    """Compare options and show, and where asked write, what differs."""
    screen.checked(form)
    _bounded(session, options, against)
    told_alike = {"baseline": against, "stresses": stress, "members": members, "settings": settings or [],
                  "costs": costs, "discount": discount, "start": start_of(session.study, start), "end": to}
    if report is not None:
        from xiancheng.comparison import report as reports

        reports.refuse(report, session.language, force=force, length=length)
    if dry_run:
        for name in words_of(indicators):
            catalogue.find(session.study, name)
        if weights is not None:
            weighing.read(session.study, weights)
        _tell_plan(session, options, told_alike, store, by_lever=not quick, by_group=by_group)
        return
    with told(session, store) as progress:
        result = comparison.compare(
            session.study, options, indicators=words_of(indicators), by_lever=not quick, store=store,
            weights=weights, by_group=by_group, progress=progress, command=command_line(), **told_alike,
        )
    _tell_doubles(session, result.request)
    if result.runs.reused:
        session.say("compare.reused", reused=result.runs.reused, fresh=result.runs.fresh, store=str(store))
    _show(session, result, form)
    if report is not None:
        file = result.report(report, session.language, force=force, length=length)
        session.say("cli.wrote", file=str(file))
    if result.runs.failed:
        session.say("compare.failed", count=result.runs.failed)
        raise typer.Exit(SOME_FAILED)


def _bounded(session: Session, options: list[str], against: str) -> None:
    """Refuse more options than a comparison holds as a wrong call."""
    count = len(request.named(session.study, options, against))
    if not request.FEWEST <= count <= request.MOST:
        raise typer.BadParameter(session.words("cli.compare.bound", count=count, low=request.FEWEST, high=request.MOST))


def _tell_plan(
    session: Session, options: list[str], choices: dict[str, Any], store: Path | None, *, by_lever: bool,
    by_group: bool,
) -> None:
    """Say what the comparison would take, and run nothing."""
    read = request.read(session.study, options, **choices)
    _tell_doubles(session, read)
    plan = estimate(session.study, read, by_lever=by_lever, by_group=by_group, folder=store)
    session.say(
        "cli.compare.plan", runs=f"{plan.runs:,}", options=len(read.options), conditions=len(read.stresses) + 1,
        members=len(read.members), without=f"{plan.without:,}", grouped=f"{plan.grouped:,}",
        stored=f"{plan.stored:,}", time=span(plan.seconds),
        cores=plan.cores, disk=size(plan.disk), free=size(plan.free), memory=size(plan.memory),
    )


def _tell_doubles(session: Session, read: request.ComparisonRequest) -> None:
    """Say which options have one name, or are the same throughout: only letters tell them apart."""
    pairs = zip(read.letters, read.options, strict=True)
    for (letter, option), (other, second) in combinations(pairs, 2):
        title = option.title[session.language]
        if title == second.title[session.language]:
            same = (option.levers, option.assumptions) == (second.levers, second.assumptions)
            session.say("compare.same" if same else "compare.namesakes", first=letter, second=other, title=title)


def _show(session: Session, comparison: Comparison, form: str) -> None:
    if form != "table":
        rows: Any = comparison.table().replace({float("nan"): None}).to_dict("records")
        screen.rows(session, rows, form, titles={str(name): "" for name in comparison.table().columns})
        return
    for area in comparison.areas["area"].values:
        if comparison.request.is_many:
            _side_by_side(session, comparison, str(area))
        for option in comparison.request.letters if not comparison.request.is_many else ():
            _table(session, comparison, str(area), option)
    _sides(session, comparison)
    _rank(session, comparison)
    _notes(session, comparison)


def _table(session: Session, comparison: Comparison, area: str, option: str) -> None:
    """Show an area and option: baseline, level, change, band, verdict and whether the sign holds."""
    chosen = [line for line in comparison.lines(level=[area]) if line.option == option]
    if not chosen:
        return
    language = session.language
    name = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    session.out.print(session.words("cli.compare.title", name=name, year=comparison.year, letter=option,
                                    title=comparison.title(option, language)), markup=False, style="bold")
    keys = ["title", "unit", "baseline", "value", "difference", *(["band"] if comparison.has_bands else []), "verdict"]
    titles = {key: session.words(f"cli.column.{key}") for key in keys}
    stressed = len(comparison.stresses) > 1
    sure = {line.indicator: comparison.claims.certainty(line).confidence if comparison.has_bands else None
            for line in chosen}
    cells = [[cell for key, cell in _cells(session, line, stressed, sure[line.indicator]).items() if key in titles]
             for line in chosen]
    screen.table(session, cells, titles, ("baseline", "value", "difference", "band"))
    session.out.print()


def _side_by_side(session: Session, comparison: Comparison, area: str) -> None:
    """Show the changes of many options beside each other, a column for each."""
    language, stressed = session.language, len(comparison.stresses) > 1
    name = str(comparison.areas[f"name_{language}"].sel(area=area).item())
    session.out.print(session.words("cli.compare.many", name=name, year=comparison.year), markup=False, style="bold")
    lines = comparison.lines(level=[area])
    heads = {key: session.words(f"cli.column.{key}") for key in ("title", "unit", "baseline")}
    room = max((session.out.width - _HEADS) // _OPTION, 2)
    for first in range(0, len(comparison.request.letters), room):
        shown = comparison.request.letters[first : first + room]
        cells = []
        for indicator in comparison.shown:
            own = {line.option: line for line in lines if line.indicator == indicator}
            if own:
                item = next(iter(own.values()))
                base = words.bare(words.level(item.baseline.median, item.unit, language), item.unit, language)
                cells.append([item.title(language), unit_column(item.unit, language), base,
                              *(_brief(own[option], language, stressed) if option in own else "" for option in shown)])
        screen.table(session, cells, {**heads, **{option: option for option in shown}}, ("baseline", *shown))
        session.out.print()


def _brief(line: Line, language: str, stressed: bool) -> str:
    """Return a change in few letters: its mark, the median, and a sign where a stress turns it."""
    written = words.bare(words.change(line.change.median, line.unit, language), line.unit, language)
    turns = "!" if stressed and not line.holds and line.verdict != SAME else ""
    return f"{ARROWS[line.verdict]} {written}{turns}"


def _cells(session: Session, line: Line, stressed: bool, confidence: str | None) -> dict[str, str]:
    language, unit = session.language, line.unit
    written = {
        "baseline": words.level(line.baseline.median, unit, language),
        "value": words.level(line.level.median, unit, language),
        "difference": words.change(line.change.median, unit, language),
        "band": words.band(line.change, unit, language, between=" … "),
    }
    return {
        "title": line.title(language),
        "unit": unit_column(unit, language),
        **{key: words.bare(sentence, unit, language) for key, sentence in written.items()},
        "verdict": _verdict(session, line, stressed, confidence),
    }


def _verdict(session: Session, line: Line, stressed: bool, confidence: str | None) -> str:
    """Say better or worse, how sure that is where members tell, and where it turns under a stress."""
    sentence = session.words(f"compare.verdict.{line.verdict}")
    if confidence is not None and line.verdict in (BETTER, WORSE):
        named = session.words(f"certainty.confidence.{confidence}")
        sentence = session.words("verdict.sure", verdict=sentence, confidence=named)
    turns = stressed and not line.holds and line.verdict != SAME
    return f"{sentence} · {session.words('cli.compare.not_robust')}" if turns else sentence


def _sides(session: Session, comparison: Comparison) -> None:
    """Show what each option worsens beyond its band, asked for or not."""
    sides, most = comparison.sides, _FEW_SIDES if comparison.request.is_many else _SHOWN_SIDES
    for option in comparison.request.letters:
        own = [line for line in sides if line.option == option]
        letter = f"{option} {comparison.title(option, session.language)}" if comparison.request.is_many else option
        session.out.print(session.words("cli.compare.sides", letter=letter, count=len(own)), markup=False)
        for line in own[:most]:
            name = str(comparison.areas[f"name_{session.language}"].sel(area=line.area).item())
            change = words.change(line.change.median, line.unit, session.language)
            session.out.print(f"  ▼ {line.title(session.language)} · {name}: {change}", markup=False)
        if len(own) > most:
            session.out.print(session.words("cli.compare.more", count=len(own) - most), markup=False)
    session.out.print()


def _rank(session: Session, comparison: Comparison) -> None:
    """Show the rank by the weights of the user, where there are any."""
    if comparison.ranking is None or not comparison.ranking.places:
        return
    for shown in ranked.tables(comparison, comparison.ranking, session.language):
        session.out.print(shown.caption, markup=False, style="bold")
        titles = {str(column): head for column, head in enumerate(shown.heads)}
        right = [key for key in titles if shown.rows[0][int(key)].is_figure]
        screen.table(session, [[cell.words for cell in row] for row in shown.rows], titles, right)
        for note in shown.notes:
            session.out.print(note, markup=False, soft_wrap=True)
        session.out.print()


def _notes(session: Session, comparison: Comparison) -> None:
    lines: list[Any] = [
        session.words("compare.equal", first=_named(session, comparison, item),
                      second=_named(session, comparison, other))
        for item, other in comparison.equal_pairs()
    ]
    lines += owed.brief(comparison, session.language)
    lines += origins.brief(comparison, session.language)
    if comparison.request.is_many:
        lines.append(session.words("cli.compare.marks"))
    lines += [
        standing.sentences(comparison, session.language),
        *([session.words("compare.signs", count=len(comparison.stresses))] if len(comparison.stresses) > 1 else []),
        session.words("compare.held_against", title=comparison.title("baseline", session.language)),
        session.words("figure.area_is", label=str(comparison.areas.attrs[f"list_label_{session.language}"])),
        str(comparison.areas.attrs[f"nature_{session.language}"]),
    ]
    notes = [note for option in comparison.request.options for note in option.notes if note.key in constants.NOTES]
    lines += [session.words(note.key, **note.values) for note in dict.fromkeys(notes)]
    for line in lines:
        session.out.print(line, markup=False, soft_wrap=True)


def _named(session: Session, comparison: Comparison, scenario: str) -> str:
    title = comparison.title(scenario, session.language)
    return title if scenario == "baseline" else f"{scenario} ({title})"
