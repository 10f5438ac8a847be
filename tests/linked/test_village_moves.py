"""Where villagers go: what a measure of settling near home has to say of every county."""

from __future__ import annotations

import numpy as np

from tests.linked.outcomes import by_place


def test_the_share_of_village_moves_that_stay_has_a_value_in_every_listed_county() -> None:
    """Towns of most counties shrink by the end; villagers go on moving, so the share stays one of flows above 0.

    The censuses of 2010 and 2020 give 12 to 19 moves to own towns per 1,000 villagers a year, and the list lost 10
    residents per 1,000 a year to others, so neither way is empty.
    """
    result = by_place()
    last = result.sel(year=2035).where(result["in_68"], drop=True)
    share, towns = last["in_county_moves_share"].values, result["town_residents"].where(result["in_68"], drop=True)
    assert share.shape == (68,)
    assert bool((towns.sel(year=2035) < towns.sel(year=2030)).any())
    assert np.all((share > 0.05) & (share < 0.95))
