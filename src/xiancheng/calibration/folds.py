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

from xiancheng.calibration.fit import ENOUGH, Point, descend
from xiancheng.calibration.forward import Forward, Progress
from xiancheng.calibration.likelihood import AGES, COLUMNS, TOWN, Evidence, residuals, slopes
from xiancheng.calibration.store import Store

Floats = NDArray[np.float64]
FEATURES = ("residents", "urban share", "share 65+", "share 0-14")
_FIRST_STEPS, _LATER_STEPS, _AGAIN = 10, 8, 5
_OLD, _YOUNG = slice(13, None), slice(0, 3)


@dataclass(frozen=True)
class Fold:
    """The answer of one fold.

    Attributes:
        theta: the vector of the fit without the places left out.
        run: the table of its run [persons].
        spread: standard deviation of each feature of each place, (places, features); of residents of the logarithm.
    """

    theta: Floats
    run: Floats
    spread: Floats


@dataclass(frozen=True)
class LeftOut:
    """Every place as the fold without its prefecture sees it.

    Attributes:
        run: (places, COLUMNS) [persons].
        spread: (places, features).
        folds: by prefecture.
    """

    run: Floats
    spread: Floats
    folds: Mapping[str, Fold]


def leave_out(
    forward: Forward, seen: Evidence, prefectures: Sequence[str], *, store: Store | None = None,
    begun: Callable[[str, int, int], Progress | None] | None = None, again: int = _AGAIN, chord: Floats | None = None,
) -> LeftOut:
    """Fit once without each prefecture.

    Args:
        forward: the model.
        seen: the evidence of all places.
        prefectures: of each place.
        store: where each fold is kept, and taken from if it is there.
        begun: called before each fold with its prefecture, number and the number of folds.
        again: how often a fold may compute its own Jacobian; it ends when a new one gains nothing.
        chord: a Jacobian that serves all folds instead, that of the fit to all places: sooner, and no more leak than
            what it says of the curvature.
    """
    store = store or Store()
    codes = sorted(set(prefectures))
    origin: tuple[Floats, Floats] | None = None
    folds = {}
    for number, code in enumerate(codes):
        name = f"fold_{code}" if chord is None else f"chord_{code}"
        kept = store.load(name)
        if kept is None:
            progress = begun(code, number, len(codes)) if begun is not None else None
            origin = origin or _origin(forward, store, chord)
            left_out = np.array([one == code for one in prefectures])
            found = fold(forward, seen, left_out, origin, again=again if chord is None else 0, progress=progress)
            kept = {"theta": found.theta, "run": found.run, "spread": found.spread}
            store.save(name, kept)
        folds[code] = Fold(**kept)
    run = np.stack([folds[code].run[position] for position, code in enumerate(prefectures)])
    spread = np.stack([folds[code].spread[position] for position, code in enumerate(prefectures)])
    return LeftOut(run, spread, folds)


def _origin(forward: Forward, store: Store, chord: Floats | None) -> tuple[Floats, Floats]:
    """Return run and Jacobian at the prior means; the first step of a fit has the Jacobian already."""
    theta = np.zeros(forward.space.size)
    if chord is not None:
        return forward.run(theta), chord
    kept = store.load("origin") or store.load("start_00_step_00")
    jacobian = forward.jacobian(theta) if kept is None else kept["jacobian"]
    if kept is None:
        store.save("origin", {"jacobian": jacobian})
    return forward.run(theta), jacobian


def fold(
    forward: Forward, seen: Evidence, left_out: NDArray[np.bool_], origin: tuple[Floats, Floats], *,
    again: int = _AGAIN, progress: Progress | None = None,
) -> Fold:
    """Fit without some places.

    Args:
        forward: the model.
        seen: the evidence of all places.
        left_out: the places to leave out.
        origin: run and Jacobian at the prior means.
        again: how often the Jacobian may be computed anew; the search ends when that gains nothing.
        progress: told the share of a Jacobian that is done.
    """
    training = seen.without(left_out)
    space = forward.space
    fitted = space.free(training.training > 0)
    run, jacobian = origin
    found = residuals(run, training)
    point = descend(forward, training, Point(np.zeros(space.size), run, float(found @ found)), jacobian, fitted,
                    _FIRST_STEPS)
    for _ in range(again):
        jacobian = forward.jacobian(point.theta, progress)
        after = descend(forward, training, point, jacobian, fitted, _LATER_STEPS)
        gained, point = point.cost - after.cost, after
        if gained < ENOUGH:
            break
    return Fold(point.theta, point.run, spread(point, jacobian, training))


def spread(point: Point, jacobian: Floats, training: Evidence) -> Floats:
    """Return the standard deviation of each feature, (places, features): of the fit, and of what a census adds.

    Residuals of the places left out have the spread of their priors (Laplace, Gauss-Newton).
    """
    slope = slopes(point.run, jacobian, training)
    inverse = np.linalg.inv(slope.T @ slope + np.eye(slope.shape[1]))
    moved = _feature_slopes(point.run, jacobian)
    variance = np.einsum("cpf,cd,dpf->pf", moved, inverse, moved, optimize=True)
    return np.asarray(np.sqrt(variance))


def features(run: Floats) -> Floats:
    """Return the logarithm of residents, urban share, shares 65+ and 0-14 of each place."""
    ages = run[:, AGES]
    total = ages.sum(axis=1)
    return np.stack([np.log(total), *(part / total for part in _parts(run[:, TOWN], ages))], axis=1)


def _parts(town: Floats, ages: Floats) -> list[Floats]:
    """Return urban residents, those of 65+ and those of 0-14; ages are the last axis."""
    return [town, ages[..., _OLD].sum(axis=-1), ages[..., _YOUNG].sum(axis=-1)]


def _feature_slopes(run: Floats, moved: Floats) -> Floats:
    """Return the derivative of the features, (components, places, features), from that of the run."""
    ages = run[:, AGES]
    total, total_moved = ages.sum(axis=1), moved[:, :, AGES].sum(axis=2)
    parts = _parts(run[:, TOWN], ages)
    parts_moved = _parts(moved[:, :, TOWN], moved[:, :, AGES])
    shares = [(change - part / total * total_moved) / total for part, change in zip(parts, parts_moved, strict=True)]
    return np.stack([total_moved / total, *shares], axis=2)


def observed(seen: Evidence) -> Floats:
    """Return the features of the census, (places, features)."""
    table = np.zeros((len(seen.urban), COLUMNS))
    table[:, AGES] = seen.ages
    table[:, TOWN] = seen.urban * seen.residents
    return features(table)


def with_noise(widths: Floats, seen: Evidence) -> Floats:
    """Return the spread of a feature as a census shows it: with the errors of its targets added once."""
    noise = np.zeros_like(widths)
    noise[:, 0] = _error(seen.total_weights)
    noise[:, 1] = seen.urban * (1 - seen.urban) * _error(seen.urban_weights)
    share_of_age = seen.ages / seen.residents[:, None]
    for column, groups in ((2, _OLD), (3, _YOUNG)):
        inside = np.zeros(seen.ages.shape[1])
        inside[groups] = 1
        gap = inside - share_of_age[:, groups].sum(axis=1)[:, None]
        noise[:, column] = np.sqrt(((gap * share_of_age * _error(seen.age_weights)) ** 2).sum(axis=1))
    return np.asarray(np.hypot(widths, noise))


def _error(weights: Floats) -> Floats:
    """Return 1 / weight, 0 where nothing is fitted."""
    return np.asarray(np.where(weights > 0, 1 / np.maximum(weights, 1e-9), 0.0))


def shifted(seen: Evidence, places: NDArray[np.bool_], factor: float) -> Evidence:
    """Return the evidence with the residents of some places multiplied: what a fold without them must not notice."""
    scale = np.where(places, factor, 1.0)
    return replace(seen, ages=seen.ages * scale[:, None], urban=np.where(places, seen.urban / 2, seen.urban))


