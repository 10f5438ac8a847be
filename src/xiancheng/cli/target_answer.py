"""What `target` answers: the search, its settings and figures in sentences, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.progress import tried
from xiancheng.cli.session import Session, Stopped
from xiancheng.model import tables
from xiancheng.outputs import indicators
from xiancheng.planning import target as targets
from xiancheng.planning import wish as wishes
from xiancheng.planning.wish import Wish
from xiancheng.scenarios import levers
from xiancheng.texts import listing, number, phrase

if TYPE_CHECKING:
    from xiancheng.planning.target import Answer, Barrier

MISSED = 4


def wish(goals: Sequence[str], by: int, area: str, **choices: Any) -> Wish:
    """Return what is wanted; year and area of goals that name none, the rest as of `Wish`."""
    return Wish(tuple(wishes.goal(words, by, area) for words in goals), **choices)


def tell(session: Session, chosen: Wish, log: Path | None, *, fail: bool, form: str) -> None:
    """Search and tell the answer."""
    tables.check(session.study.root)
    request = wishes.checked(session.study, chosen)
    session.say("cli.target.begin", levers=listing(chosen.levers, session.language))
    try:
        answer = targets.of(session.study, request, tried(session), log)
    except KeyboardInterrupt:
        if log is None:
            raise
        raise Stopped(phrase("cli.plan.stopped", file=str(log))) from None
    if form == "table":
        for line in _lines(session, request.wish, answer):
            session.out.print(line, markup=False, soft_wrap=True)
    else:
        rows = list(_rows(request.wish, answer))
        screen.rows(session, rows, form, titles={key: key for key in rows[0]})
    if fail and not answer.is_met:
        raise typer.Exit(MISSED)


def _rows(wish: Wish, answer: Answer) -> Iterator[dict[str, Any]]:
    about = {"met": answer.is_met, "share": answer.met, "money": answer.money, "unfunded": answer.unfunded,
             "runs": answer.runs}
    for name, value in answer.settings.items():
        yield {"kind": "lever", "id": name, "year": wish.goals[0].year, "area": "", "value": value,
               "at": answer.levels[name], "target": None, **about}
    for goal, before, reached in zip(wish.goals, answer.before, answer.reached, strict=True):
        yield {"kind": "target", "id": goal.indicator, "year": goal.year, "area": goal.area, "value": reached,
               "at": before, "target": goal.value, **about}


def _lines(session: Session, wish: Wish, answer: Answer) -> Iterator[str]:
    """Yield the answer in sentences: whether it is met, levers, figures, money, and what stands in the way."""
    last = max(goal.year for goal in wish.goals)
    own, in_members = levers.read(session.study), "" if wish.members == 0 else "_in"
    if answer.is_met and all(value == own[name].baseline for name, value in answer.settings.items()):
        yield session.words("cli.target.already")
    elif answer.is_met:
        yield session.words(f"cli.target.met{in_members}", share=f"{answer.met:.0%}")
    else:
        yield session.words(f"cli.target.out{in_members}", share=f"{answer.met:.0%}", goal=f"{wish.share:.0%}")
    for name, value in answer.settings.items():
        lever = own[name]
        low, high, baseline, setting, level = (number(size, lever.unit, session.language) for size in (
            lever.low, lever.high, lever.baseline, value, answer.levels[name]))
        title = lever.title[session.language]
        yield session.words("cli.target.lever_line", lever=title, value=setting, baseline=baseline, low=low, high=high)
        if level != setting and answer.is_met:
            yield session.words("cli.target.bounded", lever=title, year=last, level=level)
    for goal, before, reached in zip(wish.goals, answer.before, answer.reached, strict=True):
        indicator = indicators.find(session.study, goal.indicator)
        figures = {name: number(size, indicator.unit, session.language) for name, size in (
            ("before", before), ("reached", reached), ("target", goal.value))}
        yield session.words("cli.target.figure_line", indicator=indicator.title[session.language], year=goal.year,
                            area=goal.area, **figures)
    if answer.money is not None:
        yield session.words("cli.target.money", year=last, money=number(answer.money, "yuan", session.language))
    for barrier in answer.barriers:
        yield _barrier(session, barrier, answer, last)
    if answer.unfunded and not answer.is_met:
        money = number(answer.unfunded, "yuan", session.language)
        yield session.words("cli.target.purse", year=last, money=money)


def _barrier(session: Session, barrier: Barrier, answer: Answer, year: int) -> str:
    lever = levers.read(session.study)[barrier.lever]
    title = lever.title[session.language]
    if not barrier.moves:
        return session.words("cli.target.no_move", lever=title)
    if barrier.by_ramp is None:
        return session.words("cli.target.at_bound", lever=title)
    level, value = (number(size, lever.unit, session.language) for size in (
        barrier.by_ramp, answer.settings[barrier.lever]))
    return session.words("cli.target.by_ramp", lever=title, level=level, value=value, year=year)
