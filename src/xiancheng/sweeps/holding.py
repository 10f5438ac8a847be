"""How far an effect holds: the step after which what a lever does for each of its units has changed by a tenth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xiancheng.engine import integrate
from xiancheng.model import build as builder
from xiancheng.outputs import result as results
from xiancheng.outputs.reader import Reader
from xiancheng.outputs.spots import column
from xiancheng.sweeps.effects import Direction, Effect, Effects, directions, moved

TENTH = 0.1
SHARES = (1 / 64, 1 / 16, 1 / 4, 1.0)
"""Parts of the way to the end of a lever's range that are tried, until the effect has changed."""


@dataclass(frozen=True)
class Reach:
    """How far an effect holds.

    Attributes:
        effect: the effect; `first` is what a step does over the first part tried, where it is no longer the slope.
        step: how far the lever can be moved before the effect of each unit has changed by a tenth [its unit].
        is_all: the effect holds to the end of the range.
        has_kink: the effect has changed within the first part tried.
    """

    effect: Effect
    first: float
    step: float
    is_all: bool = False
    has_kink: bool = False


def reaches(
    answer: Effects, rows: Sequence[Effect], since: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> list[Reach]:
    """Return how far effects hold, from runs by the code of `run` that share the years before levers move.

    Args:
        answer: the effects.
        rows: those of them to look at.
        since: as of the effects.
        progress: called with the share of rows that are done, 0 to 1.
    """
    ways = {(way.lever.id, way.position): way for way in directions(answer.built, since)}
    figure = _Figure(answer)
    answers = []
    for number, row in enumerate(rows, start=1):
        answers.append(_reach(figure, ways[row.lever, row.position], row))
        progress(number / len(rows))
    return answers


@dataclass(frozen=True, eq=False)
class _Figure:
    """The figure of the effects under other settings."""

    answer: Effects

    def __call__(self, changed: dict[str, Any]) -> float:
        built = self.answer.built
        names, others = results.requested(built.study, None)
        needed = tuple(results.needed(built.study, names, others, ()))
        program = builder.program(built.study, built.text, needed, tuple(built.parameters))
        run = integrate.run_plain(program, {**built.parameters, **changed}, branch=built.clock.departure)
        name = self.answer.spot.indicator
        values = Reader.of(built).everywhere(run, [name])[name]
        return float(values[self.answer.spot.year - built.start, column(built, self.answer.spot.area)])


def _reach(figure: _Figure, way: Direction, row: Effect) -> Reach:
    side = 1.0 if row.step > 0 else -1.0
    room = way.up if side > 0 else way.down
    slope, first, tried, drift = row.effect / row.step, row.effect, 0.0, 0.0
    for share in SHARES:
        move = side * share * room
        own = (figure(moved(figure.answer.built, way, move)) - figure.answer.value) / move
        change = abs(own / slope - 1)
        first = own * row.step if share == SHARES[0] else first
        if change > TENTH:
            at = tried + (share - tried) * (TENTH - drift) / (change - drift)
            return Reach(row, first, side * at * room, has_kink=share == SHARES[0])
        tried, drift = share, change
    return Reach(row, first, side * room, is_all=True)
