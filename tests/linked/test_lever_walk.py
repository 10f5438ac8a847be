"""Every lever of the study walks to both ends of its range where it aims at: its own indicator and money follow."""

from __future__ import annotations

import numpy as np
import pytest

from tests.linked.outcomes import AREAS, Outcome, outcome, study
from xiancheng.outputs import indicators, least_changes
from xiancheng.scenarios import levers
from xiancheng.scenarios.levers import Lever

pytestmark = pytest.mark.study
FROM = 2026 - 2020
MONEY = ("public_money", "private_money", "unfunded_money")
LEAST_MONEY = 1e6
"""Yuan from 2026 to 2035 that a lever with a cost moves at least."""
LEAST = 1e-6
"""Share of its level that an own indicator moves at least at one end; one that is at zero moves at all."""
LEVERS = levers.read(study())
CATALOGUE = indicators.read(study())


def at(lever: Lever, value: float) -> Outcome:
    """The run with the lever at a value, in the places that it aims at."""
    return outcome((f"{lever.id}={value!r}:default",))


def ends(lever: Lever) -> list[float]:
    """The ends of the range that are not where the lever rests."""
    return [value for value in (lever.low, lever.high) if value != lever.baseline]


def moved(lever: Lever, value: float) -> tuple[float, float]:
    """By what the own indicator moves in its last year, in the area in which it moves most, as a share of its level.

    Beside it the least change that counts there, as a share as well.
    """
    least, changes = least_changes.of(CATALOGUE[lever.own_indicator], least_changes.read(study())), []
    for area in AREAS:
        if (area, lever.own_indicator) in outcome():
            before, after = (run[area, lever.own_indicator][-1] for run in (outcome(), at(lever, value)))
            level = abs(float(before)) or 1.0
            changes.append((float(after - before) / level, least.at(before) / level))
    return max(changes, key=lambda change: abs(change[0]))


def money(lever: Lever, value: float) -> float:
    """What the lever moves of public, private and unfunded money, however signed [yuan]."""
    sums = (abs(float((at(lever, value)["province", name] - outcome()["province", name])[FROM:].sum()))
            for name in MONEY)
    return max(sums)


def test_all_levers_at_rest_are_the_baseline() -> None:
    """Bit for bit, all of them named at once."""
    rest = outcome(tuple(f"{lever.id}={lever.baseline!r}" for lever in LEVERS.values()))
    assert not [name for name, values in outcome().items() if not np.array_equal(values, rest[name], equal_nan=True)]


@pytest.mark.parametrize("name", LEVERS)
def test_the_own_indicator_goes_the_way_of_the_row(name: str) -> None:
    """Up the range as the row says, down the range the other way or not at all; at one end it does move.

    At the end where it moves less, what is below the least change of the indicator is none. Resettlement in cash needs
    that: below its level of the start it moves money, what it saves builds other works, and vacancy falls by 0.04 % of
    its level, where half a point counts.
    """
    lever = LEVERS[name]
    strong, *weak = sorted(((*moved(lever, value), value - lever.baseline) for value in ends(lever)),
                           key=lambda end: -abs(end[0]))
    assert abs(strong[0]) > LEAST, strong
    sign = {"+": 1.0, "-": -1.0}.get(lever.own_direction, 0.0)
    assert sign * strong[0] * strong[2] >= 0, strong
    assert all(sign * change * way >= 0 or abs(change) < least for change, least, way in weak), weak


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.costs])
def test_what_has_a_cost_moves_money(name: str) -> None:
    lever = LEVERS[name]
    assert max(money(lever, value) for value in ends(lever)) > LEAST_MONEY
