"""The posterior by chains that need no gradient, to hold the spread of the fit (Laplace) against it.

Chains move in the coordinates of the fit: its optimum is the origin, its Gauss-Newton covariance the unit. There the
posterior is nearly a standard normal, which a preconditioned Crank-Nicolson step leaves as it is (Cotter et al. 2013).
Several such steps on a quick stand-in of the posterior (see nearby) make one proposal, which the model accepts or
refuses by what it differs from the stand-in (Christen & Fox 2005): the draws are those of the model, and the stand-in
saves runs. In the warm-up the stand-in is tilted by what the model said there. Residuals of places are sampled with the
rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration import chains
from xiancheng.calibration.forward import Progress
from xiancheng.calibration.nearby import Excess, Frame
from xiancheng.calibration.priors import Space
from xiancheng.calibration.store import StepStore

CHAINS = 8
WARM_UP = 600
"""Steps of each chain that only find its pace and the tilt of the stand-in; they are thrown away."""
CLOSE = 0.15
"""The spread of a fit counts as right within this share of the sampled one."""
HEADER = ("parameter", "place", "mean", "sd", "laplace_mean", "laplace_sd", "ratio", "shift", "r_hat", "ess")
_BLOCK = 50
_EVERY = 2
"""One state in so many is kept: those between say nearly the same."""
_BEGIN_WIDE = 1.5
"""Chains begin at draws so many times wider than the fit says, so that agreement at the end means something."""
_FIRST_STRIDE, _LEAST_STRIDE = 0.5, 0.01
_FIRST_TURNS, _MOST_TURNS = 12, 40
_AIM = 0.3
"""Share of steps taken that the warm-up brings about, on the stand-in by their stride, in the model by their number."""
_REMEMBERED, _RIDGE, _UNLIKELY = 8, 100.0, 10.0
"""Blocks that the tilt is learnt from (the last of the warm-up), draws that hold it at none, most doubt of a point."""
_SHARES = (1.0, 1 / 3, 1.0, 0.0)
"""Lengths of proposals in turn, so that a chain far out is not held there; the last is one step of half the stride."""


@dataclass(frozen=True)
class Pace:
    """How far a proposal goes.

    Attributes:
        stride: of a step on the stand-in, from 0 to 1, where 1 is a draw from the frame whatever was before.
        turns: such steps in one proposal.
    """

    stride: float
    turns: int


@dataclass(frozen=True)
class Sampled:
    """What the chains left.

    Attributes:
        points: (chains, kept states, components) in the coordinates of the frame.
        accepted: share of the proposals that the model took, after the warm-up.
        pace: of the proposals.
        frame: the normal of the fit.
    """

    points: Floats
    accepted: float
    pace: Pace
    frame: Frame

    @property
    def draws(self) -> Floats:
        """The same as vectors [prior sd]."""
        return self.frame.thetas(self.points)


@dataclass(frozen=True)
class Beside:
    """One component as sampled, beside what the fit says.

    Attributes:
        parameter, place: of the component; no place for a parameter of the study.
        mean, sd: sampled [prior sd].
        laplace_mean, laplace_sd: of the fit, the same.
        r_hat, ess: of its chains, see chains.
    """

    parameter: str
    place: str
    mean: float
    sd: float
    laplace_mean: float
    laplace_sd: float
    r_hat: float
    ess: float

    @property
    def ratio(self) -> float:
        """Sampled over fitted standard deviation."""
        return self.sd / self.laplace_sd

    @property
    def shift(self) -> float:
        """Sampled less fitted mean, in standard deviations of the fit."""
        return (self.mean - self.laplace_mean) / self.laplace_sd


def sample(
    excess: Excess, near: Excess, frame: Frame, steps: int, *, seed: int, store: StepStore | None = None,
    progress: Progress | None = None,
) -> Sampled:
    """Draw from a density by chains that all move at once.

    Args:
        excess: how much less likely each of many points is than a standard normal has it, as a logarithm up to a
            constant, (points,) from (points, components) in the coordinates of the frame.
        near: nearly the same, and much quicker.
        frame: the normal in whose coordinates the chains move.
        steps: of each chain after the warm-up, rounded up to whole blocks.
        seed: of all that is random.
        store: where each block of steps is kept, and taken from if it is there.
        progress: told the share that is done.
    """
    store, warm, blocks = store or StepStore(), WARM_UP // _BLOCK, -(-steps // _BLOCK)
    points = _BEGIN_WIDE * np.random.default_rng([seed, 30]).normal(size=(CHAINS, len(frame.mean)))
    stride, turns, draws, accepted = _FIRST_STRIDE, float(_FIRST_TURNS), [], []
    path: list[tuple[Floats, Floats]] = []
    tilt, last = np.zeros(len(frame.mean)), None
    for number in range(warm + blocks):
        name = f"sample_block_{number:04d}"
        block = store.load(name)
        if block is None:
            last = excess(points) if last is None else last
            pace, random = Pace(stride, round(turns)), np.random.default_rng([seed, 31, number])
            block = _block(excess, _tilted(near, tilt), points, last, pace, random)
            if number >= warm:
                del block["asked"], block["found"]
            store.save(name, block)
        points, last = block["points"], block["excess"]
        if number < warm:
            stride = float(np.clip(stride * np.exp(block["accepted_near"] - _AIM), _LEAST_STRIDE, 1.0))
            turns = float(np.clip(turns * np.exp(2 * (block["accepted"] - _AIM)), 1.0, _MOST_TURNS))
            path = [*path, (block["asked"], block["found"] - near(block["asked"]))][-_REMEMBERED:]
            tilt = _tilt(*map(np.concatenate, zip(*path, strict=True)))
        else:
            draws.append(block["kept"])
            accepted.append(float(block["accepted"]))
        if progress is not None:
            progress((number + 1) / (warm + blocks))
    return Sampled(np.concatenate(draws, axis=1), float(np.mean(accepted)), Pace(stride, round(turns)), frame)


def _tilted(near: Excess, tilt: Floats) -> Excess:
    return lambda points: near(points) + points @ tilt


def _tilt(points: Floats, missed: Floats) -> Floats:
    """Return by how much the model exceeds the stand-in in each direction: ridge regression, likely points first."""
    finite = np.isfinite(missed)
    points, missed = points[finite], missed[finite]
    weights = np.exp(-np.clip(missed - np.median(missed), 0, _UNLIKELY))
    weights /= weights.sum()
    centred, rest = points - weights @ points, missed - weights @ missed
    worth = 1 / (weights**2).sum()
    square = (centred * weights[:, None]).T @ centred + _RIDGE / worth * np.eye(points.shape[1])
    return np.asarray(np.linalg.solve(square, centred.T @ (weights * rest)))


def _block(
    excess: Excess, near: Excess, begun: Floats, last: Floats, pace: Pace, random: np.random.Generator
) -> dict[str, Floats]:
    """Take the steps of one block with all chains; return where they end, states kept, shares of steps taken."""
    points, heights = begun.copy(), last.copy()
    draws, taken, taken_near, path = [], 0.0, 0.0, []
    quick = near(points)
    for number in range(_BLOCK):
        share = _SHARES[number % len(_SHARES)]
        turns, stride = max(1, round(share * pace.turns)), pace.stride if share else pace.stride / 2
        proposed, proposed_quick = points.copy(), quick.copy()
        for _ in range(turns):
            proposals = np.sqrt(1 - stride**2) * proposed + stride * random.normal(size=points.shape)
            heights_near = near(proposals)
            yes = _yes(proposed_quick, heights_near, random)
            proposed[yes], proposed_quick[yes] = proposals[yes], heights_near[yes]
            taken_near += float(yes.mean()) / turns / _BLOCK
        heights_near = excess(proposed)
        path.append((proposed, heights_near))
        yes = _yes(heights - quick, heights_near - proposed_quick, random)
        points[yes], heights[yes], quick[yes] = proposed[yes], heights_near[yes], proposed_quick[yes]
        taken += float(yes.mean()) / _BLOCK
        if (number + 1) % _EVERY == 0:
            draws.append(points.copy())
    return {"points": points, "excess": heights, "kept": np.stack(draws, axis=1), "accepted": np.array(taken),
            "accepted_near": np.array(taken_near), **dict(zip(
                ("asked", "found"), map(np.concatenate, zip(*path, strict=True)), strict=True))}


def _yes(before: Floats, after: Floats, random: np.random.Generator) -> NDArray[np.bool_]:
    """Return which steps are taken (Metropolis), none from infinite to infinite."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(random.uniform(size=len(before))) < before - after)


def beside(sampled: Sampled, space: Space, fitted: NDArray[np.bool_]) -> list[Beside]:
    """Return every fitted component as sampled beside what the fit says.

    Args:
        sampled: the chains.
        space: what is fitted.
        fitted: which components of it the chains hold.
    """
    widths, drawn = np.sqrt((sampled.frame.root**2).sum(axis=1)), sampled.draws
    labels = [label for label, yes in zip(space.labels(), fitted, strict=True) if yes]
    lines = []
    for position, (parameter, place) in enumerate(labels):
        draws = drawn[:, :, position]
        lines.append(Beside(
            parameter, place, float(draws.mean()), float(draws.std(ddof=1)), float(sampled.frame.mean[position]),
            float(widths[position]), chains.r_hat(draws), chains.bulk_ess(draws)))
    return lines


def is_posterior(lines: Sequence[Beside]) -> bool:
    """Return whether the chains of all components agree and are worth enough draws to be called a posterior."""
    return all(line.r_hat < chains.MOST_R_HAT and line.ess > chains.LEAST_ESS for line in lines)


def write(file: Path, lines: Sequence[Beside]) -> None:
    """Write the table; means and standard deviations in prior standard deviations, on the scale of the prior."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(HEADER)
        for line in lines:
            numbers = (line.mean, line.sd, line.laplace_mean, line.laplace_sd, line.ratio, line.shift)
            writer.writerow([line.parameter, line.place, *(f"{value:.4f}" for value in numbers), f"{line.r_hat:.4f}",
                             f"{line.ess:.0f}"])
