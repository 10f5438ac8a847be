"""`target`: the least settings of levers that meet targets, or what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb
from xiancheng.cli.progress import tried
from xiancheng.cli.run import words_of
from xiancheng.cli.session import Session, Stopped
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.outputs import indicators
from xiancheng.planning import target as targets
from xiancheng.planning import wish as wishes
from xiancheng.planning.wish import WEIGHTS, Wish
from xiancheng.scenarios import levers
from xiancheng.texts import listing, number, phrase

if TYPE_CHECKING:
    from xiancheng.planning.target import Answer, Barrier

MISSED = 4
USUAL_MEMBERS = 20

Goals = Annotated[list[str], typer.Argument(metavar="TARGET…", help="cli.target.words")]
By = Annotated[int, typer.Option("--by", metavar="YEAR", help="cli.target.by")]
Using = Annotated[list[str], typer.Option("--using", metavar="LEVER,…", help="cli.target.using")]
Under = Annotated[str, typer.Option("-s", "--scenario", metavar="SCENARIO", help="cli.run.scenario")]
Area = Annotated[str, typer.Option("--area", metavar="AREA", help="cli.target.area")]
Since = Annotated[int | None, typer.Option("--from", metavar="YEAR", help="cli.target.from")]
Where = Annotated[list[str] | None, typer.Option("--places", metavar="PLACE,…", help="cli.target.places")]
Small = Annotated[str, typer.Option("--least", metavar="weights|money", help="cli.target.least")]
Weights = Annotated[list[str] | None, typer.Option("--weight", metavar="LEVER=NUMBER", help="cli.target.weight")]
Share = Annotated[str | None, typer.Option("--in", metavar="SHARE", help="cli.target.in")]
Members = Annotated[str | None, typer.Option("--members", metavar="N", help="cli.target.members")]
Log = Annotated[Path | None, typer.Option("--log", metavar="FILE", help="cli.target.log")]
Fail = Annotated[bool, typer.Option("--fail-if-missed", help="cli.target.fail")]
Form = Annotated[str, typer.Option("--format", metavar="table|json|csv", help="cli.flag.format")]


def register(app: typer.Typer) -> None:
    """Offer the verb."""
    verb(app, "target")(target)


def target(
    session: Session, goals: Goals, by: By, using: Using, scenario: Under = "baseline", area: Area = "68",
    since: Since = None, places: Where = None, least: Small = WEIGHTS, weight: Weights = None, share: Share = None,
    members: Members = None, log: Log = None, fail: Fail = False, form: Form = "table",
) -> None:
    """Find the least settings of levers that meet targets."""
    screen.checked(form)
    tables.check(session.study.root)
    chosen = tuple(words_of(places) or ["all"])
    asks_members, part = share is not None or members is not None, 1.0 if share is None else share_of(share)
    wish = Wish(
        tuple(wishes.goal(words, by, area) for words in goals), tuple(words_of(using)), scenario, since,
        chosen[0] if len(chosen) == 1 else chosen, least, _weights(weight or []), part,
        (members or USUAL_MEMBERS) if asks_members else 0,
    )
    request = wishes.checked(session.study, wish)
    session.say("cli.target.begin", levers=listing(wish.levers, session.language))
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


def _weights(words: Sequence[str]) -> dict[str, float]:
    weights = {}
    for word in words:
        name, _, value = word.partition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            weights[name.strip()] = 0.0
        if not 0 < weights[name.strip()] < float("inf"):
            wrong = phrase("cli.target.weight_form", words=word)
            raise StudyError(Problem("--weight", wrong, phrase("cli.target.weight_allowed")))
    return weights


def share_of(word: str) -> float:
    """Return a share of members, written as "90%" or "0.9".

    Raises:
        StudyError: it is none.
    """
    try:
        share = float(word.removesuffix("%")) / 100 if word.endswith("%") else float(word)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise StudyError(Problem("--in", phrase("target.share", share=word), phrase("target.share_allowed")))
    return share


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
