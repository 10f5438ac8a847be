"""What is asked of each place at the end of a run: residents, urban share, shares of old and young; their spread."""

from __future__ import annotations

import numpy as np

from xiancheng.arrays import Floats
from xiancheng.calibration.likelihood import AGES, COLUMNS, TOWN, Evidence

_OLD, _YOUNG = slice(13, None), slice(0, 3)


def features(run: Floats) -> Floats:
    """Return the logarithm of residents, urban share, shares 65+ and 0-14 of each place."""
    ages = run[:, AGES]
    total = ages.sum(axis=1)
    return np.stack([np.log(total), *(part / total for part in _parts(run[:, TOWN], ages))], axis=1)


def _parts(town: Floats, ages: Floats) -> list[Floats]:
    """Return urban residents, those of 65+ and those of 0-14; ages are the last axis."""
    return [town, ages[..., _OLD].sum(axis=-1), ages[..., _YOUNG].sum(axis=-1)]


def shares_of_age(ages: Floats) -> tuple[Floats, Floats]:
    """Return the shares 65+ and 0-14 of residents by age group, (places, groups) [persons]."""
    total = ages.sum(axis=1)
    return ages[:, _OLD].sum(axis=1) / total, ages[:, _YOUNG].sum(axis=1) / total


def feature_slopes(run: Floats, moved: Floats) -> Floats:
    """Return the derivative of the features, (components, places, features), from that of the run."""
    ages = run[:, AGES]
    total, total_moved = ages.sum(axis=1), moved[:, :, AGES].sum(axis=2)
    parts = _parts(run[:, TOWN], ages)
    parts_moved = _parts(moved[:, :, TOWN], moved[:, :, AGES])
    shares = [(change - part / total * total_moved) / total for part, change in zip(parts, parts_moved, strict=True)]
    return np.stack([total_moved / total, *shares], axis=2)


def observed(evidence: Evidence) -> Floats:
    """Return the features of the census, (places, features)."""
    table = np.zeros((len(evidence.urban), COLUMNS))
    table[:, AGES] = evidence.ages
    table[:, TOWN] = evidence.urban * evidence.residents
    return features(table)


def with_noise(widths: Floats, evidence: Evidence) -> Floats:
    """Return the spread of a feature as a census shows it: with the errors of its targets added once."""
    noise = np.zeros_like(widths)
    noise[:, 0] = _error(evidence.total_weights)
    noise[:, 1] = evidence.urban * (1 - evidence.urban) * _error(evidence.urban_weights)
    share_of_age = evidence.ages / evidence.residents[:, None]
    for column, groups in ((2, _OLD), (3, _YOUNG)):
        inside = np.zeros(evidence.ages.shape[1])
        inside[groups] = 1
        gap = inside - share_of_age[:, groups].sum(axis=1)[:, None]
        noise[:, column] = np.sqrt(((gap * share_of_age * _error(evidence.age_weights)) ** 2).sum(axis=1))
    return np.asarray(np.hypot(widths, noise))


def _error(weights: Floats) -> Floats:
    """Return 1 / weight, 0 where nothing is fitted."""
    return np.asarray(np.where(weights > 0, 1 / np.maximum(weights, 1e-9), 0.0))
