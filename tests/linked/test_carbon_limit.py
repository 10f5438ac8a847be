"""A limit on carbon acts on energy-heavy industry where it stands (B7); what sets a place apart fades (B8)."""

from __future__ import annotations

import numpy as np

from tests.linked.linked_runs import CUTS, columns, run
from tests.linked.test_couplings import added, at_end

LIMIT = {"carbon limit": 1.0}
INDUSTRY = 1
"""Position of manufacturing and mining among the sectors."""
WITHOUT = 5
"""A place of the list that the tests empty of energy-heavy industry."""


def test_energy_heavy_industry_is_three_tenths_of_industry_at_the_start() -> None:
    """Three tenths by assumption, spread over counties by carbon dioxide over product (Chen et al. 2020)."""
    first = run().isel(time=0)
    capacity, industry = first["energy heavy capacity"], first["value added"].isel(sector=INDUSTRY)
    assert 0.27 < float(capacity.sum() / industry.sum()) < 0.33
    assert float((capacity / industry).std()) > 0.03


def test_a_limit_takes_jobs_where_energy_heavy_industry_stands_and_nowhere_else() -> None:
    """A place without such industry keeps its industrial jobs; all others lose some."""
    intensity = columns()["relative carbon intensity"].copy()
    intensity[WITHOUT] = 0.0
    still = {**CUTS, "loop B7 on": 1.0, "smallest energy heavy share": 0.0, "relative carbon intensity": intensity}
    before = at_end(run(still), "jobs")[:, INDUSTRY]
    share = added("jobs", {**still, **LIMIT}, still)[:, INDUSTRY] / before
    assert abs(share[WITHOUT]) < 1e-3
    assert np.delete(share, WITHOUT).max() < -1e-3


def test_a_limit_cuts_what_it_covers_by_up_to_17_percent_and_a_tenth_to_six_tenths_of_that_in_jobs() -> None:
    """Regional pilots: carbon dioxide of covered firms -5 to -17 %, jobs fell too (Cui et al. 2021)."""
    carbon, posts = (added(name, LIMIT).sum() / at_end(run(), name).sum()
                     for name in ("covered carbon dioxide", "energy heavy posts"))
    assert -0.17 < carbon < -0.05
    assert 0.1 < posts / carbon < 0.6


def test_a_limit_costs_product_and_tax() -> None:
    """What closes makes nothing and pays no tax."""
    assert added("gross product", LIMIT).sum() < 0
    assert added("tax revenue", LIMIT).sum() < 0


def test_without_a_limit_or_with_its_loop_cut_nothing_closes() -> None:
    """The baseline has no limit; one whose loop is cut acts on nobody."""
    free = at_end(run(), "energy heavy capacity")
    np.testing.assert_array_equal(at_end(run({"loop B7 on": 0.0}), "energy heavy capacity"), free)
    np.testing.assert_array_equal(at_end(run({**LIMIT, "loop B7 on": 0.0}), "energy heavy capacity"), free)


def test_what_sets_a_place_apart_fades() -> None:
    """Growth of 2000-10 says next to nothing of 2010-20 (67 counties, r = 0.16): what the fit left does not last."""
    apart = np.zeros(columns()["in list"].shape)
    apart[WITHOUT] = 0.2
    residual = {"appeal residual": apart}
    fading = added("residents", residual)[WITHOUT]
    lasting = added("residents", {**residual, "loop B8 on": 0.0}, {"loop B8 on": 0.0})[WITHOUT]
    assert 0 < fading < 0.5 * lasting
