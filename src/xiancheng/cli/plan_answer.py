"""What `plan` answers: the search, its settings, what binds and its price, also in members."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer

from xiancheng import whole_files
from xiancheng.cli import screen
from xiancheng.cli.progress import tried
from xiancheng.cli.session import Session, Stopped
from xiancheng.model import tables
from xiancheng.outputs import indicators
from xiancheng.planning import answer as answers
from xiancheng.planning import endurance as endurances
from xiancheng.planning import plan as plans
from xiancheng.planning import trials
from xiancheng.planning.endurance import MemberTrials
from xiancheng.scenarios import levers
from xiancheng.texts import listing, number, phrase

if TYPE_CHECKING:
    from xiancheng.outputs.spots import Spot
    from xiancheng.planning.answer import LimitOutcome, PlanAnswer
    from xiancheng.planning.endurance import Endurance
    from xiancheng.planning.plan import Plan

EXCLUDED = 4
_SHOWN = 8
"""Limits that are told one by one."""
_STILL = 1e-6
"""Part of a lever's range below which it stays where it is."""
_OFTEN = 0.9
"""Share of members below which it is said how a setting with a margin is found."""


def tell(
    session: Session, name: str, file: Path, journal: Path, *, members: int | str | None, share: float | None,
    dry_run: bool, form: str,
) -> None:
    """Search, write the scenario and tell the answer."""
    own = plans.read(session.study, name)
    tables.check(session.study.root)
    session.say("cli.plan.begin", values=own.moves.size, limits=len(own.rows), futures=own.futures.count)
    if members is not None:
        trials.members_of(session.study, members)
    if dry_run:
        return
    try:
        if own.search.front:
            _front(session, own, file, journal, form)
            return
        answer = answers.solve(session.study, own, log=journal, progress=tried(session))
        answer, endurance = _in_members(session, answer, members, share, journal)
    except KeyboardInterrupt:
        raise Stopped(phrase("cli.plan.stopped", file=str(journal))) from None
    whole_files.write(file, answers.scenario_text(answer, _note(own)))
    _show(session, answer, endurance, form, members, share or _OFTEN)
    session.say("cli.wrote", file=str(file))
    if not answer.is_kept:
        raise typer.Exit(EXCLUDED)


def _in_members(
    session: Session, answer: PlanAnswer, count: int | str | None, share: float | None, journal: Path
) -> tuple[PlanAnswer, Endurance | None]:
    """Run an answer in members; return the one that keeps its limits in a share of them, where that is asked for."""
    if count is None or not answer.is_kept:
        return answer, None
    session.say("cli.plan.members_begin", members=count)
    trial = MemberTrials.of(session.study, answer.plan, count)
    bare = trial.of_answer(answer)
    if share is None or bare.together >= share:
        return answer, bare
    figure, before, after = answer.aims[0]
    session.say("cli.plan.bare", **_named(session, figure), share=f"{bare.together:.0%}", members=count,
                change=_number(session, figure, after - before, sign=True))
    return endurances.enduring(session.study, answer, bare, trial, share, log=journal, progress=tried(session))


def _note(own: Plan) -> str:
    return f"{own.title['zh']} / {own.title['en']}: xiancheng plan {own.id}"


def _front(session: Session, own: Plan, file: Path, journal: Path, form: str) -> None:
    """Search for the front of two aims; a scenario for every setting on it."""
    front = answers.front(session.study, own, log=journal, progress=tried(session))
    table: list[dict[str, Any]] = []
    for position, answer in enumerate(front, start=1):
        part = file.with_stem(f"{file.stem}_{position}")
        whole_files.write(part, answers.scenario_text(answer, _note(own)))
        values = zip(own.moves.labels, answer.values, strict=True)
        table.append({"file": part.name, **{str(aim): after for aim, _, after in answer.aims},
                      **{label: float(value) for label, value in values}})
    if not table:
        session.say("cli.plan.no_front")
        raise typer.Exit(EXCLUDED)
    shown = [{key: f"{value:.6g}" if isinstance(value, float) else value for key, value in row.items()}
             for row in table] if form == "table" else table
    screen.rows(session, shown, form, titles={key: key for key in shown[0]})


def _show(
    session: Session, answer: PlanAnswer, endurance: Endurance | None, form: str, members: int | str | None,
    share: float,
) -> None:
    if form != "table":
        rows = list(answers.rows(answer, None if endurance is None else endurance.shares))
        screen.rows(session, rows, form, titles={key: key for key in rows[0]})
        return
    lines = _lines(session, answer)
    if endurance is not None:
        lines += _member_lines(session, answer, endurance, members, share)
    for line in lines:
        session.out.print(line, markup=False, soft_wrap=True)


def _member_lines(
    session: Session, answer: PlanAnswer, endurance: Endurance, members: int | str | None, share: float
) -> Iterator[str]:
    """Yield the band of each aim, in how many members all limits are kept, and those that are not in all of them."""
    for figure, band in endurance.bands.items():
        low, middle, high = (_number(session, figure, float(size), sign=True) for size in band)
        yield session.words("cli.plan.band", **_named(session, figure), members=members, low=low,
                            middle=middle, high=high)
    yield session.words("cli.plan.together", share=f"{endurance.together:.0%}", members=members)
    shares = endurance.shares
    short = [int(row) for row in np.argsort(shares, kind="stable") if shares[row] < 1]
    for row in short[:_SHOWN]:
        yield session.words("cli.plan.in_members", limit=_bound(session, answer.limits[row]),
                            share=f"{shares[row]:.0%}")
    if len(short) > _SHOWN:
        yield session.words("cli.plan.more", count=len(short) - _SHOWN)
    if endurance.together < share:
        has_margin = any(outcome.row.margin > 0 for outcome in answer.limits)
        yield session.words("cli.plan.closest" if has_margin else "cli.plan.margin", share=f"{share:.0%}")


def _lines(session: Session, answer: PlanAnswer) -> list[str]:
    lines: list[str] = []
    lines.append(session.words("cli.plan.kept" if answer.is_kept else "cli.plan.excluded", count=answer.tried))
    for figure, before, after in answer.aims:
        lines.append(session.words("cli.plan.aim", **_named(session, figure), before=_number(session, figure, before),
                                   after=_number(session, figure, after),
                                   change=_number(session, figure, after - before, sign=True)))
    lines += _settings(session, answer)
    binding = [outcome for outcome in answer.limits if outcome.binds] if answer.is_kept else list(answer.excluding)
    binding = sorted(binding, key=lambda outcome: -outcome.price)
    lines += [_limit(session, answer, outcome) for outcome in binding[:_SHOWN]]
    if len(binding) > _SHOWN:
        lines.append(session.words("cli.plan.more", count=len(binding) - _SHOWN))
    if answer.is_kept and not binding:
        lines.append(session.words("cli.plan.none_binds"))
    return lines


def _settings(session: Session, answer: PlanAnswer) -> Iterator[str]:
    """Yield what each lever is set to, those that stay at their baseline together."""
    own, resting = levers.read(session.study), []
    for move, values in zip(answer.plan.moves.moves, answer.plan.moves.parts(answer.values), strict=True):
        lever = own[move.lever.id]
        if np.allclose(values, lever.baseline, rtol=0, atol=_STILL * (lever.high - lever.low)):
            resting.append(lever.title[session.language])
            continue
        points = ", ".join(f"{year}: {number(float(value), lever.unit, session.language)}"
                           for year, value in zip(move.years, values, strict=True))
        yield session.words("cli.plan.lever", lever=lever.title[session.language], label=move.label, points=points,
                            baseline=number(lever.baseline, lever.unit, session.language))
    if resting:
        yield session.words("cli.plan.resting", levers=listing(list(dict.fromkeys(resting)), session.language))


def _limit(session: Session, answer: PlanAnswer, outcome: LimitOutcome) -> str:
    figure = outcome.row.figure
    words = session.words("cli.plan.now", limit=_bound(session, outcome),
                          after=_number(session, figure, outcome.after))
    if not answer.is_kept:
        return session.words("cli.plan.missed", limit=words, over=_number(session, figure, max(-outcome.room, 0.0)))
    unit = indicators.find(session.study, figure.indicator).unit
    return session.words("cli.plan.price", limit=words, price=_price(session, answer, outcome),
                         step=number(_step(outcome), unit, session.language))


def _price(session: Session, answer: PlanAnswer, outcome: LimitOutcome) -> str:
    """Return what the aim gains from the room that is told, in its unit; several aims have none together."""
    aims, gain = answer.plan.aims, outcome.price * _step(outcome)
    if len(aims) > 1:
        return number(gain, "", session.language)
    unit = indicators.find(session.study, aims[0].figure.indicator).unit
    return number(gain / (abs(aims[0].weight) or 1.0), unit, session.language)


def _bound(session: Session, outcome: LimitOutcome) -> str:
    figure = outcome.row.figure
    key = "change" if outcome.row.is_change else "level"
    side = "least" if outcome.row.sign > 0 else "most"
    return session.words(f"cli.plan.limit_{key}_{side}", **_named(session, figure),
                         before=_number(session, figure, outcome.before),
                         bound=_number(session, figure, outcome.row.bound))


def _step(outcome: LimitOutcome) -> float:
    """Return the room that a price is told for: a hundredth of the bound, of the level where the bound is 0."""
    size = abs(outcome.row.bound) or abs(outcome.before) or 1.0
    return float(f"{size / 100:.0e}")


def _named(session: Session, figure: Spot) -> dict[str, Any]:
    indicator = indicators.find(session.study, figure.indicator)
    return {"indicator": indicator.title[session.language], "year": figure.year, "area": figure.area}


def _number(session: Session, figure: Spot, value: float, *, sign: bool = False) -> str:
    return number(value, indicators.find(session.study, figure.indicator).unit, session.language, sign=sign)
