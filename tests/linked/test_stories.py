"""What the stories of the page say of the model is so: each claim is held against a run of its plan.

All runs are of the one compiled program that other rules of whole runs share.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.linked.outcomes import by_place, study
from xiancheng.outputs import indicators, least_changes, places, stories
from xiancheng.outputs.stories import AREAS, BASELINE, Claim, Step
from xiancheng.scenarios import scenario

STORIES = stories.read(study(), scenario.book(study()))
STEPS = [pytest.param(step, id=f"{story.id}-{number}") for story in STORIES
         for number, step in enumerate(story.steps, start=1)]
FIRST_YEAR = 2020
FEWEST, MOST = 6, 8


@cache
def figures(base: str, settings: tuple[str, ...]) -> dict[tuple[str, str], np.ndarray]:
    """Values by year of every indicator that a step names, by area and indicator."""
    result = by_place(settings, name=base)
    names = [name for name in wanted() if name in result]
    whole = {
        (area, str(name)): table[name].isel(area=0).values
        for area, table in places.table_of(result, names, AREAS).items() for name in table.data_vars
    }
    codes = [area for story in STORIES for step in story.steps for area in step.areas if area not in AREAS]
    return {**whole, **{(code, name): result[name].sel(place=code).values for code in codes for name in names}}


def wanted() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for story in STORIES for step in story.steps for name in step.indicators))


def at(step: Step, claim: Claim, *, reference: bool = False) -> float:
    """The figure that a claim speaks of, or what it is held against."""
    is_baseline = claim.against == BASELINE
    plan = (BASELINE, ()) if reference and is_baseline else (step.base, tuple(step.set))
    year = claim.year or step.year
    shown = claim.against if reference and not is_baseline else year
    return float(figures(*plan)[claim.place or step.place, claim.indicator][int(shown) - FIRST_YEAR])


@pytest.mark.parametrize("step", STEPS)
def test_a_story_says_what_the_model_says(step: Step) -> None:
    catalogue, by_unit = indicators.read(study()), least_changes.read(study())
    wrong = []
    for claim in step.claims:
        value, level = at(step, claim), at(step, claim, reference=True)
        least = least_changes.of(catalogue[claim.indicator], by_unit).at(level)
        if not claim.holds(value, level, least):
            wrong.append(f"{claim.indicator} {value:.6g} against {level:.6g}, {(value - level) / least:.2f} least "
                         f"changes, is not {claim.relation} by {claim.by:g}")
    assert not wrong


@pytest.mark.parametrize("step", [step for step in STEPS if step.values[0].draw])
def test_a_line_to_draw_has_room_for_what_the_model_draws(step: Step) -> None:
    """The axis holds both lines, and not so tightly that it gives the answer away."""
    assert step.draw is not None
    lines = [figures(*plan)[step.place, step.indicator] for plan in ((BASELINE, ()), (step.base, tuple(step.set)))]
    low, high = np.nanmin(lines), np.nanmax(lines)
    assert step.draw.low < low
    assert high < step.draw.high
    assert high - low < 0.8 * (step.draw.high - step.draw.low)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_a_story_is_short_and_every_step_claims_something(story: stories.Story) -> None:
    assert FEWEST <= len(story.steps) <= MOST
    assert all(step.claims for step in story.steps)
    assert any(step.draw for step in story.steps)
