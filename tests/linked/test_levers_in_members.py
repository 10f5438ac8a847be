"""Every lever goes the way of its row in members of the whole model too, where all that is not known is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from tests.linked.outcomes import AREAS, study
from xiancheng.calibration import whole_members
from xiancheng.outputs import indicators, journey, least_changes
from xiancheng.scenarios import levers
from xiancheng.sweeps import bands

pytestmark = pytest.mark.study
MEMBERS = 4
LEVERS = levers.read(study())
CATALOGUE = indicators.read(study())
OWN = tuple(dict.fromkeys(lever.own_indicator for lever in LEVERS.values()))
Ends = Mapping[str, Mapping[str, np.ndarray]]


@cache
def ends(settings: tuple[str, ...] = ()) -> Ends:
    """What each member says of the own indicators in the last year, by area and indicator (member,)."""
    built = journey.prepare(study(), "baseline", list(settings))
    drawn = whole_members.read(study(), MEMBERS).but(built.scenario.constants)
    return bands.last_year(built, drawn.parameters(), MEMBERS, OWN, AREAS)


@pytest.mark.parametrize("name", LEVERS)
def test_the_own_indicator_goes_the_way_of_the_row_in_each_member(name: str) -> None:
    """M8: at either end of the range no member moves it the other way by what counts as a change."""
    lever = LEVERS[name]
    sign, own = {"+": 1.0, "-": -1.0}.get(lever.own_direction, 0.0), lever.own_indicator
    least, wrong = least_changes.of(CATALOGUE[own], least_changes.read(study())), []
    for value in (value for value in (lever.low, lever.high) if value != lever.baseline):
        moved = ends((f"{lever.id}={value!r}:default",))
        for area in AREAS:
            if own in moved[area]:
                before, after = ends()[area][own], moved[area][own]
                against = sign * (after - before) * np.sign(value - lever.baseline) < 0
                counts = np.abs(after - before) >= np.array([least.at(level) for level in before])
                wrong += [(area, value, member + 1) for member in np.flatnonzero(against & counts)]
    assert wrong == []
