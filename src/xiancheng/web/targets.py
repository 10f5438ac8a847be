"""The least setting that meets targets, on the model of the page that is warm: no program is compiled for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import MaxLen

from xiancheng.model.settings import Scenario
from xiancheng.planning import target
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.singles import Singles
from xiancheng.planning.target import Answer
from xiancheng.planning.wish import Goal, Wish, checked
from xiancheng.scenarios import scenario
from xiancheng.scenarios.translator import Table
from xiancheng.web import request as requests
from xiancheng.web.request import RequestChoices
from xiancheng.web.service import Service

_Name = Annotated[str, MaxLen(80)]


class TargetDocument(Table):
    """What is to be reached by one lever: a figure of an area [unit of the indicator] in a calendar year."""

    lever: _Name
    indicator: _Name
    at_least: bool
    value: float
    year: int
    area: _Name


@dataclass(frozen=True)
class TargetRequest:
    """A wish and the scenario that its lever moves on top of.

    Attributes:
        wish: the lever and its goal.
        under: the plan of the page, without that lever.
    """

    wish: Wish
    under: Scenario


def read(body: bytes, choices: RequestChoices) -> TargetRequest:
    """Read a request for the least setting: a scenario as for a run, and its `target`.

    Args:
        body: JSON.
        choices: what it may name.

    Raises:
        StudyError: the first problems of the request.
    """
    run, document = requests.with_part(body, "target", TargetDocument, choices)
    goal = Goal(document.indicator, document.at_least, document.value, document.year, document.area)
    return TargetRequest(Wish((goal,), (document.lever,)), run.scenario)


def answer_of(service: Service, request: TargetRequest) -> dict[str, Any]:
    """Return the answer of a request as the page takes it: whether it is met, by what, and what holds it where not."""
    lever = request.wish.levers[0]
    answer = find(service, request.wish, request.under)
    barrier = next(iter(answer.barriers), None)
    return {
        "is_met": answer.is_met, "setting": answer.settings[lever], "level": answer.levels[lever],
        "before": answer.before[0], "reached": answer.reached[0], "money": answer.money, "runs": answer.runs,
        "moves": barrier is None or barrier.moves, "at_bound": barrier is not None and barrier.at_bound,
        "is_late": barrier is not None and barrier.by_ramp is not None,
    }


def find(service: Service, wish: Wish, under: Scenario | None = None) -> Answer:
    """Find the least setting of levers that meets goals, on the table of constants.

    Args:
        service: of the page; its model runs to the last year of the page.
        wish: what is asked for, without members.
        under: the scenario that levers move on top of; the one that the wish names when None.

    Raises:
        StudyError: everything unknown in the words of the user.
    """
    study = service.built.study
    request = checked(study, wish)
    reads = FigureReader(service.reader, service.built.places, request.figures)
    base = scenario.read(study, wish.under) if under is None else under
    runner = Singles(study, (base,), request.moves, reads, service.run, is_warm=True)
    return target.answer(study, request, runner)
