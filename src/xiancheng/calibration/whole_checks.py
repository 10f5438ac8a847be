"""Proofs of the fit to published series: invented truths come back, and years left out lie inside their bands.

Truths and their figures are runs of the model; the searches are linearised unless the model is handed over: they follow
the Jacobian of the fit and run nothing. So is the spread of headline figures: that Jacobian for what was searched, and
what it does not say of draws of the prior for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration import conditioning, joint_prior
from xiancheng.calibration.families import END
from xiancheng.calibration.series import FIT, HEADLINE, Observation, Published, covariance
from xiancheng.calibration.whole_fit import WholeFit
from xiancheng.study import Study

RECOVERY, HELD_OUT = "whole_recovery.csv", "whole_held_out.csv"
TOLD = 0.3
"""Shrinkage above which a component counts as told by the data."""
_TRUTHS = "whole truths"
_LAST = 2
_FEWEST = 3
"""Years that have to be left of a series for a trend to be held against."""


@dataclass(frozen=True)
class Recovery:
    """How invented truths came back.

    Attributes:
        informed, rest, headlines: inside their 90 % bands (truth, component or figure), of what data tell, of all else
            that was searched, and of headline figures (linearised).
        rows: numbers of the draws of the prior that are the truths (truth,).
        truths, thetas: their components, and where the searches ended (truth, component).
    """

    informed: NDArray[np.bool_]
    rest: NDArray[np.bool_]
    headlines: NDArray[np.bool_]
    rows: NDArray[np.int_]
    truths: Floats
    thetas: Floats


@dataclass(frozen=True)
class Forecast:
    """A figure that a fit has not seen.

    Attributes:
        observation: the figure.
        middle, error: what the fit says of its logarithm, and the standard deviation of that.
        trend, spread: the same of the last value with its trend.
    """

    observation: Observation
    middle: float
    error: float
    trend: float
    spread: float

    def is_inside(self) -> bool:
        """Tell whether it lies in the 90 % band."""
        return abs(self.observation.logarithm - self.middle) <= END * self.error

    def scores(self) -> tuple[float, float]:
        """Return the interval scores of the fit and of the trend; smaller is better (Gneiting & Raftery 2007)."""
        return (interval_score(self.observation.logarithm, self.middle, self.error),
                interval_score(self.observation.logarithm, self.trend, self.spread))


def interval_score(true: float, middle: float, error: float) -> float:
    """Return the score of a 90 % band: its width and twenty times what it misses by."""
    half = END * error
    return 2 * half + 20 * max(0.0, abs(true - middle) - half)


def linear_runs(sectors: WholeFit) -> conditioning.Runs:
    """Return a stand-in of the model: its figures at the optimum and their derivative, whoever the people are."""
    point, jacobian = sectors.approximation.optimum.point, sectors.approximation.optimum.jacobian

    def runs(thetas: Floats, people: Sequence[int]) -> Floats:
        return np.asarray(point.run + (thetas - point.theta) @ jacobian)

    return runs


def recover(
    study: Study, sectors: WholeFit, count: int, seed: int, runs: conditioning.Runs | None = None
) -> Recovery:
    """Fit figures of draws of the prior, blurred by their errors, and look for the draws.

    Args:
        study: the study.
        sectors: the fit.
        count: of truths: the first draws of the prior that have numbers.
        seed: of the draws of the fit.
        runs: the model that the searches run, with people as the equations read them; None follows the Jacobian of the
            fit (linearised).
    """
    rows = np.flatnonzero(np.isfinite(sectors.prior).all(axis=1))[:count]
    truths = np.stack([joint_prior.normal(seed, label, rows.max() + 1)[rows] for label in sectors.labels], axis=1)
    invented = [blurred(sectors.published, sectors.prior[row], number) for number, row in enumerate(rows)]
    jacobian = sectors.approximation.optimum.jacobian
    thetas = conditioning.descend_together(runs or linear_runs(sectors), invented, np.zeros(truths.shape), jacobian, ())
    figures = linear_runs(sectors)(thetas, ())
    spread = sectors.approximation.spread
    inside = np.abs(truths - thetas) <= END * spread
    informed = np.isin(np.arange(len(spread)), sectors.columns) & (spread < 1 - TOLD)
    rest = np.isin(np.arange(len(spread)), sectors.columns) & ~informed
    matter = _headlines(sectors.published)
    errors = headline_errors(study, sectors, seed)
    near = np.abs(sectors.prior[rows][:, matter] - figures[:, matter]) <= END * errors
    return Recovery(inside[:, informed], inside[:, rest], near, rows, truths, thetas)


def headline_errors(study: Study, sectors: WholeFit, seed: int) -> Floats:
    """Return the standard deviation of headline figures given the data, linearised (figure,) [logarithm]."""
    matter, approximation = _headlines(sectors.published), sectors.approximation
    slopes = approximation.optimum.jacobian[:, matter]
    chance = np.stack([joint_prior.normal(seed, label, len(sectors.prior)) for label in sectors.labels], axis=1)
    rest = sectors.prior[:, matter] - chance @ slopes
    unexplained = np.nanvar(rest, axis=0)
    return np.asarray(np.sqrt((approximation.narrowed(slopes.T) ** 2).sum(axis=1) + unexplained))


def _headlines(published: Published) -> NDArray[np.bool_]:
    return np.array([row.series.use == HEADLINE for row in published.observations])


def blurred(published: Published, figures: Floats, number: int) -> Published:
    """Return figures of a run as if they were published, each off by a draw of its error.

    Args:
        published: which figures, with which errors.
        figures: of the run.
        number: of the truth, which names the draw.
    """
    fitted = np.flatnonzero(published.fitted)
    root = np.linalg.cholesky(covariance([published.observations[column] for column in fitted.tolist()]))
    values = figures.copy()
    values[fitted] += root @ joint_prior.normal(number, _TRUTHS, len(fitted))
    return Published(tuple(Observation(row.series, row.year, float(value))
                           for row, value in zip(published.observations, values, strict=True)), published.weights)


def held_out(sectors: WholeFit) -> list[Forecast]:
    """Leave the last two years of each series out in turn, fit again (linearised) and say what is said of them."""
    folds = _folds(sectors.published)
    halves = [sectors.published.without(unseen) for unseen in folds]
    optimum, linear = sectors.approximation.optimum, linear_runs(sectors)
    thetas = conditioning.descend_together(
        linear, halves, np.tile(optimum.point.theta, (len(folds), 1)), optimum.jacobian, ())
    return [forecast for unseen, data, run in zip(folds, halves, linear(thetas, ()), strict=True)
            for forecast in _forecasts(sectors, unseen, data, run)]


def _folds(published: Published) -> list[NDArray[np.bool_]]:
    folds = []
    for name in dict.fromkeys(row.series.name for row in published.observations if row.series.use == FIT):
        own = [column for column, row in enumerate(published.observations) if row.series.name == name]
        if len(own) >= _LAST + _FEWEST:
            folds.append(np.isin(np.arange(len(published.observations)), own[-_LAST:]))
    return folds


def _forecasts(
    sectors: WholeFit, unseen: NDArray[np.bool_], data: Published, run: Floats
) -> list[Forecast]:
    """Return what a fit without some years says of them: its run, with what its error of the years before leaves."""
    out, name = np.flatnonzero(unseen), data.observations[int(np.flatnonzero(unseen)[0])].series.name
    before = np.array([column for column in np.flatnonzero(data.fitted)
                       if data.observations[column].series.name == name])
    errors = covariance([data.observations[column] for column in (*before, *out)])
    own, across, later = (errors[: len(before), : len(before)], errors[len(before) :, : len(before)],
                          errors[len(before) :, len(before) :])
    gain = across @ np.linalg.inv(own)
    middle = run[out] + gain @ (data.logarithms - run)[before]
    slope = data.slopes(run, sectors.approximation.optimum.jacobian)
    jacobian = sectors.approximation.optimum.jacobian
    moved = jacobian[:, out].T - gain @ jacobian[:, before].T
    shifts = moved @ slope.T
    learnt = shifts @ np.linalg.solve(slope @ slope.T + np.eye(len(slope)), shifts.T)
    variance = np.diag(moved @ moved.T - learnt + later - gain @ across.T)
    trend, off = _trend(data.logarithms[before], len(out))
    return [Forecast(data.observations[column], float(middle[row]), float(np.sqrt(variance[row])), float(trend[row]),
                     float(off[row])) for row, column in enumerate(out)]


def _trend(values: Floats, ahead: int) -> tuple[Floats, Floats]:
    """Return the last value with its mean change, and how far off that is by the spread of changes."""
    changes, years = np.diff(values), np.arange(1, ahead + 1)
    spread = changes.std(ddof=1) if len(changes) > 1 else abs(changes[0])
    return values[-1] + changes.mean() * years, spread * np.sqrt(years + years**2 / len(changes))


def write_held_out(file: Path, forecasts: Sequence[Forecast]) -> None:
    """Write every figure that was left out beside what was said of it."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["series", "year", "published", "low", "middle", "high", "inside", "score", "score_of_trend"])
        for forecast in forecasts:
            low, high = (forecast.middle + side * END * forecast.error for side in (-1, 1))
            numbers = np.exp([forecast.observation.logarithm, low, forecast.middle, high])
            writer.writerow([forecast.observation.series.name, forecast.observation.year,
                             *(f"{number:.5g}" for number in numbers), int(forecast.is_inside()),
                             *(f"{score:.4f}" for score in forecast.scores())])


def write_recovery(file: Path, recovery: Recovery) -> None:
    """Write how many bands of each truth hold it."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["truth", "told_inside_90_linearised", "rest_inside_90_linearised"])
        for number, parts in enumerate(zip(recovery.informed, recovery.rest, strict=True)):
            writer.writerow([number, *(f"{part.mean():.3f}" if part.size else "" for part in parts)])
