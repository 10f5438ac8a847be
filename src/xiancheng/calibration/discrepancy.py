"""How far a fit misses places it did not see, learnt inside its own training places alone.

The spread of a fit (Laplace) knows the parameters and the residuals of places, not what the equations cannot say at
all. So each prefecture of the training set is left out in turn once more, by one Gauss-Newton step from the optimum of
the fit, and its error is divided by the spread. The quantile of these ratios is the factor by which the spread is taken
for a band: normalised split-conformal prediction (Lei et al. 2018) with prefectures as groups. Nothing of the places
that the fit itself leaves out goes into it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.likelihood import Evidence, residuals, slopes
from xiancheng.calibration.measures import feature_slopes, features, observed, with_noise
from xiancheng.calibration.priors import Space
from xiancheng.model.members import LEVELS


def ratios(
    theta: Floats, run: Floats, jacobian: Floats, training: Evidence, space: Space, prefectures: Sequence[str]
) -> Floats:
    """Return error over spread of each feature of each place, (places, features), as the other prefectures see it.

    Args:
        theta: the optimum of the fit, in prior standard deviations.
        run: its table [persons].
        jacobian: the derivative of the table by each component.
        training: the evidence of the fit; its places left out stay out and come back as nan.
        space: what is fitted.
        prefectures: of each place.
    """
    moved = feature_slopes(run, jacobian)
    middle, true = features(run), observed(training)
    ratios, codes = np.full(middle.shape, np.nan), np.array(prefectures)
    for code in sorted(set(codes[training.training > 0])):
        out = (codes == code) & (training.training > 0)
        evidence = training.without(out)
        step, inverse = _step(theta, run, jacobian, evidence, space)
        own = moved[:, out]
        widths = np.zeros_like(middle)
        widths[out] = np.sqrt(np.einsum("cpf,cd,dpf->pf", own, inverse, own, optimize=True))
        error = true[out] - middle[out] - np.einsum("c,cpf->pf", step, own)
        ratios[out] = error / with_noise(widths, training)[out]
    return ratios


def _step(theta: Floats, run: Floats, jacobian: Floats, evidence: Evidence, space: Space) -> tuple[Floats, Floats]:
    """Return the step to the optimum without some places, whose residuals go to 0, and the covariance there."""
    slope, rest = slopes(run, jacobian, evidence), residuals(run, evidence)
    normal = slope.T @ slope + np.eye(len(theta))
    fitted = space.free(evidence.training > 0)
    step = np.where(fitted, 0.0, -theta)
    pull = slope.T @ (rest + slope @ step) + theta
    step[fitted] = -np.linalg.solve(normal[np.ix_(fitted, fitted)], pull[fitted])
    return step, np.asarray(np.linalg.inv(normal), dtype=float)


def reach(errors: Floats, chosen: NDArray[np.bool_], levels: Sequence[float] = LEVELS) -> Floats:
    """Return how many times the spread holds each share of the places, (levels, features).

    Args:
        errors: error over spread, (places, features); nan counts for nothing.
        chosen: the places to learn from.
        levels: shares, with the correction of n + 1 for a new place.
    """
    sizes = np.sort(np.abs(errors[chosen & ~np.isnan(errors).any(axis=1)]), axis=0)
    count = len(sizes)
    return np.stack([sizes[min(int(np.ceil(level * (count + 1))), count) - 1] for level in levels])
