"""The least setting of levers that meets targets, in a share of the members; or what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.errors import Problem, StudyError
from xiancheng.model import tables
from xiancheng.outputs import least_changes
from xiancheng.planning import least, trials
from xiancheng.planning.journal import Journal
from xiancheng.planning.least import Least
from xiancheng.planning.trials import Runner
from xiancheng.planning.wish import Request, Wish, checked
from xiancheng.provenance import fingerprint
from xiancheng.scenarios import ramp
from xiancheng.study import Study
from xiancheng.texts import phrase


@dataclass(frozen=True)
class Barrier:
    """What holds a lever where targets are missed.

    Attributes:
        lever: its id.
        at_bound: whether it stands at the end of its range.
        by_ramp: what it is at in the last year of the goals, where its ramp holds it back [its unit]; else None.
        moves: whether it moves any of the missed figures at all.
    """

    lever: str
    at_bound: bool
    by_ramp: float | None
    moves: bool


@dataclass(frozen=True)
class Answer:
    """What levers can do for goals.

    Attributes:
        is_met: whether the goals are met, in the share of members.
        settings: of each lever that meets them, else that comes closest [unit of the lever], by id.
        levels: what each lever is at in the last year of the goals, held back by its ramp [its unit].
        before: each goal's figure without a move, the median of members [its unit].
        reached: likewise with the settings.
        met: share of members that meet all goals.
        money: public money of all years until then beyond that without a move [yuan]; None in a study without.
        barriers: what holds each lever, where goals are missed.
        unfunded: unfunded need of the last year that comes on top, where it is more than its least change [yuan].
        runs: settings that were tried.
    """

    is_met: bool
    settings: Mapping[str, float]
    levels: Mapping[str, float]
    before: tuple[float, ...]
    reached: tuple[float, ...]
    met: float
    money: float | None
    barriers: tuple[Barrier, ...]
    unfunded: float
    runs: int


def find(
    study: Study, wish: Wish, progress: Callable[[int], None] = lambda count: None, log: Path | None = None
) -> Answer:
    """Find the least setting of levers that meets goals.

    Args:
        study: the study.
        wish: what is asked for.
        progress: called with the number of settings that are tried.
        log: a file that every setting tried is written to; what stands there is not run again.

    Raises:
        StudyError: everything unknown in the words of the user, or a log of another search.
    """
    tables.check_once(study)
    return of(study, checked(study, wish), progress, log)


def of(
    study: Study, request: Request, progress: Callable[[int], None] = lambda count: None, log: Path | None = None
) -> Answer:
    """Find the least setting for a request that is checked; see `find`."""
    runner = trials.prepare(study, request.moves, request.futures, request.figures, start=request.start,
                            end=request.end)
    mark = fingerprint([repr(request.wish), repr(request.futures), study.equations_hash, study.data_hash])
    return answer(study, request, Journal(runner, log, mark, progress))


def answer(study: Study, request: Request, runner: Runner) -> Answer:
    """Search with whatever runs settings, such as the model of the page that is warm already.

    Args:
        study: the study.
        request: from `checked`.
        runner: what tries settings and reads the figures of the request.

    Raises:
        StudyError: an indicator without a value there.
    """
    aim = request.aim
    count = len(request.wish.goals) + request.money

    def run(rows: Floats) -> Floats:
        figures = runner.values(rows)
        missing = [bool(np.isnan(figures[..., number]).any()) for number in range(len(request.wish.goals))]
        if any(missing):
            raise StudyError(Problem("", phrase("target.no_value", name=goal.indicator), phrase("target.has_value"))
                             for goal, none in zip(request.wish.goals, missing, strict=True) if none)
        return figures

    needs: dict[bytes, float] = {}

    def without_need(rows: Floats) -> Floats:
        figures = run(rows)
        if figures.shape[-1] > count:
            needs.update({row.tobytes(): float(own[:, count].mean()) for row, own in zip(rows, figures, strict=True)})
        return figures[..., :count]

    outcome = least.search(without_need, aim)
    more = needs.get(outcome.values.tobytes(), 0.0) - needs.get(aim.start.tobytes(), 0.0)
    return _told(study, request, outcome, more)


def _told(study: Study, request: Request, least_setting: Least, more: float) -> Answer:
    aim, goals = request.aim, request.wish.goals
    levels = {name: ramp.at(move.corners([value]), float(request.last)) for name, move, value in
              zip(request.wish.levers, request.moves.moves, least_setting.values, strict=True)}
    margins = aim.margins(least_setting.figures)
    tolerance = least_changes.read(study).get("*", least_changes.LeastChange())
    before, after = least_setting.before, least_setting.figures
    money = float((after - before)[:, len(goals) :].sum(axis=1).mean()) if request.money else None
    size = float(np.abs(before[:, len(goals) :]).mean()) if request.money else 0.0
    return Answer(
        is_met=least_setting.is_met,
        settings=dict(zip(request.wish.levers, map(float, least_setting.values), strict=True)),
        levels=levels,
        before=tuple(map(float, np.median(before[:, : len(goals)], axis=0))),
        reached=tuple(map(float, np.median(after[:, : len(goals)], axis=0))),
        met=float((margins.min(axis=1) >= 0).mean()), money=money,
        barriers=() if least_setting.is_met else tuple(_barriers(request, least_setting, levels)),
        unfunded=more if more > tolerance.at(size) else 0.0, runs=least_setting.runs,
    )


def _barriers(request: Request, least_setting: Least, levels: Mapping[str, float]) -> Iterator[Barrier]:
    aim = request.aim
    for number, name in enumerate(request.wish.levers):
        value, end = least_setting.values[number], least_setting.ends[number]
        width = aim.high[number] - aim.low[number]
        late = abs(levels[name] - value) > 1e-6 * width
        yield Barrier(name, bool(value in (aim.low[number], aim.high[number])), levels[name] if late else None,
                      bool(end != aim.start[number]))
