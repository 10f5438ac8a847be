"""The folds and the simple ways judged as distributions: CRPS for the table of measures, PIT of each feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration import density
from xiancheng.calibration.benchmarks import Forecast
from xiancheng.calibration.density import Distribution, Even
from xiancheng.calibration.measures import shares_of_age
from xiancheng.calibration.scores import CLEAN, LISTED, Bar
from xiancheng.model.members import FEATURES

Places = NDArray[np.bool_]
MODEL, FIT_ALONE, MEAN_CHANGE = "model", "fit_alone", "mean_change"
_KEYS = ("residents", "urban", "share_65", "share_0_14")
_PERCENT = 100


@dataclass(frozen=True)
class Judged:
    """One feature over some places, as one way says it.

    Attributes:
        feature: residents, urban share, share 65+ or share 0-14.
        places: clean or listed.
        way: model, fit alone (without what it learnt of its own misses), or mean change of the others.
        crps: mean score, in % of residents or in points of a share; smaller is better.
        even: how evenly the PIT is spread.
    """

    feature: str
    places: str
    way: str
    crps: float
    even: Even


def judged(
    middle: Floats, widths: Floats, reach: Floats, true: Floats, begun: Floats, ways: Mapping[str, Forecast],
    chosen: Mapping[str, Places], prefectures: Sequence[str],
) -> tuple[list[tuple[Bar, dict[str, float]]], list[Judged]]:
    """Return the scores of all ways as rows of the table of measures, and scores and PIT of the model and a simple way.

    Args:
        middle: what the folds say, (places, features).
        widths: its standard deviation, the same.
        reach: how many times that makes the 50 % and the 90 % band, (2, places, features).
        true: the census, (places, features).
        begun: the features of 2010, the same.
        ways: the simple ways by key.
        chosen: the places by key; simple ways learn from the clean ones.
        prefectures: of each place.
    """
    by_way = distributions(middle, widths, reach, true, begun, ways, chosen[CLEAN], prefectures)
    scores = {name: _PERCENT * item.crps(true) for name, item in by_way.items()}
    table: list[tuple[Bar, dict[str, float]]] = []
    result = []
    for position, feature in enumerate(FEATURES):
        for places in (CLEAN, LISTED):
            some = chosen[places]
            reached = {name: float(score[some, position].mean()) for name, score in scores.items()}
            table.append((Bar(f"{_KEYS[position]}_crps", places), {
                name: value for name, value in reached.items() if name != FIT_ALONE}))
            for name in (MODEL, FIT_ALONE, MEAN_CHANGE):
                pit = by_way[name].pit(true)[some, position]
                result.append(Judged(feature, places, name, reached[name], density.even(pit)))
    return table, result


def distributions(
    middle: Floats, widths: Floats, reach: Floats, true: Floats, begun: Floats, ways: Mapping[str, Forecast],
    clean: Places, prefectures: Sequence[str],
) -> dict[str, Distribution]:
    """Return what each way says of every feature as a distribution; nan where it says nothing. See `judged`."""
    codes = np.array(prefectures)
    change = np.stack([(true - begun)[clean & (codes != code)].mean(axis=0) for code in codes])
    simple = {name: features_of(way) for name, way in ways.items() if name != MODEL}
    simple[MEAN_CHANGE] = begun + change
    return {
        MODEL: density.of_bands(middle, widths, reach),
        FIT_ALONE: density.normal(middle, widths),
        **{name: density.normal(item, density.missed_elsewhere(item, true, clean, prefectures))
           for name, item in simple.items()},
    }


def features_of(forecast: Forecast) -> Floats:
    """Return the features that a simple way tells, (places, features), nan where it says nothing."""
    forecast_values = next(item for item in (forecast.residents, forecast.urban) if item is not None)
    nothing = np.full(forecast_values.shape, np.nan)
    residents = nothing if forecast.residents is None else np.log(forecast.residents)
    urban = nothing if forecast.urban is None else forecast.urban
    old, young = (nothing, nothing) if forecast.ages is None else shares_of_age(forecast.ages)
    return np.stack([residents, urban, old, young], axis=1)
