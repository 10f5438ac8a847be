"""On the study: no band of no width around a change that is not nothing where an assumed number stands behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.comparison import changes, comparison, grounds
from xiancheng.comparison.confidence import WEAK
from xiancheng.comparison.runs import pulled
from xiancheng.study import Study

MEMBERS = 3
"""Few are enough: draws of what is open differ in every member."""


@pytest.mark.study
def test_every_change_that_rests_on_an_assumption_has_a_width(root: Path) -> None:
    """A change stands on a lever that is set for its sake; what is assumed and drawn of the lever stands behind it."""
    ran = comparison.compare(Study(root), ["county_town_first"], members=MEMBERS, by_lever=False)
    closed = [line for line in changes.lines(ran.areas, [str(name) for name in ran.areas.data_vars])
              if line.change.median != 0 and line.change.low == line.change.high]
    drawn = grounds.drawn(ran.study, ran.request.members, ran.request.kind)
    own = {name: {item.lever for item in grounds.bearing(drawn, [name]) if item.evidence == WEAK}
           for option in ran.request.letters for name in pulled(ran.option(option))}
    behind = {(line.indicator, name) for line in closed for name, levers in own.items()
              if name in levers and ran.levers[name].own_indicator == line.indicator}
    assert any(name in levers for name, levers in own.items())
    assert behind == set()
