"""How far what was said of 2020 is from the census: the measures, their bars, bands and their honesty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from xiancheng.arrays import Floats
from xiancheng.calibration.benchmarks import Forecast
from xiancheng.calibration.likelihood import Evidence
from xiancheng.model.members import FEATURES

Places = NDArray[np.bool_]
CLEAN, LISTED, PREFECTURES = "clean", "listed", "prefectures"
_LATER_WORK = slice(9, 16)
"""Groups 45-49 to 75-79."""


@dataclass(frozen=True)
class Bar:
    """A measure, the places it is taken over, and what it must stay under (nan: reported without a bar).

    Attributes:
        measure: key of the measure.
        places: clean, listed or prefectures.
        most: in the measure's unit: %, persons or points.
        digits: to print.
    """

    measure: str
    places: str
    most: float = float("nan")
    digits: int = 2

BARS = (
    Bar("residents_mape", CLEAN, 4.1),
    Bar("residents_rmse", CLEAN, 37_000, 0),
    Bar("residents_bias", CLEAN),
    Bar("residents_mape", LISTED, 5.0),
    Bar("residents_rmse", LISTED, digits=0),
    Bar("residents_mape", PREFECTURES, 3.2),
    Bar("urban_rmse", CLEAN, 5.7),
    Bar("urban_bias", CLEAN, 0.5),
    Bar("urban_rmse", LISTED),
    Bar("share_65_rmse", CLEAN, 0.85),
    Bar("share_65_rmse", LISTED),
    Bar("share_0_14_rmse", CLEAN, 1.7),
    Bar("share_0_14_rmse", LISTED),
    Bar("age_cells_mape", CLEAN),
    Bar("sex_cells_mape", CLEAN, 7.3),
    Bar("sex_cells_45_79_mape", CLEAN, 4.0),
    Bar("sum_cells_mape", LISTED, 3.0),
    Bar("sum_cells_worst", LISTED, 7.0),
)
"""Those of the model's page; a bias counts by its size."""


def score(forecast: Forecast, evidence: Evidence, sexes: Floats, chosen: Places, measure: str) -> float:
    """Return one measure over some places: % of residents, persons, or points of a share; nan if nothing was said.

    Args:
        forecast: what is scored.
        evidence: the census.
        sexes: the census by sex and age group, (places, 2, groups) [persons].
        chosen: the places.
        measure: of BARS.
    """
    name, _, kind = measure.rpartition("_")
    forecasts, true = _pair(forecast, evidence, sexes, name)
    if forecasts is None:
        return float("nan")
    forecasts, true = forecasts[chosen], true[chosen]
    if name == "sum_cells":
        forecasts, true = forecasts.sum(axis=0), true.sum(axis=0)
    if name == "residents" or "cells" in name:
        error = forecasts - true
        if kind == "rmse":
            return float(np.sqrt((error**2).mean()))
        relative = 100 * error / true
        if kind == "worst":
            return float(np.abs(relative).max())
        return float(np.abs(relative).mean() if kind == "mape" else relative.mean())
    points = 100 * (forecasts - true)
    return float(np.sqrt((points**2).mean()) if kind == "rmse" else points.mean())


def _pair(forecast: Forecast, evidence: Evidence, sexes: Floats, name: str) -> tuple[Floats | None, Floats]:
    if name == "residents":
        return forecast.residents, evidence.residents
    if name == "urban":
        return forecast.urban, evidence.urban
    if name in ("sex_cells", "sum_cells"):
        return forecast.sexes, sexes
    if name == "sex_cells_45_79":
        return None if forecast.sexes is None else forecast.sexes[..., _LATER_WORK], sexes[..., _LATER_WORK]
    if name == "age_cells":
        return forecast.ages, evidence.ages
    groups = slice(13, None) if name == "share_65" else slice(0, 3)
    true = evidence.ages[:, groups].sum(axis=1) / evidence.residents
    if forecast.ages is None:
        return None, true
    return forecast.ages[:, groups].sum(axis=1) / forecast.ages.sum(axis=1), true


def summed(forecast: Forecast, evidence: Evidence, prefectures: Sequence[str]) -> float:
    """Return the mean absolute error of the residents of prefectures, in %."""
    if forecast.residents is None:
        return float("nan")
    codes = np.array(prefectures)
    errors = []
    for code in sorted(set(prefectures)):
        true = evidence.residents[codes == code].sum()
        errors.append(abs(forecast.residents[codes == code].sum() / true - 1))
    return float(100 * np.mean(errors))


def table(
    ways: Mapping[str, Forecast], evidence: Evidence, sexes: Floats, chosen: Mapping[str, Places],
    prefectures: Sequence[str]
) -> list[tuple[Bar, dict[str, float]]]:
    """Return every measure with what each way reached."""
    rows = []
    for bar in BARS:
        if bar.places == PREFECTURES:
            rows.append((bar, {name: summed(way, evidence, prefectures) for name, way in ways.items()}))
        else:
            places = chosen[bar.places]
            rows.append((bar, {name: score(way, evidence, sexes, places, bar.measure) for name, way in ways.items()}))
    return rows


@dataclass(frozen=True)
class BandScore:
    """How honest the bands of one feature are.

    Attributes:
        feature: residents, urban share, share 65+ or share 0-14.
        inside: share of the places inside the 90 % band.
        inside_half: share inside the 50 % band.
        inside_fit: share inside the 90 % band of the fit alone, without what it learnt of its own misses.
        half_width: mean half width, in % of residents or points of a share.
        interval_score: mean interval score in the same unit, smaller is better.
        simple_score: that of the mean error of the other prefectures ± its spread.
    """

    feature: str
    inside: float
    inside_half: float
    inside_fit: float
    half_width: float
    interval_score: float
    simple_score: float


def bands(middle: Floats, widths: Floats, reach: Floats, true: Floats, start: Floats, chosen: Places,
          prefectures: Sequence[str], level: float = 0.9) -> list[BandScore]:
    """Return the bands of all features.

    Args:
        middle: what is said, (places, features).
        widths: its standard deviation, the same.
        reach: how many times that makes the 50 % and the 90 % band, (2, places, features).
        true: the census, (places, features).
        start: the features of 2010, the same.
        chosen: the places that count.
        prefectures: of each place.
        level: of the wider band.
    """
    quantile = float(stats.norm.ppf(0.5 + level / 2))
    codes, bands = np.array(prefectures), []
    for position, feature in enumerate(FEATURES):
        error = 100 * (true - middle)[:, position]
        narrow, half = 100 * reach[:, :, position] * widths[:, position]
        change = 100 * (true - start)[:, position]
        simple_error, simple_half = np.zeros((2, len(codes)))
        for code in set(prefectures):
            rest = chosen & (codes != code)
            own = codes == code
            simple_error[own] = change[own] - change[rest].mean()
            simple_half[own] = quantile * change[rest].std(ddof=1)
        of_fit = 100 * quantile * widths[:, position]
        wide, small, fitted = (float((np.abs(error) <= item)[chosen].mean()) for item in (half, narrow, of_fit))
        bands.append(BandScore(feature, wide, small, fitted, float(half[chosen].mean()),
                          _interval(error, half, chosen, level), _interval(simple_error, simple_half, chosen, level)))
    return bands


def _interval(error: Floats, half: Floats, chosen: Places, level: float) -> float:
    """Return the mean interval score (Gneiting & Raftery 2007)."""
    outside = np.maximum(np.abs(error) - half, 0)
    return float((2 * half + 2 / (1 - level) * outside)[chosen].mean())
