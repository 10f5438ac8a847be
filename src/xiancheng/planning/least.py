"""The least setting that meets every target: linear programmes on secants of the runs, until they no longer move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats

_ROUNDS = 14
_CLOSE = 1e-3
"""Part of a lever's range below which two settings are the same."""
_AIM = 2e-6
"""What is aimed at above a target, as a part of it, so that rounding does not miss it."""
_MISSING = 1e4
"""What a missed part of a target weighs against the whole range of a lever."""
_FLAT = 1e-9


@dataclass(frozen=True)
class Aim:
    """What has to be met, and what is made small.

    Attributes:
        low: least values (value,) [unit of each lever]; high: largest; start: those of no policy.
        weights: of a whole range of each lever (value,); None for money, the figures behind those of the targets.
        signs: 1 where a target is the least allowed, -1 where it is the largest (target,).
        targets: (target,) [unit of each indicator].
        share: of futures that have to meet all targets at once, above 0 and up to 1.
    """

    low: Floats
    high: Floats
    start: Floats
    weights: Floats | None
    signs: Floats
    targets: Floats
    share: float = 1.0

    def margins(self, figures: Floats) -> Floats:
        """Return by how much targets are met (…, target), as parts of them; below 0 where missed."""
        scale = np.where(self.targets != 0, np.abs(self.targets), 1.0)
        return self.signs * (figures[..., : len(self.targets)] - self.targets) / scale

    def level(self, margins: Floats) -> float:
        """Return the margin that the share of futures reaches in all targets at once, from (future, target)."""
        worst = np.sort(margins.min(axis=1))[::-1]
        return float(worst[math.ceil(self.share * len(worst) - 1e-9) - 1])

    def easiest(self, margins: Floats) -> NDArray[np.intp]:
        """Return the futures that are held to the targets: as many as the share asks for, the easiest ones."""
        order = np.argsort(-margins.min(axis=1), kind="stable")
        return order[: math.ceil(self.share * len(order) - 1e-9)]


@dataclass(frozen=True)
class Least:
    """What a search came to.

    Attributes:
        values: the least setting that meets all targets, else the one that comes closest (value,).
        figures: of it (future, figure); before: of no policy.
        is_met: whether the share of futures meets all targets.
        ends: the end that each lever moves to (value,), the start where no move helps.
        runs: settings that were tried.
    """

    values: Floats
    figures: Floats
    before: Floats
    is_met: bool
    ends: Floats
    runs: int


class _Tally:
    """Every setting that was tried, with its figures."""

    def __init__(self, run: Callable[[Floats], Floats], aim: Aim) -> None:
        self._run, self.aim = run, aim
        self.rows: list[Floats] = []
        self.figures: list[Floats] = []

    def tried(self, rows: list[Floats]) -> list[Floats]:
        """Run settings, those that have not been run, and return the margins of each (future, target)."""
        done = {row.tobytes(): number for number, row in enumerate(self.rows)}
        fresh = list({row.tobytes(): row for row in rows if row.tobytes() not in done}.values())
        if fresh:
            self.figures += list(self._run(np.array(fresh)))
            self.rows += fresh
            done = {row.tobytes(): number for number, row in enumerate(self.rows)}
        return [self.aim.margins(self.figures[done[row.tobytes()]]) for row in rows]

    def best(self, cost: Callable[[Floats], float]) -> int:
        """Return the cheapest setting that meets the targets, else the one that comes closest."""
        levels = [self.aim.level(self.aim.margins(own)) for own in self.figures]
        met = [number for number, level in enumerate(levels) if level >= 0]
        return min(met, key=lambda number: cost(self.rows[number])) if met else int(np.argmax(levels))


def search(run: Callable[[Floats], Floats], aim: Aim) -> Least:
    """Find the least setting that meets every target.

    Args:
        run: figures (row, future, figure) of rows of values, those of the targets first.
        aim: what has to be met.
    """
    tally = _Tally(run, aim)
    ends, slopes, prices = _first_runs(tally)

    def cost(values: Floats) -> float:
        return float(prices @ np.abs(values - aim.start))

    if aim.level(aim.margins(tally.figures[0])) < 0:
        _rounds(tally, ends, slopes, prices)
        _line(tally, cost)
    best = tally.best(cost)
    return Least(tally.rows[best], tally.figures[best], tally.figures[0],
                 aim.level(aim.margins(tally.figures[best])) >= 0, ends, len(tally.rows))


def _first_runs(tally: _Tally) -> tuple[Floats, Floats, Floats]:
    """Run no policy, each lever at its ends and all at their better ends.

    Returns:
        The better end of each lever, secants of margins (future, target, value), and prices per unit of each lever.
    """
    aim = tally.aim
    sides = [(number, end) for number in range(len(aim.start)) for end in (aim.low[number], aim.high[number])
             if end != aim.start[number]]
    rows = [np.where(np.arange(len(aim.start)) == number, end, aim.start) for number, end in sides]
    start, *margins = tally.tried([aim.start, *rows])
    ends, slopes = aim.start.copy(), np.zeros((*start.shape, len(aim.start)))
    gains, costs = np.zeros(len(aim.start)), np.zeros(len(aim.start))
    for (number, end), own, figures in zip(sides, margins, tally.figures[1:], strict=True):
        gain = float((np.minimum(own, 0) - np.minimum(start, 0)).sum() + _FLAT * (own - start).sum())
        if gain > gains[number]:
            step = end - aim.start[number]
            gains[number], ends[number], slopes[..., number] = gain, end, (own - start) / step
            if aim.weights is None:
                costs[number] = _money(aim, figures, tally.figures[0]) / abs(step)
    prices = costs if aim.weights is None else aim.weights / (aim.high - aim.low)
    least = _FLAT + 1e-6 * max(prices.max(initial=0.0), 0.0)
    tally.tried([ends])
    return ends, slopes, np.maximum(prices, least)


def _money(aim: Aim, figures: Floats, before: Floats) -> float:
    """Return the money of a setting beyond that of no policy, the mean of futures; saving is no reason to move."""
    return max(float((figures - before)[:, len(aim.targets) :].sum(axis=1).mean()), 0.0)


def _rounds(tally: _Tally, ends: Floats, slopes: Floats, prices: Floats) -> None:
    """Solve one linear programme after the other, each on secants that the last run mended."""
    aim = tally.aim
    width = aim.high - aim.low
    values, margins = aim.start, aim.margins(tally.figures[0])
    for _ in range(_ROUNDS):
        after = _programme(aim, values, margins, slopes, prices, ends)
        step = (after - values) / width
        if np.abs(step).max() < (_CLOSE / 4 if aim.level(margins) >= 0 else _FLAT):
            return
        result = tally.tried([after])[0]
        miss = result - margins - slopes @ (after - values)
        slopes = slopes + miss[..., None] * (step / (step @ step) / width)
        is_close = np.abs(step).max() < _CLOSE
        values, margins = after, result
        if is_close and aim.level(margins) >= 0:
            return


def _programme(
    aim: Aim, values: Floats, margins: Floats, slopes: Floats, prices: Floats, ends: Floats
) -> Floats:
    """Return the cheapest setting that meets the targets as far as the secants say, else the one that misses least."""
    from scipy.optimize import linprog  # heavy, and only needed to search

    futures = aim.easiest(margins)
    bounds, own = margins[futures].reshape(-1), slopes[futures].reshape(-1, len(values))
    ways = np.where(ends >= aim.start, 1.0, -1.0)
    ranges = np.array([sorted(pair) for pair in zip(aim.start, ends, strict=True)])
    costs = [*(prices * ways / (prices @ (aim.high - aim.low))), _MISSING]
    answer = linprog(costs, A_ub=np.hstack([-own, -np.ones((len(own), 1))]), b_ub=bounds - own @ values - _AIM,
                     bounds=[*map(tuple, ranges), (0, None)])
    return ends if answer.x is None else np.clip(answer.x[:-1], ranges[:, 0], ranges[:, 1])


def _line(tally: _Tally, cost: Callable[[Floats], float]) -> None:
    """Go back from the best setting toward no policy as far as the targets are met, eight runs at a time."""
    aim = tally.aim
    best = tally.rows[tally.best(cost)]
    if aim.level(aim.margins(tally.figures[tally.best(cost)])) < 0:
        return
    length = float(np.abs((best - aim.start) / (aim.high - aim.low)).max())
    if length <= _CLOSE:
        return
    missed, met = 0.0, 1.0
    first = tally.tried([aim.start + (best - aim.start) * (1 - _CLOSE / length)])[0]
    if aim.level(first) < 0:
        return
    while (met - missed) * length > _CLOSE:
        shares = np.linspace(missed, met, 10)[1:-1]
        levels = [aim.level(own) for own in tally.tried([aim.start + (best - aim.start) * share for share in shares])]
        misses = [number for number, level in enumerate(levels) if level < 0]
        last = misses[-1] if misses else -1
        missed, met = (shares[last] if last >= 0 else missed), (shares[last + 1] if last + 1 < len(shares) else met)
