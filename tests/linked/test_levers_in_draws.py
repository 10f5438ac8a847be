"""M8 in draws of all that is not known: each lever moves its own indicator as the case of its folder says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.linked.outcomes import AREAS, Outcome, ready, simulated, study
from tests.linked.test_lever_cases import CASES
from tests.linked.test_levers import LEVERS, row
from xiancheng.calibration import whole_members
from xiancheng.engine.source import key
from xiancheng.outputs import places
from xiancheng.outputs import result as results
from xiancheng.weaving.documents import Case

pytestmark = pytest.mark.study
MEMBERS = (0, 54, 108, 162)
MOST = 1
"""Of them a lever may move its indicator the other way in so many."""
LEAST = 1e-7
"""Part of a figure below which it has not moved: where an effect may be nothing, some members say so."""


@cache
def own_cases() -> Mapping[str, Case]:
    """The case of each lever that speaks of its own indicator, with money in the purse: of the list where there is one.

    That is so for two levers: transfers, which bring the list what others pay, and young people drawn to it.
    """
    own = [(lever, case) for lever, case in CASES
           if case.indicator == row(lever)["own_indicator"] and case.change in ("+", "-") and case.purse != "empty"]
    return dict(sorted(own, key=lambda one: one[1].area == "68"))


@cache
def drawn(member: int) -> Mapping[str, Any]:
    """What a member of the shipped ones puts in the place of the tables."""
    draws = whole_members.read(study())
    constants = {name: values[member] for name, values in draws.constants.items()}
    return {key(name): values for name, values in (constants | {
        name: own[member] for name, own in draws.paths.items()}).items()}


@cache
def figures(member: int, setting: str = "") -> Outcome:
    """The own indicators of all levers in a member, with a setting or none."""
    built = ready((setting,) if setting else ())
    built = replace(built, parameters={**drawn(member), **built.parameters})
    result = results.result(simulated(built), built)
    names = sorted({case.indicator for case in own_cases().values()})
    return {(area, str(name)): table[name].isel(area=0).values
            for area, table in places.table_of(result, names, AREAS).items() for name in table.data_vars}


def is_right(lever: str, member: int) -> bool:
    """Whether the indicator moves as the case says, or not at all."""
    case = own_cases()[lever]
    of = case.area, case.indicator
    before, after = figures(member)[of][-1], figures(member, f"{lever}={case.setting}")[of][-1]
    return bool((after - before) * (1 if case.change == "+" else -1) >= -LEAST * abs(before))


def test_each_lever_moves_its_own_indicator_as_its_case_says_in_nearly_every_member() -> None:
    assert set(own_cases()) == set(LEVERS)
    wrong = {lever: [member for member in MEMBERS if not is_right(lever, member)] for lever in LEVERS}
    print({lever: members for lever, members in wrong.items() if members})
    assert [lever for lever, members in wrong.items() if len(members) > MOST] == []
    assert sum(map(len, wrong.values())) <= 0.02 * len(LEVERS) * len(MEMBERS)
