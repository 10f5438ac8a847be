"""Each feedback loop can be cut alone, and most of them matter."""

from __future__ import annotations

import pytest

from tests.linked.outcomes import outcome, study
from xiancheng.outputs import loops

LOOPS = {loop.id: loop for loop in loops.read(study())}
VITAL = ("R1", "R2", "B2", "B5")
"""Loops that have to be alive whatever else is not."""


def gain(loop: loops.Loop) -> loops.Gain:
    """What cutting a loop does to the headline indicators of 2035."""
    headline = loops.followed(study())
    whole, cut = ({at: float(values[-1]) for at, values in found.items() if at[1] in headline}
                  for found in (outcome(), outcome(cut=loop.switch)))
    return loops.Gain(loop, loops.changes(whole, cut))


def test_every_loop_of_the_table_has_a_switch_in_the_equations() -> None:
    assert len(LOOPS) == 16
    text = study().equations.read_text(encoding="utf-8")
    assert all(f"\n{loop.switch} = 1" in text for loop in LOOPS.values())


@pytest.mark.parametrize("name", VITAL)
def test_a_vital_loop_is_alive(name: str) -> None:
    assert gain(LOOPS[name]).alive


def test_ten_of_sixteen_loops_are_alive() -> None:
    assert sum(gain(loop).alive for loop in LOOPS.values()) >= 10


def test_a_loop_that_moves_nothing_is_dead() -> None:
    same = {("68", "residents"): 100.0}
    assert not loops.Gain(LOOPS["R1"], loops.changes(same, {("68", "residents"): 100.05})).alive
