"""The fit of all that is not known to the series of other sectors: from draws of the prior to members, step by step.

Every step is kept in a folder and taken from there, so that a fit that was stopped goes on. Streams of chance that move
no figure are left out of the search by what draws of the prior say (`sensitive`); they keep their draws of the prior.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from xiancheng import whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration import conditioning, fit, joint_prior
from xiancheng.calibration.conditioning import Approximation, Conditioned
from xiancheng.calibration.fit import Optimum
from xiancheng.calibration.matters import Matter
from xiancheng.calibration.opened import STEP, Progress
from xiancheng.calibration.series import Published
from xiancheng.calibration.store import StepStore
from xiancheng.study import Study

SCREENED, LEAST = 192, 0.2
"""Draws of the prior by which components are chosen, and the correlation with a figure that they need: 2.8 standard
errors of a correlation that is nothing."""
STEPS = 1
"""Steps of Gauss and Newton from the medians, which lie near where series were in view when they were set."""
EACH = 1
"""Draws that are run and weighed for each member of people; of several one is taken, by its weight."""
POSTERIOR, FIGURES = "whole_posterior.csv", "whole_figures.csv"
Begun = Callable[[str], Progress | None]
"""Called with the name of a step that begins; what it returns is told the share that is done."""


class Open(Protocol):
    """What the fit needs of a model: see opened.OpenModel."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Streams of chance that the vector holds."""
        ...

    @property
    def published(self) -> Published:
        """The figures that a run gives."""
        ...

    def run(self, theta: Floats) -> Floats:
        """Return the logarithms of the figures with people as the equations read them (figure,)."""
        ...

    def runs(self, thetas: Floats, people: Sequence[int], progress: Progress | None = None) -> Floats:
        """Return the logarithms of the figures of many vectors (run, figure)."""
        ...

    def jacobian(
        self, theta: Floats, columns: Sequence[int], step: float = STEP, progress: Progress | None = None
    ) -> Floats:
        """Return their derivative by some components (component, figure)."""
        ...


@dataclass(frozen=True)
class WholeFit:
    """What a fit whole.

    Attributes:
        labels: of the components; columns: those that were searched.
        prior: figures of draws of the prior (draw, figure).
        approximation: at the optimum with people as the equations read them.
        draws: with their weights.
        published: the figures.
    """

    labels: tuple[str, ...]
    columns: NDArray[np.int_]
    prior: Floats
    approximation: Approximation
    draws: Conditioned
    published: Published


def whole_fit(
    study: Study, model: Open, count: int, seed: int, store: StepStore, begun: Begun = lambda name: None,
    each: int = EACH, screened: int = SCREENED,
) -> WholeFit:
    """Fit, and draw for each member of people.

    Args:
        study: the study.
        model: its equations, open.
        count: members of people.
        seed: of chance; the draws of the prior are those of joint_prior with this seed.
        store: where each step is kept, and taken from if it is there.
        begun: see Begun.
        each: draws for each member of people.
        screened: draws of the prior by which components are chosen.
    """
    size, published = len(model.labels), model.published
    chance = np.stack([joint_prior.normal(seed, label, max(screened, count * each)) for label in model.labels], axis=1)
    people = joint_prior.people_of(study, max(screened, count * each), seed)
    few = chance[:screened]
    prior = from_store(store, "prior", lambda: model.runs(few, people[:screened], begun("prior")))
    columns = conditioning.sensitive(few, prior, published.fitted, LEAST)
    moved = from_store(store, "jacobian", lambda: model.jacobian(
        np.zeros(size), columns.tolist(), progress=begun("jacobian")))
    theta = from_store(store, "optimum", lambda: conditioning.descend_together(
        model.runs, [published], np.zeros((1, size)), moved, (), STEPS)[0])
    best = Optimum(fit.at(fit.Still(from_store(store, "run", lambda: model.run(theta))), published, theta), moved, 1,
                   np.isin(np.arange(size), columns))
    approximation = conditioning.approximate(best, published)
    rows = np.arange(count * each) % count
    draws = conditioning.drawn(
        approximation, [people[row] for row in rows] if people else [], chance[: count * each], published,
        lambda thetas, own: from_store(store, "drawn", lambda: model.runs(thetas, own, begun("drawn"))))
    return WholeFit(model.labels, columns, prior, approximation, draws, published)


def from_store(store: StepStore, name: str, compute: Callable[[], Floats]) -> Floats:
    """Return what a step gives, taken from the store if it is there."""
    record = store.load(f"whole_{name}")
    if record is None:
        record = {"values": compute()}
        store.save(f"whole_{name}", record)
    return np.asarray(record["values"])


def write_posterior(file: Path, sectors: WholeFit, mattering: Mapping[str, Matter]) -> None:
    """Write prior and posterior of what was searched and of what moves a headline indicator, the strongest first.

    Args:
        file: that is written.
        sectors: the fit.
        mattering: by stream, the headline indicator that goes with it most; streams that move none are left out.
    """
    spread, shift = sectors.approximation.spread, sectors.approximation.optimum.point.theta
    searched = set(sectors.columns.tolist())
    shown = [row for row, label in enumerate(sectors.labels) if row in searched or label in mattering]
    strength = {row: abs(mattering[sectors.labels[row]].correlation) if sectors.labels[row] in mattering else 0.0
                for row in shown}
    with whole_files.row_writer(file) as writer:
        writer.writerow(["stream", "searched", "prior_sd", "posterior_sd", "shrinkage", "shift", "moves_headlines",
                         "headline"])
        for row in sorted(shown, key=lambda row: (-strength[row], spread[row])):
            matter = mattering.get(sectors.labels[row])
            writer.writerow([sectors.labels[row], int(row in searched), "1", f"{spread[row]:.3f}",
                             f"{1 - spread[row]:.3f}", f"{shift[row]:+.3f}",
                             *((f"{matter.correlation:+.2f}", matter.figure) if matter else ("", ""))])


def write_figures(file: Path, sectors: WholeFit) -> None:
    """Write every figure: what was published, and the 5, 50 and 95 % points of prior and members."""
    chosen = sectors.draws.figures[sectors.draws.chosen(1)]
    with whole_files.row_writer(file) as writer:
        writer.writerow(["series", "year", "use", "published", *(f"{kind}_{point}" for kind in ("prior", "members")
                                                               for point in ("q05", "median", "q95"))])
        points = [np.exp(np.nanquantile(values, [0.05, 0.5, 0.95], axis=0)) for values in (sectors.prior, chosen)]
        for column, observation in enumerate(sectors.published.observations):
            value = "" if not np.isfinite(observation.logarithm) else f"{np.exp(observation.logarithm):.5g}"
            writer.writerow([observation.series.name, observation.year, observation.series.use, value,
                             *(f"{point[row, column]:.5g}" for point in points for row in range(3))])
