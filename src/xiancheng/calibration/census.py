"""What is wrong with a census: parts cut off a place between two of them, and people it missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration.fit import Optimum
from xiancheng.calibration.likelihood import AGES, TOWN, Evidence, residuals, slopes
from xiancheng.calibration.priors import Space

_BEFORE, _AFTER = slice(10, 15), slice(12, 17)
_TO_SD = 1.4826
COVERED = {"all ages": (slice(0, 18), 0.005), "0-4": (slice(0, 1), 0.03), "5-14": (slice(1, 3), 0.02),
           "15-29": (slice(3, 6), 0.02)}
"""Groups of ages that a census may miss or count twice, with the spread of the logarithm of their coverage before the
fit."""


@dataclass(frozen=True)
class Cut:
    """What became of those aged 50-74 in a listed place, who hardly move.

    Attributes:
        place: its element.
        distance: to the median of the listed places, in robust standard deviations.
        share: of the people of the start that a cut would have taken.
    """

    place: str
    distance: float
    share: float


def cuts(places: Sequence[str], start: Floats, end: Floats, listed: NDArray[np.bool_]) -> list[Cut]:
    """Return how far each listed place is from the others, the greatest loss first.

    Args:
        places: elements of the subscript place.
        start: residents by age group at the start [persons], (places, groups).
        end: ten years later [persons], the same.
        listed: the places to compare.
    """
    log_ratios = np.log(end[:, _AFTER].sum(axis=1) / start[:, _BEFORE].sum(axis=1))
    middle = np.median(log_ratios[listed])
    spread = _TO_SD * np.median(np.abs(log_ratios[listed] - middle))
    cuts = [Cut(place, float((log_ratio - middle) / spread), float(1 - np.exp(log_ratio - middle)))
             for place, log_ratio, yes in zip(places, log_ratios, listed, strict=True) if yes]
    return sorted(cuts, key=lambda cut: cut.distance)


@dataclass(frozen=True)
class Coverage:
    """The coverage of the later census at some ages, as a parameter of the fit.

    Attributes:
        ages: which.
        prior_sd: of its logarithm before the fit.
        estimate, sd: of its logarithm, by one Gauss-Newton step from the optimum.
        shrinkage: 1 - sd / prior_sd.
        partner: parameter of the study that it goes with most closely, and their correlation.
        correlation: of both.
    """

    ages: str
    prior_sd: float
    estimate: float
    sd: float
    shrinkage: float
    partner: str
    correlation: float


def coverage(best: Optimum, evidence: Evidence, space: Space) -> list[Coverage]:
    """Return what the targets would say of the coverage of the later census, each group of ages by itself."""
    run, theta = best.point.run, best.point.theta
    slope, rest = slopes(run, best.jacobian, evidence), residuals(run, evidence)
    common = [prior.parameter for prior in space.common]
    coverages = []
    for name, (groups, sd) in COVERED.items():
        moved = np.zeros((1, *run.shape))
        moved[0, :, AGES][:, groups] = run[:, AGES][:, groups]
        total = moved[0, :, AGES].sum(axis=1)
        moved[0, :, TOWN] = run[:, TOWN] * total / run[:, AGES].sum(axis=1)
        slopes_of_both = np.concatenate([slope, sd * slopes(run, moved, evidence)], axis=1)
        inverse = np.linalg.inv(slopes_of_both.T @ slopes_of_both + np.eye(len(theta) + 1))
        step = -inverse @ (slopes_of_both.T @ rest + np.append(theta, 0.0))
        width = float(np.sqrt(inverse[-1, -1]))
        together = inverse[-1, : len(common)] / (width * np.sqrt(np.diag(inverse)[: len(common)]))
        nearest = int(np.argmax(np.abs(together)))
        coverages.append(Coverage(name, sd, float(step[-1] * sd), width * sd, 1 - width, common[nearest],
                              float(together[nearest])))
    return coverages


def write_coverage(file: Path, coverages: Sequence[Coverage]) -> None:
    """Write coverages, one a row."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["ages", "prior_sd", "estimate", "sd", "shrinkage", "goes_with", "correlation"])
        for coverage in coverages:
            writer.writerow([coverage.ages, f"{coverage.prior_sd:g}", f"{coverage.estimate:.4f}", f"{coverage.sd:.4f}",
                             f"{coverage.shrinkage:.2f}", coverage.partner, f"{coverage.correlation:+.2f}"])
