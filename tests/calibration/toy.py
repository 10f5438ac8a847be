"""Ten invented places in five prefectures: a model with moves between all of them, small enough to fit in a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from xiancheng.calibration import targets as t
from xiancheng.calibration.forward import Progress
from xiancheng.calibration.likelihood import AGES, COLUMNS, TOWN, Evidence, Floats, evidence
from xiancheng.calibration.priors import RESIDUALS, Prior, Space

jax.config.update("jax_enable_x64", True)

PLACES = tuple(f"p{number}" for number in range(10))
PREFECTURES = tuple(f"{number // 2}" for number in range(10))
LISTED = [number % 2 == 0 for number in range(10)]
START = np.random.default_rng(5).uniform(8_000, 12_000, (10, len(t.GROUPS)))
SPACE = Space(
    (
        Prior("migration rate", 0.02, 0.008, "log"),
        Prior("pole appeal", 0.2, 0.3, "linear"),
        Prior("in place rate", 0.03, 0.01, "log"),
        *(Prior(name, 0.0, sd, "linear") for name, sd in zip(RESIDUALS, (0.1, 0.02, 0.15), strict=True)),
    ),
    PLACES,
)


@dataclass(frozen=True)
class Toy:
    """Every place loses people at one rate; they go where appeal calls; children are born; villagers come to town."""

    space: Space = SPACE
    calls: list[str] = field(default_factory=list)

    @cached_property
    def _table(self) -> Callable[[Any], Any]:
        pole = np.array([0.0 if yes else 1.0 for yes in LISTED])

        def table(theta: Any) -> Any:
            value = {prior.parameter: _value(prior, theta[part]) for prior, part in self.space.parts()}
            appeal = jnp.exp(value["pole appeal"][0] * pole + value["appeal residual"])
            leaving = START * value["migration rate"][0] * 10
            arriving = appeal[:, None] / appeal.sum() * leaving.sum(axis=0)
            ages = START - leaving + arriving
            ages = ages.at[:, 0].multiply(jnp.exp(value["fertility residual"]))
            logit = -0.5 + pole + 10 * (value["in place rate"][0] + value["reclassification residual"])
            town = ages.sum(axis=1) / (1 + jnp.exp(-logit))
            flows = jnp.stack([leaving.sum(axis=1), jnp.full(10, 100.0), jnp.full(10, 200.0)], axis=1)
            return jnp.concatenate([ages, town[:, None], flows], axis=1)

        return table

    @cached_property
    def _slope(self) -> Callable[[Any], Any]:
        return jax.jit(jax.jacfwd(self._table))

    @cached_property
    def _many(self) -> Callable[[Any], Any]:
        return jax.jit(jax.vmap(self._table))

    def run(self, theta: Floats) -> Floats:
        self.calls.append("run")
        return np.asarray(self._table(theta))

    def runs(self, thetas: Floats) -> Floats:
        self.calls.append("runs")
        return np.asarray(self._many(thetas))

    def detailed(self, theta: Floats) -> tuple[Floats, Floats]:
        return by_sex(self.run(theta))

    def jacobian(self, theta: Floats, progress: Progress | None = None, count: int | None = None) -> Floats:
        self.calls.append("jacobian")
        return np.moveaxis(np.asarray(self._slope(theta)), 2, 0)[:count]


def by_sex(table: Floats) -> tuple[Floats, Floats]:
    """A table, and its residents parted evenly into women and men."""
    return table, np.stack([table[:, AGES], table[:, AGES]], axis=1) / 2


def _value(prior: Prior, theta: Any) -> Any:
    if prior.scale == "log":
        return prior.mean * jnp.exp(theta * prior.sd / prior.mean)
    return prior.mean + prior.sd * theta


def observed(table: Floats) -> Evidence:
    """The evidence of a world that looks like a run."""
    assert table.shape == (10, COLUMNS)
    rows = []
    for place, line in zip(PLACES, table, strict=True):
        rows += [t.CensusTarget(t.RESIDENTS, place, group, value, 0.05, "toy", t.FIT)
                 for group, value in zip(t.GROUPS, line[AGES], strict=True)]
        rows.append(t.CensusTarget(t.RESIDENTS, place, t.ALL, line[AGES].sum(), 0.02, "toy", t.FIT))
        rows.append(t.CensusTarget(t.URBAN, place, t.ALL, line[TOWN] / line[AGES].sum(), 0.06, "toy", t.FIT))
    for place in (t.PROVINCE, t.LISTED):
        rows += [t.CensusTarget(t.RESIDENTS, place, group, 1.0, 0.02, "toy", t.FIT) for group in t.GROUPS]
        rows.append(t.CensusTarget(t.URBAN, place, t.ALL, 0.5, 0.05, "toy", t.FIT))
    rows += [t.CensusTarget(t.DEPARTURES, t.LISTED, t.ALL, 0.02, 0.002, "toy", t.FIT),
             t.CensusTarget(t.NET_OUTSIDE, t.PROVINCE, t.ALL, -100.0, 50.0, "toy", t.FIT)]
    return evidence(rows, PLACES, LISTED, START.sum(axis=1), 10.0)


def truth(seed: int) -> Floats:
    """A vector drawn from the priors."""
    return np.asarray(np.random.default_rng(seed).normal(size=SPACE.size))
