"""What the answer of a plan comes to in members of what is not known, and the answer that keeps a margin for them.

A search that has every setting run in every member takes as many times the runs as there are members. Here the search
runs on the table of constants, with limits drawn in by as much as the members want: what the members need beyond the
table hardly changes from one setting to its neighbour, so that a few rounds of search and trial are enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.outputs.spots import Spot
from xiancheng.planning import answer as answers
from xiancheng.planning import trials
from xiancheng.planning.answer import SHARES, PlanAnswer
from xiancheng.planning.landscape import ENOUGH, Landscape
from xiancheng.planning.plan import Plan
from xiancheng.planning.trials import Futures, Runner
from xiancheng.study import Study

MOST_ROUNDS = 4
_SMALL = 1e-9
_STEEPEST = 0.75
"""Part of a change that may be lost in members and still be made up for by changing more."""


@dataclass(frozen=True)
class Endurance:
    """What an answer comes to in members, each under every stress of its plan.

    Attributes:
        count: how many futures there are: members, times stresses.
        bands: what each aim gains in 5, 50 and 95 % of them [its unit].
        oversteps: how far each limit is overstepped, below 0 where there is room (future, row) [its unit].
        is_over: whether it is, beyond what rounding leaves (future, row).
        worst: how far the limit that is overstepped most is (future,) [parts of its scale].
    """

    count: int
    bands: dict[Spot, Floats]
    oversteps: Floats
    is_over: NDArray[np.bool_]
    worst: Floats

    @property
    def shares(self) -> Floats:
        """The share of futures in which each limit is kept (row,)."""
        return np.asarray(1 - self.is_over.mean(axis=0))

    @property
    def together(self) -> float:
        """The share of futures in which all limits are kept at once."""
        return float(1 - self.is_over.any(axis=1).mean())

    def needs(self, share: float, on_table: Floats) -> Floats:
        """Return what each limit needs beyond the table of constants in the share of futures that need least (row,).

        Args:
            share: of futures that have to keep all limits at once.
            on_table: how far each limit is overstepped on the table of constants (row,) [its unit].
        """
        easiest = np.argsort(self.worst, kind="stable")[: math.ceil(share * self.count - _SMALL)]
        return np.asarray(np.maximum(self.oversteps[easiest].max(axis=0) - on_table, 0.0))


@dataclass(frozen=True, eq=False)
class MemberTrials:
    """A plan and what runs its settings in members, without a policy and with one.

    Attributes:
        landscape: the plan in the futures of the members.
    """

    landscape: Landscape

    @classmethod
    def of(cls, study: Study, plan: Plan, members: int | str, runner: Runner | None = None) -> MemberTrials:
        """Make the runs of members ready, and run them without a policy.

        Args:
            study: the study.
            plan: the plan; its stresses are run with every member.
            members: how many, as `compare` takes it.
            runner: what runs settings in members; the compiled equations when None.

        Raises:
            StudyError: fewer members than asked for.
        """
        kind, numbers = trials.members_of(study, members)
        own = replace(plan, futures=Futures(plan.futures.scenarios, numbers, kind))
        if runner is None:
            runner = trials.prepare(study, own.moves, own.futures, own.figures, start=own.start, end=own.end)
        return cls(Landscape.of(own, runner))

    def of_answer(self, answer: PlanAnswer) -> Endurance:
        """Return what an answer comes to in the members."""
        figures = self.landscape.runner.values(answer.values[None])[0]
        at = {figure: number for number, figure in enumerate(answer.plan.figures)}
        gains = {aim.figure: (figures - self.landscape.before)[:, at[aim.figure]] for aim in answer.plan.aims}
        over = self.landscape.oversteps(figures)
        return Endurance(len(figures), {figure: np.quantile(gain, SHARES) for figure, gain in gains.items()},
                         over * self.landscape.scales(), over > ENOUGH, over.max(axis=1, initial=0.0))


def enduring(
    study: Study, answer: PlanAnswer, bare: Endurance, members: MemberTrials, share: float, *, log: Path | None = None,
    progress: Callable[[int], None] = lambda count: None, runner: Runner | None = None,
) -> tuple[PlanAnswer, Endurance]:
    """Return the best that was found of which all limits are kept at once in a share of members, with what it comes to.

    Args:
        study: the study.
        answer: of the plan on the table of constants, or under its stresses.
        bare: what it comes to in members.
        members: what runs settings in members.
        share: of futures, above 0 and up to 1; where none reaches it, the answer that comes closest is returned.
        log: of the search on the table of constants.
        progress: called with the number of settings that are tried.
        runner: what tries settings on the table of constants; the compiled equations when None.
    """
    plan, tried = answer.plan, [(answer, bare)]
    safe = margins = np.zeros(len(plan.rows))
    for _ in range(MOST_ROUNDS):
        last, endurance = tried[-1]
        if endurance.together >= share - _SMALL:
            break
        if last.is_kept:
            safe, margins = margins, _margins(last, endurance, share)
        else:  # limits drawn in so far exclude each other: half of the way
            margins = (safe + margins) / 2
        rows = tuple(replace(row, margin=float(margin)) for row, margin in zip(plan.rows, margins, strict=True))
        own = answers.solve(study, replace(plan, rows=rows), log=log, progress=progress, runner=runner,
                            first=last.values)
        tried.append((own, members.of_answer(own)))
    return max(tried, key=lambda pair: (min(pair[1].together, share - _SMALL), _gain(pair[0])))


def _margins(answer: PlanAnswer, endurance: Endurance, share: float) -> Floats:
    """Return the margins at which limits are as far drawn in as a share of members needs (row,) [its unit].

    What a limit of a change needs is taken to grow with the change, as money in dearer members does, down to nothing
    where nothing is changed; what any other needs is taken as it stands.
    """
    over = np.array([-limit.room for limit in answer.limits])
    moves = np.array([-limit.row.sign * (limit.after - limit.before) * limit.row.is_change for limit in answer.limits])
    needs = endurance.needs(share, over)
    slope = np.divide(needs, moves, out=np.zeros_like(needs), where=np.abs(moves) > _SMALL)
    slope = np.maximum(slope, -_STEEPEST)
    return np.asarray(np.maximum((needs - slope * over) / (1 + slope), 0.0))


def _gain(answer: PlanAnswer) -> float:
    return sum(aim.weight * (after - before)
               for aim, (_, before, after) in zip(answer.plan.aims, answer.aims, strict=True))
