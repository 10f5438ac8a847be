"""The best use of a budget: what a few levers may be set to so that a figure gains most, on the model that is warm.

The answer is the best that was found within a minute; a search that takes longer is refused, not cut short.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Annotated, Any

from annotated_types import Gt, MaxLen, MinLen

from xiancheng.errors import Problem, StudyError
from xiancheng.model.groups import GROUPS
from xiancheng.model.places import LIST
from xiancheng.model.settings import Scenario
from xiancheng.outputs import views
from xiancheng.planning import answer as answers
from xiancheng.planning import plan as plans
from xiancheng.planning.answer import PlanAnswer
from xiancheng.planning.figure import FigureReader
from xiancheng.planning.plan import Plan
from xiancheng.planning.plan_document import HIGH, LOW
from xiancheng.planning.singles import Singles
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.translator import Table
from xiancheng.texts import LANGUAGES, phrase
from xiancheng.web import request as requests
from xiancheng.web.progress import UNKNOWN, Progress
from xiancheng.web.request import RequestChoices
from xiancheng.web.service import Service

SECONDS = 60.0
"""The longest that anybody waits for an answer."""
MOST_LEVERS = 8
STEPS = 6
_Name = Annotated[str, MaxLen(80)]


class BudgetDocument(Table):
    """What is to gain: a figure of an area, by levers, with money of the public purse [yuan a year] on top."""

    indicator: _Name
    area: _Name
    year: int
    is_more: bool
    budget: Annotated[float, Gt(0)]
    levers: Annotated[list[_Name], MinLen(1), MaxLen(MOST_LEVERS)]


@dataclass(frozen=True)
class BudgetRequest:
    """A plan to search, and the scenario that it stands on."""

    plan: Plan
    under: Scenario


def read(body: bytes, choices: RequestChoices, service: Service) -> BudgetRequest:
    """Read a request: a scenario as for a run, without the levers that may move, and its `budget`.

    Args:
        body: JSON.
        choices: what it may name.
        service: of the page.

    Raises:
        StudyError: the first problems of the request, or levers that have no way up from their baseline.
    """
    run, document = requests.with_part(body, "budget", BudgetDocument, choices)
    return BudgetRequest(plans.of(service.built.study, Document("", _plan(document, choices, service), {}), "budget"),
                         run.scenario)


def _plan(wish: BudgetDocument, choices: RequestChoices, service: Service) -> dict[str, Any]:
    """Return the plan as its file would say it; no lever goes below what it is today."""
    levers, clock = choices.book.levers, choices.book.clock
    moving = [name for name in wish.levers if name not in levers or levers[name].high > levers[name].baseline]
    if not moving:
        raise StudyError(Problem("", phrase("page.budget_none"), phrase("page.budget_allowed")))
    codes = {place.code for place in choices.book.places}
    places = wish.area if wish.area == LIST or wish.area in codes else GROUPS[0]
    words = dict.fromkeys(LANGUAGES, "budget")
    return {
        "title": words, "sentence": words,
        "aims": [{"indicator": wish.indicator, "year": wish.year, "area": wish.area,
                  "direction": HIGH if wish.is_more else LOW}],
        "limits": [{"indicator": views.leading(service.built.study, "public"), "area": wish.area, "years": "all",
                    "at_most": float(wish.budget), "against": "baseline"}],
        "levers": {name: {"years": [_soonest(choices, name, clock.first_setting, clock.end)], "places": places,
                          **({"low": float(levers[name].baseline)} if name in levers else {})} for name in moving},
        "search": {"starts": 1, "steps": STEPS},
    }


def _soonest(choices: RequestChoices, name: str, first: int, last: int) -> int:
    """Return the first year by which its ramp lets a lever be at its upper bound."""
    lever = choices.book.levers.get(name)
    years = 0.0 if lever is None else lever.ramp_years
    return min(last, first + max(0, round(years) - 1))


@dataclass
class Budgets:
    """Searches plans on the model of the page.

    Attributes:
        service: of the page.
        progress: of the search that is under way.
    """

    service: Service
    progress: Progress = field(default_factory=lambda: Progress("page.budget_stopped"))
    _lock: Lock = field(default_factory=Lock)

    def answer(self, request: BudgetRequest) -> dict[str, Any]:
        """Return the answer as the page takes it.

        Raises:
            StudyError: the search was stopped, or took longer than anybody waits.
        """
        with self._lock:
            self.progress.begin(UNKNOWN)
            try:
                return _told(self._solve(request), self.progress.seconds)
            finally:
                self.progress.of = 0

    def _solve(self, request: BudgetRequest) -> PlanAnswer:
        service, plan = self.service, request.plan
        reads = FigureReader(service.reader, service.built.places, plan.figures)
        runner = Singles(service.built.study, (request.under,), plan.moves, reads, service.run, is_warm=True)
        return answers.solve(service.built.study, plan, progress=self._reach, runner=runner)

    def _reach(self, tried: int) -> None:
        self.progress.reach(tried)
        if self.progress.seconds > SECONDS:
            sentence = phrase("page.budget_late", seconds=SECONDS, tried=tried)
            raise StudyError(Problem("", sentence, phrase("page.budget_late_hint")))


def _told(answer: PlanAnswer, seconds: float) -> dict[str, Any]:
    (_, before, after), money = answer.aims[0], [limit.after - limit.before for limit in answer.limits]
    entries: Mapping[str, Any] = answer.scenario
    return {
        "levers": {name: {"value": list(entry["points"].values())[-1], "year": int(list(entry["points"])[-1]),
                          "places": entry["places"]} for name, (entry,) in entries.items()},
        "before": before, "after": after, "most": max(money), "sum": sum(money), "is_kept": answer.is_kept,
        "years": [limit.row.figure.year for limit in answer.limits if limit.binds],
        "tried": answer.tried, "seconds": round(seconds, 1),
    }
