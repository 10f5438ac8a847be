"""Distance of a run to the censuses: residuals of places and sums, each divided by its error.

A run comes as one table, a row for each place: residents by age group, urban residents, and the flows of the decade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.calibration.targets import (
    ALL,
    DEPARTURES,
    FIT,
    GROUPS,
    LISTED,
    NET_OUTSIDE,
    PROVINCE,
    RESIDENTS,
    URBAN,
    CensusTarget,
)

AGES = slice(0, len(GROUPS))
TOWN, DEPARTED, ARRIVED_FROM_OUTSIDE, DEPARTED_TO_OUTSIDE = (len(GROUPS) + position for position in range(4))
COLUMNS = len(GROUPS) + 4
"""Columns of a run's table, all in persons."""


@dataclass(frozen=True)
class Evidence:
    """The targets as arrays over places; a weight is 1 / error, 0 where a target is not fitted.

    Attributes:
        ages: residents in 2020 [persons], (places, groups), with `age_weights`.
        urban: urban share, with `urban_weights`; `total_weights` are those of all residents.
        sum_places: 1 for the places of each sum: province, listed.
        sum_weights: (sums, groups + 1), the last for the urban share.
        departures: rate of leaving the place in the listed places [1/year], and its weight.
        net_outside: net moves from the rest of China to the province [persons/year], and its weight.
        start: residents at the start of the run [persons].
        years: length of the run.
        training: 1 for the places that are looked at.
    """

    ages: Floats
    age_weights: Floats
    urban: Floats
    urban_weights: Floats
    total_weights: Floats
    sum_places: Floats
    sum_weights: Floats
    departures: tuple[float, float]
    net_outside: tuple[float, float]
    start: Floats
    years: float
    training: Floats

    @property
    def residents(self) -> Floats:
        """Residents in 2020 [persons]."""
        return np.asarray(self.ages.sum(axis=1))

    def misses(self, run: Floats) -> Floats:
        """Return `residuals` of a run."""
        return residuals(run, self)

    def slopes(self, run: Floats, moved: Floats) -> Floats:
        """Return `slopes` of a run."""
        return slopes(run, moved, self)

    def without(self, left_out: Sequence[bool] | NDArray[np.bool_]) -> Evidence:
        """Return the evidence with some places out of sight, their share of every sum with them."""
        return replace(self, training=self.training * ~np.asarray(left_out, bool))


def evidence(
    targets: Sequence[CensusTarget], places: Sequence[str], listed: Sequence[bool], start: Floats, years: float
) -> Evidence:
    """Bring targets to arrays; see Evidence for the arguments."""
    row = {place: position for position, place in enumerate(places)}
    group = {name: position for position, name in enumerate(GROUPS)}
    scope = {PROVINCE: 0, LISTED: 1}
    ages, age_weights = np.zeros((2, len(places), len(GROUPS)))
    urban, urban_weights, total_weights = np.zeros((3, len(places)))
    sum_weights = np.zeros((2, len(GROUPS) + 1))
    scalars = {DEPARTURES: (0.0, 0.0), NET_OUTSIDE: (0.0, 0.0)}
    for target in targets:
        weight = 1 / target.error if target.use == FIT else 0.0
        if target.observation in scalars:
            scalars[target.observation] = (target.value, weight)
        elif target.place in scope:
            sum_weights[scope[target.place], group.get(target.group, -1)] = weight
        elif target.observation == URBAN:
            urban[row[target.place]], urban_weights[row[target.place]] = target.value, weight
        elif target.observation == RESIDENTS and target.group == ALL:
            total_weights[row[target.place]] = weight
        else:
            cell = row[target.place], group[target.group]
            ages[cell], age_weights[cell] = target.value, weight
    sums = np.stack([np.ones(len(places)), np.asarray(listed, float)])
    return Evidence(ages, age_weights, urban, urban_weights, total_weights, sums, sum_weights, scalars[DEPARTURES],
                    scalars[NET_OUTSIDE], np.asarray(start, float), years, np.ones(len(places)))


def residuals(run: Floats, evidence: Evidence) -> Floats:
    """Return the residuals in standard deviations, 0 where nothing is fitted.

    Args:
        run: the table of a run, (places, COLUMNS) [persons].
        evidence: the evidence.
    """
    ages, town = run[:, AGES], run[:, TOWN]
    total = ages.sum(axis=1)
    training = evidence.training
    parts = [
        ((np.log(ages) - np.log(evidence.ages)) * evidence.age_weights * training[:, None]).ravel(),
        (np.log(total) - np.log(evidence.residents)) * evidence.total_weights * training,
        (_logit(town / total) - _logit(evidence.urban)) * evidence.urban_weights * training,
    ]
    for places, weights in zip(evidence.sum_places, evidence.sum_weights, strict=True):
        chosen = places * training
        parts.append((np.log(chosen @ ages) - np.log(chosen @ evidence.ages)) * weights[:-1])
        share = (chosen @ town) / (chosen @ total)
        urban = (chosen @ (evidence.urban * evidence.residents)) / (chosen @ evidence.residents)
        parts.append(((_logit(share) - _logit(urban)) * weights[-1])[None])
    listed = evidence.sum_places[1] * training
    years = evidence.years * (listed @ (evidence.start + evidence.residents)) / 2
    rate = (listed @ run[:, DEPARTED]) / years
    net = (run[:, ARRIVED_FROM_OUTSIDE] - run[:, DEPARTED_TO_OUTSIDE]).sum() / evidence.years
    pairs = ((rate, evidence.departures), (net, evidence.net_outside))
    flows = [(value - target) * weight for value, (target, weight) in pairs]
    return np.concatenate([*parts, np.stack(flows)])


def _logit(share: Any) -> Any:
    return np.log(share) - np.log1p(-share)


def slopes(run: Floats, moved: Floats, evidence: Evidence) -> Floats:
    """Return the Jacobian of the residuals, (residuals, components), from that of the run.

    Args:
        run: the table of a run [persons].
        moved: its derivative, (components, places, COLUMNS).
        evidence: the evidence.

    Logarithms, logits and sums are differentiated by hand, exactly.
    """
    ages, town, training = run[:, AGES], run[:, TOWN], evidence.training
    total, count = ages.sum(axis=1), len(moved)
    age_moved, town_moved = moved[:, :, AGES], moved[:, :, TOWN]
    total_moved = age_moved.sum(axis=2)
    parts = [
        (age_moved / ages * (evidence.age_weights * training[:, None])).reshape(count, -1),
        total_moved / total * (evidence.total_weights * training),
        _logit_slope(town, total, town_moved, total_moved) * (evidence.urban_weights * training),
    ]
    for places, weights in zip(evidence.sum_places, evidence.sum_weights, strict=True):
        chosen = places * training
        sums = np.einsum("p,cpa->ca", chosen, age_moved)
        parts.append(sums / (chosen @ ages) * weights[:-1])
        slope = _logit_slope(chosen @ town, chosen @ total, town_moved @ chosen, sums.sum(axis=1))
        parts.append(slope[:, None] * weights[-1])
    listed = evidence.sum_places[1] * training
    years = evidence.years * (listed @ (evidence.start + evidence.residents)) / 2
    rate = moved[:, :, DEPARTED] @ listed / years * evidence.departures[1]
    net = (moved[:, :, ARRIVED_FROM_OUTSIDE] - moved[:, :, DEPARTED_TO_OUTSIDE]).sum(axis=1) / evidence.years
    return np.concatenate([*parts, np.stack([rate, net * evidence.net_outside[1]], axis=1)], axis=1).T


def _logit_slope(part: Any, total: Any, part_moved: Floats, total_moved: Floats) -> Floats:
    """Return the derivative of logit(part / total) = log part - log (total - part)."""
    rest: Floats = part_moved / part - (total_moved - part_moved) / (total - part)
    return rest
