"""What the fit leaves open: spread around the optimum, what the data say against the priors, draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xiancheng import cells, whole_files
from xiancheng.arrays import Floats
from xiancheng.calibration.fit import Observations, Optimum
from xiancheng.calibration.priors import RESIDUALS, Prior, Space
from xiancheng.model.reading import Findings, no_duplicates, number, read_rows, read_text
from xiancheng.texts import phrase

WEAK = 0.2
CALIBRATED = "calibrated"
"""A parameter whose spread shrinks by less than this share is weakly informed."""
_NOTHING = 1e-9
SUMMARY = "posterior_summary.csv"
HEADER = ("parameter", "place", "scale", "prior_mean", "prior_sd", "optimum", "sd", "shrinkage", "held", "difference")


@dataclass(frozen=True)
class Marginal:
    """One fitted component.

    Attributes:
        optimum, sd: in the unit of the parameter.
        shrinkage: 1 - posterior / prior standard deviation on the scale of the prior.
        held: the value that the equations read, or nan.
        difference: (optimum - held) / sd.
    """

    parameter: str
    place: str
    scale: str
    prior_mean: float
    prior_sd: float
    optimum: float
    sd: float
    shrinkage: float
    held: float
    difference: float


@dataclass(frozen=True)
class Identification:
    """What the targets alone say, in prior standard deviations.

    Attributes:
        singular: singular values of the Jacobian of the residuals, largest first; above 1 the data outweigh the prior.
        condition: largest over smallest, without the directions of which the targets say nothing at all.
    """

    singular: Floats
    condition: float

    @property
    def informed(self) -> int:
        """Directions in which the data outweigh the prior."""
        return int((self.singular > 1).sum())


def identification(optimum: Optimum, evidence: Observations, columns: slice | None = None) -> Identification:
    """Return the singular values of the scaled Jacobian, of all components or of some."""
    slope = evidence.slopes(optimum.point.run, optimum.jacobian)
    slope = slope[:, optimum.fitted] if columns is None else slope[:, columns]
    singular = np.asarray(np.linalg.svd(slope, compute_uv=False), dtype=float)
    informed = singular[singular > _NOTHING * singular[0]]
    return Identification(singular, float(singular[0] / informed[-1]))


def covariance(optimum: Optimum, evidence: Observations) -> Floats:
    """Return the covariance of the vector at the optimum (Laplace, Gauss-Newton), 0 for what was not fitted."""
    slope = evidence.slopes(optimum.point.run, optimum.jacobian)[:, optimum.fitted]
    matrix = np.zeros((len(optimum.fitted),) * 2)
    inverse = np.linalg.inv(slope.T @ slope + np.eye(slope.shape[1]))
    matrix[np.ix_(optimum.fitted, optimum.fitted)] = (inverse + inverse.T) / 2
    return matrix


def lines(space: Space, optimum: Optimum, spread: Floats, constants: dict[str, float]) -> list[Marginal]:
    """Return every fitted component beside its prior and the value that the equations read."""
    theta, widths = optimum.point.theta, np.sqrt(np.diag(spread))
    slope, lines = space.slopes(theta), []
    for prior, part in space.parts():
        values = prior.value(theta[part])
        for position, component in enumerate(range(part.start, part.stop)):
            place = space.places[position] if prior in space.local else ""
            sd = float(slope[component] * widths[component])
            constant = constants.get(prior.parameter, np.nan)
            gap = (float(values[position]) - constant) / sd if sd > 0 else np.nan
            best, shrinkage = float(values[position]), 1 - float(widths[component])
            lines.append(Marginal(prior.parameter, place, prior.scale, prior.mean, prior.sd, best, sd, shrinkage,
                                  constant, gap))
    return lines


def write(file: Path, table: list[Marginal]) -> None:
    """Write the table; what is not known is left empty."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(HEADER)
        for line in table:
            figures = (line.prior_mean, line.prior_sd, line.optimum, line.sd, line.shrinkage, line.held,
                       line.difference)
            numbers = ["" if not np.isfinite(cell) else f"{cell:.5g}" for cell in figures]
            writer.writerow([line.parameter, line.place, line.scale, *numbers])


def optima(file: Path) -> dict[tuple[str, str], float]:
    """Return the optimum of each fitted component by parameter and place, "" for all [unit of the parameter].

    Raises:
        StudyError: everything wrong in the table that `write` wrote.
    """
    findings = Findings(str(file))
    rows = read_rows(file, HEADER, findings)
    no_duplicates(rows, ("parameter", "place"), findings)
    values = {(row["parameter"], row["place"]): number(row, "optimum", findings) for row in rows}
    findings.stop()
    return values


def members(
    space: Space, optimum: Optimum, spread: Floats, count: int, seed: int, carried: Sequence[Prior] = ()
) -> list[dict[str, float]]:
    """Return draws around the optimum (Laplace) of what a projection reads, in their units.

    Args:
        space: what was fitted.
        optimum: where the search ended.
        spread: the covariance there.
        count: of draws.
        seed: of the draws.
        carried: parameters drawn from their priors, because no target speaks of them.

    Returns:
        The parameters of the study, those carried, and the appeal of each place, which fades after the census of 2020;
        the other residuals of places end with the decade.
    """
    random = np.random.default_rng(seed)
    parts = [(prior, part) for prior, part in space.parts() if prior.parameter not in RESIDUALS[1:]]
    chosen = np.concatenate([np.arange(part.start, part.stop) for _, part in parts])
    drawn = random.multivariate_normal(optimum.point.theta[chosen], spread[np.ix_(chosen, chosen)], size=count)
    others = random.normal(size=(count, len(carried)))
    members = []
    for row, more in zip(drawn, others, strict=True):
        constants = dict(zip(chosen.tolist(), row.tolist(), strict=True))
        line: dict[str, float] = {}
        for prior, part in parts:
            values = prior.value(np.array([constants[component] for component in range(part.start, part.stop)]))
            line |= dict(zip(_columns(prior, space), values.tolist(), strict=True))
        line |= {prior.parameter: float(prior.value(np.asarray(item))) for prior,
                 item in zip(carried, more, strict=True)}
        members.append(line)
    return members


def _columns(prior: Prior, space: Space) -> list[str]:
    if prior not in space.local:
        return [prior.parameter]
    return [f"{prior.parameter}[{place}]" for place in space.places]


def lines_of_carried(carried: Sequence[Prior]) -> list[Marginal]:
    """Return the parameters that keep their priors as lines with no shrinkage."""
    return [Marginal(prior.parameter, "", prior.scale, prior.mean, prior.sd, prior.mean, prior.sd, 0.0, np.nan, np.nan)
            for prior in carried]


def write_members(file: Path, drawn: list[dict[str, float]]) -> None:
    """Write draws, one a row."""
    with whole_files.row_writer(file) as writer:
        writer.writerow(["member", *drawn[0]])
        writer.writerows([number, *(f"{value:.4g}" for value in row.values())] for number, row in enumerate(drawn, 1))


def accepted(file: Path, table: Sequence[Marginal]) -> list[str]:
    """Put optima into the table of parameters, to three digits, and return the names of those that changed.

    A parameter that the targets tell enough of gets the mark `calibrated`; a weak one keeps its mark.

    Args:
        file: the table of parameters.
        table: the fitted components.

    Raises:
        StudyError: an optimum outside the range that the table allows; nothing is written then.
    """
    findings = Findings(str(file))
    rows = cells.split(read_text(file, findings), findings.file)
    column = {name: position for position, name in enumerate(rows[0])}
    common = {line.parameter: line for line in table if not line.place and np.isfinite(line.held)}
    changed = []
    for line_number, row in enumerate(rows[1:], start=2):
        line = common.get(row[column["name"]])
        if line is None:
            continue
        value = f"{line.optimum:.3g}"
        low, high, before = (cells.number(row[column[name]]) for name in ("low", "high", "value"))
        if (low is not None and float(value) < low) or (high is not None and float(value) > high):
            wrong = phrase("table.is", column="value", value=value)
            findings.add(wrong, f"{row[column['low']]} … {row[column['high']]}", row=line_number)
        mark = CALIBRATED if line.shrinkage >= WEAK else row[column["evidence"]]
        if (before, row[column["evidence"]]) != (float(value), mark):
            changed.append(line.parameter)
        row[column["value"]], row[column["evidence"]] = value, mark
    findings.stop()
    whole_files.write_rows(file, rows)
    return changed
