"""Prefectures left out one by one: fitted on the others from the prior means, then asked about the one left out.

Nothing of a fold depends on the census of 2020 in the prefecture left out: the search begins at the prior means with
the Jacobian there, a later Jacobian is computed where the fold's own search has come to, sums are taken over the other
places, and the residuals of the places left out stay 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.discrepancy import ratios, reach
from xiancheng.calibration.fit import ENOUGH, Point, descend
from xiancheng.calibration.forward import Forward, Progress
from xiancheng.calibration.likelihood import Evidence, residuals, slopes
from xiancheng.calibration.measures import feature_slopes
from xiancheng.calibration.store import StepStore

_FIRST_STEPS, _LATER_STEPS, _AGAIN = 10, 8, 2

# Why a fold is a fit of its own, and why it costs one Jacobian and not many.
# A Jacobian is a run for every free constant; steps along it are single runs. So a fold takes up to ten steps on the
# Jacobian of the prior means, which all folds share and the fit to all places has stored already, and at most twice
# computes its own, where its own search has come to. It ends when a new one gains less than ENOUGH in cost.
# Starting from the optimum of all places would be shorter and is not done: the optimum has seen the census of the
# prefecture that is left out, and a search that stops early stays near to where it began. `chord` shares one Jacobian,
# that of the fit to all places, between all folds; it leaks nothing but curvature, and is there for a first look.
# Places left out are weighed 0 and keep their rows: then every fold has the same shapes, the same compiled program
# serves all, and stored steps can be read whatever prefecture they are of. Sums over places lose the same places on
# both sides, target and run. Constants that only those places inform are held at their prior (`Space.free`).


@dataclass(frozen=True)
class Fold:
    """The answer of one fold.

    Attributes:
        theta: the vector of the fit without the places left out.
        run: the table of its run [persons].
        spread: standard deviation of each feature of each place, (places, features); of residents of the logarithm.
        reach: how many times the spread makes a band, (levels, features), see discrepancy.
    """

    theta: Floats
    run: Floats
    spread: Floats
    reach: Floats


@dataclass(frozen=True)
class LeftOut:
    """Every place as the fold without its prefecture sees it.

    Attributes:
        run: (places, COLUMNS) [persons].
        spread: (places, features).
        reach: (levels, places, features).
        folds: by prefecture.
    """

    run: Floats
    spread: Floats
    reach: Floats
    folds: Mapping[str, Fold]

    @property
    def said(self) -> OutOfFold:
        """What is kept of it."""
        return OutOfFold({code: fold.theta for code, fold in self.folds.items()}, self.spread, self.reach)


@dataclass(frozen=True)
class OutOfFold:
    """What is kept of the folds.

    Attributes:
        thetas: the vector of each fold by prefecture.
        spread: (places, features).
        reach: (levels, places, features).
    """

    thetas: Mapping[str, Floats]
    spread: Floats
    reach: Floats


def leave_out(
    forward: Forward, evidence: Evidence, prefectures: Sequence[str], *, store: StepStore | None = None,
    begun: Callable[[str, int, int], Progress | None] | None = None, again: int = _AGAIN, chord: Floats | None = None,
    clean: NDArray[np.bool_] | None = None, frozen: Mapping[int, float] | None = None,
) -> LeftOut:
    """Fit once without each prefecture.

    Args:
        forward: the model.
        evidence: the evidence of all places.
        prefectures: of each place.
        store: where each fold is kept, and taken from if it is there.
        begun: called before each fold with its prefecture, number and the number of folds.
        again: how often a fold may compute its own Jacobian; it ends when a new one gains nothing.
        chord: a Jacobian that serves all folds instead, that of the fit to all places: sooner, and no more leak than
            what it says of the curvature.
        clean: the places from which a fold learns how wide its bands have to be; all when None.
        frozen: components that stay at a value [prior sd].
    """
    store = store or StepStore()
    codes = sorted(set(prefectures))
    origin: tuple[Floats, Floats] | None = None
    folds = {}
    for number, code in enumerate(codes):
        name = "".join([f"fold_{code}" if chord is None else f"chord_{code}",
                        *(f"_no_{item}" for item in frozen or {})])
        record = store.load(name)
        if record is None:
            progress = begun(code, number, len(codes)) if begun is not None else None
            origin = origin or _origin(forward, store, chord)
            left_out = np.array([prefecture == code for prefecture in prefectures])
            point, jacobian = fold(forward, evidence, left_out, origin, again=again if chord is None else 0,
                                   progress=progress, frozen=frozen)
            record = {"theta": point.theta, "run": point.run, "jacobian": jacobian}
            store.save(name, record)
        left_out = np.array([prefecture == code for prefecture in prefectures])
        folds[code] = _told(forward, evidence.without(left_out), record, prefectures, clean)
    run = np.stack([folds[code].run[position] for position, code in enumerate(prefectures)])
    spread = np.stack([folds[code].spread[position] for position, code in enumerate(prefectures)])
    wide = np.stack([folds[code].reach for code in prefectures], axis=1)
    return LeftOut(run, spread, wide, folds)


def _told(
    forward: Forward, training: Evidence, values: Mapping[str, Floats], prefectures: Sequence[str],
    clean: NDArray[np.bool_] | None,
) -> Fold:
    """Return what a finished fold says, with the bands it learnt from its own places."""
    theta, run, jacobian = values["theta"], values["run"], values["jacobian"]
    chosen = np.ones(len(run), bool) if clean is None else clean
    spread_ratios = ratios(theta, run, jacobian, training, forward.space, prefectures)
    return Fold(theta, run, spread(run, jacobian, training), reach(spread_ratios, chosen))


def _origin(forward: Forward, store: StepStore, chord: Floats | None) -> tuple[Floats, Floats]:
    """Return run and Jacobian at the prior means; the first step of a fit has the Jacobian already."""
    theta = np.zeros(forward.space.size)
    if chord is not None:
        return forward.run(theta), chord
    record = store.load("origin") or store.load("start_00_step_00")
    jacobian = forward.jacobian(theta) if record is None else record["jacobian"]
    if record is None:
        store.save("origin", {"jacobian": jacobian})
    return forward.run(theta), jacobian


def fold(
    forward: Forward, evidence: Evidence, left_out: NDArray[np.bool_], origin: tuple[Floats, Floats], *,
    again: int = _AGAIN, progress: Progress | None = None, frozen: Mapping[int, float] | None = None,
) -> tuple[Point, Floats]:
    """Fit without some places; return where the search ended, and the last Jacobian.

    Args:
        forward: the model.
        evidence: the evidence of all places.
        left_out: the places to leave out.
        origin: run and Jacobian at the prior means.
        again: how often the Jacobian may be computed anew; the search ends when that gains nothing.
        progress: told the share of a Jacobian that is done.
        frozen: components that stay at a value [prior sd].
    """
    training = evidence.without(left_out)
    space = forward.space
    fitted = space.free(training.training > 0)
    run, jacobian = origin
    theta = np.zeros(space.size)
    for component, value in (frozen or {}).items():
        theta[component], fitted[component] = value, False
        run = forward.run(theta)
    misses = residuals(run, training)
    point = descend(forward, training, Point(theta, run, float(misses @ misses + theta @ theta)), jacobian, fitted,
                    _FIRST_STEPS)
    for _ in range(again):
        jacobian = forward.jacobian(point.theta, progress)
        after = descend(forward, training, point, jacobian, fitted, _LATER_STEPS)
        gained, point = point.cost - after.cost, after
        if gained < ENOUGH:
            break
    return point, jacobian


def spread(run: Floats, jacobian: Floats, training: Evidence) -> Floats:
    """Return the standard deviation of each feature, (places, features): of the fit, and of what a census adds.

    Residuals of the places left out have the spread of their priors (Laplace, Gauss-Newton).
    """
    slope = slopes(run, jacobian, training)
    inverse = np.linalg.inv(slope.T @ slope + np.eye(slope.shape[1]))
    moved = feature_slopes(run, jacobian)
    variance = np.einsum("cpf,cd,dpf->pf", moved, inverse, moved, optimize=True)
    return np.asarray(np.sqrt(variance))


def shifted(evidence: Evidence, places: NDArray[np.bool_], factor: float) -> Evidence:
    """Return the evidence with the residents of some places multiplied: what a fold without them must not notice."""
    scale = np.where(places, factor, 1.0)
    return replace(evidence, ages=evidence.ages * scale[:, None],
                   urban=np.where(places, evidence.urban / 2, evidence.urban))


