"""`plan`: the best use of levers under limits, as a scenario, with what binds and what each limit costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.outputs import indicators
from xiancheng.planning import answer as answers
from xiancheng.planning import plan as plans
from xiancheng.scenarios import levers
from xiancheng.texts import number, phrase

if TYPE_CHECKING:
    from xiancheng.outputs.spots import Spot
    from xiancheng.planning.answer import LimitOutcome, PlanAnswer
    from xiancheng.planning.plan import Plan

EXCLUDED = 4
_SHOWN = 8
"""Limits that are told one by one."""
_PAUSE = 10.0
"""Seconds between two signs of life."""

Name = Annotated[str, typer.Argument(metavar="PLAN", help="cli.plan.file")]
Out = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE.toml", help="cli.plan.output")]
Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="cli.plan.log")]
Members = Annotated[str | None, typer.Option("--members", metavar="N", help="cli.plan.members")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.plan.dry")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "plan")(plan)


def plan(
    session: Session, name: Name, output: Out = None, log: Log = None, members: Members = None, dry_run: Dry = False,
    form: Form = "table",
) -> None:
    """Search for the best setting of a plan, or say which limits exclude each other."""
    screen.checked(form)
    file = output or Path(f"{Path(name).stem}_answer.toml")
    if not file.parent.is_dir():
        raise StudyError(Problem(str(file), phrase("study.no_folder", path=str(file.parent))))
    own = plans.read(session.study, name)
    tables.check(session.study.root)
    session.say("cli.plan.begin", values=own.moves.size, limits=len(own.rows), futures=own.futures.count)
    if dry_run:
        return
    journal = log or file.with_suffix(".jsonl")
    try:
        if own.search.front:
            _front(session, own, file, journal, form)
            return
        answer = answers.solve(session.study, own, log=journal, progress=_told(session))
    except KeyboardInterrupt:
        session.say("cli.plan.stopped", file=str(journal))
        raise
    file.write_text(answers.scenario_text(answer, _note(own)), encoding="utf-8")
    _show(session, answer, form)
    if members is not None and answer.is_kept:
        _tell_band(session, answer, members)
    session.say("cli.wrote", file=str(file))
    if not answer.is_kept:
        raise typer.Exit(EXCLUDED)


def _note(own: Plan) -> str:
    return f"{own.title['zh']} / {own.title['en']}: xiancheng plan {own.id}"


def _told(session: Session) -> Callable[[int], None]:
    """Return what says every few seconds how many settings are tried."""
    last = [time.monotonic()]

    def progress(count: int) -> None:
        if time.monotonic() - last[0] > _PAUSE:
            last[0] = time.monotonic()
            session.say("cli.plan.tried", count=count)

    return progress


def _front(session: Session, own: Plan, file: Path, journal: Path, form: str) -> None:
    """Search for the front of two aims; a scenario for every setting on it."""
    front = answers.front(session.study, own, log=journal, progress=_told(session))
    table: list[dict[str, Any]] = []
    for position, answer in enumerate(front, start=1):
        part = file.with_stem(f"{file.stem}_{position}")
        part.write_text(answers.scenario_text(answer, _note(own)), encoding="utf-8")
        values = zip(own.moves.labels, answer.values, strict=True)
        table.append({"file": part.name, **{str(aim): after for aim, _, after in answer.aims},
                      **{label: float(value) for label, value in values}})
    if not table:
        session.say("cli.plan.no_front")
        raise typer.Exit(EXCLUDED)
    shown = [{key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()}
             for row in table] if form == "table" else table
    screen.rows(session, shown, form, titles={key: key for key in shown[0]})


def _show(session: Session, answer: PlanAnswer, form: str) -> None:
    if form != "table":
        rows = list(answers.rows(answer))
        screen.rows(session, rows, form, titles={key: key for key in rows[0]})
        return
    for line in _lines(session, answer):
        session.out.print(line, markup=False, soft_wrap=True)


def _lines(session: Session, answer: PlanAnswer) -> Sequence[str]:
    own, lines = levers.read(session.study), []
    lines.append(session.words("cli.plan.kept" if answer.is_kept else "cli.plan.excluded", count=answer.tried))
    for figure, before, after in answer.aims:
        lines.append(session.words("cli.plan.aim", **_named(session, figure), before=_number(session, figure, before),
                                   after=_number(session, figure, after),
                                   change=_number(session, figure, after - before, sign=True)))
    for move, values in zip(answer.plan.moves.moves, answer.plan.moves.parts(answer.values), strict=True):
        lever = own[move.lever.id]
        points = ", ".join(f"{year}: {number(float(value), lever.unit, session.language)}"
                           for year, value in zip(move.years, values, strict=True))
        lines.append(session.words("cli.plan.lever", lever=lever.title[session.language], label=move.label,
                                   points=points, baseline=number(lever.baseline, lever.unit, session.language)))
    binding = [outcome for outcome in answer.limits if outcome.binds] if answer.is_kept else list(answer.excluding)
    binding = sorted(binding, key=lambda outcome: -outcome.price)
    lines += [_limit(session, answer, outcome) for outcome in binding[:_SHOWN]]
    if len(binding) > _SHOWN:
        lines.append(session.words("cli.plan.more", count=len(binding) - _SHOWN))
    if answer.is_kept and not binding:
        lines.append(session.words("cli.plan.none_binds"))
    return lines


def _limit(session: Session, answer: PlanAnswer, outcome: LimitOutcome) -> str:
    figure = outcome.row.figure
    about = {**_named(session, figure), "before": _number(session, figure, outcome.before),
             "after": _number(session, figure, outcome.after), "bound": _number(session, figure, outcome.row.bound),
             "over": _number(session, figure, max(-outcome.room, 0.0))}
    key = "change" if outcome.row.is_change else "level"
    side = "least" if outcome.row.sign > 0 else "most"
    words = session.words(f"cli.plan.limit_{key}_{side}", **about)
    if not answer.is_kept:
        return session.words("cli.plan.missed", limit=words, over=about["over"])
    unit = indicators.find(session.study, figure.indicator).unit
    return session.words("cli.plan.price", limit=words, price=f"{outcome.price * _step(outcome):.3g}",
                         step=number(_step(outcome), unit, session.language))


def _step(outcome: LimitOutcome) -> float:
    """Return the room that a price is told for: a hundredth of the bound, of the level where the bound is 0."""
    size = abs(outcome.row.bound) or abs(outcome.before) or 1.0
    return float(f"{size / 100:.0e}")


def _tell_band(session: Session, answer: PlanAnswer, members: str) -> None:
    for figure, (low, middle, high) in answers.band(session.study, answer, members).items():
        sizes = {name: _number(session, figure, float(size), sign=True) for name, size in (
            ("low", low), ("middle", middle), ("high", high))}
        session.out.print(session.words("cli.plan.band", **_named(session, figure), members=members, **sizes),
                          markup=False, soft_wrap=True)


def _named(session: Session, figure: Spot) -> dict[str, Any]:
    indicator = indicators.find(session.study, figure.indicator)
    return {"indicator": indicator.title[session.language], "year": figure.year, "area": figure.area}


def _number(session: Session, figure: Spot, value: float, *, sign: bool = False) -> str:
    return number(value, indicators.find(session.study, figure.indicator).unit, session.language, sign=sign)
