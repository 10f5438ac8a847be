"""Indices are those of SALib; a missing number is refused; orders that reverse are found with their cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from miniature import WORDS, Write
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from SALib.test_functions import Ishigami

from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.sweeps import design, draw, drawn, figures, indices, journey, sensitivity
from xiancheng.sweeps.store import Store

RUNS = 'scenarios = ["baseline", "stay", "stress_births"]\nblock = 64'
ISHIGAMI = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-np.pi, np.pi]] * 3}
TRUE_FIRST, TRUE_TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
"""Ishigami and Homma (1990), a = 7, b = 0.1, in closed form."""
OPEN = """
[constants.grant_scale]
low = 5000
high = 100000

[constants.leaving_rate]
low = 0.001
high = 0.02

[constants.birth_rate_per_child]
low = 0.002
high = 0.01

[assumptions.outside_attractiveness]
low = -0.3
high = 0.3
year = 2030

[assumptions.mortality]
low = 0.9
high = 1.1
"""
"""Factors that no scenario sets, so that the order of scenarios can reverse."""
REVERSING = """
[levers.tax_relief]
low = -1
high = 1
year = 2026

[constants.grant_scale]
low = 8000
high = 12000
"""


@pytest.fixture(scope="module")
def stored(mini: Study, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A saltelli sweep of the miniature study: 32 × (5 + 2) points under three scenarios."""
    folder = tmp_path_factory.mktemp("sensitivity")
    file = folder / "try.toml"
    file.write_text(f'{WORDS}\n[sampling]\nsampler = "saltelli"\nn = 32\n\n[runs]\n{RUNS}\n{OPEN}', encoding="utf-8")
    return journey.done(mini, design.read(mini, file), folder / "store")


def test_sobol_indices_of_ishigami_are_those_of_salib_and_of_the_formula() -> None:
    points = np.concatenate(list(draw.points(draw.SALTELLI, 4096, 3, 7)))
    results = Ishigami.evaluate((points - 0.5) * 2 * np.pi)
    ours = indices.sobol(results[:, None], 3)
    theirs = salib_sobol.analyze(ISHIGAMI, results, calc_second_order=False, seed=1)
    for mine, other in ((ours.first, "S1"), (ours.total, "ST")):
        assert np.allclose(mine[:, 0], theirs[other], atol=1e-3)
    assert np.allclose(ours.first_conf[:, 0], theirs["S1_conf"], rtol=0.4)
    assert np.allclose(ours.first[:, 0], TRUE_FIRST, atol=0.02)
    assert np.allclose(ours.total[:, 0], TRUE_TOTAL, atol=0.02)


def test_morris_effects_are_those_of_salib() -> None:
    points = np.concatenate(list(draw.points(draw.MORRIS, 40, 3, 7)))
    results = Ishigami.evaluate((points - 0.5) * 2 * np.pi)
    ours = indices.morris(results[:, None], points)
    theirs = salib_morris.analyze(draw.problem(3), points, results, num_levels=4, seed=1)
    assert np.allclose(ours.mu[:, 0], theirs["mu"], rtol=1e-9)
    assert np.allclose(ours.mu_star[:, 0], theirs["mu_star"], rtol=1e-9)
    assert np.allclose(ours.sigma[:, 0], theirs["sigma"], rtol=1e-9)


def test_indices_of_our_model_are_those_of_salib(stored: Store) -> None:
    """On levels and on ranks, result by result."""
    held = sensitivity.table(stored, sensitivity.select(stored, areas=["68", "province"]))
    found = sensitivity.sensitivity(held)
    assert len(found.results) == 2 * 3 * 2
    for column, result in enumerate(found.results):
        scenario = held.design.scenarios.index(result.scenario)
        area = held.selection.areas.index(result.area)
        values = held.values[:, :, 0, area]
        if result.kind == sensitivity.RANK:
            values = 3 - np.argsort(np.argsort(values, axis=1), axis=1)
            if values[:, scenario].std() == 0:
                assert not found.values.total[:, column].any()
                continue
        theirs = salib_sobol.analyze(draw.problem(5), values[:, scenario].astype(float), calc_second_order=False)
        assert np.allclose(found.values.first[:, column], theirs["S1"], atol=1e-3)
        assert np.allclose(found.values.total[:, column], theirs["ST"], atol=1e-3)


def test_one_missing_number_is_refused_and_never_yields_zeros(stored: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dropped on request, with the whole group of points it belongs to; the others give nearly the same."""
    wanted = sensitivity.select(stored)
    whole = sensitivity.sensitivity(sensitivity.table(stored, wanted)).values
    read = sensitivity._read

    def holed(store: Store, asked: Any) -> Any:
        values = read(store, asked)
        values[10] = np.nan
        return values

    monkeypatch.setattr(sensitivity, "_read", holed)
    with pytest.raises(StudyError, match="1 of 672 runs have no value"):
        sensitivity.table(stored, wanted)
    held = sensitivity.table(stored, replace(wanted, missing=sensitivity.DROP))
    assert held.groups.shape == (31, 7)
    found = sensitivity.sensitivity(held).values
    assert found.total.any()
    assert np.abs(found.total - whole.total).max() < 0.35


def test_what_the_sweep_does_not_hold_is_refused_all_at_once(stored: Store) -> None:
    with pytest.raises(StudyError) as error:
        sensitivity.select(stored, ["resident"], 2031, ["69"], "guess")
    assert len(error.value.problems) == 4
    assert "did you mean residents?" in str(error.value)


def test_other_designs_give_no_indices(mini: Study, write: Write, tmp_path: Path) -> None:
    there = journey.done(mini, design.read(mini, write("n = 20", "block = 64")), tmp_path / "store")
    held = sensitivity.table(there, sensitivity.select(there))
    with pytest.raises(StudyError, match="a sobol design gives no indices · allowed: saltelli or morris"):
        sensitivity.sensitivity(held)
    with pytest.raises(StudyError, match="one scenario has no rank"):
        sensitivity.reversals(held)


def test_morris_effects_come_from_the_store(mini: Study, write: Write, tmp_path: Path) -> None:
    """Relief keeps people; the scale of the grant does nothing where its lever stays at rest."""
    there = journey.done(mini, design.read(mini, write('sampler = "morris"\nn = 4', "block = 64", REVERSING)),
                         tmp_path / "store")
    found = sensitivity.sensitivity(sensitivity.table(there, sensitivity.select(there)))
    scale, relief = ([factor.id for factor in found.factors].index(name) for name in ("grant_scale", "tax_relief"))
    assert found.values.mu[relief, 0] > 0
    assert found.values.mu_star[scale, 0] == 0


def test_a_planted_reversal_is_found_with_its_cause(stored: Store) -> None:
    """Two scenarios whose order depends on one factor alone: it is the one named, and the side is right."""
    held = sensitivity.table(stored, sensitivity.select(stored))
    rate = drawn.values(stored.folder / drawn.FILE, held.design.factors[4])[::3]
    values = held.values.copy()
    values[:, 0], values[:, 1] = 0.0, np.where(rate > 1.05, -1.0, 1.0)[:, None, None]
    found = sensitivity.reversals(replace(held, values=values))
    first = next(one for one in found if {one.first, one.second} == {"baseline", "stay"})
    assert (first.first, first.factor, first.high) == ("stay", "mortality", True)
    assert first.below == pytest.approx((rate > 1.05).mean())
    assert first.share + first.below == pytest.approx(1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_figures_are_drawn_in_both_languages(stored: Store, tmp_path: Path, language: str) -> None:
    """Tornado, heat map and reversals as pictures with something in them."""
    held = sensitivity.table(stored, sensitivity.select(stored))
    files = figures.save(held, tmp_path / language, language, sensitivity.sensitivity(held))
    assert [file.name.split("_")[0] for file in files] == [figures.TORNADO, figures.HEAT, figures.REVERSALS]
    for file in files:
        picture = matplotlib.image.imread(file)
        assert picture.shape[1] > 1000
        assert picture[..., :3].std() > 0.02


def test_the_widest_bar_of_the_tornado_is_the_factor_with_the_largest_index(stored: Store) -> None:
    held = sensitivity.table(stored, sensitivity.select(stored))
    swings = sensitivity.swings(held, 0, 0, 0)
    total = sensitivity.sensitivity(held).values.total[:, 0]
    assert np.abs(swings[:, 1] - swings[:, 0]).argmax() == total.argmax()


def test_scenarios_that_are_equal_are_not_drawn_as_above(stored: Store) -> None:
    """Equal in every point: an equals sign, and above otherwise."""
    held = sensitivity.table(stored, sensitivity.select(stored))
    values = held.values.copy()
    values[:, 1] = values[:, 0]
    pairs = {(one.first, one.second): one for one in sensitivity.reversals(replace(held, values=values))}
    tied = next(one for names, one in pairs.items() if set(names) == {"baseline", "stay"})
    apart = next(one for names, one in pairs.items() if set(names) != {"baseline", "stay"})
    assert figures.order_of(tied) == f"{tied.first} = {tied.second}"
    assert figures.order_of(apart) == f"{apart.first} > {apart.second}"
