"""The fit of all that is not known, on a small model: resumable, screened, its truths come back, years left out too."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from xiancheng.arrays import Floats
from xiancheng.calibration import series, whole_checks, whole_fit
from xiancheng.calibration.matters import Matter
from xiancheng.calibration.opened import STEP, Progress
from xiancheng.calibration.series import FIT, HEADLINE, YEAR_END, Observation, Published, Series
from xiancheng.calibration.store import StepStore
from xiancheng.calibration.whole_fit import WholeFit
from xiancheng.study import Study

ROOT = Path(__file__).parents[2]
LABELS = tuple(f"number {letter}[]" for letter in "abcdefghij")
YEARS = range(2011, 2020)
COUNT, SEED = 12, 1
LEVEL, SLOPE = 0, 1
"""The components that move the series; the third moves what matters alone."""


def _series(name: str, use: str) -> Series:
    return Series(name, (), (-np.inf, np.inf), 2010, YEAR_END, name, "", "province", 1.0, 0.05, 0.04, 0.5, use)


@dataclass(frozen=True)
class Small:
    """A series that rises from a level with a slope, both unknown, and a figure that matters."""

    calls: list[int] = field(default_factory=list)

    @property
    def labels(self) -> tuple[str, ...]:
        return LABELS

    @cached_property
    def published(self) -> Published:
        random = np.random.default_rng(1)
        one = _series("one", FIT)
        seen = [Observation(one, year, 0.02 * (year - 2010) + 0.3 + 0.02 * random.normal()) for year in YEARS]
        observations = (*seen, Observation(_series("matters", HEADLINE), 2035, np.nan))
        return Published(observations, series.weights(observations, np.array([True] * len(seen) + [False])))

    def run(self, theta: Floats) -> Floats:
        return self.runs(theta[None], ())[0]

    def runs(self, thetas: Floats, people: Sequence[int], progress: Progress | None = None) -> Floats:
        self.calls.append(len(thetas))
        level, slope, other = thetas[:, LEVEL], thetas[:, SLOPE], thetas[:, 2]
        moved = np.array(people if len(people) else [0] * len(thetas)) * 1e-4
        years = np.array([*YEARS, 2035.0]) - 2010
        figures = (0.5 * level + moved)[:, None] + (0.02 + 0.03 * slope)[:, None] * years
        figures += 0.05 * np.tanh(level)[:, None] ** 2
        figures[:, -1] += other
        return np.asarray(figures)

    def jacobian(
        self, theta: Floats, columns: Sequence[int], step: float = STEP, progress: Progress | None = None
    ) -> Floats:
        slopes = np.zeros((len(theta), len(self.published.observations)))
        for column in columns:
            move = step * np.eye(len(theta))[column]
            up, down = self.runs(np.stack([theta + move, theta - move]), ())
            slopes[column] = (up - down) / (2 * step)
        return slopes


def fitted(model: Small, folder: Path) -> WholeFit:
    return whole_fit.whole_fit(Study(ROOT), model, COUNT, SEED, StepStore(folder), each=20, screened=500)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> WholeFit:
    return fitted(Small(), tmp_path_factory.mktemp("steps"))


def test_only_what_moves_a_published_figure_is_searched_and_narrowed(whole: WholeFit) -> None:
    assert whole.columns.tolist() == [LEVEL, SLOPE]
    spread = whole.approximation.spread
    assert (spread[2:] == 1).all()
    assert spread[LEVEL] < 0.3
    assert whole.draws.pareto_shape < 0.7
    chosen = whole.draws.thetas[whole.draws.chosen(1)]
    assert chosen.shape == (COUNT, len(LABELS))
    assert chosen[:, LEVEL].std() < 0.4 < chosen[:, 2].std()
    assert len({whole.draws.people[row] for row in whole.draws.chosen(1)}) == COUNT


def test_a_fit_that_was_stopped_goes_on_with_its_steps(tmp_path: Path) -> None:
    first = fitted(Small(), tmp_path)
    again = Small()
    second = fitted(again, tmp_path)
    assert again.calls == []
    np.testing.assert_array_equal(first.draws.logarithms, second.draws.logarithms)


def test_truths_come_back_in_their_bands_and_so_does_what_matters(whole: WholeFit) -> None:
    found = whole_checks.recover(Study(ROOT), whole, 100, SEED)
    assert found.informed.shape == (100, 2)
    assert 0.8 <= found.informed.mean() <= 0.97
    assert found.headlines.mean() >= 0.8


def test_years_left_out_are_said_with_the_error_of_the_years_before(whole: WholeFit) -> None:
    forecasts = whole_checks.held_out(whole)
    assert [forecast.observation.year for forecast in forecasts] == list(YEARS)[-2:]
    for forecast in forecasts:
        assert forecast.is_inside()
        assert 0.02 < forecast.error < 0.1
    assert forecasts[0].error < forecasts[1].error


def test_the_score_of_a_band_grows_with_its_width_and_with_what_it_misses() -> None:
    assert whole_checks.interval_score(0.0, 0.0, 1.0) == pytest.approx(2 * 1.6448536)
    assert whole_checks.interval_score(3.0, 0.0, 1.0) == pytest.approx(2 * 1.6448536 + 20 * (3 - 1.6448536))


def test_tables_say_shrinkage_by_what_matters_and_figures_beside_prior_and_members(
    whole: WholeFit, tmp_path: Path
) -> None:
    other = LABELS[5]
    whole_fit.write_posterior(tmp_path / "posterior.csv", whole,
                              {LABELS[LEVEL]: Matter("one", -0.4), other: Matter("one", 0.7)})
    whole_fit.write_figures(tmp_path / "figures.csv", whole)
    rows = list(csv.DictReader((tmp_path / "posterior.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["stream"] for row in rows] == [other, LABELS[LEVEL], LABELS[SLOPE]]
    assert [row["moves_headlines"] for row in rows] == ["+0.70", "-0.40", ""]
    assert [row["searched"] for row in rows] == ["0", "1", "1"]
    assert all(float(row["shrinkage"]) > 0.3 for row in rows[1:])
    figures = list(csv.DictReader((tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()))
    assert figures[-1]["published"] == ""
    for row in figures[:-1]:
        assert float(row["members_q95"]) - float(row["members_q05"]) < float(row["prior_q95"]) - float(row["prior_q05"])
