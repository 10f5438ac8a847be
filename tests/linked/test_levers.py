"""Each lever does what its row says, through a stock, for money; without money it does little and the need stands."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.linked.conftest import lever_rows, model
from tests.linked.outcomes import Outcome, outcome, sectors, study
from xiancheng.engine import graph
from xiancheng.engine.depends import everything
from xiancheng.engine.source import key
from xiancheng.outputs import formulas

LEVERS = tuple(row["id"] for row in lever_rows().values())
FROM = 2026 - 2020
FREE = {"registration_ease", "school_merge"}
"""Capital levers that law or saved money carries: not held to the purse."""
FINANCE = {"special_bonds", "private_capital", "debt_discipline", "county_transfer"}
PUBLIC = {"budget", "bond"}
BILLION = 1e9


def row(lever: str) -> dict[str, str]:
    """The row of a lever."""
    return lever_rows()[lever.replace("_", " ")]


@cache
def far(lever: str) -> float:
    """The end of a lever's range away from its baseline, the upper one where both are away."""
    found = row(lever)
    return float(found["low"] if float(found["high"]) == float(found["baseline"]) else found["high"])


def moved(lever: str, *, poor: bool = False) -> Outcome:
    """The run with a lever at its far end."""
    return outcome((f"{lever}={far(lever):g}",), poor=poor)


def change(lever: str, indicator: str, *, poor: bool = False, area: str = "province") -> float:
    """What a lever at its far end adds to an indicator in 2035, in the unit of the indicator."""
    return float(moved(lever, poor=poor)[area, indicator][-1] - outcome(poor=poor)[area, indicator][-1])


def spent(lever: str, indicator: str, *, poor: bool = False) -> float:
    """What a lever at its far end adds to a flow of money in the province, 2026 to 2035 [yuan]."""
    added = moved(lever, poor=poor)["province", indicator] - outcome(poor=poor)["province", indicator]
    return float(added[FROM:].sum())


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_indicator_as_its_row_says(lever: str) -> None:
    found = row(lever)
    wanted = 1 if found["own_direction"] == "+" else -1
    pulled = np.sign(far(lever) - float(found["baseline"]))
    level = abs(outcome()["province", found["own_indicator"]][-1])
    assert wanted * pulled * change(lever, found["own_indicator"]) > 1e-4 * level


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


PAID = [lever for lever in LEVERS if lever not in FINANCE and (row(lever)["unit_cost"] or row(lever)["running_cost"])]


@pytest.mark.parametrize("lever", PAID)
def test_a_lever_costs_what_it_does(lever: str) -> None:
    """More of it takes more money, public or private; school_merge saves."""
    pulled = np.sign(far(lever) - float(row(lever)["baseline"]))
    money = spent(lever, "public_money") + spent(lever, "private_money")
    saves = -1 if lever == "school_merge" else 1
    assert saves * pulled * money > 0.1 * BILLION


HELD = [
    lever for lever in LEVERS
    if lever not in FREE | FINANCE and float(row(lever)["unit_cost"] or 0) > 0
    and set(row(lever)["who_pays"].replace(" ", "").split(";")) <= PUBLIC
]


def test_some_levers_are_held_to_the_purse() -> None:
    assert len(HELD) >= 8


@pytest.mark.parametrize("lever", HELD)
def test_without_money_a_lever_loses_half_its_effect_and_the_need_stands(lever: str) -> None:
    own = row(lever)["own_indicator"]
    assert abs(change(lever, own, poor=True)) <= 0.5 * abs(change(lever, own))
    assert spent(lever, "unfunded_money", poor=True) > 0.1 * BILLION


def test_bonds_bring_money_and_debt() -> None:
    """More bonds: more debt, less unfunded need while there is room below the ceiling."""
    assert change("special_bonds", "explicit_debt") > 0
    assert spent("special_bonds", "public_capital") > 0


def test_private_capital_takes_load_off_the_purse() -> None:
    assert spent("private_capital", "private_money") > 0
    assert change("private_capital", "private_share") > 0


def test_without_discipline_hidden_debt_grows() -> None:
    """The far end of this lever is discipline given up."""
    assert far("debt_discipline") < float(row("debt_discipline")["baseline"])
    assert change("debt_discipline", "hidden_debt") > 0


def test_a_transfer_moves_money_and_makes_none() -> None:
    """Counties with less of their own receive what others pay: their unfunded need falls."""
    revenue = spent("county_transfer", "public_revenue")
    assert abs(revenue) < 0.005 * outcome()["province", "public_revenue"][FROM:].sum()
    assert change("county_transfer", "unfunded_need", area="68") < 0


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


def test_most_levers_reach_another_sector_and_the_rest_say_that_they_are_mechanical() -> None:
    """Money apart, at least 15 levers reach beyond their own sector."""
    reach = {lever: other_sectors(lever) for lever in LEVERS}
    assert sum(bool(found) for found in reach.values()) >= 15
    silent = [lever for lever, found in reach.items() if not found and "mechanical" not in row(lever)["effect_unit"]]
    assert silent == []
