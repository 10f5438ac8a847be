"""Life tables: from death rates of age groups to the yearly hazard of every class of the equations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.interpolate import monotone
from xiancheng.model.ages import OPEN_AGE

RATE_STARTS: tuple[int, ...] = (0, 1, *range(5, 101, 5))
"""First age of every group of the death rates [year]; the last group is open."""

_OLDEST = RATE_STARTS[-1]
_CLOSE, _MOST_ROUNDS = 1e-12, 200


@dataclass(frozen=True)
class LifeTable:
    """A period life table by single years, radix 1.

    Attributes:
        alive: l(x), alive at exact age x [1] (0 to 100).
        lived: L(x), person-years lived between x and x + 1 [year] (0 to 99, then 100 and over).
    """

    alive: Floats
    lived: Floats


def life_table(rates: Floats, sex: str) -> LifeTable:
    """Make the life table whose death rates of groups are the given ones.

    Args:
        rates: deaths per person-year of the groups that start at RATE_STARTS [1/year].
        sex: "female" or "male"; decides how early in the first year infants die (Coale and Demeny 1983).

    The rates of single years follow a smooth curve of their logarithm; its knots are moved until every group of the
    life table has its own rate again.
    """
    knots = np.log(rates)
    table = _table(_single_rates(knots, rates), sex)
    for _ in range(_MOST_ROUNDS):
        wanting = np.log(rates[1:-1] / _group_rates(table)[1:-1])
        if np.abs(wanting).max() < _CLOSE:
            return table
        knots[1:-1] += wanting
        table = _table(_single_rates(knots, rates), sex)
    raise ValueError("death rates that no smooth curve of single years can give")


def _single_rates(knots: Floats, rates: Floats) -> Floats:
    starts = np.array(RATE_STARTS, dtype=float)
    middles = np.append((starts[:-1] + starts[1:]) / 2, _OLDEST + 2.5)
    single = np.exp(monotone(middles, knots, np.arange(_OLDEST, dtype=np.float64) + 0.5))
    single[0] = rates[0]
    return np.append(single, rates[-1])


def _table(single: Floats, sex: str) -> LifeTable:
    early = _share_lived_of_first_year(single[0], sex)
    survival = np.exp(-single[:-1])
    survival[0] = 1 - single[0] / (1 + (1 - early) * single[0])
    alive = np.concatenate([[1.0], np.cumprod(survival)])
    lived = np.append((alive[:-1] - alive[1:]) / single[:-1], alive[-1] / single[-1])
    return LifeTable(alive, lived)


def _share_lived_of_first_year(rate: float, sex: str) -> float:
    base, slope = (0.053, 2.800) if sex == "female" else (0.045, 2.684)
    return float(base + slope * rate)


def _group_rates(table: LifeTable) -> Floats:
    starts = np.array(RATE_STARTS)
    lived = np.add.reduceat(table.lived, starts)
    dead = -np.diff(np.append(table.alive[starts], 0.0))
    ratio: Floats = dead / lived
    return ratio


def class_hazards(table: LifeTable) -> Floats:
    """Return the yearly hazard of newborns and of every class [1/year] (newborn, a0 ... a84, a85_plus).

    A class holds those who completed age x at the last census day: a year later a share L(x+1)/L(x) of them is alive.
    Newborns of the year reach the census day with L(0)/l(0); the open class with T(86)/T(85).
    """
    lived = table.lived
    newborn = -np.log(lived[0] / table.alive[0])
    closed = -np.log(lived[1 : OPEN_AGE + 1] / lived[:OPEN_AGE])
    rest = lived[OPEN_AGE:].sum()
    open_class = -np.log((rest - lived[OPEN_AGE]) / rest)
    return np.concatenate([[newborn], closed, [open_class]])
