"""Levers act through stocks, and most reach beyond their sector; what each does and costs is a case of its folder."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.linked.linked_runs import lever_rows, model
from tests.linked.outcomes import Outcome, outcome, sectors, study
from xiancheng.engine import graph
from xiancheng.engine.depends import everything
from xiancheng.engine.source import key
from xiancheng.outputs import formulas

LEVERS = tuple(row["id"] for row in lever_rows().values())


def row(lever: str) -> dict[str, str]:
    """The row of a lever."""
    return lever_rows()[lever.replace("_", " ")]


@cache
def far(lever: str) -> float:
    """The end of a lever's range away from its baseline, the upper one where both are away."""
    found = row(lever)
    return float(found["low"] if float(found["high"]) == float(found["baseline"]) else found["high"])


def moved(lever: str) -> Outcome:
    """The run with a lever at its far end."""
    return outcome((f"{lever}={far(lever):g}",))


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_acts_through_a_stock(lever: str) -> None:
    """On the way from the lever to what its own indicator reads lies a stock, or the indicator reads one."""
    inputs = variable_inputs()
    after = reached_from(key(lever), inputs)
    stocks = {name for name in after if model().variables[name].kind == "stock"}
    table = formulas.read(study())
    own = table[row(lever)["own_indicator"]]
    numerator = own.numerator or table[own.of].numerator
    assert numerator is not None
    read = {key(name) for name in numerator.variables}
    assert any(({stock} | reached_from(stock, inputs)) & read for stock in stocks)


@cache
def users() -> dict[str, list[str]]:
    """Variables that each variable feeds."""
    found: dict[str, list[str]] = {}
    for name, feeding in variable_inputs().items():
        for one in feeding:
            found.setdefault(one, []).append(name)
    return found


@cache
def variable_inputs() -> dict[str, list[str]]:
    """Variables that feed each variable."""
    return graph.variable_graph(model(), everything)


def reached_from(name: str, inputs: dict[str, list[str]]) -> set[str]:
    """Everything that a variable feeds, directly or not."""
    assert name in inputs
    found, open_ = set(), [name]
    while open_:
        for user in users().get(open_.pop(), []):
            if user not in found:
                found.add(user)
                open_.append(user)
    return found


def other_sectors(lever: str) -> set[str]:
    """Sectors besides its own and public finance in which a lever moves an indicator of 2035 by a thousandth."""
    own = sectors()[row(lever)["own_indicator"]]
    after, before = moved(lever), outcome()
    found: set[str] = set()
    for (area, name), values in before.items():
        level = values[-1]
        if area == "68" and np.isfinite(level) and level and abs(after[area, name][-1] / level - 1) >= 1e-3:
            found |= sectors()[name]
    return found - own - {"Finance"}


@pytest.mark.study
def test_most_levers_reach_another_sector_and_the_rest_say_that_they_are_mechanical() -> None:
    """Money apart, at least 15 levers reach beyond their own sector."""
    reach = {lever: other_sectors(lever) for lever in LEVERS}
    assert sum(bool(found) for found in reach.values()) >= 15
    silent = [lever for lever, found in reach.items() if not found and "mechanical" not in row(lever)["effect_unit"]]
    assert silent == []
