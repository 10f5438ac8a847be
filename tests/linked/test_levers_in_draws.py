"""M8 in draws of all that is not known: where a lever acts, its own indicator moves the way that its row states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.linked.outcomes import Outcome, ready, simulated, study
from tests.linked.test_levers import LEVERS, far, row
from xiancheng.calibration import whole_members
from xiancheng.engine.source import key
from xiancheng.outputs import indicators, places
from xiancheng.outputs import result as results
from xiancheng.scenarios import levers

pytestmark = pytest.mark.study
MEMBERS = (0, 27, 54, 81, 108, 135, 162, 189)
LIST, PROVINCE = "68", "province"
LEAST = 1e-7
"""Part of a figure below which it has not moved: where an effect may be nothing, some members say so."""


@cache
def drawn(member: int) -> Mapping[str, Any]:
    """What a member of the shipped ones puts in the place of the tables."""
    draws = whole_members.read(study())
    constants = {name: values[member] for name, values in draws.constants.items()}
    return {key(name): values for name, values in (constants | {
        name: own[member] for name, own in draws.paths.items()}).items()}


@cache
def ends(member: int, lever: str = "") -> Outcome:
    """The figures of 2035 with a lever at its far end in a member, or with none."""
    built = ready((f"{lever}={far(lever):g}",) if lever else ())
    built = replace(built, parameters={**drawn(member), **built.parameters})
    result = results.result(simulated(built), built)
    own = sorted({row(name)["own_indicator"] for name in LEVERS})
    names = [name for name in own if name in indicators.read(study())]
    return {(area, str(name)): table[name].isel(area=0).values
            for area, table in places.table_of(result, names, (LIST, PROVINCE)).items() for name in table.data_vars}


def where(lever: str) -> str:
    """The area where a lever acts: the list where it aims at that, else the province."""
    return LIST if levers.read(study())[lever].default_scope == LIST else PROVINCE


@pytest.mark.parametrize("member", MEMBERS)
def test_each_lever_moves_its_own_indicator_as_its_row_says_in_a_member(member: int) -> None:
    wrong = {}
    for lever in LEVERS:
        of = where(lever), row(lever)["own_indicator"]
        before, after = ends(member)[of][-1], ends(member, lever)[of][-1]
        moved = (after - before) * (1 if row(lever)["own_direction"] == "+" else -1)
        if moved < -LEAST * abs(before) or not np.isfinite(moved):
            wrong[lever] = f"{of}: {before:g} -> {after:g}"
    assert wrong == {}
