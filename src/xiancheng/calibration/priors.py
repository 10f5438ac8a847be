"""The parameters that are fitted and what is known of them before: calibration/priors.csv, read strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.model.reading import EVIDENCE, Findings, no_duplicates, number, one_of, read_rows, read_table
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "calibration/priors.csv"
HEADER = ("parameter", "mean", "sd", "scale", "use", "mark", "source")
LINEAR, LOG = "linear", "log"
FIT, CARRIED = "fit", "carried"
"""What acts on the decade between the censuses is fitted; what acts only afterwards keeps its prior."""
RESIDUALS = ("appeal residual", "reclassification residual", "fertility residual")
"""Parameters with one value for each place; all others have one for the study."""
_PACE = "migration pace"
"""A constant of the equations that stands in no table: the level of all moves against 2010-20."""


@dataclass(frozen=True)
class Prior:
    """One parameter.

    Attributes:
        parameter: its name in the equations.
        mean: in the unit of the equations.
        sd: the same; with `log` scale the standard deviation of the logarithm is sd / mean.
        scale: `linear` or `log`.
        mark: how the mean and spread are known.
        source: in words.
        use: fit, or carried: drawn from the prior, because nothing before 2020 depends on it.
    """

    parameter: str
    mean: float
    sd: float
    scale: str
    mark: str = "assumed"
    source: str = ""
    use: str = FIT

    def value(self, theta: Floats) -> Floats:
        """Return the parameter [its unit] from its distance to the mean in standard deviations."""
        if self.scale == LOG:
            return np.asarray(self.mean * np.exp(theta * self.sd / self.mean))
        return np.asarray(self.mean + theta * self.sd)

    def slope(self, theta: Floats) -> Floats:
        """Return the derivative of `value`."""
        if self.scale == LOG:
            return np.asarray(self.value(theta) * self.sd / self.mean)
        return np.full_like(np.asarray(theta, dtype=float), self.sd)

    def theta(self, value: float) -> float:
        """Return the distance to the mean in standard deviations."""
        if self.scale == LOG:
            return float(np.log(value / self.mean) * self.mean / self.sd)
        return (value - self.mean) / self.sd


@dataclass(frozen=True)
class Space:
    """All that is fitted, as one vector in prior standard deviations.

    Attributes:
        priors: those of the study first, then those with a value for each place.
        places: elements of the subscript place.
    """

    priors: tuple[Prior, ...]
    places: tuple[str, ...]

    @property
    def common(self) -> tuple[Prior, ...]:
        """Parameters of the study."""
        return tuple(prior for prior in self.priors if prior.parameter not in RESIDUALS)

    @property
    def local(self) -> tuple[Prior, ...]:
        """Parameters with a value for each place."""
        return tuple(prior for prior in self.priors if prior.parameter in RESIDUALS)

    @property
    def size(self) -> int:
        """Length of the vector."""
        return len(self.common) + len(self.local) * len(self.places)

    def parts(self) -> list[tuple[Prior, slice]]:
        """Return where each parameter stands in the vector."""
        parts, first = [], 0
        for prior in (*self.common, *self.local):
            width = len(self.places) if prior.parameter in RESIDUALS else 1
            parts.append((prior, slice(first, first + width)))
            first += width
        return parts

    def values(self, theta: Floats) -> dict[str, Floats]:
        """Return every parameter by name, in its unit."""
        values = {prior.parameter: prior.value(theta[part]) for prior, part in self.parts()}
        return {name: value if name in RESIDUALS else value[0] for name, value in values.items()}

    def slopes(self, theta: Floats) -> Floats:
        """Return the derivative of each value by its component of the vector."""
        return np.concatenate([prior.slope(theta[part]) for prior, part in self.parts()])

    def free(self, training: Sequence[bool] | NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which components are fitted when only some places are looked at: no residual of the others."""
        return np.concatenate([np.ones(len(self.common), bool), *([np.asarray(training, bool)] * len(self.local))])

    def labels(self) -> list[tuple[str, str]]:
        """Return parameter and place ("" for all) of each component."""
        named = [(prior.parameter, "") for prior in self.common]
        return named + [(prior.parameter, place) for prior in self.local for place in self.places]


def read(study: Study) -> tuple[Prior, ...]:
    """Read the priors.

    Raises:
        StudyError: everything wrong in the file, at once.
    """
    findings = Findings(FILE)
    rows = read_rows(study.root / FILE, HEADER, findings)
    no_duplicates(rows, ["parameter"], findings)
    names = names_of(study)
    priors = []
    for row in rows:
        name = row["parameter"]
        if name not in names:
            allowed = phrase("calibration.a_parameter")
            findings.add(phrase("calibration.no_parameter", name=name), allowed, did_you_mean(name, names), row.number)
        scale = one_of(row, "scale", (LINEAR, LOG), findings)
        mark = one_of(row, "mark", EVIDENCE, findings)
        use = one_of(row, "use", (FIT, CARRIED), findings)
        low = 1e-12 if scale == LOG else -np.inf
        mean, sd = number(row, "mean", findings, low=low), number(row, "sd", findings, low=1e-12)
        if not row["source"].strip():
            findings.add(phrase("calibration.no_source", name=name), phrase("calibration.a_source"), row=row.number)
        priors.append(Prior(name, mean, sd, scale, mark, row["source"], use))
    findings.stop()
    return tuple(priors)


def space(study: Study, places: Sequence[str]) -> Space:
    """Return the vector that is fitted."""
    return Space(tuple(prior for prior in read(study) if prior.use == FIT), tuple(places))


def carried(study: Study) -> tuple[Prior, ...]:
    """Return the parameters that act only after the census of 2020, about which no target says anything."""
    return tuple(prior for prior in read(study) if prior.use == CARRIED)


def names_of(study: Study) -> tuple[str, ...]:
    """Return the parameters that can be fitted: those of parameters.csv, and the residuals of places."""
    return (*held(study.parameters), *RESIDUALS, _PACE)


def held(file: Path) -> dict[str, float]:
    """Return the values that the equations read, by parameter, in their units."""
    findings = Findings(file.name)
    values = {row["name"]: number(row, "value", findings) for row in read_table(file, ("name", "value"), findings)}
    findings.stop()
    return values
