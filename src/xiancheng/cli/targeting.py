"""`target`: the least settings of levers that meet targets, or what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from xiancheng.cli import screen
from xiancheng.cli.frame import verb, words_of
from xiancheng.cli.session import Session
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase

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
    since: Since = None, places: Where = None, least: Small = "weights", weight: Weights = None, share: Share = None,
    members: Members = None, log: Log = None, fail: Fail = False, form: Form = "table",
) -> None:
    """Find the least settings of levers that meet targets."""
    screen.checked(form)
    asks_members, part = share is not None or members is not None, 1.0 if share is None else share_of(share)
    prices, where = _weights(weight or []), tuple(words_of(places) or ["all"])
    session.begin("cli.plan.reading")
    from xiancheng.cli import target_answer  # what runs the model takes seconds to load: after usage is right

    wish = target_answer.wish(
        goals, by, area, levers=tuple(words_of(using)), under=scenario, since=since,
        where=where[0] if len(where) == 1 else where, small=least, weights=prices, share=part,
        members=(members or USUAL_MEMBERS) if asks_members else 0,
    )
    target_answer.tell(session, wish, log, fail=fail, form=form)


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
