"""What would change an answer: the stresses, levers, unit costs and constants that move a claim, and where it turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, grounds
from xiancheng.comparison.changes import Line
from xiancheng.comparison.cuts import cut
from xiancheng.comparison.grounds import Drawn, Lean, Loss
from xiancheng.comparison.money import LeverCost
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE

LEADING = 3
"""What is told of each kind for each claim."""
PARAMETER, STRESS, LEVER = "parameter", "stress", "lever"
_LEAST = 0.01
"""Part of the effect of a lever below which all that is said is that it does nothing where it is not pulled."""
TWICE = 2.0
"""How many times a unit cost may be what it is before nothing more is said of it."""


@dataclass(frozen=True)
class Turning:
    """What an assumption does to a claim.

    Attributes:
        kind: PARAMETER, STRESS or LEVER; name: of the constant, or id of the stress or lever.
        pull: how far the change moves: over one standard deviation of the parameter, from the reference to the
            stress, or by all that the lever does [unit of the indicator].
        at: value of the parameter, or of the way from the reference to the stress, or of the effect of the lever (0 to
            1), at which the change is nothing; missing where the line through the runs does not cross zero within what
            was run.
        low, high: values that were run.
        middle: of the parameter in the median member; 0 for a stress, 1 for a lever.
        group: of what is not known, for a parameter; evidence: mark of the parameter, "" for the others.
        lever: in whose folder the parameter stands, or the lever itself.
    """

    kind: str
    name: str
    pull: float
    at: float
    low: float
    high: float
    middle: float
    group: str = ""
    evidence: str = ""
    lever: str = ""

    @property
    def turns(self) -> bool:
        """Whether the claim turns within what was run."""
        return self.at == self.at


def of(
    areas: xr.Dataset, line: Line, numbers: Sequence[Drawn], without: xr.Dataset | None = None,
    against: str = BASELINE,
) -> list[Turning]:
    """Return what moves a claim most, of each kind the first LEADING, each with its break-even.

    Args:
        areas: indicators of Runs.
        line: the claim, in the reference.
        numbers: in which members differ and that can bear on the option, in the order of the members.
        without: indicators of options without one of their levers.
        against: the scenario the claim is against.
    """
    apart = _apart(areas, line, against)
    order = [str(value) for value in areas.variables["stress"].values]
    reference = apart[order.index(REFERENCE)]
    kinds = [
        [_of_stress(name, reference, apart[row]) for row, name in enumerate(order) if name != REFERENCE],
        [_of_lever(name, loss) for name, loss in lost(areas, line, without, against).items()],
        [_of_number(lean, reference) for lean in grounds.leans(reference, numbers)],
    ]
    moving = [[item for item in kind if np.isfinite(item.pull) and item.pull != 0] for kind in kinds]
    chosen = [item for kind in moving for item in sorted(kind, key=_order)[:LEADING]]
    return sorted(chosen, key=lambda item: -abs(item.pull))


def _order(turning: Turning) -> tuple[bool, float]:
    """Sort what turns a claim before what does not, the strongest first."""
    return not turning.turns, -abs(turning.pull)


def _apart(areas: xr.Dataset, line: Line, against: str) -> Floats:
    """Return a change by condition and member (stress, member) [unit]."""
    values = cut(areas, line.indicator, ("scenario", "stress", "member"), scenario=[line.option, against],
                 area=line.area, year=line.year)
    return bands.change(*values)


def lost(areas: xr.Dataset, line: Line, without: xr.Dataset | None, against: str = BASELINE) -> dict[str, Loss]:
    """Return what goes of a claim without each lever of its option; nothing without these runs."""
    if without is None or not without.sizes["scenario"] or line.indicator not in without:
        return {}
    names = grounds.without_one(without, line.option)
    at = {"area": line.area, "year": line.year, "member": without["member"].values}
    own, base = cut(areas, line.indicator, ("scenario", "member"), scenario=[line.option, against], stress=REFERENCE,
                    **at)
    rest = cut(without, line.indicator, ("scenario", "member"), scenario=list(names.values()), **at)
    return grounds.by_lever(own, base, dict(zip(names, rest, strict=True)))


def leaning(areas: xr.Dataset, line: Line, numbers: Sequence[Drawn], against: str = BASELINE) -> list[Lean]:
    """Return the numbers that a claim clearly leans on, in the reference."""
    order = [str(value) for value in areas.variables["stress"].values]
    return grounds.leans(_apart(areas, line, against)[order.index(REFERENCE)], numbers)


def _of_stress(name: str, reference: Floats, stressed: Floats) -> Turning:
    """Compare the same members under both."""
    both = np.isfinite(reference) & np.isfinite(stressed)
    here, present = (float(np.median(item[both])) if both.any() else np.nan for item in (reference, stressed))
    share = here / (here - present) if here != present else np.nan
    return Turning(STRESS, name, present - here, share if 0 <= share <= 1 else np.nan, 0.0, 1.0, 0.0)


def _of_lever(name: str, loss: Loss) -> Turning:
    """Return at which part of its effect a lever leaves nothing of the change, on the line from without to with."""
    at = loss.nothing if _LEAST < loss.nothing <= 1 else np.nan
    return Turning(LEVER, name, loss.size, at, 0.0, 1.0, 1.0, lever=name)


def _of_number(lean: Lean, reference: Floats) -> Turning:
    number, finite = lean.number, np.isfinite(reference)
    values = number.values[finite]
    low, high = float(values.min()), float(values.max())
    zero = -lean.level / lean.slope if lean.slope else np.nan
    return Turning(PARAMETER, number.name, float(lean.slope * values.std()), zero if low <= zero <= high else np.nan,
                   low, high, float(np.median(values)), number.group, number.evidence, number.lever)


@dataclass(frozen=True)
class CostTurning:
    """At how many times its costs a lever makes two options cost the same.

    Attributes:
        dear, cheap: letters; gap: what the dear one costs more [yuan].
        option: letter of the one whose lever it is; lever: id.
        times: what the costs of the lever would have to be against what they are.
    """

    dear: str
    cheap: str
    gap: float
    option: str
    lever: str
    times: float


def of_costs(totals: Mapping[str, float], costs: Iterable[LeverCost]) -> list[CostTurning]:
    """Return for each pair of options the lever whose costs would have to change least for both to cost the same.

    Money is proportional to unit costs where nothing else changes; nothing is said below nothing or above TWICE.

    Args:
        totals: money of each option by letter [yuan].
        costs: money of each lever of each option, as of `money.by_lever`.
    """
    own = [(cost.option, cost.lever, _sum(cost)) for cost in costs]
    turnings = []
    for dear, cheap in permutations(totals, 2):
        gap = totals[dear] - totals[cheap]
        if gap > 0:
            signs = {dear: -1, cheap: 1}
            near = [CostTurning(dear, cheap, gap, option, lever, 1 + signs[option] * gap / money)
                    for option, lever, money in own if option in signs and money > 0]
            within = [item for item in near if 0 <= item.times <= TWICE]
            turnings += sorted(within, key=lambda item: abs(item.times - 1))[:1]
    return turnings


@dataclass(frozen=True)
class DoubledCost:
    """The money of an option as it is, and with every unit cost TWICE as high while nothing else changes.

    Attributes:
        option: letter.
        levers: money of all its levers; now: of the option; then: of the option with the levers' money TWICE [yuan].
    """

    option: str
    levers: float
    now: float
    then: float


def doubled(totals: Mapping[str, float], costs: Iterable[LeverCost]) -> list[DoubledCost]:
    """Return the money of options if every unit cost were TWICE what it is; none for options without money by lever.

    Money is proportional to unit costs where nothing else changes.

    Args:
        totals: money of each option by letter [yuan].
        costs: money of each lever of each option, as of `money.by_lever`.
    """
    own: dict[str, float] = {}
    for cost in costs:
        own[cost.option] = own.get(cost.option, 0.0) + _sum(cost)
    return [DoubledCost(option, own[option], total, total + (TWICE - 1) * own[option])
            for option, total in totals.items() if option in own]


def cheapest_first(costs: Sequence[DoubledCost]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the letters of options by their money as it is, and by their money with doubled unit costs."""
    now, then = sorted(costs, key=lambda cost: cost.now), sorted(costs, key=lambda cost: cost.then)
    return tuple(cost.option for cost in now), tuple(cost.option for cost in then)


def _sum(cost: LeverCost) -> float:
    return float(np.nansum([cost.public.median, cost.private.median]))
