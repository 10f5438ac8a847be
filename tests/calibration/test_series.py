"""Published series: read strictly, each once, with errors that a long series cannot make vanish."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xiancheng.calibration import series
from xiancheng.calibration.series import (
    CENSUS_DAY,
    CHANGE,
    FIT,
    LEFT_OUT,
    RATE,
    YEAR_END,
    Observation,
    Published,
    Series,
)
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.texts import in_language

ROOT = Path(__file__).parents[2]
TIMES = np.arange(2020.0, 2024.01, 0.25)
ONE = Series("one", ("q",), (-np.inf, np.inf), 2020, YEAR_END, "stock", "", "province", 1.0, 0.1, 0.05, 0.5, FIT)
RUN = PlainRun(
    {"stock": (np.outer(TIMES - 2019, [1.0, 3.0]), ("time", "place")),
     "flow": (np.outer(np.where(TIMES > 2021 + 1 / 6, 5.0, 2.0), [1.0, 1.0]), ("time", "place")),
     "parts": (np.stack([np.ones((17, 2)), 4 * np.ones((17, 2))], axis=2), ("time", "place", "part"))},
    TIMES, {"place": ("a", "b"), "part": ("first", "second")})
LISTED = np.array([0.0, 1.0])


def said(one: Series, year: int) -> float:
    return float(np.exp(series.logarithm(Observation(one, year, 0.0), RUN, LISTED)))


def test_a_run_is_read_as_the_series_says() -> None:
    assert said(ONE, 2021) == pytest.approx(4 * (2 + 1 / 6))
    assert said(replace(ONE, reading=CENSUS_DAY), 2021) == pytest.approx(8)
    assert said(replace(ONE, scope="listed", reading=CENSUS_DAY), 2021) == pytest.approx(6)
    assert said(replace(ONE, variable="flow", reading=RATE), 2022) == pytest.approx(10)
    assert said(replace(ONE, variable="flow", reading=CHANGE), 2022) == pytest.approx(2.5)
    assert said(replace(ONE, variable="parts[second]", reading=CENSUS_DAY), 2021) == pytest.approx(8)
    assert said(replace(ONE, variable="parts", over="stock", reading=CENSUS_DAY), 2021) == pytest.approx(10 / 8)


def test_what_is_not_above_0_is_no_number() -> None:
    empty = PlainRun({"stock": (np.zeros((17, 2)), ("time", "place"))}, TIMES, RUN.elements)
    for reading in (YEAR_END, CHANGE):
        assert np.isnan(series.logarithm(Observation(replace(ONE, reading=reading), 2022, 0.0), empty, LISTED))


def test_a_long_series_leaves_its_shared_error() -> None:
    """The best mean of many years is never better known than what all years share."""
    for years in (2, 50):
        observations = [Observation(ONE, 2000 + year, 0.0) for year in range(years)]
        weights = series.weights(observations, np.ones(years, dtype=bool))
        known = 1 / np.sqrt(((weights @ np.ones(years)) ** 2).sum())
        assert ONE.shared_error < known < np.hypot(ONE.shared_error, ONE.own_error)
    other = replace(ONE, name="other")
    assert series.covariance([Observation(ONE, 2021, 0.0), Observation(other, 2021, 0.0)])[0, 1] == 0


def test_figures_out_of_sight_bear_on_nothing() -> None:
    observations = tuple(Observation(one, 2021 + year, 1.0) for one in (ONE, replace(ONE, name="other"))
                         for year in range(3))
    every = Published(observations, series.weights(observations, np.ones(6, dtype=bool)))
    few = every.without(np.array([False, False, True, False, False, False]))
    run = np.array([1.0, 1.0, np.nan, 1.2, 1.0, 1.0])
    assert np.isfinite(few.misses(run)).all()
    assert few.fitted.tolist() == [True, True, False, True, True, True]
    assert few.slopes(run, np.ones((4, 6))).shape == (6, 4)


def test_the_series_of_the_study_are_in_order_and_count_once() -> None:
    published = series.published(Study(ROOT))
    fitted = [one for one in published.observations if one.series.use == FIT]
    assert all(one.series.use != LEFT_OUT for one in published.observations)
    seen = [(name, one.year, one.series.reading) for one in fitted for name in one.series.quantities]
    changes = [one for one in fitted if one.series.reading == CHANGE]
    assert len({(name, year) for name, year, reading in seen if reading != CHANGE}) == len(fitted) - len(changes)
    assert np.isfinite(published.logarithms).all()
    assert published.fitted.sum() == len(fitted)


@pytest.fixture
def copy(tmp_path: Path) -> Study:
    for name in ("model", "scenarios", "calibration", "outputs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Study(tmp_path)


@pytest.mark.parametrize(("old", "new", "en", "zh"), [
    (",cars in use,", ",cars in yuse,", "which the equations have not", "不在方程中"),
    (",private_cars,", ",private_karts,", "of which nothing was published", "没有公布数值"),
    (",year end,", ",year's end,", "year's end", "year's end"),
    ("jobs on farms,farm_jobs,,,2010", "jobs on farms,farm_jobs,,,1850", "1850", "1850"),
])
def test_a_series_that_is_wrong_is_refused(copy: Study, old: str, new: str, en: str, zh: str) -> None:
    file = copy.calibration / series.FILE
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    for language, words in (("en", en), ("zh", zh)):
        with pytest.raises(StudyError) as caught:
            series.published(copy)
        sentences = [str(in_language(problem.found, language)) for problem in caught.value.problems]
        assert any(words in sentence for sentence in sentences), sentences
