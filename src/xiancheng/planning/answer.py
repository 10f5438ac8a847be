"""What a plan comes to: the settings, what of its limits binds and at what price, as a scenario and as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.outputs.spots import Spot
from xiancheng.planning import evolution, lagrange, search, trials
from xiancheng.planning.evolution import Front
from xiancheng.planning.journal import Journal
from xiancheng.planning.landscape import Landscape
from xiancheng.planning.plan import Plan, Row
from xiancheng.planning.plan_document import EVOLUTION
from xiancheng.planning.pulls import Pulls
from xiancheng.planning.search import Best
from xiancheng.planning.trials import Runner
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, phrase

MANY = 24
"""Values above which one way back through a run costs less than a run for each of them."""
BINDS = 1e-3
"""Room, in parts of a limit's scale, below which it binds."""
SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class LimitOutcome:
    """A limit at the answer.

    Attributes:
        row: what is limited.
        before: the figure without a policy, the mean of futures [unit of the indicator]; after: with the answer.
        room: what is left to the bound, below 0 where it is overstepped [unit of the indicator].
        binds: whether next to nothing is left.
        price: what the aim gains from one more unit of room [unit of the aim per unit of the indicator]; where limits
            exclude each other, the weight that this one has in it.
    """

    row: Row
    before: float
    after: float
    room: float
    binds: bool
    price: float


@dataclass(frozen=True)
class PlanAnswer:
    """The best that was found.

    Attributes:
        plan: the plan.
        values: of the moves (value,) [unit of each lever].
        is_kept: whether all limits are kept.
        aims: each aim's figure without a policy and with the answer, the mean of futures [its unit].
        limits: what became of each.
        tried: settings that were tried.
    """

    plan: Plan
    values: Floats
    is_kept: bool
    aims: tuple[tuple[Spot, float, float], ...]
    limits: tuple[LimitOutcome, ...]
    tried: int

    @property
    def excluding(self) -> tuple[LimitOutcome, ...]:
        """The limits that exclude each other, the heaviest first; none where all are kept."""
        own = [outcome for outcome in self.limits
               if outcome.price > 0 or outcome.room < -BINDS * abs(outcome.row.bound)]
        return () if self.is_kept else tuple(sorted(own, key=lambda outcome: -outcome.price))

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The levers as a scenario has them."""
        return self.plan.moves.tables(self.values)


def solve(
    study: Study, plan: Plan, *, log: Path | None = None, progress: Callable[[int], None] = lambda count: None,
    runner: Runner | None = None, first: Floats | None = None,
) -> PlanAnswer:
    """Search for the best setting of a plan.

    Args:
        study: the study.
        plan: what is asked for.
        log: a file that every setting tried is written to; what stands there is not run again.
        progress: called with the number of settings that are tried.
        runner: what tries settings; the compiled equations when None.
        first: values of the moves from which a search with slopes begins besides its own starts (value,) [unit of
            each lever].

    Raises:
        StudyError: every problem of the study, or a log of another plan.
    """
    landscape, journal = landscape_of(study, plan, log, progress, runner)
    if plan.search.method == EVOLUTION:
        return _answer(landscape, evolution.search(landscape), len(journal))
    if plan.moves.size > MANY and not plan.futures.members:
        pulls = Pulls.of(study, plan)
        landscape = landscape.scaled(pulls(landscape.start, landscape.weights(landscape.before, nothing(plan)))[1])
        best = lagrange.search(landscape, pulls)
        if best.is_kept:
            return _answer(landscape, best, len(journal))
    landscape = landscape.scaled(landscape.slopes(landscape.start).aim)
    shares = None if first is None else plan.moves.shares(first)
    return _answer(landscape, search.search(landscape, shares), len(journal))


def nothing(plan: Plan) -> Floats:
    """Return a zero for each limit of a plan (row,)."""
    return np.zeros(len(plan.rows))


def front(
    study: Study, plan: Plan, *, log: Path | None = None, progress: Callable[[int], None] = lambda count: None,
) -> tuple[PlanAnswer, ...]:
    """Return the settings of which none is better than another in both aims of a plan; see `solve`."""
    landscape, journal = landscape_of(study, plan, log, progress, None)
    settings: Front = evolution.front(landscape)
    return tuple(_answer(landscape, Best(shares, view, True, nothing(plan)), len(journal))
                 for shares, view in zip(settings.shares, settings.views, strict=True))


def landscape_of(
    study: Study, plan: Plan, log: Path | None = None, progress: Callable[[int], None] = lambda count: None,
    runner: Runner | None = None,
) -> tuple[Landscape, Journal]:
    """Return a plan with what tries its settings, and the log of it.

    Raises:
        StudyError: every problem of the study, a log of another plan, or a figure without a value.
    """
    tables.check_once(study)
    if runner is None:
        runner = trials.prepare(study, plan.moves, plan.futures, plan.figures, start=plan.start, end=plan.end)
    journal = Journal(runner, log, plan.mark, progress)
    landscape = Landscape.of(plan, journal)
    missing = [bool(np.isnan(own).any()) for own in landscape.before.T]
    if any(missing):
        raise StudyError(Problem("", phrase("target.no_value", name=str(named)), phrase("target.has_value"))
                         for named, none in zip(plan.figures, missing, strict=True) if none)
    return landscape, journal


def _answer(landscape: Landscape, best: Best, tried: int) -> PlanAnswer:
    plan = landscape.plan
    values = np.round(plan.moves.values(best.shares), 10)
    figures = landscape.runner.values(values[None])[0]
    before, after = landscape.before.mean(axis=0), figures.mean(axis=0)
    at = {own: number for number, own in enumerate(plan.figures)}
    aims = tuple((aim.figure, float(before[at[aim.figure]]), float(after[at[aim.figure]])) for aim in plan.aims)
    limits = []
    for row, over, scale, price in zip(plan.rows, best.view.over, landscape.scales(), best.prices, strict=True):
        unit = landscape.aim_scale / scale if best.is_kept else 1.0
        limits.append(LimitOutcome(
            row, float(before[at[row.figure]]), float(after[at[row.figure]]), float(row.margin - over * scale),
            bool(over > -BINDS), float(price * unit)))
    return PlanAnswer(plan, values, best.is_kept, aims, tuple(limits), tried)


def scenario_text(answer: PlanAnswer, note: str = "") -> str:
    """Return the file of a scenario that sets what was found.

    Args:
        answer: of a plan.
        note: a sentence in front of it.
    """
    lines = [f"# {line}" for line in note.split("\n") if line]
    for table, words in (("title", answer.plan.title), ("sentence", answer.plan.sentence)):
        lines += ["", f"[{table}]", *(f"{language} = {json.dumps(words[language], ensure_ascii=False)}"
                                      for language in LANGUAGES)]
    for name, entries in answer.scenario.items():
        for entry in entries:
            head = f"[[levers.{name}]]" if len(entries) > 1 else f"[levers.{name}]"
            points = ", ".join(f"{year} = {value!r}" for year, value in entry["points"].items())
            lines += ["", head, f"points = {{ {points} }}", f"places = {_places(entry['places'])}"]
    return "\n".join(lines).lstrip("\n") + "\n"


def _places(words: Any) -> str:
    if isinstance(words, Mapping):
        return "{ " + ", ".join(f"{name} = {json.dumps(value)}" for name, value in words.items()) + " }"
    return json.dumps(words, ensure_ascii=False)


def rows(answer: PlanAnswer, shares: Floats | None = None) -> Iterator[dict[str, Any]]:
    """Yield a table of the answer: settings, aims, limits with what is left and their price.

    Args:
        answer: of a plan.
        shares: of members in which each limit is kept (row,).
    """
    nothing: dict[str, Any] = {"before": "", "bound": "", "room": "", "binds": "", "price": "", "share": ""}
    for label, value in zip(answer.plan.moves.labels, answer.values, strict=True):
        yield {"kind": "setting", "id": label, "year": "", "area": "", "value": float(value), **nothing}
    for own, before, after in answer.aims:
        yield {"kind": "aim", "id": own.indicator, "year": own.year, "area": own.area, "value": after, **nothing,
               "before": before}
    for number, outcome in enumerate(answer.limits):
        own = outcome.row.figure
        yield {"kind": "limit", "id": own.indicator, "year": own.year, "area": own.area, "value": outcome.after,
               "before": outcome.before, "bound": outcome.row.bound, "room": outcome.room, "binds": int(outcome.binds),
               "price": outcome.price, "share": "" if shares is None else float(shares[number])}

